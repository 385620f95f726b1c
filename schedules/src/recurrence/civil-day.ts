/**
 * Which day is it, in whole numbers? The proleptic Gregorian calendar as days since 1970-01-01, and civil moments as
 * seconds since 1970-01-01T00:00:00 of no zone, so that expansion is additions and not calendar objects. Assumes whole
 * numbers in years 1 to 9999; never reads a clock and knows no zone.
 */

/** Days since 1970-01-01; negative before it. */
export type CivilDay = number;

/** Seconds since 1970-01-01T00:00:00 on a wall clock that nobody changes. */
export type CivilSeconds = number;

export const daySeconds = 86_400;

const monthOffsetsCommon = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365];
const monthOffsetsLeap = monthOffsetsCommon.map((offset, index) => (index < 2 ? offset : offset + 1));
const monthOfYearDay = [monthOffsetsCommon, monthOffsetsLeap].map((offsets) =>
  Uint8Array.from({ length: 366 }, (_, yearDay) => offsets.findIndex((offset) => offset > yearDay)),
);

export function isLeapYear(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}

/** 365 or 366. */
export function yearLengthDays(year: number): number {
  return isLeapYear(year) ? 366 : 365;
}

/** The day of 1 January. */
export function yearStart(year: number): CivilDay {
  const past = year - 1;
  return past * 365 + Math.floor(past / 4) - Math.floor(past / 100) + Math.floor(past / 400) - 719_162;
}

/** Days from 1 January to the first of a month, 1 to 12; month 13 gives the length of the year. */
export function monthOffset(year: number, month: number): number {
  return (isLeapYear(year) ? monthOffsetsLeap : monthOffsetsCommon)[month - 1] ?? Number.NaN;
}

/** The month, 1 to 12, of a day counted from 0 on 1 January. */
export function monthOf(year: number, yearDay: number): number {
  return monthOfYearDay[isLeapYear(year) ? 1 : 0]?.[yearDay] ?? Number.NaN;
}

/** 28 to 31. */
export function monthLengthDays(year: number, month: number): number {
  return monthOffset(year, month + 1) - monthOffset(year, month);
}

export function yearOf(day: CivilDay): number {
  const guess = 1970 + Math.floor(day / 365.2425);
  if (day < yearStart(guess)) return guess - 1;
  return day >= yearStart(guess + 1) ? guess + 1 : guess;
}

/** ISO weekday: 1 Monday … 7 Sunday. */
export function weekdayOf(day: CivilDay): number {
  return ((((day + 3) % 7) + 7) % 7) + 1;
}

/**
 * The first day of a year counted in whole weeks: week 1 is the first with at least four days in the year
 * (RFC 5545 §3.3.10, BYWEEKNO; ISO 8601 when the week starts on Monday).
 */
export function weekYearStart(year: number, weekStart: number): CivilDay {
  const newYear = yearStart(year);
  const passed = (weekdayOf(newYear) - weekStart + 7) % 7;
  return passed <= 3 ? newYear - passed : newYear + 7 - passed;
}

/** Reads `2026-11-24` or `2026-11-24T17:00:30`; undefined when there is no such date or time. */
export function parseCivil(text: string): CivilSeconds | undefined {
  const parts = /^(\d{4})-(\d\d)-(\d\d)(?:T(\d\d):(\d\d):(\d\d))?$/.exec(text);
  if (parts === null) return undefined;
  const [year = 0, month = 0, date = 0, hour = 0, minute = 0, second = 0] = parts
    .slice(1)
    .map((part) => Number(part ?? 0));
  if (year < 1 || month < 1 || month > 12 || date < 1 || date > monthLengthDays(year, month)) return undefined;
  if (hour > 23 || minute > 59 || second > 59) return undefined;
  const day = yearStart(year) + monthOffset(year, month) + date - 1;
  return day * daySeconds + hour * 3_600 + minute * 60 + second;
}

/** `2026-11-24`. */
export function formatDay(day: CivilDay): string {
  const year = yearOf(day);
  const yearDay = day - yearStart(year);
  const month = monthOf(year, yearDay);
  return `${String(year).padStart(4, '0')}-${twoDigits(month)}-${twoDigits(yearDay - monthOffset(year, month) + 1)}`;
}

/** `2026-11-24T17:00:30`. */
export function formatCivil(seconds: CivilSeconds): string {
  const day = Math.floor(seconds / daySeconds);
  const rest = seconds - day * daySeconds;
  const time = [Math.floor(rest / 3_600), Math.floor(rest / 60) % 60, rest % 60].map(twoDigits).join(':');
  return `${formatDay(day)}T${time}`;
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}
