/**
 * Chooses single clusters beside areas: closed until it is wanted, since most notices go to whole places. What the
 * chosen areas cover already stands ticked and cannot be taken out here.
 */
import { Button, TextInput } from '@mantine/core';
import { IconChevronRight, IconSearch } from '@tabler/icons-react';
import { useId, useMemo, useState } from 'react';
import { usePicture } from '../live/use-live.tsx';
import { clustersIn, placeWords } from '../model/area-tree.ts';
import { isFound } from '../model/folding.ts';
import { useSay } from '../text/use-say.ts';
import styles from './single-clusters.module.css';

/** With fewer clusters than this a search field would only be in the way. */
const searchFrom = 8;

export function SingleClusters(props: {
  areaIds: readonly string[];
  chosen: readonly string[];
  onChange: (clusterIds: string[]) => void;
}) {
  const say = useSay();
  const id = useId();
  const areas = usePicture('areas');
  const clusters = usePicture('clusters');
  const [isOpen, setOpen] = useState(props.chosen.length > 0);
  const [wanted, setWanted] = useState('');
  const covered = useMemo(
    () => new Set(clustersIn(areas, clusters.values(), new Set(props.areaIds)).map((cluster) => cluster.id)),
    [areas, clusters, props.areaIds],
  );
  const rows = useMemo(
    () =>
      [...clusters.values()]
        .map((cluster) => ({ cluster, place: placeWords(areas, cluster.areaId) }))
        .filter(({ cluster, place }) => isFound(`${cluster.name} ${place}`, wanted))
        .sort((a, b) => a.place.localeCompare(b.place, 'vi') || a.cluster.name.localeCompare(b.cluster.name, 'vi')),
    [areas, clusters, wanted],
  );
  const flip = (clusterId: string) =>
    props.onChange(
      props.chosen.includes(clusterId)
        ? props.chosen.filter((each) => each !== clusterId)
        : [...props.chosen, clusterId],
    );
  return (
    <div className={styles.picker}>
      <Button
        variant="subtle"
        leftSection={<IconChevronRight size={20} aria-hidden className={styles.flip} data-open={isOpen} />}
        aria-expanded={isOpen}
        aria-controls={id}
        onClick={() => setOpen(!isOpen)}
      >
        {say('pick.open')}
      </Button>
      {isOpen && (
        <fieldset id={id} className={styles.list}>
          <legend className="visually-hidden">{say('pick.legend')}</legend>
          {clusters.size >= searchFrom && (
            <TextInput
              type="search"
              value={wanted}
              onChange={(event) => setWanted(event.currentTarget.value)}
              aria-label={say('pick.search')}
              placeholder={say('pick.search')}
              leftSection={<IconSearch size={20} aria-hidden />}
            />
          )}
          {rows.length === 0 && <p role="status">{say('pick.none')}</p>}
          <ul className={styles.rows}>
            {rows.map(({ cluster, place }) => {
              const isCovered = covered.has(cluster.id);
              const isChosen = isCovered || props.chosen.includes(cluster.id);
              return (
                <li key={cluster.id} data-chosen={isChosen}>
                  <label>
                    <input type="checkbox" checked={isChosen} disabled={isCovered} onChange={() => flip(cluster.id)} />
                    <span>
                      {cluster.name}
                      <small>{isCovered ? `${place} – ${say('pick.covered')}` : place}</small>
                    </span>
                  </label>
                </li>
              );
            })}
          </ul>
        </fieldset>
      )}
    </div>
  );
}
