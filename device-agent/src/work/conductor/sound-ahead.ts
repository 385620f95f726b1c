/** What the amplifier is told of what the conductor has in hand. Pure. */
import type { Documents, SoundAhead, Timekeeper } from '../../contracts.ts';
import type { ConductorState, Next } from './facts.ts';

/** An emergency in force is urgent in its gaps and while its clip is on its way too: it must find the amplifier warm. */
export function soundAhead(
  state: ConductorState,
  next: Next | undefined,
  { time, documents }: { time: Pick<Timekeeper, 'serverToMonotonic'>; documents: Pick<Documents, 'plan'> },
): SoundAhead {
  return {
    isSounding: state.sounding !== undefined,
    isUrgent: [...state.courses.values()].some(({ emergency }) => emergency),
    nextMonotonicMs: next === undefined ? undefined : time.serverToMonotonic(next.aim.startMs),
    staysOn: documents.plan()?.head.amplifierStaysOn === true,
  };
}
