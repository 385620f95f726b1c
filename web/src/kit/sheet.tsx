/** A sheet of paper on the page: the one kind of box, with its heading. */
import { type ReactNode, useId } from 'react';
import styles from './sheet.module.css';

/** `aside` stands at the right of the heading. */
export function Sheet(props: { title?: ReactNode; aside?: ReactNode; children: ReactNode; flush?: boolean }) {
  const id = useId();
  return (
    <section className={styles.sheet} aria-labelledby={props.title === undefined ? undefined : id}>
      {props.title !== undefined && (
        <header className={styles.head}>
          <h2 id={id}>{props.title}</h2>
          {props.aside}
        </header>
      )}
      <div className={styles.body} data-flush={props.flush}>
        {props.children}
      </div>
    </section>
  );
}
