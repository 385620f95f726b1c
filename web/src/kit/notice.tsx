/** A sentence in a box: something to know where one stands. `live` has it read out when it comes. */
import { IconAlertTriangle, IconCircleCheck, IconInfoCircle } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import styles from './notice.module.css';

const icons = { quiet: IconInfoCircle, good: IconCircleCheck, attention: IconAlertTriangle } as const;

export function Notice(props: { tone: keyof typeof icons; children: ReactNode; live?: boolean; action?: ReactNode }) {
  const Icon = icons[props.tone];
  return (
    <div className={styles.notice} data-tone={props.tone} role={props.live ? 'status' : undefined}>
      <Icon size={22} aria-hidden />
      <div>{props.children}</div>
      {props.action}
    </div>
  );
}
