/** "Trả lại": asks why, since the author has to know what to mend. */
import { useState } from 'react';
import { AskDialog } from '../../kit/ask-dialog.tsx';
import { ReasonField } from '../../kit/reason-field.tsx';
import { useSay } from '../../text/use-say.ts';

const usualReasons = ['wording', 'time', 'not-now'] as const;

export function ReturnDialog(props: {
  title: string;
  isOpen: boolean;
  isBusy: boolean;
  onReturn: (reason: string) => void;
  onClose: () => void;
}) {
  const say = useSay();
  const [reason, setReason] = useState('');
  return (
    <AskDialog
      isOpen={props.isOpen}
      title={say('approval.ask-return')}
      yes={say('approval.return')}
      isBusy={props.isBusy}
      isWhole={reason.trim() !== ''}
      onYes={() => props.onReturn(reason.trim())}
      onNo={props.onClose}
    >
      <p>
        <strong>{props.title}</strong>
      </p>
      <ReasonField
        label={say('approval.reason')}
        example={say('approval.reason-example')}
        value={reason}
        usual={usualReasons.map((usual) => say(`approval.reason-${usual}`))}
        onChange={setReason}
      />
      <p>{say('approval.return-line')}</p>
    </AskDialog>
  );
}
