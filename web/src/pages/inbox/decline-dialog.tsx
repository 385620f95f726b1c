/** "Không phát": asks why, in a word of one's own or one that is usual, since whoever sent it will want to know. */
import type { InboxItem } from '@loa/protocol/panel';
import { useState } from 'react';
import { AskDialog } from '../../kit/ask-dialog.tsx';
import { Notice } from '../../kit/notice.tsx';
import { ReasonField } from '../../kit/reason-field.tsx';
import { useSay } from '../../text/use-say.ts';
import { useAnswer } from './use-answer.ts';

const usualReasons = ['other-place', 'said', 'over'] as const;

export function DeclineDialog(props: { item: InboxItem; isOpen: boolean; onClose: () => void }) {
  const say = useSay();
  const { item, onClose } = props;
  const answer = useAnswer(item, { onDone: onClose });
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
      <ReasonField
        label={say('inbox.reason')}
        example={say('inbox.reason-example')}
        value={reason}
        usual={usualReasons.map((usual) => say(`inbox.reason-${usual}`))}
        onChange={setReason}
      />
      <p>{say('inbox.decline-line')}</p>
      {answer.words !== undefined && (
        <Notice tone="attention" live>
          {answer.words}
        </Notice>
      )}
    </AskDialog>
  );
}
