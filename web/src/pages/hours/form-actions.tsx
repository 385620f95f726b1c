/** The foot of every form of the law: what it still lacks, the way on to the preview, and the way back. */
import type { LawChange } from '@loa/protocol/panel';
import { Button } from '@mantine/core';
import type { Settled } from '../../model/law/settled.ts';
import { useSay } from '../../text/use-say.ts';
import styles from './hours-page.module.css';

export function FormActions(props: {
  change: Settled<LawChange>;
  onLook: (change: LawChange) => void;
  onCancel: () => void;
}) {
  const say = useSay();
  const { change } = props;
  return (
    <div className={styles.actions}>
      {!change.ok && (
        <p className={styles.missing} role="status">
          {say(change.words, change.values)}
        </p>
      )}
      <Button variant="default" size="lg" onClick={props.onCancel}>
        {say('action.cancel')}
      </Button>
      <Button size="lg" disabled={!change.ok} onClick={() => change.ok && props.onLook(change.value)}>
        {say('law.look')}
      </Button>
    </div>
  );
}
