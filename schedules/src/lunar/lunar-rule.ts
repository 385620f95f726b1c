/**
 * Which days of the lunar calendar does a rule name, and is it a rule at all? Only shapes, their defaults and the
 * judgement of what a person or a file wrote; the dates themselves are found in `lunar-dates.ts`.
 */
import type { CivilDate, CivilTime } from '../bulletin.ts';
import { dayNumberOf } from './day-number.ts';
import { lunarRange } from './lunar-date.ts';

/**
 * Which of two months with the same number a rule means.
 * regular: the first one; leap: the second one where the year has it, else the regular one; both: each.
 */
export type LeapPolicy = 'regular' | 'leap' | 'both';

/** What becomes of day 30 in a month of 29: no date (as RFC 5545 §3.3.10 has it), or the month's last day. */
export type LackingPolicy = 'skip' | 'last-day';

/** Moves a date forward in time by whole days: 0–30 days before the lunar day, 0 by default. */
interface Ahead {
  daysBefore?: number | undefined;
}

/**
 * The lunar days meant. Defaults, our own choice: monthly rules hold in leap months too and skip a day that a month
 * lacks; a yearly one is kept in the regular month only, and on the 29th where the 30th is lacking, since a yearly
 * date that silently drops out is noticed a year late. `month-end` is the 29th or 30th of every month; `year-end`
 * the last day of the year, 29 or 30 Chạp.
 */
export type LunarRule =
  | ({
      kind: 'monthly';
      days: readonly number[];
      leap?: LeapPolicy | undefined;
      lacking?: LackingPolicy | undefined;
    } & Ahead)
  | ({
      kind: 'yearly';
      month: number;
      day: number;
      leap?: LeapPolicy | undefined;
      lacking?: LackingPolicy | undefined;
    } & Ahead)
  | ({ kind: 'month-end'; leap?: LeapPolicy | undefined } & Ahead)
  | ({ kind: 'year-end' } & Ahead);

/** A when of the lunar calendar. `from` and `until` bound the airing dates, both included, after `daysBefore`. */
export interface LunarWhen {
  kind: 'lunar';
  from: CivilDate;
  until?: CivilDate | undefined;
  time: CivilTime;
  rule: LunarRule;
}

/** Why a rule is none. */
export type LunarRefusal =
  | 'no-days'
  | 'too-many-days'
  | 'day-out-of-range'
  | 'month-out-of-range'
  | 'days-before-out-of-range'
  | 'date-unknown'
  | 'date-out-of-range'
  | 'until-before-from';

/** The largest `daysBefore`: a notice a whole lunar month ahead. */
export const daysBeforeMax = 30;

/** What is wrong with the lunar days of a rule, each reason once; empty for a rule that can be used. */
export function lunarRuleRefusals(rule: LunarRule): LunarRefusal[] {
  const refusals = new Set<LunarRefusal>();
  if (!isWholeIn(rule.daysBefore ?? 0, 0, daysBeforeMax)) refusals.add('days-before-out-of-range');
  if (rule.kind === 'yearly' && !isWholeIn(rule.month, 1, 12)) refusals.add('month-out-of-range');
  const days = rule.kind === 'monthly' ? rule.days : rule.kind === 'yearly' ? [rule.day] : [1];
  if (days.length === 0) refusals.add('no-days');
  if (days.length > 30) refusals.add('too-many-days');
  if (!days.slice(0, 30).every((day) => isWholeIn(day, 1, 30))) refusals.add('day-out-of-range');
  return [...refusals];
}

/** What is wrong with the bounds of a when, beside its rule. Whether it names any date is `nextLunarDate`'s answer. */
export function lunarWhenRefusals(when: LunarWhen): LunarRefusal[] {
  const refusals = new Set(lunarRuleRefusals(when.rule));
  for (const date of when.until === undefined ? [when.from] : [when.from, when.until]) {
    if (dayNumberOf(date) === undefined) refusals.add('date-unknown');
    else if (date < lunarRange.firstDate || date > lunarRange.lastDate) refusals.add('date-out-of-range');
  }
  if (when.until !== undefined && when.until < when.from) refusals.add('until-before-from');
  return [...refusals];
}

function isWholeIn(value: number, min: number, max: number): boolean {
  return Number.isInteger(value) && value >= min && value <= max;
}
