/** Sends a commune's decision on a bulletin from above, and says how that went. */
import type { InboxAnswer, InboxItem } from '@loa/protocol/panel';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { call, type Failure } from '../../api/call.ts';
import { failureWords } from '../../api/failure-words.ts';
import { keys } from '../../api/queries.ts';
import { useToast } from '../../kit/toast.tsx';
import { useLanguage, useSay } from '../../text/use-say.ts';

/** `words`: why it was refused. `isSubmitted`: what is taken waits for a leader. */
export function useAnswer(
  item: InboxItem,
  { isSubmitted = false, onDone }: { isSubmitted?: boolean; onDone: () => void },
) {
  const say = useSay();
  const language = useLanguage();
  const toast = useToast();
  const requests = useQueryClient();
  const [isBusy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure>();
  const send = async (answer: InboxAnswer) => {
    setBusy(true);
    setFailure(undefined);
    const result = await call('answerInbox', { params: { id: item.bulletin.id }, body: answer });
    setBusy(false);
    if (!result.ok) return setFailure(result.failure);
    const taken = isSubmitted ? 'approval.submitted' : 'inbox.taken';
    toast('good', say(answer.kind === 'scheduled' ? taken : 'inbox.declined-done'));
    onDone();
    void requests.invalidateQueries({ queryKey: keys.bulletins });
    await requests.invalidateQueries({ queryKey: keys.inbox });
  };
  return { send, isBusy, words: failure === undefined ? undefined : failureWords(failure, say, language) };
}
