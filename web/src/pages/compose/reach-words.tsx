/** How many clusters a choice addresses, how many of them can be reached now, and on demand which. */
import type { Reach } from '@loa/protocol/panel';
import { Notice } from '../../kit/notice.tsx';
import { usePicture } from '../../live/use-live.tsx';
import { useSay } from '../../text/use-say.ts';

/** Clusters named before the rest is counted. */
const namedMax = 12;

export function ReachWords(props: { areaIds: readonly string[]; reach: Reach | undefined; named?: boolean }) {
  const say = useSay();
  const clusters = usePicture('clusters');
  const { reach } = props;
  if (props.areaIds.length === 0 || reach === undefined) return null;
  const missed = reach.clusters - reach.reachable;
  const names = reach.clusterIds.slice(0, namedMax).map((id) => clusters.get(id)?.name ?? id);
  const rest = reach.clusterIds.length - names.length;
  return (
    <>
      <Notice tone={missed > 0 || reach.clusters === 0 ? 'attention' : 'good'} live>
        {reach.clusters === 0
          ? say('reach.none')
          : missed > 0
            ? say('reach.some', { count: reach.clusters, missed })
            : say('reach.all', { count: reach.clusters })}
      </Notice>
      {props.named && (
        <p>
          {names.join(', ')}
          {rest > 0 && say('reach.more', { count: rest })}
        </p>
      )}
    </>
  );
}
