/**
 * What a change of the clock does to bulletins in a window: civil times that it skips are not aired, civil times that
 * come twice are aired at their first coming (the policy stated in `recurrence.ts`). Asks the zone for its changes
 * first, so a zone without any, as Việt Nam's, costs one question. Pure.
 */
import type { Bulletin } from './bulletin.ts';
import { occurrencesOf, type Window } from './recurrence.ts';

export interface ClockChange {
  code: 'skipped-by-clock-change' | 'first-of-two';
  bulletinId: string;
  /** The civil time that does not exist, or exists twice: `2027-03-28T02:30:00`. */
  civil: string;
  /** Skipped: when the clock is changed. Twice: when it is aired. Epoch ms. */
  atMs: number;
}

/** Changes looked at in one window and zone; real zones have two a year, some four. */
const changesMax = 16;

/** In order of bulletins, then of time. */
export function clockChangesOf(
  bulletins: Iterable<Pick<Bulletin, 'id' | 'whens' | 'timeZone'>>,
  window: Window,
): ClockChange[] {
  const shiftsOfZone = new Map<string, Shift[]>();
  const found: ClockChange[] = [];
  for (const { id, whens, timeZone } of bulletins) {
    const shifts = shiftsOfZone.get(timeZone) ?? shiftsIn(timeZone, window);
    shiftsOfZone.set(timeZone, shifts);
    for (const shift of shifts) {
      // The civil times in question, read as if they were UTC: the rule answers which of them it names.
      const named = occurrencesOf({ id, whens, timeZone: 'UTC' }, shift.civil);
      for (const { atMs } of named) {
        const civil = Temporal.Instant.fromEpochMilliseconds(atMs)
          .toZonedDateTimeISO('UTC')
          .toPlainDateTime()
          .toString();
        if (shift.isSkip) found.push({ code: 'skipped-by-clock-change', bulletinId: id, civil, atMs: shift.atMs });
        else found.push({ code: 'first-of-two', bulletinId: id, civil, atMs: atMs - shift.offsetBeforeMs });
      }
    }
  }
  return found;
}

interface Shift {
  atMs: number;
  isSkip: boolean;
  offsetBeforeMs: number;
  /** Civil times skipped or doubled, as epoch ms of the same digits in UTC. */
  civil: Window;
}

function shiftsIn(timeZone: string, window: Window): Shift[] {
  const shifts: Shift[] = [];
  let at = Temporal.Instant.fromEpochMilliseconds(window.fromMs - 1).toZonedDateTimeISO(timeZone);
  while (shifts.length < changesMax) {
    const next = at.getTimeZoneTransition('next');
    if (next === null || next.epochMilliseconds >= window.untilMs) return shifts;
    const offsetBeforeMs = next.subtract({ seconds: 1 }).offsetNanoseconds / 1e6;
    const offsetAfterMs = next.offsetNanoseconds / 1e6;
    const atMs = next.epochMilliseconds;
    const [low, high] = [Math.min(offsetBeforeMs, offsetAfterMs), Math.max(offsetBeforeMs, offsetAfterMs)];
    const civil = { fromMs: atMs + low, untilMs: atMs + high };
    if (high > low) shifts.push({ atMs, isSkip: offsetAfterMs > offsetBeforeMs, offsetBeforeMs, civil });
    at = next;
  }
  return shifts;
}
