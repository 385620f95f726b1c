/** An area lower in the tree may be stricter than those above it, never wider; what it does not get is told. */
import {
  type AreaLimits,
  type HoursRule,
  isPermitted,
  lawAt,
  narrowHours,
  narrowLimits,
  permittedSpansMax,
  type Weekday,
} from '@loa/schedules';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { anyHours, anyLimits, at, clockOf, everyDay, timeZone } from '../harness/schedule-samples.ts';

const seed = 20_261_125;
const working = [1, 2, 3, 4, 5] as const;

function rule(document: string, from: string, until: string, weekdays: readonly number[] = everyDay): HoursRule {
  return { timeZone, spans: [{ weekdays, from, until }], document };
}

describe('permitted hours', () => {
  test.each<[string, HoursRule, HoursRule, HoursRule, HoursRule['spans']]>([
    [
      'a stricter commune is heard as it wrote',
      rule('xã', '06:00', '18:00'),
      rule('tỉnh', '05:00', '21:00'),
      rule('xã', '06:00', '18:00'),
      [],
    ],
    [
      'a wider commune gets what the province permits',
      rule('xã', '04:00', '22:00'),
      rule('tỉnh', '05:00', '21:00'),
      rule('xã; tỉnh', '05:00', '21:00'),
      [
        { weekdays: [...everyDay], from: '04:00', until: '05:00' },
        { weekdays: [...everyDay], from: '21:00', until: '22:00' },
      ],
    ],
    [
      'each is cut by the other',
      rule('xã', '04:45', '12:00', working),
      rule('tỉnh', '05:00', '21:00', [1, 2, 6]),
      rule('xã; tỉnh', '05:00', '12:00', [1, 2]),
      [
        { weekdays: [1, 2], from: '04:45', until: '05:00' },
        { weekdays: [3, 4, 5], from: '04:45', until: '12:00' },
      ],
    ],
  ])('%s', (_name, own, above, holds, cut) => {
    const narrowed = narrowHours(
      [
        { areaId: 'c1', rule: own },
        { areaId: 'p', rule: above },
      ],
      timeZone,
    );
    expect(narrowed.rule).toEqual(holds);
    expect(narrowed.cuts.flatMap(({ spans }) => spans)).toEqual(cut);
    expect(narrowed.cuts.every(({ areaId, reason }) => areaId === 'c1' && reason === 'beyond-above')).toBe(true);
  });

  test('until anything is decided the cautious default holds and is told as one', () => {
    expect(narrowHours([], timeZone)).toMatchObject({ isDefault: true, rule: { spans: [{ from: '05:00' }] } });
  });

  test('hours written for another zone permit nothing, and are told as cut', () => {
    const own = { ...rule('xã', '06:00', '18:00'), timeZone: 'Asia/Tokyo' };
    const narrowed = narrowHours(
      [
        { areaId: 'c1', rule: own },
        { areaId: 'p', rule: rule('tỉnh', '05:00', '21:00') },
      ],
      timeZone,
    );
    expect(narrowed.rule.spans).toEqual([]);
    expect(narrowed.cuts).toMatchObject([{ areaId: 'c1', reason: 'other-zone' }]);
  });

  test('more pieces than a rule may have are given up at the end, which only narrows', () => {
    const quarters = (document: string, firstMinute: number): HoursRule => ({
      timeZone,
      document,
      spans: Array.from({ length: permittedSpansMax }, (_, index) => ({
        weekdays: everyDay,
        from: clockOf(firstMinute + index * 20),
        until: clockOf(firstMinute + index * 20 + 15),
      })),
    });
    const { rule: holds, cuts } = narrowHours(
      [
        { areaId: 'c1', rule: quarters('xã', 0) },
        { areaId: 'p', rule: quarters('tỉnh', 10) },
      ],
      timeZone,
    );
    expect(holds.spans.length).toBe(permittedSpansMax);
    expect(cuts.map(({ reason }) => reason)).toContain('too-many-spans');
  });

  test('an instant is permitted exactly when every decision in the chain permits it, in zones that change their clocks', () => {
    const zones = fc.constantFrom('Asia/Ho_Chi_Minh', 'Europe/Berlin', 'Australia/Lord_Howe', 'America/New_York');
    const decisions = zones.chain((zone) => fc.array(anyHours(fc.constant(zone)), { minLength: 1, maxLength: 4 }));
    const changes = ['2026-03-07', '2026-03-28', '2026-04-04', '2026-10-03', '2026-10-24', '2026-10-31', '2026-11-23'];
    fc.assert(
      fc.property(decisions, fc.constantFrom(...changes), fc.nat(3 * 1_440), (rules, day, minute) => {
        const atMs = at(`${day}T00:00`) + minute * 60_000;
        const { rule: holds } = narrowHours(
          rules.map((each, index) => ({ areaId: `a${index}`, rule: each })),
          timeZone,
        );
        const span = { atMs, durationMs: 1 };
        expect(isPermitted(holds, span)).toBe(rules.every((each) => isPermitted(each, span)));
      }),
      { seed, numRuns: 2_000 },
    );
  });

  test('what is cut and what holds make up what was decided', () => {
    fc.assert(
      fc.property(anyHours(), anyHours(), fc.nat(7 * 1_440), (own, above, minute) => {
        const span = { atMs: at('2026-11-23T00:00') + minute * 60_000, durationMs: 1 };
        const { rule: holds, cuts } = narrowHours(
          [
            { areaId: 'c1', rule: own },
            { areaId: 'p', rule: above },
          ],
          timeZone,
        );
        const isCut = isPermitted({ ...own, spans: cuts.flatMap(({ spans }) => spans) }, span);
        expect([isPermitted(holds, span), isCut].filter(Boolean)).toHaveLength(isPermitted(own, span) ? 1 : 0);
      }),
      { seed, numRuns: 500 },
    );
  });
});

describe('limits', () => {
  const by = <T>(value: T, document: string) => ({ value, document });

  test.each<[string, AreaLimits, AreaLimits, AreaLimits, string[]]>([
    [
      'the smaller number holds',
      { sessionMinutesMax: by(15, 'xã') },
      { sessionMinutesMax: by(45, 'tỉnh') },
      { sessionMinutesMax: by(15, 'xã') },
      [],
    ],
    [
      'a greater one has no effect',
      { sessionsPerDayMax: by(3, 'xã') },
      { sessionsPerDayMax: by(2, 'tỉnh') },
      { sessionsPerDayMax: by(2, 'tỉnh') },
      ['sessionsPerDayMax'],
    ],
    [
      'weekdays are those of both',
      { weekdays: by([1, 6], 'xã') },
      { weekdays: by([1, 2], 'tỉnh') },
      { weekdays: by([1], 'xã; tỉnh') },
      ['weekdays'],
    ],
    [
      'holidays rest when anyone above says so',
      { restsOnHolidays: by(false, 'xã') },
      { restsOnHolidays: by(true, 'tỉnh') },
      { restsOnHolidays: by(true, 'tỉnh') },
      ['restsOnHolidays'],
    ],
    [
      'what only one decided holds',
      { weekdays: by([1], 'xã') },
      { restsOnHolidays: by(true, 'tỉnh') },
      { weekdays: by([1], 'xã'), restsOnHolidays: by(true, 'tỉnh') },
      [],
    ],
  ])('%s', (_name, own, above, holds, cut) => {
    const { limits, cuts } = narrowLimits([
      { areaId: 'c1', limits: own },
      { areaId: 'p', limits: above },
    ]);
    expect(limits).toEqual(holds);
    expect(cuts).toEqual(cut.map((limit) => ({ areaId: 'c1', limit })));
  });

  test('no chain of decisions is wider than any one of them', () => {
    const most = (limit: { value: number } | undefined) => limit?.value ?? Number.POSITIVE_INFINITY;
    const days = (limit: { value: readonly Weekday[] } | undefined) => limit?.value ?? everyDay;
    fc.assert(
      fc.property(fc.array(anyLimits, { maxLength: 4 }), (chain) => {
        const { limits } = narrowLimits(chain.map((each, index) => ({ areaId: `a${index}`, limits: each })));
        for (const each of chain) {
          expect(most(limits.sessionsPerDayMax)).toBeLessThanOrEqual(most(each.sessionsPerDayMax));
          expect(most(limits.sessionMinutesMax)).toBeLessThanOrEqual(most(each.sessionMinutesMax));
          expect(days(each.weekdays)).toEqual(expect.arrayContaining([...days(limits.weekdays)]));
          if (each.restsOnHolidays?.value === true) expect(limits.restsOnHolidays?.value).toBe(true);
        }
      }),
      { seed },
    );
  });
});

test('the law of a place holds what names it, and nothing of its neighbours', () => {
  const areas = new Map(
    [
      ['p', null],
      ['c1', 'p'],
      ['c2', 'p'],
    ].map(([id, parentId]) => [id ?? '', { id: id ?? '', parentId: parentId ?? null }]),
  );
  const rest = (id: string, areaIds: string[], clusterIds: string[]) => ({
    ...{ id, areaIds, clusterIds, fromMs: 0, untilMs: 1, reason: 'tang lễ', by: 'canbo' },
  });
  const book = {
    timeZone,
    decisions: new Map([
      ['p', { hours: rule('tỉnh', '05:00', '21:00'), sessions: [] }],
      ['c1', { hours: rule('xã', '04:00', '20:00') }],
    ]),
    rests: [rest('r1', ['c1'], []), rest('r2', ['c2'], []), rest('r3', [], ['k1'])],
  };
  const atC1 = lawAt(book, { areas, areaId: 'c1' });
  expect(atC1.law.rests?.map(({ id }) => id)).toEqual(['r1']);
  expect(atC1.hoursCuts).toHaveLength(1);
  expect(lawAt(book, { areas, areaId: 'c2', clusterId: 'k1' }).law.rests?.map(({ id }) => id)).toEqual(['r2', 'r3']);
  expect(lawAt({ timeZone, decisions: new Map() }, { areas, areaId: 'c2' })).toMatchObject({ isDefault: true });
});
