/**
 * The conversion against published facts: Tết, the leap month and the last day of every year 1968–2053, the years in
 * which Vietnam and China part, single dates that the calendar office or the press gave. Two sources agree on every
 * row of the big table: Hồ Ngọc Đức's tables of 2004 (as carried by @nghiavuive/lunar_date_vi 2.0.1), and
 * lunar-javascript 1.7 for China, which differs from it in the years listed under "part" and in no other.
 */
import { describe, expect, test } from 'vitest';
import { civilDateOfLunar, lunarDateOf } from '../../schedules/src/lunar/index.ts';

/** Year, Tết, leap month or 0, the number of days of Chạp. */
const years = `
1968 01-29 7 29|1969 02-16 0 29|1970 02-06 0 30|1971 01-27 5 30|1972 02-15 0 30|1973 02-03 0 30|1974 01-23 4 30
1975 02-11 0 30|1976 01-31 8 30|1977 02-18 0 29|1978 02-07 0 29|1979 01-28 6 29|1980 02-16 0 30|1981 02-05 0 30
1982 01-25 4 30|1983 02-13 0 30|1984 02-02 0 30|1985 01-21 2 30|1986 02-09 0 29|1987 01-29 7 29|1988 02-17 0 29
1989 02-06 0 30|1990 01-27 5 30|1991 02-15 0 30|1992 02-04 0 30|1993 01-23 3 29|1994 02-10 0 30|1995 01-31 8 30
1996 02-19 0 29|1997 02-07 0 30|1998 01-28 5 30|1999 02-16 0 29|2000 02-05 0 29|2001 01-24 4 30|2002 02-12 0 29
2003 02-01 0 30|2004 01-22 2 30|2005 02-09 0 29|2006 01-29 7 29|2007 02-17 0 30|2008 02-07 0 30|2009 01-26 5 30
2010 02-14 0 30|2011 02-03 0 29|2012 01-23 4 29|2013 02-10 0 30|2014 01-31 9 30|2015 02-19 0 29|2016 02-08 0 30
2017 01-28 6 30|2018 02-16 0 30|2019 02-05 0 30|2020 01-25 4 30|2021 02-12 0 29|2022 02-01 0 30|2023 01-22 2 30
2024 02-10 0 29|2025 01-29 6 29|2026 02-17 0 29|2027 02-06 0 29|2028 01-26 5 29|2029 02-13 0 29|2030 02-02 0 29
2031 01-23 3 29|2032 02-11 0 30|2033 01-31 11 30|2034 02-19 0 30|2035 02-08 0 30|2036 01-28 6 30|2037 02-15 0 30
2038 02-04 0 29|2039 01-24 5 29|2040 02-12 0 29|2041 02-01 0 30|2042 01-22 2 30|2043 02-10 0 30|2044 01-30 7 30
2045 02-17 0 30|2046 02-06 0 30|2047 01-26 5 30|2048 02-14 0 29|2049 02-02 0 29|2050 01-23 3 29|2051 02-11 0 30
2052 02-01 8 29|2053 02-18 0 30`
  .trim()
  .split(/[|\n]/)
  .map((row) => row.split(' '))
  .map(([year, tet, leap, chap]) => ({ year: Number(year), tet, leap: Number(leap), chap: Number(chap) }));

function civil(year: number, month: number, day: number, isLeapMonth = false): string {
  const found = civilDateOfLunar({ year, month, day, isLeapMonth });
  return 'date' in found ? found.date : found.refusal;
}

test('the table holds every year from 1968 to 2053', () => {
  expect(years.map(({ year }) => year)).toEqual(Array.from({ length: 86 }, (_, index) => 1968 + index));
});

test.each(years)('$year: Tết on $tet, leap month $leap, Chạp of $chap days', ({ year, tet, leap, chap }) => {
  expect(civil(year, 1, 1)).toBe(`${year}-${tet}`);
  const leaps = Array.from({ length: 12 }, (_, index) => index + 1).filter(
    (month) => civil(year, month, 1, true) !== 'no-such-month',
  );
  expect(leaps).toEqual(leap === 0 ? [] : [leap]);
  expect(civil(year, 12, 30)).toBe(chap === 29 ? 'no-such-day' : dayBefore(civil(year + 1, 1, 1)));
  expect(civil(year, 12, chap)).toBe(dayBefore(civil(year + 1, 1, 1)));
});

describe('where Vietnam and China part, Vietnam is right', () => {
  // viet-jo.com 2006-07-06, after the calendar office: 1968, 1969, 1985, 2007, 2030, 2053.
  const parting = [
    { year: 1968, vietnam: '1968-01-29', china: '1968-01-30' },
    { year: 1969, vietnam: '1969-02-16', china: '1969-02-17' },
    { year: 1985, vietnam: '1985-01-21', china: '1985-02-20' },
    { year: 2007, vietnam: '2007-02-17', china: '2007-02-18' },
    { year: 2030, vietnam: '2030-02-02', china: '2030-02-03' },
    { year: 2053, vietnam: '2053-02-18', china: '2053-02-19' },
  ];
  test.each(parting)('$year: $vietnam, not $china', ({ year, vietnam, china }) => {
    expect(lunarDateOf(vietnam)).toEqual({ year, month: 1, isLeapMonth: false, day: 1 });
    expect(lunarDateOf(china)?.day === 1 && lunarDateOf(china)?.month === 1).toBe(false);
  });
});

test.each([
  { date: '2006-06-25', lunar: '1/6/2006', why: 'new moon at 23:05, Trần Tiến Bình of the calendar office' },
  { date: '1984-12-22', lunar: '1/12/1984', why: 'solstice on 21 December in Hà Nội, on the 22nd in Peking' },
  { date: '1984-12-21', lunar: '29/11/1984', why: 'that solstice lies in the 11th month' },
  { date: '1985-03-21', lunar: '1/2/1985 leap', why: 'leap 2nd month, where China had had a leap 10th in 1984' },
  { date: '2026-02-16', lunar: '29/12/2025', why: '29 Chạp, the last day of Ất Tỵ' },
  { date: '2025-09-06', lunar: '15/7/2025', why: 'rằm tháng Bảy (Vu Lan) 2025' },
  { date: '2025-10-06', lunar: '15/8/2025', why: 'rằm tháng Tám (Trung Thu) 2025' },
  { date: '2026-04-26', lunar: '10/3/2026', why: 'Hùng kings, 10 tháng Ba 2026' },
  { date: '2025-04-07', lunar: '10/3/2025', why: 'Hùng kings, 10 tháng Ba 2025' },
  { date: '2025-07-25', lunar: '1/6/2025 leap', why: 'leap 6th month 2025' },
  { date: '2033-12-22', lunar: '1/11/2033 leap', why: 'leap 11th month 2033' },
  { date: '1998-09-21', lunar: '1/8/1998', why: 'new moon 88 s after midnight: the closest of 1968–2053' },
])('$date is $lunar: $why', ({ date, lunar }) => {
  const found = lunarDateOf(date);
  expect(`${found?.day}/${found?.month}/${found?.year}${found?.isLeapMonth ? ' leap' : ''}`).toBe(lunar);
});

test.each([
  '1899-12-31',
  '2200-01-01',
  '2026-02-30',
  '2026-2-3',
  '2026-13-01',
  '2026-00-10',
  '',
  'hôm nay',
  '20260216',
])('%j has no lunar date', (text) => {
  expect(lunarDateOf(text)).toBeUndefined();
});

test.each([
  { lunar: { year: 2026, month: 1, isLeapMonth: false, day: 31 }, refusal: 'no-such-day' },
  { lunar: { year: 2025, month: 12, isLeapMonth: false, day: 30 }, refusal: 'no-such-day' },
  { lunar: { year: 2026, month: 13, isLeapMonth: false, day: 1 }, refusal: 'no-such-month' },
  { lunar: { year: 2026, month: 6, isLeapMonth: true, day: 1 }, refusal: 'no-such-month' },
  { lunar: { year: 2026, month: 1, isLeapMonth: false, day: 0 }, refusal: 'no-such-day' },
  { lunar: { year: 2026, month: 1, isLeapMonth: false, day: 1.5 }, refusal: 'no-such-day' },
  { lunar: { year: Number.NaN, month: 1, isLeapMonth: false, day: 1 }, refusal: 'out-of-range' },
  { lunar: { year: 1e9, month: 1, isLeapMonth: false, day: 1 }, refusal: 'out-of-range' },
  { lunar: { year: 2199, month: 12, isLeapMonth: false, day: 29 }, refusal: 'out-of-range' },
])('a lunar day that does not exist does not roll over: $refusal', ({ lunar, refusal }) => {
  expect(civilDateOfLunar(lunar)).toEqual({ refusal });
});

function dayBefore(date: string): string {
  return Temporal.PlainDate.from(date).subtract({ days: 1 }).toString();
}
