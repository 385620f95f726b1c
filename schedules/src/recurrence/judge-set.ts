/**
 * Is a recurrence one that horns can be trusted with? Refuses, in bounded time, what never fires and what fires more
 * often than `startsPerDayMax` on some day. Whether a start suits an area's hours is not asked here.
 */

import { parseCivil } from './civil-day.ts';
import { compileRule } from './compile-rule.ts';
import { expansionEnd } from './expand-rule.ts';
import { firstInstantOfSet } from './expand-set.ts';
import { type RecurrenceRefused, type RecurrenceSet, refuse, startsPerDayMax } from './recurrence-set.ts';

/** The reason to refuse a set, or undefined. */
export function judgeSet(set: RecurrenceSet): RecurrenceRefused | undefined {
  if (startsPerDayBound(set) > startsPerDayMax) return refuse('fires-too-often', 'RRULE');
  const isNever = firstInstantOfSet(set, Number.NEGATIVE_INFINITY) === undefined;
  return isNever ? refuse('never-fires', set.rules.length > 0 ? 'RRULE' : 'DTSTART') : undefined;
}

/** No civil day holds more starts than this; a small COUNT bounds a dense rule too. */
export function startsPerDayBound(set: RecurrenceSet): number {
  const perDate = new Map<string, number>();
  for (const moment of set.extraStarts) {
    const date = moment.slice(0, 10);
    perDate.set(date, (perDate.get(date) ?? 0) + 1);
  }
  let bound = Math.max(0, ...perDate.values());
  const start = parseCivil(set.start) ?? 0;
  for (const rule of set.rules) {
    const { units, times, interval, setPositions } = compileRule(rule, start, expansionEnd);
    const each = Math.min(times.length, setPositions?.length ?? times.length);
    const perDay = units === undefined ? each : each * unitsPerDay(units.allowed, interval);
    bound += Math.min(perDay, rule.count ?? perDay);
  }
  return bound;
}

/** Most units of one day that lie whole intervals apart. */
function unitsPerDay(allowed: readonly number[], interval: number): number {
  const perPhase = new Map<number, number>();
  for (const unit of allowed) perPhase.set(unit % interval, (perPhase.get(unit % interval) ?? 0) + 1);
  return perPhase.size === 0 ? 0 : Math.max(...perPhase.values());
}
