/**
 * Which number does a civil day have? Julian day numbers (of the day whose noon in UT they name), because days are
 * then counted and shifted by plain addition and the astronomy's own scale lies beside them. Gregorian throughout,
 * years 0–9999; no zone, no clock, no Temporal: a calendar page of conversions costs microseconds.
 */
import type { CivilDate } from '../bulletin.ts';

const civilPattern = /^(\d{4})-(\d{2})-(\d{2})$/;

/** The Julian day number of a civil date, or undefined for text that is none (`2026-02-30`, `2026-2-3`). */
export function dayNumberOf(date: CivilDate): number | undefined {
  const match = civilPattern.exec(date);
  if (match === null) return undefined;
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])];
  if (month < 1 || month > 12 || day < 1 || day > 31) return undefined;
  const dayNumber = dayNumberOfParts(year, month, day);
  return day <= 28 || civilDateOf(dayNumber) === date ? dayNumber : undefined;
}

/** The Julian day number of a year, a month 1–12 and a day (Fliegel and Van Flandern, CACM 11 (1968) 657). */
export function dayNumberOfParts(year: number, month: number, day: number): number {
  const beforeMarch = month <= 2 ? 1 : 0;
  const years = year + 4800 - beforeMarch;
  const months = month + 12 * beforeMarch - 3;
  const leapDays = Math.floor(years / 4) - Math.floor(years / 100) + Math.floor(years / 400);
  return day + Math.floor((153 * months + 2) / 5) + 365 * years + leapDays - 32_045;
}

/** The civil date of a Julian day number (the inverse of the same formula). */
export function civilDateOf(dayNumber: number): CivilDate {
  const { year, month, day } = partsOf(dayNumber);
  return `${String(year).padStart(4, '0')}-${month < 10 ? '0' : ''}${month}-${day < 10 ? '0' : ''}${day}`;
}

/** The Gregorian year in which a Julian day number lies. */
export function yearOf(dayNumber: number): number {
  return partsOf(dayNumber).year;
}

function partsOf(dayNumber: number): { year: number; month: number; day: number } {
  const a = dayNumber + 32_044;
  const century = Math.floor((4 * a + 3) / 146_097);
  const inCentury = a - Math.floor((146_097 * century) / 4);
  const yearInCentury = Math.floor((4 * inCentury + 3) / 1461);
  const inYear = inCentury - Math.floor((1461 * yearInCentury) / 4);
  const months = Math.floor((5 * inYear + 2) / 153);
  const afterDecember = months >= 10 ? 1 : 0;
  return {
    year: 100 * century + yearInCentury - 4800 + afterDecember,
    month: months + 3 - 12 * afterDecember,
    day: inYear - Math.floor((153 * months + 2) / 5) + 1,
  };
}
