/** Withdraws a bulletin or stops an emergency, and says how that went. */
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { call } from '../api/call.ts';
import { failureWords } from '../api/failure-words.ts';
import { keys } from '../api/queries.ts';
import { useLanguage, useSay } from '../text/use-say.ts';
import { useToast } from './toast.tsx';

/** `onDone` is called after the server's answer, whatever it is. */
export function useEnd(onDone: (isDone: boolean) => void) {
  const say = useSay();
  const language = useLanguage();
  const toast = useToast();
  const requests = useQueryClient();
  const [isBusy, setBusy] = useState(false);
  const run = async (input: { bulletinId: string; isEmergency: boolean; isSilent?: boolean }) => {
    setBusy(true);
    const name = input.isEmergency ? 'stopEmergency' : 'withdrawBulletin';
    const result = await call(name, { params: { id: input.bulletinId } });
    // What was in no plan can sound nowhere.
    const isAsked = result.ok && !input.isEmergency && input.isSilent !== true;
    const unreached = isAsked ? await unreachedBy(input.bulletinId) : 0;
    setBusy(false);
    onDone(result.ok);
    if (result.ok && unreached > 0) toast('attention', say('end.unreached', { count: unreached }));
    else if (result.ok) toast('good', say(input.isEmergency ? 'end.done' : 'end.done-withdrawn'));
    else toast('attention', failureWords(result.failure, say, language));
    await requests.invalidateQueries({ queryKey: keys.bulletins });
  };
  return { isBusy, run };
}

/** Clusters out of reach that may still sound what was withdrawn; 0 when the server does not say. */
async function unreachedBy(bulletinId: string): Promise<number> {
  const account = await call('withdrawal', { params: { id: bulletinId } });
  return account.ok ? account.value.untold.filter(({ reach }) => reach === 'out-of-reach').length : 0;
}
