/** Laws of every recurrence, for generated sets in zones with and without changes of the clock. */
import {
  civilStartsOf,
  endOfSet,
  firstInstantOfSet,
  formatRecurrenceSet,
  instantsOfSet,
  isStartNamed,
  parseRecurrenceSet,
  type RecurrenceRule,
  type RecurrenceSet,
} from '@loa/schedules/recurrence';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isFull } from '../harness/full.ts';

const seed = 20_261_125;
const dayMs = 86_400_000;
const beginMs = Date.UTC(2026, 0, 1);
const zones = [
  'Asia/Ho_Chi_Minh',
  'America/New_York',
  'Europe/Berlin',
  'Australia/Lord_Howe',
  'Africa/Casablanca',
  'UTC',
];

const eitherEnd = (max: number): fc.Arbitrary<number> =>
  fc.integer({ min: 1, max }).chain((value) => fc.constantFrom(value, -value));
const some = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(value, { nil: undefined, freq: 1 });
const list = (value: fc.Arbitrary<number | string>): fc.Arbitrary<string | undefined> =>
  some(fc.uniqueArray(value, { minLength: 1, maxLength: 4 }).map(String));
const dayNames = fc.constantFrom('MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU');
const basic = (startMs: number): string => new Date(startMs).toISOString().slice(0, 19).replaceAll(/[-:]/g, '');
const moment = fc.integer({ min: 0, max: 700 * 24 * 4 }).map((quarter) => basic(beginMs + quarter * 900_000));

const anyText = fc
  .record({
    zone: fc.constantFrom(...zones),
    start: moment,
    frequency: fc.constantFrom('YEARLY', 'MONTHLY', 'WEEKLY', 'DAILY', 'HOURLY'),
    parts: fc.record({
      INTERVAL: some(fc.integer({ min: 1, max: 5 }).map(String)),
      BYMONTH: list(fc.integer({ min: 1, max: 12 })),
      BYMONTHDAY: list(eitherEnd(31)),
      BYYEARDAY: list(eitherEnd(366)),
      BYWEEKNO: list(eitherEnd(53)),
      BYDAY: list(dayNames),
      BYHOUR: list(fc.integer({ min: 0, max: 23 })),
      BYMINUTE: list(fc.constantFrom(0, 15, 30)),
      BYSETPOS: list(eitherEnd(4)),
      WKST: some(dayNames),
    }),
    end: some(
      fc.oneof(
        fc.integer({ min: 1, max: 200 }).map((count) => `COUNT=${count}`),
        moment.map((at) => `UNTIL=${at}Z`),
      ),
    ),
    extra: fc.array(moment, { maxLength: 3 }),
    except: fc.array(moment, { maxLength: 3 }),
  })
  .map(({ zone, start, frequency, parts, end, extra, except }) => {
    const given = Object.entries(parts).flatMap(([name, value]) => (value === undefined ? [] : [`${name}=${value}`]));
    const rule = [`FREQ=${frequency}`, ...given, ...(end === undefined ? [] : [end])].join(';');
    const dates = [...extra.map((at) => `RDATE:${at}Z`), ...except.map((at) => `EXDATE;VALUE=DATE:${at.slice(0, 8)}`)];
    return [`DTSTART;TZID=${zone}:${start}`, `RRULE:${rule}`, ...dates].join('\r\n');
  });

/** Generated texts that are taken; the others are refused, which another file proves. */
function holds(law: (set: RecurrenceSet, random: number) => void): void {
  let taken = 0;
  fc.assert(
    fc.property(anyText, fc.nat({ max: 1_000 }), (text, random) => {
      const parsed = parseRecurrenceSet(text, { timeZone: 'UTC' });
      if (!parsed.ok) return;
      taken += 1;
      law(parsed.set, random);
    }),
    { seed, numRuns: isFull ? 2_000 : 600 },
  );
  expect(taken).toBeGreaterThan(250);
}

const whole = { fromMs: beginMs, untilMs: beginMs + 1_000 * dayMs };

test('a window computed in two parts equals the whole, sorted, each instant once', () => {
  holds((set, random) => {
    const cutMs = beginMs + random * dayMs + random * 1_234_567;
    const all = instantsOfSet(set, whole);
    const parts = [
      ...instantsOfSet(set, { fromMs: whole.fromMs, untilMs: cutMs }),
      ...instantsOfSet(set, { fromMs: cutMs, untilMs: Math.max(cutMs, whole.untilMs) }),
    ];
    expect(parts.filter((atMs) => atMs < whole.untilMs)).toEqual(all);
    expect(all).toEqual([...new Set(all)].sort((a, b) => a - b));
  });
});

test('civil starts and instants are the same starts', () => {
  holds((set) => {
    const civil = civilStartsOf(set, { fromDate: '2026-09-01', untilDate: '2026-11-30' });
    const instants = instantsOfSet(set, { fromMs: Date.UTC(2026, 7, 30), untilMs: Date.UTC(2026, 11, 2) });
    const shown = instants.map((atMs) =>
      Temporal.Instant.fromEpochMilliseconds(atMs)
        .toZonedDateTimeISO(set.timeZone)
        .toPlainDateTime()
        .toString({ smallestUnit: 'second' }),
    );
    expect(civil).toEqual(shown.filter((each) => each >= '2026-09-01' && each < '2026-12-01'));
  });
});

test('the first instant from anywhere is the first of the window, the last one the last of all', () => {
  holds((set, random) => {
    const fromMs = beginMs + random * dayMs;
    const after = instantsOfSet(set, { fromMs, untilMs: fromMs + 1_000 * dayMs });
    const first = firstInstantOfSet(set, fromMs);
    if (after.length > 0 || first === undefined) expect(first).toBe(after[0]);
    else expect(first).toBeGreaterThanOrEqual(fromMs + 1_000 * dayMs);
    const end = endOfSet(set);
    if (end.kind === 'last') {
      expect(instantsOfSet(set, { fromMs: end.atMs, untilMs: Number.POSITIVE_INFINITY })).toEqual([end.atMs]);
      expect(firstInstantOfSet(set, end.atMs + 1)).toBeUndefined();
    } else {
      expect(end.kind).toBe('endless');
    }
  });
});

test('written and read again, a set is the same, and so are its bytes', () => {
  holds((set) => {
    const text = formatRecurrenceSet(set);
    expect(parseRecurrenceSet(text, { timeZone: 'UTC' })).toEqual({ ok: true, set });
    expect(text.split('\r\n').every((line) => line.length <= 75)).toBe(true);
  });
});

test('every generated start satisfies every part of its rule', () => {
  holds((set) => {
    const [rule] = set.rules;
    if (rule === undefined) return;
    const generated = { ...set, extraStarts: [] };
    const texts = civilStartsOf(generated, { fromDate: '2026-01-01', untilDate: '2028-09-27' });
    const sample = texts.filter((_, index) => index % Math.ceil(texts.length / 30) === 0);
    const wrong = sample.flatMap((text) => unsatisfied(rule, Temporal.PlainDateTime.from(text)));
    expect(wrong, formatRecurrenceSet(set)).toEqual([]);
  });
});

function unsatisfied(rule: RecurrenceRule, at: Temporal.PlainDateTime): string[] {
  const fromEnd = (value: number, length: number): number[] => [value, value - length - 1];
  const has = (values: readonly number[] | undefined, candidates: number[]): boolean =>
    values === undefined || candidates.some((each) => values.includes(each));
  const checks: [string, boolean][] = [
    ['BYMONTH', has(rule.byMonth, [at.month])],
    ['BYMONTHDAY', has(rule.byMonthDay, fromEnd(at.day, at.daysInMonth))],
    ['BYYEARDAY', has(rule.byYearDay, fromEnd(at.dayOfYear, at.daysInYear))],
    [
      'BYDAY',
      has(
        rule.byDay?.map(({ weekday }) => weekday),
        [at.dayOfWeek],
      ),
    ],
    ['BYHOUR', has(rule.byHour, [at.hour])],
    ['BYMINUTE', has(rule.byMinute, [at.minute])],
  ];
  if (rule.weekStart === 1 && rule.byWeekNo !== undefined) {
    const weeks = Temporal.PlainDate.from({ year: at.yearOfWeek ?? 0, month: 12, day: 28 }).weekOfYear ?? 0;
    checks.push(['BYWEEKNO', has(rule.byWeekNo, fromEnd(at.weekOfYear ?? 0, weeks))]);
  }
  return checks.filter(([, isSatisfied]) => !isSatisfied).map(([name]) => name);
}

test('a set with COUNT names so many starts, and DTSTART is the first where the rule names it', () => {
  holds((set) => {
    const [rule] = set.rules;
    if (rule?.count === undefined) return;
    const generated = { ...set, extraStarts: [], exceptions: [] };
    const all = instantsOfSet(generated, { fromMs: Number.NEGATIVE_INFINITY, untilMs: Number.POSITIVE_INFINITY });
    expect(all.length).toBeLessThanOrEqual(rule.count);
    if (all.length < rule.count) expect(all.at(-1) ?? Number.POSITIVE_INFINITY).toBeGreaterThan(Date.UTC(2100, 0, 1));
    const civilStart = Temporal.PlainDateTime.from(set.start).toZonedDateTime(set.timeZone);
    if (isStartNamed(generated)) expect(all[0]).toBe(civilStart.epochMilliseconds);
    else expect(all[0] ?? Number.POSITIVE_INFINITY).toBeGreaterThan(civilStart.epochMilliseconds);
  });
});
