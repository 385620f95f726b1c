/** What stands where nothing is yet: why, and what to do about it. */
import type { ReactNode } from 'react';
import styles from './empty-state.module.css';

export function EmptyState(props: { icon: ReactNode; title: string; children?: ReactNode; action?: ReactNode }) {
  return (
    <div className={styles.empty}>
      <span className={styles.icon} aria-hidden>
        {props.icon}
      </span>
      <p className={styles.title}>{props.title}</p>
      {props.children !== undefined && <p className={styles.words}>{props.children}</p>}
      {props.action}
    </div>
  );
}

/** Grey lines while the first picture is on its way. */
export function Waiting(props: { words: string; lines?: number }) {
  return (
    <div className={styles.waiting} role="status">
      <span className="visually-hidden">{props.words}</span>
      {Array.from({ length: props.lines ?? 4 }, (_, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the lines are all alike
        <i key={index} aria-hidden />
      ))}
    </div>
  );
}
