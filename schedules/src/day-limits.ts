/**
 * Who gets the sessions and minutes of a day where there are not enough for all: higher class first, then order of
 * acceptance, then the earlier instant, tunes last, so that what has been accepted never gives way to its equal that came later.
 * Pure; counts whole civil days only, so that no answer depends on where a window begins.
 */
import { classRank } from './bulletin.ts';
import { civilDayAt } from './civil-days.ts';
import type { OmissionReason, SoundSpan } from './judge-span.ts';
import type { SoundingLaw } from './law.ts';
import type { Window } from './recurrence.ts';
import { type DayPart, dayPartsOf } from './session.ts';

/** One item that wants a place in its day. */
export interface Claim extends SoundSpan {
  occurrence: string;
  class: 'normal' | 'priority';
  acceptedNumber: number;
  /** A tune takes what everything else has left. */
  isTune?: boolean | undefined;
}

const minuteMs = 60_000;

/** True when the law counts anything by the day. */
export function countsByDay({ limits }: SoundingLaw): boolean {
  return limits?.sessionsPerDayMax !== undefined || limits?.sessionMinutesMax !== undefined;
}

/** The smallest window of whole civil days of the law's zone around a window. */
export function wholeDays(law: SoundingLaw, window: Window): Window {
  if (window.untilMs <= window.fromMs) return window;
  const { timeZone } = law.hours;
  return {
    fromMs: civilDayAt(timeZone, window.fromMs).fromMs,
    untilMs: civilDayAt(timeZone, window.untilMs - 1).untilMs,
  };
}

/**
 * Hands out the day's sessions and minutes to all claims of whole days and tells of each whether it got its place.
 * An item counts with its whole air time on the day and in the session in which it starts.
 */
export function shareDays<T extends Claim>(
  law: SoundingLaw,
  claims: readonly T[],
  onClaim: (claim: T, refusedFor: OmissionReason | undefined) => void,
): void {
  const days = new Map<string, { partAt: (atMs: number) => DayPart; usedMs: Map<string, number> }>();
  const sessionsMax = law.limits?.sessionsPerDayMax?.value ?? Number.POSITIVE_INFINITY;
  const sessionMsMax = (law.limits?.sessionMinutesMax?.value ?? Number.POSITIVE_INFINITY) * minuteMs;
  for (const claim of [...claims].sort(byRight)) {
    const civilDay = civilDayAt(law.hours.timeZone, claim.atMs);
    const day = days.get(civilDay.date) ?? { partAt: dayPartsOf(law.sessions ?? [], civilDay), usedMs: new Map() };
    days.set(civilDay.date, day);
    const { key } = day.partAt(claim.atMs);
    const usedMs = day.usedMs.get(key);
    if (usedMs === undefined && day.usedMs.size >= sessionsMax) onClaim(claim, 'too-many-sessions');
    else if ((usedMs ?? 0) + claim.durationMs > sessionMsMax) onClaim(claim, 'session-full');
    else {
      day.usedMs.set(key, (usedMs ?? 0) + claim.durationMs);
      onClaim(claim, undefined);
    }
  }
}

function byRight(a: Claim, b: Claim): number {
  return (
    Number(a.isTune === true) - Number(b.isTune === true) ||
    classRank[b.class] - classRank[a.class] ||
    a.acceptedNumber - b.acceptedNumber ||
    a.atMs - b.atMs ||
    (a.occurrence < b.occurrence ? -1 : 1)
  );
}
