/** Chooses single clusters from a list that can be searched as one types names. */
import type { ClusterView } from '@loa/protocol/panel';
import { TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useId, useMemo, useState } from 'react';
import { usePicture } from '../live/use-live.tsx';
import { placeWords } from '../model/area-tree.ts';
import { isFound } from '../model/folding.ts';
import { useSay } from '../text/use-say.ts';
import styles from './area-picker.module.css';

/** Rows drawn at once, the chosen ones first; the search finds the others. */
const rowsMax = 40;
/** With fewer clusters than this a search field would only be in the way. */
const searchFrom = 8;

export function ClusterPicker(props: {
  label: string;
  clusters: readonly ClusterView[];
  chosen: readonly string[];
  onChange: (clusterIds: string[]) => void;
  isSingle?: boolean;
}) {
  const say = useSay();
  const name = useId();
  const areas = usePicture('areas');
  const [wanted, setWanted] = useState('');
  const { clusters, chosen, isSingle } = props;
  /** A row must not run away from the finger that ticks it, so only what was chosen at first stands first. */
  const [first] = useState(() => new Set(chosen));
  const shown = useMemo(
    () =>
      clusters
        .filter((cluster) => isFound(`${cluster.name} ${placeWords(areas, cluster.areaId)}`, wanted))
        .sort(
          (a, b) =>
            Number(first.has(b.id)) - Number(first.has(a.id)) || a.name.localeCompare(b.name, 'vi', { numeric: true }),
        )
        .slice(0, rowsMax),
    [clusters, areas, wanted, first],
  );
  const flip = (id: string) => {
    if (isSingle) return props.onChange([id]);
    props.onChange(chosen.includes(id) ? chosen.filter((one) => one !== id) : [...chosen, id]);
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset would put a second frame into the form
    <div className={styles.picker} role="group" aria-label={props.label}>
      {clusters.length >= searchFrom && (
        <TextInput
          type="search"
          value={wanted}
          onChange={(event) => setWanted(event.currentTarget.value)}
          placeholder={say('clusters.search')}
          aria-label={say('clusters.search')}
          leftSection={<IconSearch size={20} aria-hidden />}
        />
      )}
      {shown.length === 0 && (
        <p className={styles.none} role="status">
          {say('clusters.none-found')}
        </p>
      )}
      <ul className={styles.rows}>
        {shown.map((cluster) => (
          <li key={cluster.id} className={styles.row} data-tick={chosen.includes(cluster.id) ? 'on' : 'off'}>
            <label className={styles.label}>
              <input
                type={isSingle ? 'radio' : 'checkbox'}
                name={isSingle ? name : undefined}
                checked={chosen.includes(cluster.id)}
                onChange={() => flip(cluster.id)}
              />
              <span className={styles.name}>{cluster.name}</span>
              <span className={styles.count}>{placeWords(areas, cluster.areaId)}</span>
            </label>
          </li>
        ))}
      </ul>
    </div>
  );
}
