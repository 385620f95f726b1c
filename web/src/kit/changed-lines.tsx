/** What a change does in the next 24 hours: how many clusters sound differently, and per group of them each line. */
import type { ChangedView } from '@loa/protocol/panel';
import { useMe } from '../api/me.tsx';
import { useNow, usePicture } from '../live/use-live.tsx';
import { heardWords } from '../model/changed-words.ts';
import { useSay } from '../text/use-say.ts';
import styles from './changed-lines.module.css';

/** Clusters named of a group, and lines shown of it, before the rest is counted. */
const namedMax = 4;
const linesMax = 12;

export function ChangedLines(props: { changed: ChangedView }) {
  const say = useSay();
  const { timeZone } = useMe();
  const nowMs = useNow(30_000);
  const clusters = usePicture('clusters');
  const { changed } = props;
  if (changed.clusterCount === 0) return <p>{say('change.none')}</p>;
  return (
    <div className={styles.changed}>
      <p>
        <strong>{say('change.clusters', { count: changed.clusterCount })}</strong>
      </p>
      {changed.groups.map((group) => {
        const names = group.clusterIds.slice(0, namedMax).map((id) => clusters.get(id)?.name ?? id);
        const rest = group.clusterIds.length - names.length;
        const unshown = Math.max(0, group.lines.length - linesMax) + group.leftOutCount;
        return (
          <div key={group.clusterIds.join()} className={styles.group}>
            <h3>
              {say('preview.group', {
                count: group.clusterIds.length,
                names: names.join(', ') + (rest > 0 ? say('reach.more', { count: rest }) : ''),
              })}
            </h3>
            <ul>
              {group.lines.slice(0, linesMax).map((line) => (
                <li key={`${line.how} ${line.at} ${line.title}`}>{heardWords(line, { nowMs, timeZone, say })}</li>
              ))}
              {unshown > 0 && <li>{say('preview.more', { count: unshown })}</li>}
            </ul>
          </div>
        );
      })}
      {changed.groupsLeftOutCount > 0 && <p>{say('preview.groups-more', { count: changed.groupsLeftOutCount })}</p>}
    </div>
  );
}
