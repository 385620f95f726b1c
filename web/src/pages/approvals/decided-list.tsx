/** What leaders decided lately: what, by whom, when, and why it was returned. */
import type { BulletinView } from '@loa/protocol/panel';
import { useMe } from '../../api/me.tsx';
import { StatusChip } from '../../kit/status-chip.tsx';
import { decisionWords, isReturned } from '../../model/approval.ts';
import { instantWords } from '../../model/civil-time.ts';
import { useSay } from '../../text/use-say.ts';
import styles from './approvals-page.module.css';

export function DecidedList(props: { bulletins: readonly BulletinView[]; nowMs: number }) {
  const say = useSay();
  const { timeZone } = useMe();
  const time = (at: string) => instantWords(Date.parse(at), { nowMs: props.nowMs, timeZone, say });
  return (
    <section className={styles.part}>
      <h2>{say('approval.decided')}</h2>
      <ul className={styles.decided}>
        {props.bulletins.map((bulletin) => (
          <li key={bulletin.id}>
            <div className={styles.decidedHead}>
              <strong>{bulletin.title}</strong>
              {isReturned(bulletin) ? (
                <StatusChip tone="attention">{say('approval.chip-returned')}</StatusChip>
              ) : (
                <StatusChip tone="good">{say('approval.chip-approved')}</StatusChip>
              )}
            </div>
            <p>{decisionWords(bulletin, { say, time })}</p>
          </li>
        ))}
      </ul>
    </section>
  );
}
