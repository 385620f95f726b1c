/**
 * What does an RRULE value say? Text of RFC 5545 §3.3.10 in, a rule or a refusal out. Every part of the RFC is taken
 * and its own prohibitions are held; extensions (RSCALE, SKIP) are refused by name. Never looks at DTSTART or a zone.
 */
import type { Weekday } from '../bulletin.ts';
import { parseMoment } from './parse-moment.ts';
import {
  countMax,
  frequencies,
  intervalMax,
  type RecurrenceRefused,
  type RecurrenceRule,
  type RuleDay,
  refuse,
} from './recurrence-set.ts';

const weekdays: ReadonlyMap<string, Weekday> = new Map([
  ['MO', 1],
  ['TU', 2],
  ['WE', 3],
  ['TH', 4],
  ['FR', 5],
  ['SA', 6],
  ['SU', 7],
]);

type NumberList = Exclude<
  { [K in keyof RecurrenceRule]: K extends `by${string}` ? K : never }[keyof RecurrenceRule],
  undefined | 'byDay'
>;

/** Ranges of RFC 5545 §3.3.10; those that count from the end take the same range negated. */
const numberLists: ReadonlyMap<string, { key: NumberList; min: number; max: number; fromEnd: boolean }> = new Map([
  ['BYSECOND', { key: 'bySecond', min: 0, max: 60, fromEnd: false }],
  ['BYMINUTE', { key: 'byMinute', min: 0, max: 59, fromEnd: false }],
  ['BYHOUR', { key: 'byHour', min: 0, max: 23, fromEnd: false }],
  ['BYMONTHDAY', { key: 'byMonthDay', min: 1, max: 31, fromEnd: true }],
  ['BYYEARDAY', { key: 'byYearDay', min: 1, max: 366, fromEnd: true }],
  ['BYWEEKNO', { key: 'byWeekNo', min: 1, max: 53, fromEnd: true }],
  ['BYMONTH', { key: 'byMonth', min: 1, max: 12, fromEnd: false }],
  ['BYSETPOS', { key: 'bySetPos', min: 1, max: 366, fromEnd: true }],
]);

/** A BY- list has at most one entry per possible value, and room for doubles. */
const listLengthMax = 800;

/** Parses the value of an RRULE line, without `RRULE:`. Letters of either case. */
export function parseRule(text: string): { ok: true; rule: RecurrenceRule } | RecurrenceRefused {
  const parts = new Map<string, string>();
  for (const part of text.toUpperCase().split(';')) {
    if (part === '') continue;
    const [name = '', value = '', rest] = part.split('=');
    if (value === '' || rest !== undefined) return refuse('part-malformed', part);
    if (parts.has(name)) return refuse('part-repeated', name);
    parts.set(name, value);
  }
  const frequency = frequencies.find((name) => name === parts.get('FREQ'));
  if (frequency === undefined) return refuse(parts.has('FREQ') ? 'part-malformed' : 'frequency-missing', 'FREQ');
  parts.delete('FREQ');
  const rule: RecurrenceRule = { frequency, interval: 1, weekStart: 1 };
  for (const [name, value] of parts) {
    const refused = readPart(rule, name, value);
    if (refused !== undefined) return refused;
  }
  return judgeParts(rule) ?? { ok: true, rule };
}

function readPart(rule: RecurrenceRule, name: string, value: string): RecurrenceRefused | undefined {
  const list = numberLists.get(name);
  if (list !== undefined) {
    const numbers = readNumbers(value, list);
    if (typeof numbers === 'string') return refuse(numbers, name);
    rule[list.key] = numbers;
    return undefined;
  }
  switch (name) {
    case 'BYDAY': {
      const days = readDays(value);
      if (typeof days === 'string') return refuse(days, name);
      rule.byDay = days;
      return undefined;
    }
    case 'INTERVAL': {
      if (!/^\d{1,9}$/.test(value)) return refuse('part-malformed', name);
      rule.interval = Number(value);
      if (rule.interval === 0) return refuse('interval-zero', name);
      return rule.interval > intervalMax ? refuse('part-out-of-range', name) : undefined;
    }
    case 'COUNT': {
      if (!/^\d+$/.test(value)) return refuse('part-malformed', name);
      rule.count = Number(value);
      if (rule.count === 0) return refuse('count-zero', name);
      return rule.count > countMax ? refuse('count-too-large', name) : undefined;
    }
    case 'UNTIL': {
      const until = parseMoment(value);
      if (!until.ok) return refuse(until.reason, name);
      rule.until = until.moment;
      return undefined;
    }
    case 'WKST': {
      const weekStart = weekdays.get(value);
      if (weekStart === undefined) return refuse('part-malformed', name);
      rule.weekStart = weekStart;
      return undefined;
    }
    default:
      return refuse('part-unknown', name);
  }
}

function readNumbers(
  value: string,
  range: { min: number; max: number; fromEnd: boolean },
): number[] | 'part-malformed' | 'part-out-of-range' {
  const texts = value.split(',');
  if (texts.length > listLengthMax) return 'part-out-of-range';
  const numbers = new Set<number>();
  for (const text of texts) {
    if (!/^[+-]?\d{1,3}$/.test(text)) return 'part-malformed';
    const number = Number(text);
    const size = range.fromEnd ? Math.abs(number) : number;
    if (size < range.min || size > range.max) return 'part-out-of-range';
    numbers.add(number);
  }
  return [...numbers].sort((a, b) => a - b);
}

function readDays(value: string): RuleDay[] | 'part-malformed' | 'part-out-of-range' {
  const texts = value.split(',');
  if (texts.length > listLengthMax) return 'part-out-of-range';
  const days = new Map<string, { weekday: Weekday; ordinal: number }>();
  for (const text of texts) {
    const [, sign, digits, name = ''] = /^([+-]?)(\d{1,2})?([A-Z]{2})$/.exec(text) ?? [];
    const weekday = weekdays.get(name);
    if (weekday === undefined || (digits === undefined && sign !== '')) return 'part-malformed';
    const ordinal = digits === undefined ? 0 : Number(`${sign}${digits}`);
    if (digits !== undefined && (ordinal === 0 || Math.abs(ordinal) > 53)) return 'part-out-of-range';
    days.set(`${ordinal} ${weekday}`, { weekday, ordinal });
  }
  return [...days.values()]
    .sort((a, b) => a.ordinal - b.ordinal || a.weekday - b.weekday)
    .map(({ weekday, ordinal }) => (ordinal === 0 ? { weekday } : { weekday, ordinal }));
}

/** The prohibitions of RFC 5545 §3.3.10. */
function judgeParts(rule: RecurrenceRule): RecurrenceRefused | undefined {
  const { frequency } = rule;
  if (rule.count !== undefined && rule.until !== undefined) return refuse('count-and-until', 'COUNT');
  if (rule.byWeekNo !== undefined && frequency !== 'YEARLY') return refuse('part-not-allowed', 'BYWEEKNO');
  if (rule.byMonthDay !== undefined && frequency === 'WEEKLY') return refuse('part-not-allowed', 'BYMONTHDAY');
  const isBetween = frequency === 'MONTHLY' || frequency === 'WEEKLY' || frequency === 'DAILY';
  if (rule.byYearDay !== undefined && isBetween) return refuse('part-not-allowed', 'BYYEARDAY');
  if (rule.byDay?.some(({ ordinal }) => ordinal !== undefined)) {
    const hasScope = frequency === 'MONTHLY' || (frequency === 'YEARLY' && rule.byWeekNo === undefined);
    if (!hasScope) return refuse('part-not-allowed', 'BYDAY');
  }
  const hasOther = Object.entries(rule).some(([key, value]) => /^by(?!SetPos)/.test(key) && value !== undefined);
  if (rule.bySetPos !== undefined && !hasOther) return refuse('part-not-allowed', 'BYSETPOS');
  return undefined;
}
