/** Every cluster by its commune: does it work, what is wrong, since when. Finds names typed without marks. */
import type { ClusterView } from '@loa/protocol/panel';
import { TextInput } from '@mantine/core';
import { IconCircleCheck, IconSearch, IconSpeakerphone } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import { useSearchParams } from 'react-router';
import { useMe } from '../../api/me.tsx';
import { Choice } from '../../kit/choice.tsx';
import { EmptyState, Waiting } from '../../kit/empty-state.tsx';
import { PageHeader } from '../../kit/page-header.tsx';
import { RestButton } from '../../kit/rest-button.tsx';
import { RestsLine } from '../../kit/rests-line.tsx';
import { Sheet } from '../../kit/sheet.tsx';
import { useLive, useNow, usePicture } from '../../live/use-live.tsx';
import { communeOf, placeWords } from '../../model/area-tree.ts';
import { isTroubled } from '../../model/cluster-words.ts';
import { isFound } from '../../model/folding.ts';
import { useSay } from '../../text/use-say.ts';
import { ClusterRow } from './cluster-row.tsx';
import styles from './clusters-page.module.css';

/** Rows of one commune drawn at once; the search finds the others. */
const rowsMax = 200;

export function ClustersPage() {
  const say = useSay();
  const { person } = useMe();
  const [query, setQuery] = useSearchParams();
  const [wanted, setWanted] = useState(query.get('find') ?? '');
  const isDrawn = useLive((state) => state.isDrawn);
  const areas = usePicture('areas');
  const clusters = usePicture('clusters');
  const nowMs = useNow(30_000);
  const onlyFaulty = query.get('only') === 'faulty';
  const troubled = useMemo(() => [...clusters.values()].filter(isTroubled), [clusters]);
  const groups = useMemo(() => {
    const shown = [...clusters.values()].filter(
      (cluster) =>
        (!onlyFaulty || isTroubled(cluster)) && isFound(`${cluster.name} ${placeWords(areas, cluster.areaId)}`, wanted),
    );
    const byCommune = new Map<string, { name: string; clusters: ClusterView[] }>();
    for (const cluster of shown) {
      const commune = communeOf(areas, cluster.areaId);
      const group = byCommune.get(commune?.id ?? '') ?? { name: commune?.name ?? '', clusters: [] };
      group.clusters.push(cluster);
      byCommune.set(commune?.id ?? '', group);
    }
    for (const group of byCommune.values()) group.clusters.sort(inOrder);
    const isTouched = (group: { clusters: ClusterView[] }) => Number(group.clusters.some(isTroubled));
    return [...byCommune.values()].sort(
      (a, b) => isTouched(b) - isTouched(a) || a.name.localeCompare(b.name, 'vi', { numeric: true }),
    );
  }, [clusters, areas, onlyFaulty, wanted]);
  return (
    <>
      <PageHeader
        title={say('nav.clusters')}
        line={areas.get(person.areaId)?.name}
        action={<RestButton areaIds={[person.areaId]} name={areas.get(person.areaId)?.name ?? ''} />}
      />
      {!isDrawn && <Waiting words={say('frame.waiting')} lines={6} />}
      {isDrawn && (
        <div className={styles.page}>
          <RestsLine />
          <div className={styles.tools}>
            <Choice
              label={say('clusters.which')}
              value={onlyFaulty ? 'faulty' : 'all'}
              onChange={(value) => setQuery(value === 'faulty' ? { only: 'faulty' } : {}, { replace: true })}
              options={[
                { value: 'all', words: say('clusters.all', { count: clusters.size }) },
                { value: 'faulty', words: say('clusters.faulty', { count: troubled.length }) },
              ]}
            />
            <TextInput
              type="search"
              size="lg"
              value={wanted}
              onChange={(event) => setWanted(event.currentTarget.value)}
              aria-label={say('clusters.search')}
              placeholder={say('clusters.search')}
              leftSection={<IconSearch size={22} aria-hidden />}
            />
          </div>
          {groups.length === 0 && onlyFaulty && wanted === '' && (
            <EmptyState icon={<IconCircleCheck size={32} />} title={say('clusters.none-faulty')} />
          )}
          {groups.length === 0 && (!onlyFaulty || wanted !== '') && (
            <EmptyState icon={<IconSpeakerphone size={32} />} title={say('clusters.none-found')} />
          )}
          {groups.map((group) => (
            <Sheet
              key={group.name}
              title={group.name}
              aside={<span className={styles.count}>{say('clusters.count', { count: group.clusters.length })}</span>}
              flush
            >
              <ul>
                {group.clusters.slice(0, rowsMax).map((cluster) => (
                  <ClusterRow key={cluster.id} cluster={cluster} nowMs={nowMs} />
                ))}
              </ul>
            </Sheet>
          ))}
        </div>
      )}
    </>
  );
}

/** Troubled ones first, then by name. */
function inOrder(a: ClusterView, b: ClusterView): number {
  return Number(isTroubled(b)) - Number(isTroubled(a)) || a.name.localeCompare(b.name, 'vi', { numeric: true });
}
