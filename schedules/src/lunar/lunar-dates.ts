/**
 * On which civil dates does a lunar rule fall? Walks month by month, so the work is bounded by the span asked for
 * (at most 3,711 months), and gives sorted dates, each once. A rule that `lunarRuleRefusals` refuses names no date.
 * Reads no clock.
 */
import type { CivilDate } from '../bulletin.ts';
import { civilDateOf, dayNumberOf } from './day-number.ts';
import { lunarRangeDays, monthHolding } from './lunar-date.ts';
import { type LeapPolicy, type LunarRule, type LunarWhen, lunarRuleRefusals } from './lunar-rule.ts';
import { type LunarMonth, lunarYearMonths } from './lunar-year.ts';

/** Civil dates, both included. */
export interface DateSpan {
  fromDate: CivilDate;
  untilDate: CivilDate;
}

/** The civil dates of a rule in a span, sorted, each once; dates outside `lunarRange` are not known and left out. */
export function civilDatesOf(rule: LunarRule, span: DateSpan): CivilDate[] {
  const fromDay = dayNumberOf(span.fromDate);
  const untilDay = dayNumberOf(span.untilDate);
  if (fromDay === undefined || untilDay === undefined) return [];
  return [...daysOf(rule, fromDay, untilDay)].map(civilDateOf);
}

/** The airing dates of a when in a span: those of its rule between its `from` and its `until`. */
export function lunarWhenDates(when: LunarWhen, span: DateSpan): CivilDate[] {
  const fromDate = when.from > span.fromDate ? when.from : span.fromDate;
  const untilDate = when.until !== undefined && when.until < span.untilDate ? when.until : span.untilDate;
  return civilDatesOf(when.rule, { fromDate, untilDate });
}

/**
 * The first airing date of a when on or after a date, or undefined when it has none any more. Undefined for the
 * when's own `from` means that it never fires: "30 Chạp, skip, until a year in which Chạp has 29 days".
 */
export function nextLunarDate(when: LunarWhen, onOrAfter: CivilDate): CivilDate | undefined {
  const fromDay = dayNumberOf(when.from > onOrAfter ? when.from : onOrAfter);
  const untilDay = when.until === undefined ? lunarRangeDays.lastDay : dayNumberOf(when.until);
  if (fromDay === undefined || untilDay === undefined) return undefined;
  for (const day of daysOf(when.rule, fromDay, untilDay)) return civilDateOf(day);
  return undefined;
}

function* daysOf(rule: LunarRule, fromDay: number, untilDay: number): Generator<number> {
  if (lunarRuleRefusals(rule).length > 0) return;
  const daysBefore = rule.daysBefore ?? 0;
  const first = Math.max(fromDay, lunarRangeDays.firstDay);
  const last = Math.min(untilDay, lunarRangeDays.lastDay);
  if (first > last) return;
  for (let { year } = monthHolding(first + daysBefore); ; year += 1) {
    const months = lunarYearMonths(year);
    for (const [index, month] of months.entries()) {
      if (month.firstDay - daysBefore > last) return;
      for (const day of daysInMonth(rule, months, index)) {
        const airingDay = month.firstDay + day - 1 - daysBefore;
        if (airingDay >= first && airingDay <= last) yield airingDay;
      }
    }
  }
}

/** The days 1–30 of one month that a rule means, sorted, each once. */
function daysInMonth(rule: LunarRule, months: readonly LunarMonth[], index: number): number[] {
  const month = months[index];
  if (month === undefined) return [];
  switch (rule.kind) {
    case 'monthly':
      return isMeant(rule.leap ?? 'both', months, month) ? existing(rule.days, month, rule.lacking ?? 'skip') : [];
    case 'yearly':
      return rule.month === month.month && isMeant(rule.leap ?? 'regular', months, month)
        ? existing([rule.day], month, rule.lacking ?? 'last-day')
        : [];
    case 'month-end':
      return isMeant(rule.leap ?? 'both', months, month) ? [month.days] : [];
    case 'year-end':
      return index === months.length - 1 ? [month.days] : [];
  }
}

function isMeant(leap: LeapPolicy, months: readonly LunarMonth[], month: LunarMonth): boolean {
  if (leap === 'both') return true;
  const hasLeap = months.some((other) => other.isLeap && other.month === month.month);
  return leap === 'leap' && hasLeap ? month.isLeap : !month.isLeap;
}

function existing(days: readonly number[], month: LunarMonth, lacking: 'skip' | 'last-day'): number[] {
  const kept =
    lacking === 'skip' ? days.filter((day) => day <= month.days) : days.map((day) => Math.min(day, month.days));
  return [...new Set(kept)].sort((a, b) => a - b);
}
