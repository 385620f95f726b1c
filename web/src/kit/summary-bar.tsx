/** How an airing stands over its clusters: a bar in parts, and the same in words. The bar is only for the eye. */
import type { SummaryPart } from '../model/airing-summary.ts';
import { ToneIcon } from './status-chip.tsx';
import styles from './summary-bar.module.css';

export function SummaryBar(props: { parts: readonly SummaryPart[]; large?: boolean }) {
  return (
    <div className={styles.summary} data-large={props.large}>
      <div className={styles.bar} aria-hidden>
        {props.parts.map((part) => (
          <i key={part.kind} data-tone={part.tone} data-kind={part.kind} style={{ flexGrow: part.count }} />
        ))}
      </div>
      <ul className={styles.words}>
        {props.parts.map((part) => (
          <li key={part.kind} data-tone={part.tone}>
            <ToneIcon tone={part.tone} />
            {part.words}
          </li>
        ))}
      </ul>
    </div>
  );
}
