/** One numbered step; its number turns into a tick once there is nothing left to do in it. */
import { IconCheck } from '@tabler/icons-react';
import { type ReactNode, useId } from 'react';
import { useSay } from '../../text/use-say.ts';
import styles from './step.module.css';

export function Step(props: { number: number; title: string; isDone: boolean; children: ReactNode }) {
  const id = useId();
  const say = useSay();
  return (
    <section className={styles.step} aria-labelledby={id}>
      <header>
        <span className={styles.number} data-done={props.isDone} aria-hidden>
          {props.isDone ? <IconCheck size={24} stroke={3} /> : props.number}
        </span>
        <h2 id={id}>
          <span className="visually-hidden">{say('compose.step', { number: props.number })} </span>
          {props.title}
          {props.isDone && <span className="visually-hidden"> {say('compose.step-done')}</span>}
        </h2>
      </header>
      <div className={styles.body}>{props.children}</div>
    </section>
  );
}
