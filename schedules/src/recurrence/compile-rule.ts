/**
 * What must a day and a time of day satisfy under a rule? Lists become bit masks and tables, and what a rule leaves
 * unsaid is taken from its start: RFC 5545 §3.3.10 says so in words, RFC 8984 §4.3.3.1 says exactly which part. Assumes
 * a rule that `parse-rule.ts` let through.
 */
import { type CivilDay, type CivilSeconds, daySeconds, formatCivil, weekdayOf } from './civil-day.ts';
import type { Frequency, RecurrenceRule } from './recurrence-set.ts';

/** A rule ready for expansion. Masks hold bit n for value n; a mask of `all` limits nothing. */
export interface CompiledRule {
  frequency: Frequency;
  interval: number;
  weekStart: number;
  startSeconds: CivilSeconds;
  startDay: CivilDay;
  /** Last civil moment that belongs to the rule. */
  untilSeconds: CivilSeconds;
  monthMask: number;
  /** Days of the month from its start and from its end; both undefined when not limited. */
  monthDays: { mask: number; fromEndMask: number } | undefined;
  /** One flag per day of the year, 1 to 366, from its start and from its end. */
  yearDays: FlagPair | undefined;
  weekNumbers: FlagPair | undefined;
  weekdayMask: number;
  /** The nth weekday of `ordinalScope`; undefined when BYDAY has none. */
  ordinals: readonly { weekday: number; ordinal: number }[] | undefined;
  ordinalScope: 'month' | 'year';
  /** Frequencies of a day and longer: seconds of the day, sorted. Shorter ones: offsets in their own period. */
  times: readonly number[];
  /** Shorter frequencies only: which periods of a day can ever be named, as a list and as flags. */
  units: UnitTable | undefined;
  setPositions: readonly number[] | undefined;
}

export interface FlagPair {
  fromStart: Uint8Array;
  fromEnd: Uint8Array;
}

/** Hours, minutes or seconds of a day. */
export interface UnitTable {
  unitSeconds: number;
  perDay: number;
  allowed: readonly number[];
  isAllowed: Uint8Array;
}

export const allMonths = 0b1_1111_1111_1110;
export const allWeekdays = 0b1111_1110;

/** Compiles a rule that starts at a civil moment and ends, by UNTIL or for other reasons, at another. */
export function compileRule(
  rule: RecurrenceRule,
  startSeconds: CivilSeconds,
  untilSeconds: CivilSeconds,
): CompiledRule {
  const startDay = Math.floor(startSeconds / daySeconds);
  const full = withStart(rule, startSeconds);
  const plain = full.byDay?.filter(({ ordinal }) => ordinal === undefined) ?? [];
  const nth = full.byDay?.flatMap(({ weekday, ordinal }) => (ordinal === undefined ? [] : [{ weekday, ordinal }]));
  return {
    frequency: full.frequency,
    interval: full.interval,
    weekStart: full.weekStart,
    startSeconds,
    startDay,
    untilSeconds,
    monthMask: full.byMonth === undefined ? allMonths : maskOf(full.byMonth),
    monthDays: full.byMonthDay && {
      mask: maskOf(full.byMonthDay.filter((each) => each > 0)),
      fromEndMask: maskOf(full.byMonthDay.filter((each) => each < 0).map((each) => -each)),
    },
    yearDays: full.byYearDay && flagsOf(full.byYearDay, 366),
    weekNumbers: full.byWeekNo && flagsOf(full.byWeekNo, 53),
    weekdayMask: full.byDay === undefined ? allWeekdays : maskOf(plain.map(({ weekday }) => weekday)),
    ordinals: nth === undefined || nth.length === 0 ? undefined : nth,
    ordinalScope: full.frequency === 'YEARLY' && full.byMonth === undefined ? 'year' : 'month',
    times: timesOf(full),
    units: unitsOf(full, startSeconds),
    setPositions: full.bySetPos,
  };
}

/** RFC 8984 §4.3.3.1: the parts that a start fills in. */
function withStart(rule: RecurrenceRule, startSeconds: CivilSeconds): RecurrenceRule {
  const full = { ...rule };
  const text = formatCivil(startSeconds);
  const field = (from: number): number[] => [Number(text.slice(from, from + 2))];
  const weekday = rule.byDay ?? [{ weekday: isoWeekdays[weekdayOf(Math.floor(startSeconds / daySeconds)) - 1] ?? 1 }];
  if (rule.frequency === 'WEEKLY') full.byDay = weekday;
  if (rule.frequency === 'MONTHLY' && rule.byDay === undefined) full.byMonthDay ??= field(8);
  if (rule.frequency === 'YEARLY' && rule.byYearDay === undefined) {
    const { byMonth, byWeekNo, byMonthDay, byDay } = rule;
    if (!byMonth && !byWeekNo && (byMonthDay || !byDay)) full.byMonth = field(5);
    if (!byMonthDay && !byWeekNo && !byDay) full.byMonthDay = field(8);
    if (byWeekNo && !byMonthDay && !byDay) full.byDay = weekday;
  }
  const isFixed = (unit: Frequency): boolean => rule.frequency !== unit && !isShorter(rule.frequency, unit);
  if (isFixed('SECONDLY')) full.bySecond ??= field(17);
  if (isFixed('MINUTELY')) full.byMinute ??= field(14);
  if (isFixed('HOURLY')) full.byHour ??= field(11);
  return full;
}

const isoWeekdays = [1, 2, 3, 4, 5, 6, 7] as const;

const shorterThan: Record<'HOURLY' | 'MINUTELY' | 'SECONDLY', readonly Frequency[]> = {
  HOURLY: ['MINUTELY', 'SECONDLY'],
  MINUTELY: ['SECONDLY'],
  SECONDLY: [],
};

function isShorter(frequency: Frequency, than: Frequency): boolean {
  return (than === 'HOURLY' || than === 'MINUTELY') && shorterThan[than].includes(frequency);
}

function timesOf(rule: RecurrenceRule): number[] {
  const isDaily = unitSecondsOf(rule.frequency) === undefined;
  const hours = isDaily ? (rule.byHour ?? []) : [0];
  const minutes = isDaily || rule.frequency === 'HOURLY' ? (rule.byMinute ?? []) : [0];
  const seconds = rule.frequency === 'SECONDLY' ? [0] : (rule.bySecond ?? []).filter((second) => second < 60);
  return hours.flatMap((hour) =>
    minutes.flatMap((minute) => seconds.map((second) => hour * 3_600 + minute * 60 + second)),
  );
}

function unitSecondsOf(frequency: Frequency): number | undefined {
  return { HOURLY: 3_600, MINUTELY: 60, SECONDLY: 1 }[frequency as string];
}

function unitsOf(rule: RecurrenceRule, startSeconds: CivilSeconds): UnitTable | undefined {
  const unitSeconds = unitSecondsOf(rule.frequency);
  if (unitSeconds === undefined) return undefined;
  const perDay = daySeconds / unitSeconds;
  const reach = greatestDivisor(rule.interval, perDay);
  const first = Math.floor(startSeconds / unitSeconds) % reach;
  const isAllowed = new Uint8Array(perDay);
  const allowed: number[] = [];
  const hours = flagsOrAll(rule.byHour, 24);
  const minutes = unitSeconds < 3_600 ? flagsOrAll(rule.byMinute, 60) : undefined;
  const seconds = unitSeconds < 60 ? flagsOrAll(rule.bySecond, 61) : undefined;
  for (let unit = (first + reach) % reach; unit < perDay; unit += reach) {
    const second = unit * unitSeconds;
    if (hours[Math.floor(second / 3_600)] !== 1) continue;
    if (minutes !== undefined && minutes[Math.floor(second / 60) % 60] !== 1) continue;
    if (seconds !== undefined && seconds[second % 60] !== 1) continue;
    isAllowed[unit] = 1;
    allowed.push(unit);
  }
  return { unitSeconds, perDay, allowed, isAllowed };
}

function greatestDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestDivisor(b, a % b);
}

function flagsOrAll(values: readonly number[] | undefined, length: number): Uint8Array {
  const flags = new Uint8Array(length).fill(values === undefined ? 1 : 0);
  for (const value of values ?? []) flags[value] = 1;
  return flags;
}

function flagsOf(values: readonly number[], max: number): FlagPair {
  const pair = { fromStart: new Uint8Array(max + 1), fromEnd: new Uint8Array(max + 1) };
  for (const value of values) (value > 0 ? pair.fromStart : pair.fromEnd)[Math.abs(value)] = 1;
  return pair;
}

function maskOf(values: readonly number[]): number {
  return values.reduce((mask, value) => mask | (1 << value), 0);
}
