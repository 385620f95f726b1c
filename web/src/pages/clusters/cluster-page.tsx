/** One cluster, as the technician under its pole needs it: what is wrong, the board, its past; in the demo, its sound. */
import { IconCircleCheck, IconHistory, IconMapPinOff } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useMemo } from 'react';
import { useParams } from 'react-router';
import { useMay, useMe } from '../../api/me.tsx';
import { keys, useFaults } from '../../api/queries.ts';
import { EmptyState, Waiting } from '../../kit/empty-state.tsx';
import { PageHeader } from '../../kit/page-header.tsx';
import { RestButton } from '../../kit/rest-button.tsx';
import { RestsLine } from '../../kit/rests-line.tsx';
import { Sheet } from '../../kit/sheet.tsx';
import { StatusChip } from '../../kit/status-chip.tsx';
import { useLive, useNow, usePicture } from '../../live/use-live.tsx';
import { placeWords } from '../../model/area-tree.ts';
import { clusterWords, offlineWords, openFaults } from '../../model/cluster-words.ts';
import { useSay } from '../../text/use-say.ts';
import { BoardSenses } from './board-senses.tsx';
import { ClaimCode } from './claim-code.tsx';
import { ClusterAirings } from './cluster-airings.tsx';
import { ClusterFacts } from './cluster-facts.tsx';
import styles from './cluster-page.module.css';
import { DemoSheet } from './demo-sheet.tsx';
import { FaultLines } from './fault-lines.tsx';
import { ServiceSheet } from './service-sheet.tsx';
import { WhySheet } from './why-sheet.tsx';

/** Cleared faults shown; older ones are in the log of the server. */
const historyMax = 20;

export function ClusterPage() {
  const say = useSay();
  const { id = '' } = useParams();
  const { timeZone, demo } = useMe();
  const mayEnrol = useMay('enrol');
  const isDrawn = useLive((state) => state.isDrawn);
  const areas = usePicture('areas');
  const cluster = usePicture('clusters').get(id);
  const isDrill = usePicture('airings').get(cluster?.playing?.occurrence ?? '')?.drill ?? false;
  const nowMs = useNow(10_000);
  const told = useFaults().data;
  const requests = useQueryClient();
  const openIds = cluster?.faults.map((fault) => fault.id).join() ?? '';
  // biome-ignore lint/correctness/useExhaustiveDependencies: a fault that opened or cleared is history from then on
  useEffect(() => {
    void requests.invalidateQueries({ queryKey: keys.faults });
  }, [openIds, requests]);
  const history = useMemo(
    () => (told ?? []).filter((fault) => fault.clusterId === id && fault.clearedAt !== undefined).slice(0, historyMax),
    [told, id],
  );
  const back = { to: '/clusters', words: say('nav.clusters') };
  if (cluster === undefined) {
    return isDrawn ? (
      <>
        <PageHeader title={say('nav.clusters')} back={back} />
        <EmptyState icon={<IconMapPinOff size={30} />} title={say('cluster.unknown')} />
      </>
    ) : (
      <Waiting words={say('frame.waiting')} />
    );
  }
  const reading = { nowMs, timeZone, say };
  const words = clusterWords(cluster, { ...reading, isDrill });
  const offline = offlineWords(cluster, reading);
  const faults = openFaults(cluster);
  return (
    <>
      <PageHeader
        title={cluster.name}
        back={back}
        line={placeWords(areas, cluster.areaId)}
        mark={<StatusChip tone={words.tone}>{words.label}</StatusChip>}
        action={mayEnrol ? <ClaimCode cluster={cluster} /> : <RestButton clusterIds={[id]} name={cluster.name} />}
      />
      <div className={styles.page}>
        <RestsLine clusterId={id} />
        <div className={styles.columns}>
          <Sheet title={say('cluster.faults')}>
            {offline !== undefined && <p className={styles.offline}>{offline}.</p>}
            {faults.length === 0 && offline === undefined ? (
              <p className={styles.well}>
                <IconCircleCheck size={24} aria-hidden />
                {say(cluster.reach === 'never' ? 'cluster.never-line' : 'cluster.no-faults')}
              </p>
            ) : (
              <FaultLines faults={faults} nowMs={nowMs} />
            )}
          </Sheet>
          <ServiceSheet cluster={cluster} nowMs={nowMs} />
          <BoardSenses cluster={cluster} nowMs={nowMs} />
          <ClusterFacts cluster={cluster} nowMs={nowMs} />
          {demo && <DemoSheet cluster={cluster} />}
          <ClusterAirings clusterId={id} nowMs={nowMs} />
          <WhySheet clusterId={id} nowMs={nowMs} />
          <Sheet title={say('cluster.history')}>
            {history.length === 0 ? (
              <EmptyState icon={<IconHistory size={28} />} title={say('cluster.no-history')} />
            ) : (
              <FaultLines faults={history} nowMs={nowMs} />
            )}
          </Sheet>
        </div>
      </div>
    </>
  );
}
