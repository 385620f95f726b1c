/**
 * What became of a withdrawal: where the bulletin had sounded already, and which clusters do not know of it yet and may
 * sound it at such an hour. Asks again while some do not.
 */
import { useMe } from '../api/me.tsx';
import { useWithdrawal } from '../api/queries.ts';
import { useNow, usePicture } from '../live/use-live.tsx';
import { instantWords } from '../model/civil-time.ts';
import { useSay } from '../text/use-say.ts';
import { Notice } from './notice.tsx';

/** Clusters named before the rest is counted. */
const namedMax = 6;

export function WithdrawalAccount(props: { bulletinId: string }) {
  const say = useSay();
  const { timeZone } = useMe();
  const nowMs = useNow(30_000);
  const clusters = usePicture('clusters');
  const account = useWithdrawal(props.bulletinId).data;
  if (account === undefined) return null;
  const named = (list: readonly { clusterId: string; at: string }[]): string => {
    const names = list.slice(0, namedMax).map(({ clusterId, at }) =>
      say('withdrawal.cluster', {
        name: clusters.get(clusterId)?.name ?? clusterId,
        time: instantWords(Date.parse(at), { nowMs, timeZone, say }),
      }),
    );
    const rest = list.length - names.length;
    return names.join(', ') + (rest > 0 ? say('reach.more', { count: rest }) : '');
  };
  const untold = account.untold.map(({ clusterId, nextAt }) => ({ clusterId, at: nextAt }));
  return (
    <>
      {account.sounded.length > 0 && (
        <Notice tone="quiet">
          {say('withdrawal.sounded', { count: account.sounded.length, names: named(account.sounded) })}
        </Notice>
      )}
      {untold.length > 0 ? (
        <Notice tone="attention" live>
          {say('withdrawal.untold', { count: untold.length, names: named(untold) })}
        </Notice>
      ) : (
        <Notice tone="good" live>
          {say('withdrawal.told')}
        </Notice>
      )}
    </>
  );
}
