/**
 * A timetable as iCalendar text (RFC 5545), for the calendar programs of offices and phones. Pure; handed the instant.
 * A zone whose offset stays the same over the span told goes out as rules in local time; in any other zone, and for lunar
 * days, which no calendar program knows, every start of the span stands by itself. What is written is bounded.
 */
import { airTimeMs, type Bulletin, type When } from './bulletin.ts';
import { occurrencesOf, type Window } from './recurrence.ts';

/** How far ahead starts that stand by themselves are told. */
export const timetableSpanMs = 400 * 86_400_000;

/** Starts of one bulletin told by themselves, at most. */
const startsMax = 1_000;

/** Octets of a line before it is folded (RFC 5545 §3.1). */
const lineOctetsMax = 75;

export interface TimetableEntry
  extends Pick<Bulletin, 'id' | 'whens' | 'nowAtMs' | 'timeZone' | 'clipDurationMs' | 'repeat'> {
  title: string;
  /** Where it sounds, in words. */
  place: string;
  /** Of one start alone (`nowAtMs`): its name, which stays when the start moves, so that calendars move it too. */
  occurrence?: string | undefined;
}

/** The calendar's text, lines ended by CRLF. */
export function timetableIcs(entries: readonly TimetableEntry[], options: { name: string; nowMs: number }): string {
  const window = { fromMs: options.nowMs, untilMs: options.nowMs + timetableSpanMs };
  const zones = [...new Set(entries.map((entry) => entry.timeZone))];
  const offsets = new Map(zones.map((zone) => [zone, constantOffset(zone, window)]));
  const lines = [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//Loa//timetable//VI',
    'CALSCALE:GREGORIAN',
    'METHOD:PUBLISH',
    `X-WR-CALNAME:${escaped(options.name)}`,
    ...zones.flatMap((zone) => zoneLines(zone, offsets.get(zone))),
    ...entries.flatMap((entry) => eventsOf(entry, { window, hasRules: offsets.get(entry.timeZone) !== undefined })),
    'END:VCALENDAR',
  ];
  return lines.map((line) => `${folded(line)}\r\n`).join('');
}

function eventsOf(entry: TimetableEntry, options: { window: Window; hasRules: boolean }): string[] {
  const { window, hasRules } = options;
  const ruled = hasRules ? entry.whens.filter((when) => ruleOf(when, entry.timeZone) !== undefined) : [];
  const single = occurrencesOf({ ...entry, whens: entry.whens.filter((when) => !ruled.includes(when)) }, window);
  return [
    ...ruled.flatMap((when, index) => ruledEvent(entry, when, index)),
    ...single.slice(0, startsMax).flatMap(({ id, atMs }) =>
      eventLines(entry, {
        uid: entry.occurrence ?? id,
        stampMs: window.fromMs,
        start: [`DTSTART:${utcText(atMs)}`],
      }),
    ),
  ];

  function ruledEvent(of: TimetableEntry, when: When, index: number): string[] {
    const first = occurrencesOf({ id: of.id, whens: [when], nowAtMs: undefined, timeZone: of.timeZone }, window)[0];
    if (first === undefined) return [];
    const local = Temporal.Instant.fromEpochMilliseconds(first.atMs).toZonedDateTimeISO(of.timeZone).toPlainDateTime();
    const rule = ruleOf(when, of.timeZone);
    return eventLines(of, {
      uid: `${of.id}-${index}`,
      stampMs: window.fromMs,
      start: [`DTSTART;TZID=${of.timeZone}:${localText(local)}`, ...(rule === undefined ? [] : [`RRULE:${rule}`])],
    });
  }
}

function eventLines(
  entry: TimetableEntry,
  event: { uid: string; stampMs: number; start: readonly string[] },
): string[] {
  return [
    'BEGIN:VEVENT',
    `UID:${event.uid}@loa`,
    `DTSTAMP:${utcText(event.stampMs)}`,
    ...event.start,
    `DURATION:PT${Math.max(1, Math.round(airTimeMs(entry) / 1000))}S`,
    `SUMMARY:${escaped(entry.title)}`,
    `LOCATION:${escaped(entry.place)}`,
    'END:VEVENT',
  ];
}

/** The RRULE of a when; undefined for one that no rule of RFC 5545 says. */
function ruleOf(when: When, timeZone: string): string | undefined {
  if (when.kind === 'once' || when.kind === 'lunar' || when.kind === 'rule') return undefined;
  const until = when.until === undefined ? '' : `;UNTIL=${utcText(endOfDayMs(when.until, timeZone))}`;
  if (when.kind === 'daily') return `FREQ=DAILY${until}`;
  if (when.kind === 'monthly') return `FREQ=MONTHLY;BYMONTHDAY=${when.days.join(',')}${until}`;
  const days = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'];
  return `FREQ=WEEKLY;BYDAY=${when.weekdays.map((weekday) => days[weekday - 1]).join(',')}${until}`;
}

/** The zone's offset in ms when it is the same all through the window, else undefined. */
function constantOffset(timeZone: string, window: Window): number | undefined {
  const start = Temporal.Instant.fromEpochMilliseconds(window.fromMs).toZonedDateTimeISO(timeZone);
  const change = start.getTimeZoneTransition('next');
  return change !== null && change.epochMilliseconds < window.untilMs ? undefined : start.offsetNanoseconds / 1e6;
}

function zoneLines(timeZone: string, offsetMs: number | undefined): string[] {
  if (offsetMs === undefined) return [];
  const minutes = Math.abs(offsetMs) / 60_000;
  const two = (number: number) => String(Math.floor(number)).padStart(2, '0');
  const offset = `${offsetMs < 0 ? '-' : '+'}${two(minutes / 60)}${two(minutes % 60)}`;
  const standard = ['DTSTART:19700101T000000', `TZOFFSETFROM:${offset}`, `TZOFFSETTO:${offset}`];
  return ['BEGIN:VTIMEZONE', `TZID:${timeZone}`, 'BEGIN:STANDARD', ...standard, 'END:STANDARD', 'END:VTIMEZONE'];
}

/** The last second of a civil date: an UNTIL beside a zoned DTSTART is in UTC (RFC 5545 §3.3.10). */
function endOfDayMs(date: string, timeZone: string): number {
  return Temporal.PlainDate.from(date).add({ days: 1 }).toZonedDateTime(timeZone).epochMilliseconds - 1_000;
}

function utcText(atMs: number): string {
  return `${localText(Temporal.Instant.fromEpochMilliseconds(atMs).toZonedDateTimeISO('UTC').toPlainDateTime())}Z`;
}

function localText(civil: Temporal.PlainDateTime): string {
  return civil.toString({ smallestUnit: 'second' }).replaceAll(/[-:]/g, '');
}

/** TEXT (RFC 5545 §3.3.11). */
function escaped(text: string): string {
  return text.replaceAll(/[\\;,]/g, (sign) => `\\${sign}`).replaceAll(/\r\n?|\n/g, '\\n');
}

/** Cut between characters into lines of at most 75 octets, the following ones begun by a space. */
function folded(line: string): string {
  const bytes = new TextEncoder();
  let out = '';
  let octets = 0;
  for (const character of line) {
    const size = bytes.encode(character).length;
    if (octets + size > lineOctetsMax) {
      out += '\r\n ';
      octets = 1;
    }
    out += character;
    octets += size;
  }
  return out;
}
