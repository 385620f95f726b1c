/** The buttons beside the heading of a decision: edit it, or take it back so that the place inherits. */
import { Button } from '@mantine/core';
import { IconPencil } from '@tabler/icons-react';
import { useSay } from '../../text/use-say.ts';
import styles from './hours-page.module.css';

/** Nothing for those who may not change it; `onTakeBack` only where there is something to take back. */
export function DecisionHead(props: { mayChange: boolean; onEdit: () => void; onTakeBack?: (() => void) | undefined }) {
  const say = useSay();
  if (!props.mayChange) return null;
  return (
    <span className={styles.head}>
      {props.onTakeBack !== undefined && (
        <Button variant="default" onClick={props.onTakeBack}>
          {say('law.take-back')}
        </Button>
      )}
      <Button variant="light" leftSection={<IconPencil size={20} aria-hidden />} onClick={props.onEdit}>
        {say('law.edit')}
      </Button>
    </span>
  );
}
