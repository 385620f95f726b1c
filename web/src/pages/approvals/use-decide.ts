/** Sends a leader's decision on one bulletin, and says how that went. */
import type { BulletinView } from '@loa/protocol/panel';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { type CallResult, call, type Failure } from '../../api/call.ts';
import { failureWords } from '../../api/failure-words.ts';
import { keys } from '../../api/queries.ts';
import { useToast } from '../../kit/toast.tsx';
import type { TextKey } from '../../text/say.ts';
import { useLanguage, useSay } from '../../text/use-say.ts';

/** `words`: why the server refused. `onAnswered` is called after each answer, with whether it was decided. */
export function useDecide(bulletinId: string, onAnswered: (isDecided: boolean) => void) {
  const say = useSay();
  const language = useLanguage();
  const toast = useToast();
  const requests = useQueryClient();
  const [isBusy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure>();
  const params = { id: bulletinId };
  const send = async (deed: () => Promise<CallResult<BulletinView>>, done: TextKey) => {
    setBusy(true);
    setFailure(undefined);
    const result = await deed();
    setBusy(false);
    onAnswered(result.ok);
    if (!result.ok) return setFailure(result.failure);
    toast('good', say(done));
    requests.setQueryData<BulletinView[]>(keys.bulletins, (list) =>
      list?.map((one) => (one.id === bulletinId ? result.value : one)),
    );
    await requests.invalidateQueries({ queryKey: keys.bulletins });
  };
  return {
    approve: () => send(() => call('approveBulletin', { params }), 'approval.approved'),
    sendBack: (reason: string) =>
      send(() => call('returnBulletin', { params, body: { reason } }), 'approval.returned-done'),
    isBusy,
    words: failure === undefined ? undefined : refusalWords(failure),
  };

  /** Only the author can choose another time: the server's sentence is for them. */
  function refusalWords(of: Failure): string {
    const isLate = of.kind === 'problem' && of.problem.code === 'past-time';
    return isLate ? say('approval.past-time') : failureWords(of, say, language);
  }
}
