/** "Không phát": asks why, in a word of one's own or one that is usual, since whoever sent it will want to know. */
import type { InboxItem } from '@loa/protocol/panel';
import { TextInput } from '@mantine/core';
import { useState } from 'react';
import { AskDialog } from '../../kit/ask-dialog.tsx';
import { Notice } from '../../kit/notice.tsx';
import { useSay } from '../../text/use-say.ts';
import styles from './inbox-page.module.css';
import { useAnswer } from './use-answer.ts';

const usualReasons = ['other-place', 'said', 'over'] as const;

export function DeclineDialog(props: { item: InboxItem; isOpen: boolean; onClose: () => void }) {
  const say = useSay();
  const { item, onClose } = props;
  const answer = useAnswer(item, onClose);
  const [reason, setReason] = useState('');
  return (
    <AskDialog
      isOpen={props.isOpen}
      title={say('inbox.ask-decline')}
      yes={say('inbox.decline')}
      isBusy={answer.isBusy}
      isWhole={reason.trim() !== ''}
      onYes={() => answer.send({ kind: 'declined', areaId: item.areaId, reason: reason.trim() })}
      onNo={onClose}
    >
      <p>
        <strong>{item.bulletin.title}</strong>
      </p>
      <TextInput
        label={say('inbox.reason')}
        placeholder={say('inbox.reason-example')}
        value={reason}
        maxLength={200}
        onChange={(event) => setReason(event.currentTarget.value)}
        size="lg"
      />
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset would put a second frame into the dialog */}
      <div className={styles.chips} role="group" aria-label={say('inbox.usual-reasons')}>
        {usualReasons.map((usual) => {
          const words = say(`inbox.reason-${usual}`);
          return (
            <button key={usual} type="button" aria-pressed={reason === words} onClick={() => setReason(words)}>
              {words}
            </button>
          );
        })}
      </div>
      <p>{say('inbox.decline-line')}</p>
      {answer.words !== undefined && (
        <Notice tone="attention" live>
          {answer.words}
        </Notice>
      )}
    </AskDialog>
  );
}
