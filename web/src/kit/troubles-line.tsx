/** Everything that is wrong, in one line; good news in one line too. Leads to the faulty clusters. */
import { IconAlertTriangle, IconChevronRight, IconCircleCheck } from '@tabler/icons-react';
import { useMemo } from 'react';
import { Link } from 'react-router';
import { useMe } from '../api/me.tsx';
import { useNow, usePicture } from '../live/use-live.tsx';
import { clusterWords, isTroubled } from '../model/cluster-words.ts';
import { useSay } from '../text/use-say.ts';
import styles from './troubles-line.module.css';

/** Names spelled out in the line; the rest is counted. */
const namedMax = 2;

export function TroublesLine() {
  const say = useSay();
  const { timeZone } = useMe();
  const clusters = usePicture('clusters');
  const nowMs = useNow(30_000);
  const troubled = useMemo(() => [...clusters.values()].filter(isTroubled), [clusters]);
  if (clusters.size === 0) return null;
  if (troubled.length === 0) {
    return (
      <p className={styles.line} data-tone="good">
        <IconCircleCheck size={24} aria-hidden />
        <span>{say('troubles.none', { count: clusters.size })}</span>
      </p>
    );
  }
  const named = troubled
    .slice(0, namedMax)
    .map(
      (cluster) => `${cluster.name} (${clusterWords(cluster, { nowMs, timeZone, say }).label.toLocaleLowerCase('vi')})`,
    );
  const more = troubled.length > namedMax ? say('troubles.more', { count: troubled.length - namedMax }) : '';
  return (
    <Link className={styles.line} data-tone="attention" to="/clusters?only=faulty">
      <IconAlertTriangle size={24} aria-hidden />
      <span>
        <strong>{say('troubles.some', { count: troubled.length, all: clusters.size })}</strong> {named.join(', ')}
        {more}
      </span>
      <IconChevronRight size={22} aria-hidden />
    </Link>
  );
}
