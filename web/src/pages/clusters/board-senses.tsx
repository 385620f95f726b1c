/** What the board of a cluster senses of itself and of its sound, as of when, and how its last sound test came out. */
import type { ClusterView } from '@loa/protocol/panel';
import { useMe } from '../../api/me.tsx';
import { Sheet } from '../../kit/sheet.tsx';
import { StatusChip } from '../../kit/status-chip.tsx';
import { boardLines } from '../../model/board-words.ts';
import { instantWords } from '../../model/civil-time.ts';
import { evidenceWords } from '../../model/evidence-words.ts';
import { testLabel, testTone } from '../../model/service-words.ts';
import { useSay } from '../../text/use-say.ts';
import styles from './cluster-page.module.css';
import { EvidenceLines } from './evidence-lines.tsx';

/** Nothing for a cluster whose device has never spoken. */
export function BoardSenses(props: { cluster: ClusterView; nowMs: number }) {
  const say = useSay();
  const { timeZone } = useMe();
  const { cluster, nowMs } = props;
  if (cluster.fitting === undefined) return null;
  const lines = boardLines(cluster, say);
  const reading = { nowMs, timeZone, say };
  const told = cluster.readingsAt === undefined ? undefined : instantWords(Date.parse(cluster.readingsAt), reading);
  const isStale = cluster.reach !== 'reachable';
  return (
    <Sheet title={say('senses.title')}>
      {cluster.shadow === true && (
        <p className={styles.offline}>
          {say('senses.shadow')}. {say('senses.shadow-line')}
        </p>
      )}
      <dl className={styles.facts}>
        <div>
          <dt>{say('senses.fitting')}</dt>
          <dd>{say(`senses.fitting.${cluster.fitting}`)}</dd>
        </div>
        {lines.map((line) => (
          <div key={line.name}>
            <dt>{say(line.name)}</dt>
            <dd data-tone={line.isTroubled ? 'attention' : line.isUnknown ? 'unknown' : undefined}>{line.value}</dd>
          </div>
        ))}
      </dl>
      <p className={styles.quiet}>{say(`senses.fitting-line.${cluster.fitting}`)}</p>
      {lines.length > 0 && (
        <p className={styles.quiet}>
          {told === undefined
            ? say('senses.none-told')
            : say(isStale ? 'senses.stale' : 'senses.as-of', { time: told })}
        </p>
      )}
      <LastTest cluster={cluster} nowMs={nowMs} />
    </Sheet>
  );
}

function LastTest(props: { cluster: ClusterView; nowMs: number }) {
  const say = useSay();
  const { timeZone } = useMe();
  const { lastTest: test } = props.cluster;
  if (test === undefined) {
    return (
      <p className={styles.quiet}>
        {say('test.last')}: {say('test.never')}
      </p>
    );
  }
  const reading = { nowMs: props.nowMs, timeZone, say };
  const at = instantWords(Date.parse(test.at), reading);
  const form = say(`test.form.${test.form}`);
  return (
    <>
      <div className={styles.test}>
        <span>
          <strong>{say('test.last')}</strong>
          <span>
            {form}
            {test.isOwn && ` (${say('test.own')})`} · {at}
          </span>
        </span>
        <StatusChip tone={testTone(test.verdict)}>{testLabel(test, say)}</StatusChip>
      </div>
      <EvidenceLines {...evidenceWords(test.evidence, reading)} />
    </>
  );
}
