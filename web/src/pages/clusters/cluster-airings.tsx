/** What a cluster has played lately, and how each ended. */

import { IconMusicOff } from '@tabler/icons-react';
import { useMemo } from 'react';
import { Link } from 'react-router';
import { useMe } from '../../api/me.tsx';
import { airingPath } from '../../kit/airing-parts.tsx';
import { EmptyState } from '../../kit/empty-state.tsx';
import { Sheet } from '../../kit/sheet.tsx';
import { StatusChip } from '../../kit/status-chip.tsx';
import { usePicture } from '../../live/use-live.tsx';
import { airingTitle } from '../../model/airing-title.ts';
import { instantWords } from '../../model/civil-time.ts';
import { targetWords } from '../../model/target-words.ts';
import { useSay } from '../../text/use-say.ts';
import styles from './cluster-page.module.css';

/** The latest ones; the playback log has them all. */
const shownMax = 8;

export function ClusterAirings(props: { clusterId: string; nowMs: number }) {
  const { clusterId, nowMs } = props;
  const say = useSay();
  const { timeZone } = useMe();
  const airings = usePicture('airings');
  const rows = useMemo(
    () =>
      [...airings.values()]
        .flatMap((airing) => {
          const target = airing.targets.find((one) => one.clusterId === clusterId);
          const hasBegun =
            target?.startedAt !== undefined || target?.outcome !== undefined || target?.phase === 'playing';
          return target !== undefined && hasBegun ? [{ airing, target }] : [];
        })
        .sort((a, b) => Date.parse(b.airing.at) - Date.parse(a.airing.at))
        .slice(0, shownMax),
    [airings, clusterId],
  );
  return (
    <Sheet title={say('cluster.airings')} flush>
      {rows.length === 0 && <EmptyState icon={<IconMusicOff size={28} />} title={say('cluster.no-airings')} />}
      <ul className={styles.airings}>
        {rows.map(({ airing, target }) => {
          const words = targetWords(target, say);
          return (
            <li key={airing.occurrence}>
              <Link to={airingPath(airing.occurrence)}>
                <span>
                  <time dateTime={airing.at}>{instantWords(Date.parse(airing.at), { nowMs, timeZone, say })}</time>
                  <span>{airingTitle(airing, say)}</span>
                </span>
                <span>
                  <StatusChip tone={words.tone}>{words.label}</StatusChip>
                </span>
              </Link>
            </li>
          );
        })}
      </ul>
    </Sheet>
  );
}
