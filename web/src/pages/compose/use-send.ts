/** Sends a whole draft. One request id for as long as the draft is the same, so that a second press is no second bulletin. */
import type { BulletinView } from '@loa/protocol/panel';
import { occurrenceId } from '@loa/schedules';
import { useQueryClient } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { useNavigate } from 'react-router';
import { call, type Failure } from '../../api/call.ts';
import { failureWords } from '../../api/failure-words.ts';
import { keys } from '../../api/queries.ts';
import { browserClock } from '../../edges/clock.ts';
import { newRequestId } from '../../edges/random.ts';
import { airingPath } from '../../kit/airing-parts.tsx';
import { useToast } from '../../kit/toast.tsx';
import { useLive } from '../../live/use-live.tsx';
import { isSilent } from '../../model/bulletins.ts';
import { type Draft, requestOf } from '../../model/draft.ts';
import type { TextKey } from '../../text/say.ts';
import { useLanguage, useSay } from '../../text/use-say.ts';

/** The live picture looks this far ahead; what starts later is shown in the list of bulletins. */
const pictureAheadMs = 24 * 3_600_000;

/** What is said of what does not go straight into the schedule. */
const sentKeys: Partial<Record<BulletinView['state'], TextKey>> = {
  offered: 'offered.sent',
  submitted: 'approval.submitted',
};

export function useSend(input: { draft: Draft; onAccepted: () => void; onDone: () => void }) {
  const say = useSay();
  const language = useLanguage();
  const toast = useToast();
  const navigate = useNavigate();
  const requests = useQueryClient();
  const offsetMs = useLive((state) => state.offsetMs);
  const [isBusy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure>();
  // biome-ignore lint/correctness/useExhaustiveDependencies: another draft is another request
  const requestId = useMemo(() => newRequestId(), [input.draft]);
  const run = async () => {
    setBusy(true);
    setFailure(undefined);
    const result = await call('acceptBulletin', { body: requestOf(input.draft, requestId) });
    setBusy(false);
    input.onDone();
    if (!result.ok) return setFailure(result.failure);
    input.onAccepted();
    toast('good', say(sentKeys[result.value.state] ?? 'compose.accepted'));
    void requests.invalidateQueries({ queryKey: keys.bulletins });
    navigate(pageOf(result.value, browserClock.nowMs() + offsetMs));
  };
  return { run, isBusy, words: failure === undefined ? undefined : failureWords(failure, say, language) };
}

function pageOf(bulletin: BulletinView, nowMs: number): string {
  // When a session takes it, is not known before it is planned.
  if (isSilent(bulletin) || bulletin.slot !== undefined) return '/bulletins';
  const startText = bulletin.nowAt ?? bulletin.nextAt;
  if (startText === undefined) return '/bulletins';
  const startMs = Date.parse(startText);
  return startMs - nowMs < pictureAheadMs ? airingPath(occurrenceId(bulletin.id, startMs)) : '/bulletins';
}
