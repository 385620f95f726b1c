/**
 * Which instants a bulletin's whens name inside a window. Civil times are read in the bulletin's own zone, so the
 * host's zone plays no part. A civil time that a clock change skips is not aired that day (RFC 5545 §3.3.10 leaves
 * out invalid local times); one that happens twice is aired once, at its first coming (§3.3.5). Reads no clock.
 */
import { type Bulletin, type Occurrence, occurrenceId, type When } from './bulletin.ts';

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
  const startMs = Math.max(fromMs, startOfDayMs(when.from, timeZone));
  return instantsOf(when, timeZone, { fromMs: startMs, untilMs: startMs + 16 * 86_400_000 })[0];
}

function instantsOf(when: When, timeZone: string, window: Window): number[] {
  if (when.kind === 'once') {
    const atMs = instantOf(when.date, when.time, timeZone);
    return atMs !== undefined && isInside(atMs, window) ? [atMs] : [];
  }
  const found: number[] = [];
  const lastDay = civilDay(window.untilMs, timeZone);
  let day = later(civilDay(window.fromMs, timeZone), Temporal.PlainDate.from(when.from));
  const until = when.until === undefined ? lastDay : Temporal.PlainDate.from(when.until);
  while (Temporal.PlainDate.compare(day, lastDay) <= 0 && Temporal.PlainDate.compare(day, until) <= 0) {
    if (when.kind === 'daily' || when.weekdays.some((weekday) => weekday === day.dayOfWeek)) {
      const atMs = instantOf(day.toString(), when.time, timeZone);
      if (atMs !== undefined && isInside(atMs, window)) found.push(atMs);
    }
    day = day.add({ days: 1 });
  }
  return found;
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
