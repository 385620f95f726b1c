/** The sessions of a day as a notice asks for them: morning, noon, afternoon. Pure. */
import { type SessionSlot, sessionSlots } from '@loa/schedules';
import type { Draft } from './draft.ts';

/** The hour of a notice that was placed in a session, for places that hold none: when most communes begin theirs. */
export const slotTimes: Readonly<Record<SessionSlot, string>> = { morning: '05:00', noon: '11:00', evening: '17:00' };

/** The session that begins next after a time of day, `17:05`; the first of the next day after the last. */
export function nextSlot(time: string): { slot: SessionSlot; isTomorrow: boolean } {
  const slot = sessionSlots.find((each) => slotTimes[each] > time);
  return slot === undefined ? { slot: 'morning', isTomorrow: true } : { slot, isTomorrow: false };
}

/** True when a draft's pattern leaves the hour open, so that a session can take its place. */
export function mayHaveSlot(draft: Pick<Draft, 'whenKind' | 'moreWhens'>): boolean {
  return [draft.whenKind, ...draft.moreWhens.map(({ kind }) => kind)].every(
    (kind) => kind !== 'now' && kind !== 'rule',
  );
}
