/** Laws of the whole range 1900–2199: every civil day has one lunar date and comes back; months, years, solstices. */
import { expect, test } from 'vitest';
import { civilDateOf, dayNumberOf } from '../../schedules/src/lunar/day-number.ts';
import { civilDateOfLunar, lunarDateOf } from '../../schedules/src/lunar/index.ts';
import { lunarRangeDays } from '../../schedules/src/lunar/lunar-date.ts';
import { lunarYearMonths } from '../../schedules/src/lunar/lunar-year.ts';
import { newMoonJulianDate } from '../../schedules/src/lunar/new-moon.ts';
import { sunLongitudeDegrees } from '../../schedules/src/lunar/sun.ts';

const allYears = Array.from({ length: 301 }, (_, index) => 1899 + index);

test('every civil day 1900–2199 has a lunar date that follows the day before and converts back', () => {
  let wrong = 0;
  let days = 0;
  let before = lunarDateOf('1900-01-01');
  for (let dayNumber = lunarRangeDays.firstDay; dayNumber <= lunarRangeDays.lastDay; dayNumber += 1) {
    const date = civilDateOf(dayNumber);
    const lunar = lunarDateOf(date);
    const back = lunar === undefined ? undefined : civilDateOfLunar(lunar);
    if (back === undefined || !('date' in back) || back.date !== date) wrong += 1;
    if (days > 0 && lunar?.day !== (before?.day ?? 0) + 1 && lunar?.day !== 1) wrong += 1;
    before = lunar;
    days += 1;
  }
  expect({ days, wrong }).toEqual({ days: 109_573, wrong: 0 });
});

test('day numbers agree with Temporal over the range', () => {
  const epoch = Temporal.PlainDate.from('1900-01-01');
  for (let days = 0; days < 109_573; days += 7) {
    const date = epoch.add({ days }).toString();
    if (dayNumberOf(date) !== lunarRangeDays.firstDay + days || civilDateOf(lunarRangeDays.firstDay + days) !== date) {
      expect.fail(date);
    }
  }
});

test('years have 12 months or 13 with one leap, numbered in order, and adjoin', () => {
  for (const year of allYears) {
    const months = lunarYearMonths(year);
    const leaps = months.filter(({ isLeap }) => isLeap);
    expect(months.length - leaps.length, `${year}`).toBe(12);
    expect(leaps.length, `${year}`).toBeLessThanOrEqual(1);
    expect(months.filter(({ isLeap }) => !isLeap).map(({ month }) => month)).toEqual([
      1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12,
    ]);
    for (const [index, month] of months.entries()) {
      expect([29, 30]).toContain(month.days);
      if (month.isLeap) expect(months[index - 1]?.month).toBe(month.month);
      const next = months[index + 1] ?? lunarYearMonths(year + 1)[0];
      expect(next?.firstDay).toBe(month.firstDay + month.days);
    }
  }
});

test('the winter solstice lies in the 11th month of every year', () => {
  for (const year of allYears) {
    const eleventh = lunarYearMonths(year).find(({ month, isLeap }) => month === 11 && !isLeap);
    const fromDay = eleventh?.firstDay ?? 0;
    const untilDay = fromDay + (eleventh?.days ?? 0);
    expect(sunAtMidnight(fromDay), `${year}`).toBeLessThan(270);
    expect(sunAtMidnight(untilDay), `${year}`).toBeGreaterThanOrEqual(270);
  }
});

test('a leap month holds no major term', () => {
  for (const year of allYears) {
    for (const { isLeap, firstDay, days } of lunarYearMonths(year)) {
      if (!isLeap) continue;
      expect(Math.floor(sunAtMidnight(firstDay) / 30)).toBe(Math.floor(sunAtMidnight(firstDay + days) / 30));
    }
  }
});

/** Meeus, Astronomical Algorithms (2nd ed.): example 49.a, JDE 2443192.65118; ΔT was 47.5 s. */
test('the new moon of 18 February 1977 comes at 3:37 UT', () => {
  const days = newMoonJulianDate(-283) + 47.5 / 86_400 - 2443192.65118;
  expect(Math.abs(days * 86_400)).toBeLessThan(5);
});

/** Meeus, example 25.b: apparent longitude 199°54′21.818″ at 13 October 1992, 0h TD, by the full theory. */
test('the sun of 13 October 1992 stands at 199°54′22″', () => {
  const seconds = (sunLongitudeDegrees(2448908.5 - 59 / 86_400) - (199 + 54 / 60 + 21.818 / 3600)) * 3600;
  expect(Math.abs(seconds)).toBeLessThan(2);
});

function sunAtMidnight(dayNumber: number): number {
  return sunLongitudeDegrees(dayNumber - 0.5 - 7 / 24);
}
