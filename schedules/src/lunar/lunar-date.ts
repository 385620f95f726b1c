/**
 * Which lunar date has a civil date in Vietnam, and the other way round? Computed for UTC+7, so not always the
 * Chinese calendar's answer. Knows the civil dates 1900-01-01 to 2199-12-31 and refuses the rest as a value; never
 * rolls a day that does not exist over into the next month.
 */
import type { CivilDate } from '../bulletin.ts';
import { civilDateOf, dayNumberOf, dayNumberOfParts, yearOf } from './day-number.ts';
import { type LunarMonth, lunarYearMonths } from './lunar-year.ts';

/** A day of the Vietnamese calendar. `year` is the Gregorian year in which that lunar year began, at Tết. */
export interface LunarDate {
  year: number;
  /** 1 Giêng … 12 Chạp. */
  month: number;
  /** True in the second of two months that bear the same number. */
  isLeapMonth: boolean;
  /** 1–30. */
  day: number;
}

/** The civil dates between which conversions are computed, both included. */
export const lunarRange = { firstDate: '1900-01-01', lastDate: '2199-12-31' } as const;

/** The range as Julian day numbers. */
export const lunarRangeDays = {
  firstDay: dayNumberOfParts(1900, 1, 1),
  lastDay: dayNumberOfParts(2199, 12, 31),
} as const;

/** Why a lunar date has no civil one. */
export type NoCivilDate = 'out-of-range' | 'no-such-month' | 'no-such-day';

/** The lunar date of a civil date; undefined for text that is no date and for dates outside `lunarRange`. */
export function lunarDateOf(date: CivilDate): LunarDate | undefined {
  const dayNumber = dayNumberOf(date);
  if (dayNumber === undefined || !isInRange(dayNumber)) return undefined;
  const { year, month } = monthHolding(dayNumber);
  return { year, month: month.month, isLeapMonth: month.isLeap, day: dayNumber - month.firstDay + 1 };
}

/** The civil date of a lunar date, or why there is none: a day 30 or a leap month that this year lacks is refused. */
export function civilDateOfLunar(lunar: LunarDate): { date: CivilDate } | { refusal: NoCivilDate } {
  if (!Number.isInteger(lunar.year) || lunar.year < 1899 || lunar.year > 2199) return { refusal: 'out-of-range' };
  const month = lunarYearMonths(lunar.year).find(
    (candidate) => candidate.month === lunar.month && candidate.isLeap === lunar.isLeapMonth,
  );
  if (month === undefined) return { refusal: 'no-such-month' };
  if (!Number.isInteger(lunar.day) || lunar.day < 1 || lunar.day > month.days) return { refusal: 'no-such-day' };
  const dayNumber = month.firstDay + lunar.day - 1;
  return isInRange(dayNumber) ? { date: civilDateOf(dayNumber) } : { refusal: 'out-of-range' };
}

/** True when a Julian day number lies in `lunarRange`. */
export function isInRange(dayNumber: number): boolean {
  return dayNumber >= lunarRangeDays.firstDay && dayNumber <= lunarRangeDays.lastDay;
}

/** The lunar year and month that hold a Julian day number of the range, or up to a month beyond it. */
export function monthHolding(dayNumber: number): { year: number; month: LunarMonth } {
  const gregorian = yearOf(dayNumber);
  for (const year of [gregorian, gregorian - 1]) {
    const month = lunarYearMonths(year).findLast(({ firstDay }) => firstDay <= dayNumber);
    if (month !== undefined) return { year, month };
  }
  throw new Error(`No lunar month holds day ${dayNumber}`);
}
