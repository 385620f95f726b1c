/** Asks once before something is done that others will hear, in the words of what will happen. */
import { Button, Modal } from '@mantine/core';
import type { ReactNode } from 'react';
import { useSay } from '../text/use-say.ts';
import styles from './ask-dialog.module.css';

/** `tone` alarm is for emergencies only. */
export function AskDialog(props: {
  isOpen: boolean;
  title: string;
  children: ReactNode;
  yes: string;
  tone?: 'plain' | 'alarm';
  isBusy?: boolean;
  /** False while something is missing in what is asked. */
  isWhole?: boolean;
  onYes: () => void;
  onNo: () => void;
}) {
  const say = useSay();
  return (
    <Modal
      opened={props.isOpen}
      onClose={props.onNo}
      title={props.title}
      centered
      radius="var(--radius)"
      closeButtonProps={{ 'aria-label': say('action.close') }}
    >
      <div className={styles.body}>{props.children}</div>
      <div className={styles.actions}>
        <Button variant="default" onClick={props.onNo} size="lg">
          {say('action.back')}
        </Button>
        <Button
          onClick={props.onYes}
          loading={props.isBusy ?? false}
          disabled={props.isWhole === false}
          size="lg"
          data-autofocus
          className={props.tone === 'alarm' ? styles.alarm : undefined}
        >
          {props.yes}
        </Button>
      </div>
    </Modal>
  );
}
