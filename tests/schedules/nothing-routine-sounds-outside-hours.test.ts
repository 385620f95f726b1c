/** Nothing routine is planned that hours, limits or rest days forbid, and what is left out says why. */
import { hindranceOf, isExcepted, isPermitted, planDevice, planWindowMs, type SoundingLaw } from '@loa/schedules';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  allDay,
  anyBulletins,
  anyHours,
  anyLaw,
  anyStandingBulletins,
  anyStandingLaw,
  at,
  bulletin,
  everyDay,
} from '../harness/schedule-samples.ts';

const seed = 20_261_125;
const fromMs = at('2026-11-23T00:00');
const window = { fromMs, untilMs: fromMs + planWindowMs };
const morning = { ...allDay, spans: [{ weekdays: everyDay, from: '05:00', until: '05:30' }] };
const restDays = [
  {
    id: 'r1',
    areaIds: ['c1'],
    fromDate: '2026-11-24',
    untilDate: '2026-11-25',
    reason: 'quốc tang',
    document: 'CĐ 1',
  },
];
const holidays = [{ date: '2026-11-24', name: 'lễ' }];

test.each<[string, SoundingLaw, string, Record<string, number | string>]>([
  ['hours', { hours: morning }, '05:29:30', { 'outside-permitted-hours': 9 }],
  ['rest days, both ends included', { hours: allDay, restDays }, '05:00', { 'rest-day': 2 }],
  ['a rest day that the sound runs into', { hours: allDay, restDays }, '23:59:30', { 'rest-day': 3 }],
  ['a sound that ends as the rest day begins', { hours: allDay, restDays }, '23:59', { 'rest-day': 2 }],
  [
    'holidays',
    { hours: allDay, holidays, limits: { restsOnHolidays: { value: true, document: 'QĐ' } } },
    '05:00',
    { holiday: 1 },
  ],
  [
    'holidays that do not rest',
    { hours: allDay, holidays, limits: { restsOnHolidays: { value: false, document: 'QĐ' } } },
    '05:00',
    {},
  ],
  [
    'weekdays',
    { hours: allDay, limits: { weekdays: { value: [1, 2, 3, 4, 5], document: 'QĐ' } } },
    '05:00',
    { weekday: 2 },
  ],
])('%s', (_name, law, time, reasons) => {
  const bulletins = [bulletin({ whens: [{ kind: 'daily', from: '2026-11-23', time }] })];
  const { items, omitted } = planDevice({ bulletins, areaIds: ['c1'], law, window });
  const counted: Record<string, number> = {};
  for (const { reason } of omitted) counted[reason] = (counted[reason] ?? 0) + 1;
  expect(counted).toEqual(reasons);
  expect(items.length + omitted.length).toBe(9);
});

test('what is left out names the rest days or the holiday that silence it', () => {
  const omittedBy = (law: SoundingLaw) =>
    planDevice({ bulletins: [bulletin()], areaIds: ['c1'], law, window }).omitted.map(({ cause }) => cause);
  expect(omittedBy({ hours: allDay, restDays })).toEqual(['r1', 'r1']);
  const restsOnHolidays = { value: true, document: 'QĐ' };
  expect(omittedBy({ hours: allDay, holidays, limits: { restsOnHolidays } })).toEqual(['2026-11-24']);
});

test('what a rule permits is what a clock on the wall says, second by second', () => {
  fc.assert(
    fc.property(
      anyHours(fc.constantFrom('Asia/Ho_Chi_Minh', 'Asia/Kathmandu', 'Africa/Nairobi')),
      fc.integer({ min: 0, max: 14 * 86_400 }),
      (rule, second) => {
        const atMs = fromMs + second * 1_000;
        const clock = Temporal.Instant.fromEpochMilliseconds(atMs).toZonedDateTimeISO(rule.timeZone);
        const time = clock.toPlainTime().toString({ smallestUnit: 'second' });
        const isInside = rule.spans.some(
          ({ weekdays, from, until }) => weekdays.includes(clock.dayOfWeek) && time >= `${from}:00` && time < until,
        );
        expect(isPermitted(rule, { atMs, durationMs: 1 })).toBe(isInside);
      },
    ),
    { seed, numRuns: 2_000 },
  );
});

test.each([
  ['bulletins at their own times', anyBulletins, anyLaw],
  ['standing days', anyStandingBulletins, anyStandingLaw],
])('no law lets anything through that hours forbid, but by an exception it carries: %s', (_name, some, laws) => {
  const pairs = fc.array(fc.tuple(fc.nat(), fc.nat()), { maxLength: 4 });
  fc.assert(
    fc.property(some, laws, pairs, (bulletins, bare, drawn) => {
      const undecided = planDevice({ bulletins, areaIds: ['c1'], law: bare, window }).items;
      const nameOf = (index: number) => undecided[index % undecided.length]?.occurrence ?? '';
      const law = {
        ...bare,
        turns: drawn.map(([a, b]) => ({ areaIds: ['c1'], first: nameOf(a), second: nameOf(b) })),
      };
      const { items } = planDevice({ bulletins, areaIds: ['c1'], law, window });
      for (const { atMs, lengthMsMax, exception } of items) {
        const span = { atMs, durationMs: lengthMsMax - 2_000 };
        const hindrance = hindranceOf(law, span);
        if (exception === undefined) expect(hindrance).toBeUndefined();
        else expect(isExcepted(exception, span)).toBe(true);
        if (!isPermitted(law.hours, span)) expect(exception).toBeDefined();
      }
    }),
    { seed, numRuns: 300 },
  );
});

test('every occurrence is planned or left out, never both, never neither', () => {
  fc.assert(
    fc.property(anyBulletins, anyLaw, (bulletins, law) => {
      const all = planDevice({ bulletins, areaIds: ['c1'], law: { hours: allDay }, window });
      const plan = planDevice({ bulletins, areaIds: ['c1'], law, window });
      const found = [...plan.items, ...plan.omitted].map(({ occurrence }) => occurrence).sort();
      expect(found).toEqual([...all.items, ...all.omitted].map(({ occurrence }) => occurrence).sort());
    }),
    { seed, numRuns: 200 },
  );
});

test('a span longer than any sound is not permitted, at once', () => {
  expect(isPermitted(allDay, { atMs: fromMs, durationMs: 1e15 })).toBe(false);
});
