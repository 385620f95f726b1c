/** The plan of a device: whose bulletins it holds, in which order, and never outside permitted hours. */
import { type Bulletin, type HoursRule, isPermitted, permittedUntil, planDevice, planWindowMs } from '@loa/schedules';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

const timeZone = 'Asia/Ho_Chi_Minh';
const fromMs = Temporal.Instant.from('2026-11-22T17:00Z').epochMilliseconds;
const window = { fromMs, untilMs: fromMs + planWindowMs };
const allDay: HoursRule = {
  timeZone,
  spans: [{ weekdays: [1, 2, 3, 4, 5, 6, 7], from: '00:00', until: '24:00' }],
  document: 'QĐ 1',
};
const morning: HoursRule = {
  timeZone,
  spans: [{ weekdays: [1, 2, 3, 4, 5, 6], from: '04:45', until: '05:30' }],
  document: 'QĐ 2',
};

function bulletin(over: Partial<Bulletin>): Bulletin {
  return {
    id: 'b1',
    class: 'normal',
    areaIds: ['c1'],
    clipId: 'a'.repeat(64),
    clipDurationMs: 60_000,
    whens: [{ kind: 'daily', from: '2026-11-23', time: '05:00' }],
    late: { kind: 'start', lateMsMax: 60_000 },
    resume: 'drop',
    repeat: { count: 1, gapMs: 0 },
    timeZone,
    acceptedNumber: 1,
    ...over,
  };
}

test('a device holds what addresses it or an area above it, and nothing else', () => {
  const bulletins = [
    bulletin({ id: 'own', areaIds: ['g1'] }),
    bulletin({ id: 'above', areaIds: ['p68'] }),
    bulletin({ id: 'other', areaIds: ['c2'] }),
  ];
  const plan = planDevice({ bulletins, areaIds: ['g1', 'c1', 'p68'], law: { hours: allDay }, window });
  expect(new Set(plan.items.map((item) => item.bulletinId))).toEqual(new Set(['own', 'above']));
  expect(plan.items).toHaveLength(18);
});

test('an emergency never travels in a plan', () => {
  const plan = planDevice({
    bulletins: [bulletin({ class: 'emergency' })],
    areaIds: ['c1'],
    law: { hours: allDay },
    window,
  });
  expect(plan.items).toEqual([]);
});

test('equals are ordered by rank, then by acceptance', () => {
  const bulletins = [
    bulletin({ id: 'late-accepted', acceptedNumber: 9 }),
    bulletin({ id: 'priority', class: 'priority', acceptedNumber: 10 }),
    bulletin({ id: 'early-accepted', acceptedNumber: 2 }),
  ];
  const plan = planDevice({
    bulletins,
    areaIds: ['c1'],
    law: { hours: allDay },
    window: { fromMs, untilMs: fromMs + 86_400_000 },
  });
  expect(plan.items.map((item) => item.bulletinId)).toEqual(['priority', 'early-accepted', 'late-accepted']);
});

test('nothing outside permitted hours is planned, and each omission is told', () => {
  const bulletins = [
    bulletin({ whens: [{ kind: 'daily', from: '2026-11-23', time: '03:15' }] }),
    bulletin({ id: 'b2' }),
  ];
  const plan = planDevice({ bulletins, areaIds: ['c1'], law: { hours: morning }, window });
  expect(plan.items.every((item) => item.bulletinId === 'b2')).toBe(true);
  expect(plan.omitted.filter((omission) => omission.occurrence.startsWith('b1@'))).toHaveLength(9);
  expect(plan.omitted.filter((omission) => omission.occurrence.startsWith('b2@'))).toHaveLength(1);
});

describe('permitted hours', () => {
  const monday = (time: string): number =>
    Temporal.ZonedDateTime.from(`2026-11-23T${time}[${timeZone}]`).epochMilliseconds;
  test.each([
    ['at the first instant', '04:45', 60_000, true],
    ['a millisecond too early', '04:44:59.999', 60_000, false],
    ['to the last instant', '05:29', 60_000, true],
    ['running over the end', '05:29:01', 60_000, false],
  ])('%s', (_name, time, durationMs, expected) => {
    expect(isPermitted(morning, { atMs: monday(time), durationMs })).toBe(expected);
  });

  test('an instant between two milliseconds is judged like any other', () => {
    expect(isPermitted(morning, { atMs: monday('05:00') + 0.25, durationMs: 60_000.5 })).toBe(true);
    expect(isPermitted(morning, { atMs: monday('04:44:59.999') + 0.75, durationMs: 60_000 })).toBe(false);
  });

  test('a span across midnight is judged on both days', () => {
    expect(isPermitted(allDay, { atMs: monday('23:59'), durationMs: 120_000 })).toBe(true);
    const mondayOnly = { ...allDay, spans: [{ weekdays: [1], from: '00:00', until: '24:00' }] };
    expect(isPermitted(mondayOnly, { atMs: monday('23:59'), durationMs: 120_000 })).toBe(false);
    expect(permittedUntil(mondayOnly, monday('23:59'))).toBe(monday('00:00') + 86_400_000);
  });
});

test('equal input gives an equal plan, byte for byte, whatever the order of the bulletins', () => {
  const some = fc.array(
    fc.record({ n: fc.integer({ min: 1, max: 50 }), hour: fc.integer({ min: 0, max: 23 }), priority: fc.boolean() }),
    { maxLength: 8 },
  );
  fc.assert(
    fc.property(some, fc.infiniteStream(fc.nat()), (specs, picks) => {
      const bulletins = specs.map(({ hour, priority }, index) =>
        bulletin({
          id: `b${index}`,
          acceptedNumber: index,
          class: priority ? 'priority' : 'normal',
          whens: [{ kind: 'daily', from: '2026-11-23', time: `${String(hour).padStart(2, '0')}:00` }],
        }),
      );
      const shuffled = [...bulletins];
      for (let i = shuffled.length - 1; i > 0; i -= 1) {
        const j = (picks.next().value ?? 0) % (i + 1);
        [shuffled[i], shuffled[j]] = [shuffled[j] as Bulletin, shuffled[i] as Bulletin];
      }
      const plan = (list: Bulletin[]): string =>
        JSON.stringify(planDevice({ bulletins: list, areaIds: ['c1'], law: { hours: allDay }, window }));
      expect(plan(shuffled)).toBe(plan(bulletins));
    }),
  );
});
