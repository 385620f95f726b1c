/**
 * Generated rules come out as rrule.js 2.8.1 expands them, where it is known right: in UTC, without the parts that it
 * fills in otherwise than RFC 8984 §4.3.3.1, and without the parts that RFC 5545 §3.3.10 forbids.
 */
import { instantsOfSet, readRecurrenceSet } from '@loa/schedules/recurrence';
import fc from 'fast-check';
import rrule from 'rrule';
import { expect, test } from 'vitest';

const seed = 20_261_125;
const days = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'] as const;

function listOf(values: fc.Arbitrary<number | string>, maxLength: number): fc.Arbitrary<string | undefined> {
  const list = fc.uniqueArray(values, { minLength: 1, maxLength }).map((each) => each.join(','));
  return fc.option(list, { nil: undefined, freq: 1 });
}

function fromEitherEnd(max: number): fc.Arbitrary<number> {
  return fc.integer({ min: 1, max }).chain((value) => fc.constantFrom(value, -value));
}

const byMonth = listOf(fc.integer({ min: 1, max: 12 }), 4);
const byMonthDay = listOf(fromEitherEnd(31), 4);
const byDay = listOf(fc.constantFrom(...days), 4);
const byNthDay = listOf(
  fc.tuple(fromEitherEnd(5), fc.constantFrom(...days)).map(([nth, day]) => `${nth}${day}`),
  3,
);
const times = {
  BYHOUR: listOf(fc.integer({ min: 0, max: 23 }), 3),
  BYMINUTE: listOf(fc.integer({ min: 0, max: 59 }), 2),
  BYSECOND: listOf(fc.integer({ min: 0, max: 59 }), 2),
  BYSETPOS: listOf(fromEitherEnd(6), 2),
  WKST: fc.option(fc.constantFrom(...days), { nil: undefined }),
};

type Parts = Record<string, fc.Arbitrary<string | undefined>>;

const yearly: Parts[] = [
  { BYMONTH: byMonth, BYDAY: byDay },
  { BYMONTH: byMonth, BYDAY: byNthDay },
  { BYMONTH: byMonth, BYYEARDAY: listOf(fromEitherEnd(366), 5) },
  {
    BYWEEKNO: listOf(fromEitherEnd(53), 3),
    BYDAY: fc.constantFrom(...days),
    INTERVAL: fc.constant('1'),
    BYSETPOS: fc.constant(undefined),
  },
];
const perFrequency: Record<string, Parts[]> = {
  YEARLY: yearly,
  MONTHLY: [
    { BYMONTH: byMonth, BYMONTHDAY: byMonthDay, BYDAY: byDay },
    { BYMONTH: byMonth, BYDAY: byNthDay },
  ],
  WEEKLY: [{ BYMONTH: byMonth, BYDAY: byDay }],
  DAILY: [{ BYMONTH: byMonth, BYMONTHDAY: byMonthDay, BYDAY: byDay }],
  HOURLY: [{ BYMONTH: byMonth, BYMONTHDAY: byMonthDay, BYDAY: byDay }],
  MINUTELY: [{ BYMONTH: byMonth, BYDAY: byDay }],
};

const anyRule = fc.constantFrom(...Object.keys(perFrequency)).chain((frequency) =>
  fc.constantFrom(...(perFrequency[frequency] ?? [])).chain((parts) =>
    fc.record({ INTERVAL: fc.integer({ min: 1, max: 9 }).map(String), ...times, ...parts }).map((chosen) => {
      const given = Object.entries(chosen).filter(([, value]) => value !== undefined);
      const hasOther = given.some(([name]) => /^BY(?!SETPOS)/.test(name));
      const kept = given.filter(([name]) => hasOther || name !== 'BYSETPOS');
      return [`FREQ=${frequency}`, ...kept.map(([name, value]) => `${name}=${value}`)].join(';');
    }),
  ),
);

test('the first starts of generated rules', () => {
  let compared = 0;
  fc.assert(
    fc.property(anyRule, fc.integer({ min: 0, max: 5_000 * 86_400 }), (rule, startSeconds) => {
      const startMs = Date.UTC(2012, 0, 1) + startSeconds * 1_000;
      const basic = `${new Date(startMs).toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}Z`;
      const read = readRecurrenceSet(`DTSTART:${basic}\nRRULE:${rule}`, { timeZone: 'UTC' });
      if (!read.ok) throw new Error(`${read.reason} at ${read.at}`);
      const untilMs = startMs + 86_400_000 * (/HOURLY|MINUTELY/.test(rule) ? 3 : 1_500);
      const expected = rrule
        .rrulestr(
          `DTSTART:${basic}\nRRULE:${rule};UNTIL=${new Date(untilMs - 1_000).toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}Z`,
        )
        .all((_, index) => index < 500)
        .map((date) => date.getTime());
      const found = instantsOfSet(read.set, { fromMs: startMs, untilMs });
      compared += expected.length > 0 ? 1 : 0;
      expect(found.slice(0, expected.length)).toEqual(expected);
      if (expected.length < 500) expect(found.length).toBe(expected.length);
    }),
    { seed, numRuns: 1_500 },
  );
  expect(compared).toBeGreaterThan(700);
});
