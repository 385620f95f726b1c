/** What stands behind a word about a device: a sentence, and figures that open on demand. Nothing where nothing was told. */
import { useSay } from '../../text/use-say.ts';
import styles from './fault-lines.module.css';

export function EvidenceLines(props: { spoken: string; technical: string }) {
  const say = useSay();
  return (
    <>
      {props.spoken !== '' && <p className={styles.evidence}>{props.spoken}</p>}
      {props.technical !== '' && (
        <details className={styles.technical}>
          <summary>{say('evidence.technical')}</summary>
          <p>{props.technical}</p>
        </details>
      )}
    </>
  );
}
