/** One cluster in the list; a troubled one says what, since when, on what evidence, and what to try. */
import type { ClusterView } from '@loa/protocol/panel';
import { IconChevronRight } from '@tabler/icons-react';
import { Link } from 'react-router';
import { useMe } from '../../api/me.tsx';
import { StatusChip } from '../../kit/status-chip.tsx';
import { usePicture } from '../../live/use-live.tsx';
import { clusterWords, openFaults } from '../../model/cluster-words.ts';
import { useSay } from '../../text/use-say.ts';
import styles from './clusters-page.module.css';
import { FaultLines } from './fault-lines.tsx';

export function ClusterRow(props: { cluster: ClusterView; nowMs: number }) {
  const { cluster, nowMs } = props;
  const say = useSay();
  const { timeZone } = useMe();
  const areas = usePicture('areas');
  const airing = usePicture('airings').get(cluster.playing?.occurrence ?? '');
  const words = clusterWords(cluster, { nowMs, timeZone, say, isDrill: airing?.drill ?? false });
  // Being out of reach is told in the sentence above them, with what still sounds.
  const faults = openFaults(cluster).filter((fault) => fault.code !== 'out-of-reach');
  const advice = cluster.reach === 'out-of-reach' ? say('advice.out-of-reach') : '';
  const area = areas.get(cluster.areaId);
  return (
    <li className={styles.row} data-tone={words.tone}>
      <Link to={`/clusters/${encodeURIComponent(cluster.id)}`} className={styles.link}>
        <span className={styles.name}>
          <strong>{cluster.name}</strong>
          <span>
            {area?.kind === 'commune' ? '' : `${area?.name ?? ''} · `}
            {say('cluster.horns', { count: cluster.horns })}
          </span>
        </span>
        <StatusChip tone={words.tone}>{words.label}</StatusChip>
        <IconChevronRight size={22} aria-hidden />
      </Link>
      {cluster.reach === 'out-of-reach' && words.line !== undefined && (
        <p className={styles.offline}>
          {words.line}.
          {advice !== '' && (
            <>
              {' '}
              <strong>{say('fault.try')}</strong> {advice}
            </>
          )}
        </p>
      )}
      {faults.length > 0 && <FaultLines faults={faults} nowMs={nowMs} />}
    </li>
  );
}
