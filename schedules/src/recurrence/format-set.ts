/**
 * How is a recurrence written? Canonical RFC 5545 text: one order of lines and parts, defaults left out, lines folded
 * at 75 octets (§3.1), so that equal sets give equal bytes and reading it again gives the same set.
 */
import { formatMoment, momentKind } from './parse-moment.ts';
import type { Moment, RecurrenceRule, RecurrenceSet, RuleDay } from './recurrence-set.ts';

const dayNames = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'];

/**
 * Lines of DTSTART, RRULE, RDATE and EXDATE, each ended by CRLF. A start that is a whole date carries no zone
 * (§3.2.19), so its text is read again in the zone of the set.
 */
export function formatRecurrenceSet(set: RecurrenceSet): string {
  const isUtc = set.timeZone === 'UTC';
  const start = formatMoment(set.start);
  const lines = [momentKind(set.start) === 'date' ? `DTSTART;VALUE=DATE:${start}` : timedStart(set, start)];
  for (const rule of set.rules) lines.push(`RRULE:${formatRule(rule)}`);
  for (const [name, moments] of [
    ['RDATE', set.extraStarts],
    ['EXDATE', set.exceptions],
  ] as const) {
    const dates = moments.filter((moment) => momentKind(moment) === 'date');
    const civil = moments.filter((moment) => momentKind(moment) === 'civil');
    const instants = moments.filter((moment) => momentKind(moment) === 'instant');
    if (dates.length > 0) lines.push(`${name};VALUE=DATE:${listOf(dates)}`);
    if (civil.length > 0 && !isUtc) lines.push(`${name};TZID=${set.timeZone}:${listOf(civil)}`);
    if (civil.length > 0 && isUtc) lines.push(`${name}:${listOf(civil.map((moment) => `${moment}Z`))}`);
    if (instants.length > 0) lines.push(`${name}:${listOf(instants)}`);
  }
  return lines.map((line) => `${foldedLine(line)}\r\n`).join('');
}

/** The value of an RRULE line. */
export function formatRule(rule: RecurrenceRule): string {
  const parts = [`FREQ=${rule.frequency}`];
  if (rule.interval !== 1) parts.push(`INTERVAL=${rule.interval}`);
  if (rule.count !== undefined) parts.push(`COUNT=${rule.count}`);
  if (rule.until !== undefined) parts.push(`UNTIL=${formatMoment(rule.until)}`);
  for (const [name, values] of [
    ['BYMONTH', rule.byMonth],
    ['BYWEEKNO', rule.byWeekNo],
    ['BYYEARDAY', rule.byYearDay],
    ['BYMONTHDAY', rule.byMonthDay],
    ['BYDAY', rule.byDay?.map(formatRuleDay)],
    ['BYHOUR', rule.byHour],
    ['BYMINUTE', rule.byMinute],
    ['BYSECOND', rule.bySecond],
    ['BYSETPOS', rule.bySetPos],
  ] as const)
    if (values !== undefined) parts.push(`${name}=${values.join(',')}`);
  if (rule.weekStart !== 1) parts.push(`WKST=${dayNames[rule.weekStart - 1]}`);
  return parts.join(';');
}

function timedStart(set: RecurrenceSet, start: string): string {
  return set.timeZone === 'UTC' ? `DTSTART:${start}Z` : `DTSTART;TZID=${set.timeZone}:${start}`;
}

function listOf(moments: readonly Moment[]): string {
  return moments.map(formatMoment).join(',');
}

function formatRuleDay({ weekday, ordinal }: RuleDay): string {
  return `${ordinal ?? ''}${dayNames[weekday - 1]}`;
}

/** All of it is ASCII, so a character is an octet. */
function foldedLine(line: string): string {
  const pieces = [line.slice(0, 75)];
  for (let at = 75; at < line.length; at += 74) pieces.push(line.slice(at, at + 74));
  return pieces.join('\r\n ');
}
