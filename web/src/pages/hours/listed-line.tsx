/** One entry of a list of decisions: what it is, on what grounds, and the way to end it for whoever may. */
import { Button } from '@mantine/core';
import styles from './hours-page.module.css';

export function ListedLine(props: {
  words: string;
  grounds: string;
  end?: { words: string; label: string; onEnd: () => void } | undefined;
}) {
  return (
    <li className={styles.listed}>
      <div>
        <strong>{props.words}</strong>
        <p className={styles.quiet}>{props.grounds}</p>
      </div>
      {props.end !== undefined && (
        <Button variant="default" aria-label={props.end.label} onClick={props.end.onEnd}>
          {props.end.words}
        </Button>
      )}
    </li>
  );
}
