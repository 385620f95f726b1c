/**
 * What recurrence does a text of DTSTART, RRULE, RDATE and EXDATE lines name? RFC 5545 §3.1 and §3.8.5 in, a judged
 * recurrence set or a refusal out. Text from outside is bounded before it is looked at. Never reads a clock.
 */
import { type CivilSeconds, parseCivil } from './civil-day.ts';
import { judgeSet } from './judge-set.ts';
import { momentKind, parseMoment } from './parse-moment.ts';
import { parseRule } from './parse-rule.ts';
import {
  listedDatesMax,
  type Moment,
  type RecurrenceRefused,
  type RecurrenceRule,
  type RecurrenceSet,
  refuse,
  rulesMax,
  textLengthMax,
} from './recurrence-set.ts';
import { type ZoneClock, zoneClockOf } from './zone-clock.ts';

interface Line {
  name: string;
  timeZone: string | undefined;
  valueType: string | undefined;
  value: string;
}

/**
 * Parses and judges a recurrence text. Lines may be folded and end in CRLF or LF; unknown parameters are ignored
 * (§3.2), unknown lines are not. Civil times without TZID are read in `timeZone`. A listed date in another zone
 * becomes its instant.
 */
export function parseRecurrenceSet(
  text: string,
  { timeZone }: { timeZone: string },
): { ok: true; set: RecurrenceSet } | RecurrenceRefused {
  const read = readRecurrenceSet(text, { timeZone });
  return read.ok ? (judgeSet(read.set) ?? read) : read;
}

/** Parses without judging whether the set ever fires, or too often: for telling a person what a text says. */
export function readRecurrenceSet(
  text: string,
  { timeZone }: { timeZone: string },
): { ok: true; set: RecurrenceSet } | RecurrenceRefused {
  if (text.length > textLengthMax) return refuse('text-too-long', '');
  const lines: Line[] = [];
  for (const raw of text.replaceAll(/\r?\n[ \t]/g, '').split(/\r?\n/)) {
    if (raw.trim() === '') continue;
    const line = readLine(raw);
    if (line === undefined) return refuse('line-malformed', raw);
    lines.push(line);
  }
  const starts = lines.filter(({ name }) => name === 'DTSTART');
  const [startLine] = starts;
  if (startLine === undefined) return refuse('start-missing', 'DTSTART');
  if (starts.length > 1) return refuse('line-repeated', 'DTSTART');
  const opened = readStart(startLine, timeZone);
  if (!opened.ok) return opened;
  const { start, clock } = opened;
  const rules: RecurrenceRule[] = [];
  const extraStarts: Moment[] = [];
  const exceptions: Moment[] = [];
  for (const line of lines) {
    const refused = readInto({ line, start, clock, rules, extraStarts, exceptions });
    if (refused !== undefined) return refused;
  }
  const set = { start, timeZone: clock.timeZone, rules, extraStarts, exceptions };
  return { ok: true, set: { ...set, extraStarts: sortedOnce(extraStarts), exceptions: sortedOnce(exceptions) } };
}

function readInto(into: {
  line: Line;
  start: Moment;
  clock: ZoneClock;
  rules: RecurrenceRule[];
  extraStarts: Moment[];
  exceptions: Moment[];
}): RecurrenceRefused | undefined {
  const { line, start, clock, rules } = into;
  switch (line.name) {
    case 'DTSTART':
      return undefined;
    case 'RRULE': {
      if (rules.length >= rulesMax) return refuse('too-many-rules', 'RRULE');
      const parsed = parseRule(line.value);
      if (!parsed.ok) return parsed;
      const rule = fittedRule(parsed.rule, start);
      if (!('frequency' in rule)) return rule;
      if (endsBefore(rule.until, start, clock)) return refuse('until-before-start', 'UNTIL');
      rules.push(rule);
      return undefined;
    }
    case 'RDATE':
      return readDates(line, { start, clock, into: into.extraStarts });
    case 'EXDATE':
      return readDates(line, { start, clock, into: into.exceptions });
    case 'EXRULE':
      return refuse('exception-rule-unsupported', 'EXRULE');
    default:
      return refuse('line-unknown', line.name);
  }
}

/** `NAME;PARAM=value;PARAM="value":value`. */
function readLine(raw: string): Line | undefined {
  const parts = /^([A-Za-z0-9-]{1,40})((?:;[A-Za-z0-9-]+=(?:"[^"]*"|[^";:]*))*):(.*)$/.exec(raw);
  if (parts === null) return undefined;
  const [, name = '', parameters = '', value = ''] = parts;
  const line: Line = { name: name.toUpperCase(), timeZone: undefined, valueType: undefined, value: value.trim() };
  for (const [, key = '', quoted, bare = ''] of parameters.matchAll(/;([A-Za-z0-9-]+)=(?:"([^"]*)"|([^";:]*))/g)) {
    if (key.toUpperCase() === 'TZID') line.timeZone = quoted ?? bare;
    if (key.toUpperCase() === 'VALUE') line.valueType = (quoted ?? bare).toUpperCase();
  }
  return line;
}

function readStart(line: Line, timeZone: string): { ok: true; start: Moment; clock: ZoneClock } | RecurrenceRefused {
  const parsed = parseMoment(line.value);
  if (!parsed.ok) return refuse(parsed.reason, 'DTSTART');
  if (!isTyped(line, parsed.kind)) return refuse('date-type-differs', 'DTSTART');
  const clock = zoneClockOf(parsed.kind === 'instant' ? 'UTC' : (line.timeZone ?? timeZone));
  if (clock === undefined) return refuse('zone-unknown', 'DTSTART');
  return { ok: true, start: parsed.moment.replace('Z', ''), clock };
}

function isTyped(line: Line, kind: string): boolean {
  if (line.valueType === undefined) return true;
  return line.valueType === (kind === 'date' ? 'DATE' : 'DATE-TIME');
}

function readDates(
  line: Line,
  { start, clock, into }: { start: Moment; clock: ZoneClock; into: Moment[] },
): RecurrenceRefused | undefined {
  if (line.valueType === 'PERIOD' || line.value.includes('/')) return refuse('period-unsupported', line.name);
  const own = line.timeZone === undefined ? clock : zoneClockOf(line.timeZone);
  if (own === undefined) return refuse('zone-unknown', line.name);
  const values = line.value.split(',');
  if (into.length + values.length > listedDatesMax) return refuse('too-many-dates', line.name);
  for (const value of values) {
    const parsed = parseMoment(value);
    if (!parsed.ok) return refuse(parsed.reason, line.name);
    if (!isTyped(line, parsed.kind)) return refuse('date-type-differs', line.name);
    if (momentKind(start) === 'date' && parsed.kind !== 'date') return refuse('date-type-differs', line.name);
    const isForeign = parsed.kind === 'civil' && own.timeZone !== clock.timeZone;
    into.push(isForeign ? instantText(parsed.moment, own.timeZone) : inOwnZone(parsed.moment, clock));
  }
  return undefined;
}

function instantText(civil: Moment, timeZone: string): Moment {
  return Temporal.PlainDateTime.from(civil).toZonedDateTime(timeZone).toInstant().toString();
}

/** In a set of UTC, an instant and a civil moment are the same thing; it is kept as the civil one. */
function inOwnZone(moment: Moment, clock: ZoneClock): Moment {
  return clock.timeZone === 'UTC' ? moment.replace('Z', '') : moment;
}

/** A start that is a whole date has no time of day to vary (§3.3.10): BYHOUR, BYMINUTE and BYSECOND are ignored. */
function fittedRule(rule: RecurrenceRule, start: Moment): RecurrenceRule | RecurrenceRefused {
  if (momentKind(start) !== 'date') return rule;
  const { byHour, byMinute, bySecond, ...fitted } = rule;
  const isShort = ['HOURLY', 'MINUTELY', 'SECONDLY'].includes(rule.frequency);
  return isShort ? refuse('part-not-allowed', 'FREQ') : fitted;
}

function endsBefore(until: Moment | undefined, start: Moment, clock: ZoneClock): boolean {
  if (until === undefined) return false;
  const kind = momentKind(until);
  if (kind === 'date') return until < start.slice(0, 10);
  const end = secondsOf(until.replace('Z', ''));
  return (kind === 'civil' ? end : clock.lastShownBy(end)) < secondsOf(start);
}

function secondsOf(civil: Moment): CivilSeconds {
  return parseCivil(civil) ?? Number.NaN;
}

function sortedOnce(moments: readonly Moment[]): Moment[] {
  return [...new Set(moments)].sort();
}
