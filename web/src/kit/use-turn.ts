/**
 * Decides which of two goes first: asks what that would change, has it confirmed when it changes anything, makes it, and
 * says how that went.
 */
import type { ChangedView, ClashView, LawChange } from '@loa/protocol/panel';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { call, type Failure } from '../api/call.ts';
import { failureWords } from '../api/failure-words.ts';
import { keys } from '../api/queries.ts';
import { newRequestId } from '../edges/random.ts';
import { type ClashSide, turnOf } from '../model/clash.ts';
import { useLanguage, useSay } from '../text/use-say.ts';
import { useToast } from './toast.tsx';

export function useTurn(clash: ClashView) {
  const say = useSay();
  const language = useLanguage();
  const toast = useToast();
  const requests = useQueryClient();
  const [busyWith, setBusyWith] = useState<string>();
  const [asked, setAsked] = useState<{ side: ClashSide; changed: ChangedView; requestId: string }>();
  const changeTo = (side: ClashSide): LawChange => {
    const { first, second } = turnOf(clash, side.occurrence);
    return { kind: 'turn', areaId: clash.areaId, first: first.occurrence, second: second.occurrence };
  };
  const fail = (failure: Failure) => toast('attention', failureWords(failure, say, language));
  const make = async (side: ClashSide, requestId: string) => {
    setBusyWith(side.occurrence);
    const made = await call('makeChange', { body: { requestId, change: changeTo(side) } });
    setBusyWith(undefined);
    if (!made.ok) return fail(made.failure);
    setAsked(undefined);
    toast('good', say('clash.done'));
    await requests.invalidateQueries({ queryKey: keys.clashes });
  };
  const begin = async (side: ClashSide) => {
    setBusyWith(side.occurrence);
    const preview = await call('previewChange', { body: { change: changeTo(side) } });
    setBusyWith(undefined);
    if (!preview.ok) return fail(preview.failure);
    const requestId = newRequestId();
    if (preview.value.clusterCount === 0) return make(side, requestId);
    setAsked({ side, changed: preview.value, requestId });
  };
  return {
    busyWith,
    asked,
    begin,
    confirm: () => {
      if (asked !== undefined) void make(asked.side, asked.requestId);
    },
    cancel: () => setAsked(undefined),
  };
}
