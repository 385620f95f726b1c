/**
 * What is a recurrence, as plain data? The nouns of RFC 5545 §3.3.10 and §3.8.5, ready for JSON, and the bounds within
 * which we take them. Only shapes: `parse-set.ts` makes them from text, `expand.ts` reads them.
 */
import type { Weekday } from '../bulletin.ts';

export const frequencies = ['YEARLY', 'MONTHLY', 'WEEKLY', 'DAILY', 'HOURLY', 'MINUTELY', 'SECONDLY'] as const;
export type Frequency = (typeof frequencies)[number];

/**
 * A moment as text: an instant `2026-11-24T10:00:00Z`, a civil moment of the set's zone `2026-11-24T17:00:00`, or a
 * whole date `2026-11-24`.
 */
export type Moment = string;

/** A weekday, or the nth of its month or year, from the end when negative: `{ weekday: 5, ordinal: -1 }` is -1FR. */
export interface RuleDay {
  weekday: Weekday;
  ordinal?: number | undefined;
}

/**
 * One RRULE. Lists are sorted, without doubles; a missing list limits nothing. `until` is included: an instant, a civil
 * moment, or a date whose whole day belongs to it. Never both `count` and `until`.
 */
export interface RecurrenceRule {
  frequency: Frequency;
  /** Every nth period; 1 is each. */
  interval: number;
  count?: number | undefined;
  until?: Moment | undefined;
  /** First day of a week, Monday unless stated. */
  weekStart: Weekday;
  byMonth?: readonly number[] | undefined;
  byWeekNo?: readonly number[] | undefined;
  byYearDay?: readonly number[] | undefined;
  byMonthDay?: readonly number[] | undefined;
  byDay?: readonly RuleDay[] | undefined;
  byHour?: readonly number[] | undefined;
  byMinute?: readonly number[] | undefined;
  bySecond?: readonly number[] | undefined;
  bySetPos?: readonly number[] | undefined;
}

/**
 * A recurrence set (RFC 5545 §3.8.5). Without a rule it names its start and its extra starts. With rules it names what
 * they generate: a start that its rule does not name is neither aired nor counted (§3.8.5.3 leaves such sets
 * undefined; libical and dateutil do the same).
 */
export interface RecurrenceSet {
  /** DTSTART: a civil moment, or a date when only whole days are named. */
  start: Moment;
  /** IANA zone in which civil moments are read; `UTC` where the text says Z. */
  timeZone: string;
  rules: readonly RecurrenceRule[];
  /** RDATE: a date airs at the start's time of day. */
  extraStarts: readonly Moment[];
  /** EXDATE: a date excepts every start of that civil date. */
  exceptions: readonly Moment[];
}

/** Years in which a start, an end or a date may lie; also where expansion ends. Ours: no schedule is older or longer. */
export const yearMin = 1900;
export const yearMax = 2200;

/** Characters of one recurrence text: about 1,800 listed dates and a rule. */
export const textLengthMax = 65_536;

/** Listed dates in RDATE and in EXDATE, each: five years of daily ones. */
export const listedDatesMax = 1_830;

/** RRULEs in one set; RFC 5545 §3.8.5.3 advises one. */
export const rulesMax = 4;

/** COUNT, since it must be walked from the start: 27 years of daily airings. */
export const countMax = 10_000;

/** INTERVAL. */
export const intervalMax = 100_000;

/** Starts of one set on one civil day, every half hour: more is a mistake or a nuisance. Ours. */
export const startsPerDayMax = 48;

/** Starts one call may return: 48 a day for more than five years. */
export const startsMax = 100_000;

/** Why a recurrence is refused. Codes are never reused for another meaning. */
export type RecurrenceRefusal =
  | 'text-too-long'
  | 'line-malformed'
  | 'line-unknown'
  | 'line-repeated'
  | 'start-missing'
  | 'zone-unknown'
  | 'date-malformed'
  | 'date-type-differs'
  | 'year-out-of-range'
  | 'period-unsupported'
  | 'exception-rule-unsupported'
  | 'too-many-dates'
  | 'too-many-rules'
  | 'part-malformed'
  | 'part-unknown'
  | 'part-repeated'
  | 'part-out-of-range'
  | 'part-not-allowed'
  | 'frequency-missing'
  | 'interval-zero'
  | 'count-zero'
  | 'count-too-large'
  | 'count-and-until'
  | 'until-before-start'
  | 'never-fires'
  | 'fires-too-often';

/** `at` names the line or rule part a person should look at, such as `BYMONTHDAY`; at most 40 characters. */
export interface RecurrenceRefused {
  ok: false;
  reason: RecurrenceRefusal;
  at: string;
}

export function refuse(reason: RecurrenceRefusal, at: string): RecurrenceRefused {
  return { ok: false, reason, at: at.slice(0, 40) };
}
