/** Lunar rules: tables of rule and span against dates, refusals as values, and laws for generated rules. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  civilDatesOf,
  type LunarRule,
  type LunarWhen,
  lunarDateOf,
  lunarRuleRefusals,
  lunarRuleWords,
  lunarWhenDates,
  lunarWhenRefusals,
  nextLunarDate,
} from '../../schedules/src/lunar/index.ts';

const seed = 20_261_125;

describe('a rule names exactly these dates', () => {
  const table: { name: string; rule: LunarRule; from: string; until: string; dates: string[] }[] = [
    {
      name: 'mùng 1 and rằm, the leap 6th month of 2025 included',
      rule: { kind: 'monthly', days: [15, 1] },
      from: '2025-06-20',
      until: '2025-08-25',
      dates: ['2025-06-25', '2025-07-09', '2025-07-25', '2025-08-08', '2025-08-23'],
    },
    {
      name: 'the same without leap months',
      rule: { kind: 'monthly', days: [1, 15], leap: 'regular' },
      from: '2025-06-20',
      until: '2025-08-25',
      dates: ['2025-06-25', '2025-07-09', '2025-08-23'],
    },
    {
      name: 'the same in the leap month instead of the regular one',
      rule: { kind: 'monthly', days: [1], leap: 'leap' },
      from: '2025-05-01',
      until: '2025-08-25',
      dates: ['2025-05-27', '2025-07-25', '2025-08-23'],
    },
    {
      name: 'a yearly date once, in the regular month',
      rule: { kind: 'yearly', month: 6, day: 10 },
      from: '2024-01-01',
      until: '2026-12-31',
      dates: ['2024-07-15', '2025-07-04', '2026-07-23'],
    },
    {
      name: 'a yearly date in the leap month when there is one',
      rule: { kind: 'yearly', month: 6, day: 10, leap: 'leap' },
      from: '2024-01-01',
      until: '2026-12-31',
      dates: ['2024-07-15', '2025-08-03', '2026-07-23'],
    },
    {
      name: 'a yearly date in both',
      rule: { kind: 'yearly', month: 6, day: 10, leap: 'both' },
      from: '2025-01-01',
      until: '2025-12-31',
      dates: ['2025-07-04', '2025-08-03'],
    },
    {
      name: '30 Chạp in a year of 29, by default on the 29th',
      rule: { kind: 'yearly', month: 12, day: 30 },
      from: '2024-01-01',
      until: '2026-12-31',
      dates: ['2024-02-09', '2025-01-28', '2026-02-16'],
    },
    {
      name: '30 Chạp, skipped where it is lacking',
      rule: { kind: 'yearly', month: 12, day: 30, lacking: 'skip' },
      from: '2023-01-01',
      until: '2026-12-31',
      dates: ['2023-01-21', '2024-02-09'],
    },
    {
      name: 'the last day of the year is 29 or 30 Chạp',
      rule: { kind: 'year-end' },
      from: '2023-01-01',
      until: '2027-12-31',
      dates: ['2023-01-21', '2024-02-09', '2025-01-28', '2026-02-16', '2027-02-05'],
    },
    {
      name: 'a week before Tết crosses the Gregorian year',
      rule: { kind: 'yearly', month: 1, day: 1, daysBefore: 25 },
      from: '2022-12-01',
      until: '2023-02-01',
      dates: ['2022-12-28'],
    },
    {
      name: 'the last day of every month',
      rule: { kind: 'month-end' },
      from: '2026-01-01',
      until: '2026-04-30',
      dates: ['2026-01-18', '2026-02-16', '2026-03-18', '2026-04-16'],
    },
    {
      name: 'the 30th of every month is skipped where it is lacking',
      rule: { kind: 'monthly', days: [30] },
      from: '2026-01-01',
      until: '2026-04-30',
      dates: ['2026-01-18', '2026-03-18'],
    },
    {
      name: 'the 29th and the 30th, moved to the last day, meet once',
      rule: { kind: 'monthly', days: [29, 30], lacking: 'last-day' },
      from: '2026-02-01',
      until: '2026-03-31',
      dates: ['2026-02-16', '2026-03-17', '2026-03-18'],
    },
    {
      name: 'the span holds both its ends',
      rule: { kind: 'monthly', days: [1] },
      from: '2026-02-17',
      until: '2026-03-19',
      dates: ['2026-02-17', '2026-03-19'],
    },
    {
      name: 'a span that ends before it begins',
      rule: { kind: 'year-end' },
      from: '2026-03-01',
      until: '2026-01-01',
      dates: [],
    },
    { name: 'a span that is no date', rule: { kind: 'year-end' }, from: 'x', until: '2026-01-01', dates: [] },
    {
      name: 'a day announced ahead of a month that begins past the range, and nothing past the range itself',
      rule: { kind: 'monthly', days: [1], daysBefore: 30 },
      from: '2199-12-01',
      until: '2300-01-01',
      dates: ['2199-12-17'],
    },
  ];
  test.each(table)('$name', ({ rule, from, until, dates }) => {
    expect(civilDatesOf(rule, { fromDate: from, untilDate: until })).toEqual(dates);
  });
});

describe('what is no rule is refused with its reason', () => {
  test.each<{ rule: LunarRule; refusals: string[] }>([
    { rule: { kind: 'yearly', month: 13, day: 1 }, refusals: ['month-out-of-range'] },
    { rule: { kind: 'yearly', month: 1, day: 31 }, refusals: ['day-out-of-range'] },
    { rule: { kind: 'yearly', month: 0, day: 0 }, refusals: ['month-out-of-range', 'day-out-of-range'] },
    { rule: { kind: 'monthly', days: [] }, refusals: ['no-days'] },
    { rule: { kind: 'monthly', days: [1.5] }, refusals: ['day-out-of-range'] },
    { rule: { kind: 'monthly', days: [Number.NaN] }, refusals: ['day-out-of-range'] },
    { rule: { kind: 'monthly', days: Array.from({ length: 1_000_000 }, () => 1) }, refusals: ['too-many-days'] },
    { rule: { kind: 'year-end', daysBefore: 31 }, refusals: ['days-before-out-of-range'] },
    { rule: { kind: 'year-end', daysBefore: -1 }, refusals: ['days-before-out-of-range'] },
    { rule: { kind: 'month-end' }, refusals: [] },
  ])('$refusals', ({ rule, refusals }) => {
    expect(lunarRuleRefusals(rule)).toEqual(refusals);
    const dates = civilDatesOf(rule, { fromDate: '2026-01-01', untilDate: '2026-12-31' });
    expect(dates.length > 0).toBe(refusals.length === 0);
  });

  const rule: LunarRule = { kind: 'monthly', days: [1] };
  test.each<{ when: LunarWhen; refusals: string[] }>([
    { when: { kind: 'lunar', from: '2026-02-30', time: '17:00', rule }, refusals: ['date-unknown'] },
    { when: { kind: 'lunar', from: '1789-07-14', time: '17:00', rule }, refusals: ['date-out-of-range'] },
    {
      when: { kind: 'lunar', from: '2026-02-02', until: '2026-02-01', time: '17:00', rule },
      refusals: ['until-before-from'],
    },
    { when: { kind: 'lunar', from: '2026-02-02', until: '2026-02-02', time: '17:00', rule }, refusals: [] },
  ])('$refusals', ({ when, refusals }) => {
    expect(lunarWhenRefusals(when)).toEqual(refusals);
  });
});

test('a when airs between its from and its until, and has a next date until it is over', () => {
  const when: LunarWhen = {
    kind: 'lunar',
    from: '2026-02-17',
    until: '2026-04-17',
    time: '17:00',
    rule: { kind: 'monthly', days: [1] },
  };
  const span = { fromDate: '2026-01-01', untilDate: '2026-12-31' };
  expect(lunarWhenDates(when, span)).toEqual(['2026-02-17', '2026-03-19', '2026-04-17']);
  expect(nextLunarDate(when, '2020-01-01')).toBe('2026-02-17');
  expect(nextLunarDate(when, '2026-02-18')).toBe('2026-03-19');
  expect(nextLunarDate(when, '2026-04-18')).toBeUndefined();
});

test('a when that never fires has no next date, found without walking for ever', () => {
  const rule: LunarRule = { kind: 'yearly', month: 12, day: 30, lacking: 'skip' };
  const when: LunarWhen = { kind: 'lunar', from: '2025-01-01', until: '2032-01-01', time: '17:00', rule };
  expect(nextLunarDate(when, when.from)).toBeUndefined();
  expect(nextLunarDate({ ...when, until: undefined }, when.from)).toBe('2033-01-30');
});

const anyLeap = fc.constantFrom<'regular' | 'leap' | 'both'>('regular', 'leap', 'both');
const anyLacking = fc.constantFrom<'skip' | 'last-day'>('skip', 'last-day');
const anyDaysBefore = fc.integer({ min: 0, max: 30 });
const anyDay = fc.integer({ min: 1, max: 30 });
const anyRule: fc.Arbitrary<LunarRule> = fc.oneof(
  fc.record({
    kind: fc.constant('monthly' as const),
    days: fc.array(anyDay, { minLength: 1, maxLength: 5 }),
    leap: anyLeap,
    lacking: anyLacking,
    daysBefore: anyDaysBefore,
  }),
  fc.record({
    kind: fc.constant('yearly' as const),
    month: fc.integer({ min: 1, max: 12 }),
    day: anyDay,
    leap: anyLeap,
    lacking: anyLacking,
    daysBefore: anyDaysBefore,
  }),
  fc.record({ kind: fc.constant('month-end' as const), leap: anyLeap, daysBefore: anyDaysBefore }),
  fc.record({ kind: fc.constant('year-end' as const), daysBefore: anyDaysBefore }),
);
const anyDate = fc
  .integer({ min: 0, max: 109_000 })
  .map((days) => Temporal.PlainDate.from('1900-01-01').add({ days }).toString());

test('a span computed in two parts equals the whole, sorted, each date once', () => {
  fc.assert(
    fc.property(anyRule, anyDate, fc.integer({ min: 0, max: 900 }), fc.nat(), (rule, fromDate, length, cut) => {
      const from = Temporal.PlainDate.from(fromDate);
      const untilDate = from.add({ days: length }).toString();
      const middle = from.add({ days: cut % (length + 1) });
      const whole = civilDatesOf(rule, { fromDate, untilDate });
      const parts = [
        ...civilDatesOf(rule, { fromDate, untilDate: middle.toString() }),
        ...civilDatesOf(rule, { fromDate: middle.add({ days: 1 }).toString(), untilDate }),
      ];
      expect(parts).toEqual(whole);
      expect([...new Set(whole)].sort()).toEqual(whole);
      expect(whole.every((date) => date >= fromDate && date <= untilDate)).toBe(true);
    }),
    { seed, numRuns: 500 },
  );
});

test('a rule names a date exactly when the lunar date that many days later is one of its days', () => {
  fc.assert(
    fc.property(anyRule, anyDate, (rule, fromDate) => {
      const from = Temporal.PlainDate.from(fromDate);
      const named = new Set(civilDatesOf(rule, { fromDate, untilDate: from.add({ days: 399 }).toString() }));
      for (let days = 0; days < 400; days += 1) {
        const day = from.add({ days });
        if (lunarDateOf(day.add({ days: 30 }).toString()) === undefined) return;
        expect(named.has(day.toString()), day.toString()).toBe(isNamed(rule, day.add({ days: rule.daysBefore ?? 0 })));
      }
    }),
    { seed, numRuns: 30 },
  );
});

test('the next date is the first of all that follow', () => {
  fc.assert(
    fc.property(anyRule, anyDate, (rule, fromDate) => {
      const when: LunarWhen = { kind: 'lunar', from: '1900-01-01', time: '17:00', rule };
      const untilDate = Temporal.PlainDate.from(fromDate).add({ days: 2000 }).toString();
      const first = civilDatesOf(rule, { fromDate, untilDate })[0];
      if (first !== undefined) expect(nextLunarDate(when, fromDate)).toBe(first);
    }),
    { seed, numRuns: 300 },
  );
});

/** The slow definition, day by day, from conversions alone. */
function isNamed(rule: LunarRule, day: Temporal.PlainDate): boolean {
  const lunar = lunarDateOf(day.toString());
  if (lunar === undefined) return false;
  const tomorrow = lunarDateOf(day.add({ days: 1 }).toString());
  const isMonthEnd = tomorrow?.day === 1;
  if (rule.kind === 'year-end') return isMonthEnd && tomorrow?.month === 1;
  if (rule.kind === 'yearly' && rule.month !== lunar.month) return false;
  const leap = rule.leap ?? (rule.kind === 'yearly' ? 'regular' : 'both');
  const hasTwin = [...Array(62).keys()].some((index) => {
    const other = lunarDateOf(day.add({ days: index - 31 }).toString());
    return other?.month === lunar.month && other.isLeapMonth && other.year === lunar.year;
  });
  if (leap === 'regular' && lunar.isLeapMonth) return false;
  if (leap === 'leap' && hasTwin && !lunar.isLeapMonth) return false;
  if (rule.kind === 'month-end') return isMonthEnd;
  const days = rule.kind === 'yearly' ? [rule.day] : rule.days;
  if (days.includes(lunar.day)) return true;
  return rule.lacking === 'last-day' && isMonthEnd && lunar.day === 29 && days.includes(30);
}

describe('a rule is said with every choice that changes a date', () => {
  test.each<{ rule: LunarRule; vi: string; en: string }>([
    {
      rule: { kind: 'monthly', days: [15, 1] },
      vi: 'mùng 1 và rằm hằng tháng âm lịch',
      en: '1st and 15th of every lunar month',
    },
    {
      rule: { kind: 'monthly', days: [30], leap: 'regular' },
      vi: '30 hằng tháng âm lịch, không kể tháng nhuận, tháng thiếu thì không phát',
      en: '30th of every lunar month, leap months left out, not in months of 29 days',
    },
    {
      rule: { kind: 'yearly', month: 3, day: 10, daysBefore: 3 },
      vi: '3 ngày trước mùng 10 tháng Ba âm lịch hằng năm',
      en: '3 days before the 10th of the 3rd lunar month every year',
    },
    {
      rule: { kind: 'yearly', month: 12, day: 30 },
      vi: '30 Chạp âm lịch hằng năm, tháng thiếu thì phát ngày 29',
      en: '30th of the 12th lunar month every year, on the 29th in months of 29 days',
    },
    {
      rule: { kind: 'year-end', daysBefore: 1 },
      vi: '1 ngày trước ngày cuối năm âm lịch (29 hoặc 30 Chạp)',
      en: '1 day before the last day of the lunar year (29 or 30 Chạp)',
    },
  ])('$vi', ({ rule, vi, en }) => {
    expect(lunarRuleWords(rule, 'vi')).toBe(vi);
    expect(lunarRuleWords(rule, 'en')).toBe(en);
  });
});
