/** The board of a cluster: reach, plan, clock, make. */
import type { ClusterView } from '@loa/protocol/panel';
import { useMe } from '../../api/me.tsx';
import { Sheet } from '../../kit/sheet.tsx';
import { civilDateOf, civilDateWords, instantWords, spanWords } from '../../model/civil-time.ts';
import type { TextKey } from '../../text/say.ts';
import { useSay } from '../../text/use-say.ts';
import styles from './cluster-page.module.css';

/** A clock off by less is right for everybody who listens. */
const clockShownMs = 1_000;

interface Fact {
  name: TextKey;
  value: string;
  isTroubled?: boolean;
}

export function ClusterFacts(props: { cluster: ClusterView; nowMs: number }) {
  const { cluster, nowMs } = props;
  const say = useSay();
  const { timeZone } = useMe();
  const reading = { nowMs, timeZone, say };
  const today = civilDateOf(nowMs, timeZone);
  const facts: Fact[] = [
    {
      name: 'fact.reach',
      value: say(
        cluster.reach === 'reachable'
          ? 'fact.reachable'
          : cluster.reach === 'never'
            ? 'cluster.never'
            : 'cluster.out-of-reach',
      ),
      isTroubled: cluster.reach === 'out-of-reach',
    },
  ];
  if (cluster.lastSeenAt !== undefined) {
    facts.push({ name: 'fact.last-seen', value: instantWords(Date.parse(cluster.lastSeenAt), reading) });
  }
  if (cluster.planUntil !== undefined) {
    const until = civilDateOf(Date.parse(cluster.planUntil), timeZone);
    facts.push({ name: 'fact.plan-until', value: civilDateWords(until, { today, say }) });
  }
  if (cluster.reach !== 'never') {
    facts.push({
      name: 'fact.plan',
      value: say(cluster.planCurrent ? 'fact.plan-current' : 'fact.plan-old'),
      isTroubled: !cluster.planCurrent,
    });
  }
  if (cluster.clock !== undefined) {
    const offMs = Math.abs(cluster.clock.offsetMs);
    const right =
      offMs < clockShownMs ? say('fact.clock-right') : say('fact.clock-off', { span: spanWords(offMs, say) });
    facts.push({
      name: 'fact.clock',
      value: cluster.clock.trusted ? right : say('fact.clock-wrong'),
      isTroubled: !cluster.clock.trusted,
    });
  }
  facts.push({ name: 'fact.horns', value: String(cluster.horns) });
  if (cluster.deviceKind !== undefined) facts.push({ name: 'fact.device', value: say(`device.${cluster.deviceKind}`) });
  if (cluster.board !== undefined) facts.push({ name: 'fact.board', value: cluster.board });
  if (cluster.agentVersion !== undefined) facts.push({ name: 'fact.version', value: cluster.agentVersion });
  if (cluster.deviceId !== undefined) facts.push({ name: 'fact.device-id', value: cluster.deviceId });
  return (
    <Sheet title={say('cluster.facts')}>
      <dl className={styles.facts}>
        {facts.map((fact) => (
          <div key={fact.name}>
            <dt>{say(fact.name)}</dt>
            <dd data-tone={fact.isTroubled ? 'attention' : undefined}>{fact.value}</dd>
          </div>
        ))}
      </dl>
    </Sheet>
  );
}
