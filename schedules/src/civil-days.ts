/**
 * Which civil day an instant belongs to in a zone, and at which instants that day and its times of day begin. Answers
 * are kept by zone and day, since a week's plans of a province ask for the same few days millions of times. Pure: what
 * is kept depends on nothing but zone and day. Never reads the host's zone.
 */
import type { CivilDate, Weekday } from './bulletin.ts';

/** One day of a zone; instants in epoch ms, `untilMs` excluded. Usually 24 hours, 23 or 25 at a clock change. */
export interface CivilDay {
  readonly date: CivilDate;
  readonly weekday: Weekday;
  readonly fromMs: number;
  readonly untilMs: number;
  readonly timeZone: string;
}

const utcDayMs = 86_400_000;

/** Days kept for one zone: two years, far more than any plan looks at. Full: begun anew. */
const daysKeptMax = 800;

/** Zones kept at once; one installation has one. Full: begun anew. */
const zonesKeptMax = 64;

const zones = new Map<string, Map<number, readonly CivilDay[]>>();

/** The civil day in force at an instant (fractions of a millisecond allowed). Throws RangeError for an unknown zone. */
export function civilDayAt(timeZone: string, atMs: number): CivilDay {
  const found = daysAround(timeZone, Math.floor(atMs / utcDayMs)).find(
    (day) => atMs >= day.fromMs && atMs < day.untilMs,
  );
  if (found === undefined) throw new Error(`No civil day of ${timeZone} holds the instant ${atMs}`);
  return found;
}

/** The civil days that a span touches, in order; a span without length touches one. */
export function civilDaysOf(timeZone: string, span: { atMs: number; durationMs: number }): CivilDay[] {
  const endMs = span.atMs + Math.max(1, span.durationMs);
  const days = [civilDayAt(timeZone, span.atMs)];
  for (let last = days[0]; last !== undefined && last.untilMs < endMs; last = days.at(-1)) {
    days.push(civilDayAt(timeZone, last.untilMs));
  }
  return days;
}

/**
 * The first instant of a day at which its clocks show `time` (`HH:MM` or `HH:MM:SS`) or later: for a time that a clock
 * change skips, the change itself. So an earlier time never comes later. `24:00` is the end of the day.
 */
export function instantOnDay(day: CivilDay, time: string): number {
  if (time === '24:00') return day.untilMs;
  const civil = Temporal.PlainDateTime.from(`${day.date}T${time}`);
  const zoned = civil.toZonedDateTime(day.timeZone, { disambiguation: 'earlier' });
  const isSkipped = !zoned.toPlainDateTime().equals(civil);
  const change = isSkipped ? zoned.getTimeZoneTransition('next') : zoned;
  return Math.min(day.untilMs, Math.max(day.fromMs, (change ?? zoned).epochMilliseconds));
}

/** Every civil day that shares an instant with a UTC day. */
function daysAround(timeZone: string, utcDay: number): readonly CivilDay[] {
  if (zones.size >= zonesKeptMax && !zones.has(timeZone)) zones.clear();
  const known = zones.get(timeZone) ?? new Map<number, readonly CivilDay[]>();
  zones.set(timeZone, known);
  const kept = known.get(utcDay);
  if (kept !== undefined) return kept;
  if (known.size >= daysKeptMax) known.clear();
  const made = makeDays(timeZone, utcDay);
  known.set(utcDay, made);
  return made;
}

function makeDays(timeZone: string, utcDay: number): CivilDay[] {
  const days: CivilDay[] = [];
  const endMs = (utcDay + 1) * utcDayMs;
  const first = Temporal.Instant.fromEpochMilliseconds(utcDay * utcDayMs)
    .toZonedDateTimeISO(timeZone)
    .toPlainDate();
  for (let date = first; days.length === 0 || (days.at(-1)?.untilMs ?? endMs) < endMs; date = date.add({ days: 1 })) {
    const fromMs = date.toZonedDateTime(timeZone).epochMilliseconds;
    const untilMs = date.add({ days: 1 }).toZonedDateTime(timeZone).epochMilliseconds;
    // A day that a zone left out altogether (Apia, 30 December 2011) has no instant.
    if (untilMs > fromMs) days.push({ date: date.toString(), weekday: weekdayOf(date), fromMs, untilMs, timeZone });
  }
  return days;
}

const weekdays: readonly Weekday[] = [1, 2, 3, 4, 5, 6, 7];

function weekdayOf(date: Temporal.PlainDate): Weekday {
  const weekday = weekdays[date.dayOfWeek - 1];
  if (weekday === undefined) throw new Error(`${date} is no day of an ISO week`);
  return weekday;
}
