/** Faults spelled out: name, since when, the evidence, and what to try first while it is open. */
import type { FaultView } from '@loa/protocol/panel';
import { useMe } from '../../api/me.tsx';
import { faultWords } from '../../model/fault-words.ts';
import { useSay } from '../../text/use-say.ts';
import { EvidenceLines } from './evidence-lines.tsx';
import styles from './fault-lines.module.css';

export function FaultLines(props: { faults: readonly FaultView[]; nowMs: number }) {
  const say = useSay();
  const { timeZone } = useMe();
  return (
    <ul className={styles.faults}>
      {props.faults.map((fault) => {
        const words = faultWords(fault, { nowMs: props.nowMs, timeZone, say });
        const isOpen = fault.clearedAt === undefined;
        return (
          <li key={fault.id} data-open={isOpen}>
            <p>
              <strong>{words.name}</strong> <span>{words.since}</span>
            </p>
            <EvidenceLines spoken={words.evidence} technical={words.technical} />
            {isOpen && (
              <p className={styles.advice}>
                <strong>{say('fault.try')}</strong> {words.advice}
              </p>
            )}
          </li>
        );
      })}
    </ul>
  );
}
