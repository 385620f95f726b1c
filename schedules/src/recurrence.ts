/**
 * Which instants a bulletin's whens name inside a window. Civil times are read in the bulletin's own zone, so the
 * host's zone plays no part. A civil time that a clock change skips is not aired that day (RFC 5545 §3.3.10 leaves
 * out invalid local times); one that happens twice is aired once, at its first coming (§3.3.5). Reads no clock.
 */
import { type Bulletin, type Occurrence, occurrenceId, type When } from './bulletin.ts';
import { lunarWhenDates, nextLunarDate } from './lunar/index.ts';
import { firstInstantOfSet, instantsOfSet } from './recurrence/index.ts';
import { setOfRule } from './rule-text.ts';

/** Half-open span of instants in epoch ms: `fromMs` belongs to it, `untilMs` does not. */
export interface Window {
  fromMs: number;
  untilMs: number;
}

/** All occurrences of a bulletin that start inside the window, in order, each instant once. */
export function occurrencesOf(
  bulletin: Pick<Bulletin, 'id' | 'whens' | 'nowAtMs' | 'timeZone'>,
  window: Window,
): Occurrence[] {
  const starts = new Set<number>();
  if (bulletin.nowAtMs !== undefined && isInside(bulletin.nowAtMs, window)) starts.add(bulletin.nowAtMs);
  for (const when of bulletin.whens) {
    for (const atMs of instantsOf(when, bulletin.timeZone, window)) starts.add(atMs);
  }
  return [...starts]
    .sort((a, b) => a - b)
    .map((atMs) => ({ id: occurrenceId(bulletin.id, atMs), bulletinId: bulletin.id, atMs }));
}

/** The first instant at or after `fromMs` that a when names, or undefined when it names none any more. */
export function nextInstantOf(when: When, timeZone: string, fromMs: number): number | undefined {
  if (when.kind === 'once') {
    const atMs = instantOf(when.date, when.time, timeZone);
    return atMs !== undefined && atMs >= fromMs ? atMs : undefined;
  }
  if (when.kind === 'rule') {
    const set = setOfRule(when.text, timeZone);
    return set === undefined ? undefined : firstInstantOfSet(set, fromMs);
  }
  const startMs = Math.max(fromMs, startOfDayMs(when.from, timeZone));
  let day = civilDay(startMs, timeZone);
  for (let turn = 0; turn < searchTurnsMax; turn += 1) {
    if (when.until !== undefined && day.toString() > when.until) return undefined;
    const jump = when.kind === 'lunar' ? nextLunarDate(when, day.toString()) : day.toString();
    if (jump === undefined) return undefined;
    day = Temporal.PlainDate.from(jump);
    const fromDayMs = Math.max(startMs, startOfDayMs(jump, timeZone));
    const next = day.add({ days: searchDays });
    const found = instantsOf(when, timeZone, {
      fromMs: fromDayMs,
      untilMs: startOfDayMs(next.toString(), timeZone),
    })[0];
    if (found !== undefined) return found;
    day = next;
  }
  return undefined;
}

/** Days looked at in one turn of the search for a next instant. */
const searchDays = 64;

/**
 * Turns after which a when counts as naming nothing more: some thirty years. Only a when whose every date is skipped by
 * a clock change gets so far.
 */
const searchTurnsMax = 180;

function instantsOf(when: When, timeZone: string, window: Window): number[] {
  if (when.kind === 'once') {
    const atMs = instantOf(when.date, when.time, timeZone);
    return atMs !== undefined && isInside(atMs, window) ? [atMs] : [];
  }
  if (when.kind === 'rule') {
    const set = setOfRule(when.text, timeZone);
    return set === undefined ? [] : instantsOfSet(set, window);
  }
  const first = civilDay(window.fromMs, timeZone);
  const last = civilDay(window.untilMs, timeZone);
  return datesOf(when, first, last)
    .map((date) => instantOf(date, when.time, timeZone))
    .filter((atMs) => atMs !== undefined)
    .filter((atMs) => isInside(atMs, window));
}

/** The airing dates between two days, both included, in order. */
function datesOf(
  when: Exclude<When, { kind: 'once' | 'rule' }>,
  first: Temporal.PlainDate,
  last: Temporal.PlainDate,
): string[] {
  if (when.kind === 'lunar') return lunarWhenDates(when, { fromDate: first.toString(), untilDate: last.toString() });
  const found: string[] = [];
  const until = when.until === undefined ? last : Temporal.PlainDate.from(when.until);
  let day = later(first, Temporal.PlainDate.from(when.from));
  while (Temporal.PlainDate.compare(day, last) <= 0 && Temporal.PlainDate.compare(day, until) <= 0) {
    if (isNamed(when, day)) found.push(day.toString());
    day = day.add({ days: 1 });
  }
  return found;
}

function isNamed(when: Extract<When, { kind: 'daily' | 'weekly' | 'monthly' }>, day: Temporal.PlainDate): boolean {
  switch (when.kind) {
    case 'daily':
      return true;
    case 'weekly':
      return when.weekdays.some((weekday) => weekday === day.dayOfWeek);
    case 'monthly':
      return when.days.some((each) => each === day.day || (each === -1 && day.day === day.daysInMonth));
  }
}

function instantOf(date: string, time: string, timeZone: string): number | undefined {
  const civil = Temporal.PlainDateTime.from(`${date}T${time}`);
  const zoned = civil.toZonedDateTime(timeZone, { disambiguation: 'compatible' });
  const isSkipped = !zoned.toPlainDateTime().equals(civil);
  return isSkipped ? undefined : zoned.epochMilliseconds;
}

function startOfDayMs(date: string, timeZone: string): number {
  return Temporal.PlainDate.from(date).toZonedDateTime(timeZone).epochMilliseconds;
}

function civilDay(atMs: number, timeZone: string): Temporal.PlainDate {
  return Temporal.Instant.fromEpochMilliseconds(atMs).toZonedDateTimeISO(timeZone).toPlainDate();
}

function later(a: Temporal.PlainDate, b: Temporal.PlainDate): Temporal.PlainDate {
  return Temporal.PlainDate.compare(a, b) >= 0 ? a : b;
}

function isInside(atMs: number, window: Window): boolean {
  return atMs >= window.fromMs && atMs < window.untilMs;
}
