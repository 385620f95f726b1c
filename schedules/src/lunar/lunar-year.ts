/**
 * Which months has a Vietnamese lunar year? Each month begins on the civil day (UTC+7) of its new moon; the month
 * that holds the winter solstice is the 11th; where thirteen months lie between two 11th ones, the first without a
 * major solar term is leap and bears the number before it. These are the rules in force since 1 January 1968 (the
 * South followed in 1975), applied to the whole range: the published tables for 1900–1967 go by Peking, so 27 of those
 * years differ here in some month. Far ahead, five new moons lie so near midnight that the earth's rotation will
 * decide (2054-05-08, 2077-11-15, 2085-10-18, 2150-05-26, 2175-01-22). Remembers years, which changes no answer.
 */
import { dayNumberOfParts } from './day-number.ts';
import { lunationNear, newMoonDay, vietnamOffsetDays } from './new-moon.ts';
import { sunLongitudeDegrees } from './sun.ts';

/** One month: its number 1–12, whether it is the leap one of that number, the day number of its 1st, its length. */
export interface LunarMonth {
  month: number;
  isLeap: boolean;
  firstDay: number;
  days: 29 | 30;
}

/** Computed years, bounded by the range that callers are let into. */
const remembered = new Map<number, readonly LunarMonth[]>();

/** The 12 or 13 months of the lunar year that begins at Tết of the Gregorian year `year`, 1898–2201. */
export function lunarYearMonths(year: number): readonly LunarMonth[] {
  const known = remembered.get(year);
  if (known !== undefined) return known;
  const months = [
    ...monthsOfSolsticeYear(year).filter(({ month }) => month < 11),
    ...monthsOfSolsticeYear(year + 1).filter(({ month }) => month >= 11),
  ];
  remembered.set(year, months);
  return months;
}

/** The months from the 11th of the lunar year before `year` up to the 11th of `year`, which is left out. */
function monthsOfSolsticeYear(year: number): LunarMonth[] {
  const first = solsticeLunation(year - 1);
  const count = solsticeLunation(year) - first;
  const starts = Array.from({ length: count + 1 }, (_, index) => newMoonDay(first + index));
  const leapIndex = count === 13 ? starts.findIndex((start, index) => !holdsMajorTerm(start, starts[index + 1])) : -1;
  return starts.slice(0, count).map((firstDay, index) => {
    const number = leapIndex !== -1 && index >= leapIndex ? index - 1 : index;
    return {
      month: ((number + 10) % 12) + 1,
      isLeap: index === leapIndex,
      firstDay,
      days: lengthOf(firstDay, starts[index + 1]),
    };
  });
}

/** The lunation in whose month the December solstice of a Gregorian year falls. */
function solsticeLunation(year: number): number {
  let lunation = lunationNear(dayNumberOfParts(year, 12, 31)) + 1;
  while (isAfterSolstice(newMoonDay(lunation))) lunation -= 1;
  return lunation;
}

/** True from the midnight on at which the sun has passed 270°; asked of days near the turn of the year. */
function isAfterSolstice(dayNumber: number): boolean {
  const longitude = sunAtMidnight(dayNumber);
  return longitude >= 270 || longitude < 90;
}

function holdsMajorTerm(firstDay: number, nextFirstDay: number | undefined): boolean {
  if (nextFirstDay === undefined) return true;
  return Math.floor(sunAtMidnight(firstDay) / 30) !== Math.floor(sunAtMidnight(nextFirstDay) / 30);
}

/** The sun's longitude at 00:00 UTC+7 of a civil day. */
function sunAtMidnight(dayNumber: number): number {
  return sunLongitudeDegrees(dayNumber - 0.5 - vietnamOffsetDays);
}

function lengthOf(firstDay: number, nextFirstDay: number | undefined): 29 | 30 {
  const days = (nextFirstDay ?? 0) - firstDay;
  if (days !== 29 && days !== 30) throw new Error(`A lunar month of ${days} days begins on day ${firstDay}`);
  return days;
}
