/**
 * The plan of a place with a standing day: who is placed in it and who goes at its own time, what the law leaves out, and
 * laws for generated days: nothing in a session overlaps, nothing is there twice, and every item plays when planned.
 */
import {
  type DevicePlan,
  forecaster,
  type PlanItem,
  type PlannedBulletin,
  planDevice,
  plannedLengthMs,
  planWindowMs,
  type Session,
  type SoundingLaw,
  takingPart,
} from '@loa/schedules';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  allDay,
  anyStandingBulletins,
  anyStandingLaw,
  at,
  bulletin,
  everyDay,
  morningSession,
  once,
  timeZone,
} from '../harness/schedule-samples.ts';

const seed = 20_261_125;
const fromMs = at('2026-11-23T00:00');
const window = { fromMs, untilMs: fromMs + planWindowMs };
const monday = { fromMs, untilMs: fromMs + 86_400_000 };
const law: SoundingLaw = { hours: allDay, sessions: [morningSession] };

function timesOf({ items }: DevicePlan): string[] {
  return items.map(({ bulletinId, atMs }) => {
    const zoned = Temporal.Instant.fromEpochMilliseconds(atMs).toZonedDateTimeISO(timeZone);
    return `${bulletinId} ${zoned.toPlainTime().toString({ smallestUnit: 'second' })}`;
  });
}

function mondayOf(bulletins: PlannedBulletin[], over: Partial<SoundingLaw> = {}, clusterId?: string) {
  return planDevice({ bulletins, areaIds: ['c1'], clusterId, law: { ...law, ...over }, window: monday });
}

const morning = { slot: 'morning' as const };

test('a relay carries its stream and its length, tunes are never late, and all are named after the session', () => {
  const { items } = mondayOf([bulletin(morning)]);
  const start = at('2026-11-23T04:45') / 1_000;
  const plain = { class: 'normal', repeat: { count: 1, gapMs: 0 } };
  expect(items).toMatchObject([
    { ...plain, occurrence: `opening@${start}`, late: { kind: 'skip', lateMsMax: 1_000 }, resume: 'drop' },
    {
      ...plain,
      occurrence: `station@${start}`,
      bulletinId: 'station',
      clipId: 'd'.repeat(64),
      relay: { url: 'https://station.example/live', lengthMs: 900_000 },
      late: { kind: 'join', lateMsMax: 900_000 },
      resume: 'resume',
      lengthMsMax: 902_000,
    },
    { occurrence: `b1@${start}`, late: { kind: 'start', lateMsMax: 60_000 } },
    { occurrence: `closing@${start}` },
  ]);
  expect(items.every(({ gainDb }) => gainDb === undefined)).toBe(true);
});

describe('who is placed', () => {
  const station = { ...morningSession, parts: [] };
  const bulletinsAlone = { ...morningSession, parts: undefined };
  test.each<[string, PlannedBulletin, Partial<SoundingLaw>, string[]]>([
    ['whatever time its whens say', once('a', '2026-11-23T22:00', morning), {}, ['a 04:45:00']],
    ['without a slot: its own time', once('a', '2026-11-23T05:00'), {}, ['a 05:00:00']],
    ['another slot: its own time', once('a', '2026-11-23T05:00', { slot: 'noon' }), {}, ['a 05:00:00']],
    [
      'no such session on that weekday: its own time',
      once('a', '2026-11-23T05:00', morning),
      { sessions: [{ ...bulletinsAlone, weekdays: [2, 3] }] },
      ['a 05:00:00'],
    ],
    [
      'a session that only has a name: its own time',
      once('a', '2026-11-23T05:00', morning),
      { sessions: [{ ...bulletinsAlone, slot: undefined }] },
      ['a 05:00:00'],
    ],
    ['no part takes it: its own time', once('a', '2026-11-23T05:00', morning), { sessions: [station] }, ['a 05:00:00']],
    [
      'play now is never placed',
      bulletin({ id: 'a', whens: [], nowAtMs: at('2026-11-23T09:00'), ...morning }),
      {},
      ['a 09:00:00'],
    ],
    [
      'twice a day by its whens is once in the session',
      bulletin({
        id: 'a',
        whens: [
          { kind: 'once', date: '2026-11-23', time: '05:00' },
          { kind: 'daily', from: '2026-11-23', time: '17:00' },
        ],
        ...morning,
      }),
      {},
      ['a 04:45:00'],
    ],
    [
      'accepted when the session was over: not today',
      once('a', '2026-11-23T22:00', { ...morning, createdMs: at('2026-11-23T06:00') }),
      {},
      [],
    ],
    ['withdrawn', once('a', '2026-11-23T22:00', { withdrawnMs: at('2026-11-23T06:00') }), {}, []],
  ])('%s', (_name, one, over, expected) => {
    const sessions = [bulletinsAlone];
    expect(timesOf(mondayOf([one], { sessions, ...over }))).toEqual(expected);
  });

  test('played now at the second in which its session begins, it is not placed there under the same name', () => {
    const now = bulletin({ id: 'a', nowAtMs: at('2026-11-23T04:45') + 300, ...morning });
    expect(timesOf(mondayOf([now], { sessions: [bulletinsAlone] }))).toEqual(['a 04:45:00']);
  });

  test('a bulletin that names its cluster alone', () => {
    const one = once('a', '2026-11-23T05:00', { areaIds: [], clusterIds: ['k1', 'k2'] });
    expect(timesOf(mondayOf([one], {}, 'k2')).filter((each) => each.startsWith('a'))).toHaveLength(1);
    expect(timesOf(mondayOf([one], {}, 'k3')).filter((each) => each.startsWith('a'))).toHaveLength(0);
    expect(timesOf(mondayOf([one])).filter((each) => each.startsWith('a'))).toHaveLength(0);
  });
});

describe('what the law leaves out', () => {
  const own = { ...morningSession, parts: morningSession.parts?.filter(({ kind }) => kind !== 'relay') };
  const sessions = [own];

  test('hours hold inside a session too', () => {
    const hours = { ...allDay, spans: [{ weekdays: everyDay, from: '05:00', until: '21:00' }] };
    const plan = mondayOf(
      [
        bulletin({ ...morning, clipDurationMs: 600_000 }),
        bulletin({ id: 'b2', acceptedNumber: 2, ...morning, clipDurationMs: 600_000 }),
        bulletin({ id: 'b3', acceptedNumber: 3, ...morning }),
      ],
      { hours, sessions },
    );
    expect(timesOf(plan)).toEqual(['b3 05:05:26', 'closing 05:06:28']);
    expect(plan.omitted.map(({ reason }) => reason)).toEqual(Array(3).fill('outside-permitted-hours'));
  });

  test.each<[string, Partial<SoundingLaw>, PlannedBulletin[]]>([
    ['nothing is placed', {}, []],
    [
      'everything placed is silenced',
      {
        rests: [
          {
            id: 's1',
            areaIds: ['c1'],
            clusterIds: [],
            reason: '',
            by: 'canbo',
            fromMs: at('2026-11-23T04:45:10'),
            untilMs: at('2026-11-23T04:46'),
          },
        ],
      },
      [bulletin(morning)],
    ],
    ['nothing placed has room', {}, [bulletin({ ...morning, clipDurationMs: 3_600_000 })]],
    [
      'nothing placed gets minutes',
      { limits: { sessionMinutesMax: { value: 1, document: 'QĐ' } } },
      [bulletin({ ...morning, clipDurationMs: 61_000 })],
    ],
  ])('no tune sounds where %s', (_name, over, bulletins) => {
    const plan = mondayOf(bulletins, { sessions, ...over });
    expect(plan.items).toEqual([]);
    expect(plan.omitted.map(({ occurrence }) => occurrence.split('@')[0])).toEqual(bulletins.map(({ id }) => id));
  });

  test('a relay alone has its tunes', () => {
    expect(timesOf(mondayOf([]))).toEqual(['opening 04:45:00', 'station 04:46:00', 'closing 05:01:02']);
  });

  test('what has no room is told', () => {
    const { omitted } = mondayOf([bulletin({ ...morning, clipDurationMs: 1_800_000 })]);
    expect(omitted).toEqual([
      { occurrence: `b1@${at('2026-11-23T04:45') / 1_000}`, atMs: at('2026-11-23T05:01:02'), reason: 'session-full' },
    ]);
  });

  test('parts count their minutes: the relay before what was accepted, tunes after everything', () => {
    const limits = { sessionMinutesMax: { value: 17, document: 'QĐ' } };
    const plan = mondayOf([bulletin(morning), bulletin({ id: 'b2', acceptedNumber: 2, ...morning })], { limits });
    expect(timesOf(plan)).toEqual(['station 04:46:00', 'b1 05:01:02', 'b2 05:02:04']);
    expect(plan.omitted.map(({ occurrence, reason }) => [occurrence.split('@')[0], reason])).toEqual([
      ['opening', 'session-full'],
      ['closing', 'session-full'],
    ]);
  });
});

/** The items of each session of each day, in order. */
function byProgramme(plan: DevicePlan, { sessions = [] }: SoundingLaw, bulletins: readonly PlannedBulletin[]) {
  const found = new Map<string, { session: Session; items: PlanItem[] }>();
  for (const item of plan.items) {
    const { dayOfWeek, ...date } = dayOf(item.atMs);
    const one = bulletins.find(({ id }) => id === item.bulletinId);
    const session = sessions.find(
      (each) =>
        each.weekdays.includes(dayOfWeek) &&
        (one === undefined
          ? each.parts?.some((part) => part.kind !== 'bulletins' && part.id === item.bulletinId)
          : one.slot === each.slot && takingPart(each, one) !== -1 && isNamedAfter(item, `${date.text}T${each.from}`)),
    );
    if (session === undefined) continue;
    const key = `${session.slot} ${date.text}`;
    const entry = found.get(key) ?? { session, items: [] };
    entry.items.push(item);
    found.set(key, entry);
  }
  return [...found.values()];
}

function isNamedAfter({ occurrence }: PlanItem, civil: string): boolean {
  return occurrence.endsWith(`@${at(civil) / 1_000}`);
}

function dayOf(atMs: number) {
  const zoned = Temporal.Instant.fromEpochMilliseconds(atMs).toZonedDateTimeISO(timeZone);
  return { dayOfWeek: zoned.dayOfWeek, text: zoned.toPlainDate().toString() };
}

test('nothing in a session overlaps, all of it lies inside, and no name is there twice', () => {
  fc.assert(
    fc.property(anyStandingBulletins, anyStandingLaw, (bulletins, law) => {
      const plan = planDevice({ bulletins, areaIds: ['c1'], law, window });
      const names = [...plan.items, ...plan.omitted].map(({ occurrence }) => occurrence);
      expect(new Set(names).size).toBe(names.length);
      for (const { session, items } of byProgramme(plan, law, bulletins)) {
        const { text } = dayOf(items[0]?.atMs ?? 0);
        let freeMs = at(`${text}T${session.from}`);
        for (const item of items) {
          expect(item.atMs).toBeGreaterThanOrEqual(freeMs);
          freeMs = item.atMs + plannedLengthMs(item);
        }
        const untilMs = session.until === '24:00' ? at(`${text}T00:00`) + 86_400_000 : at(`${text}T${session.until}`);
        expect(freeMs).toBeLessThanOrEqual(untilMs);
        expect(items.some(({ bulletinId, relay }) => relay !== undefined || bulletinId.startsWith('b'))).toBe(true);
      }
    }),
    { seed, numRuns: 500 },
  );
});

test('whatever is laid out plays at its instant', () => {
  const takesAll = (parts: Session['parts']) =>
    parts === undefined || parts.some((part) => part.kind === 'bulletins' && part.from === 'all');
  fc.assert(
    fc.property(anyStandingBulletins, anyStandingLaw, (drawn, { sessions = [], languages }) => {
      const session = sessions.find(({ parts }) => takesAll(parts));
      fc.pre(session !== undefined);
      const alone = session === undefined ? [] : [{ ...session, weekdays: everyDay }];
      const bulletins = drawn.map((each) => ({ ...each, slot: session?.slot }));
      const law = { hours: allDay, sessions: alone, languages };
      const plan = planDevice({ bulletins, areaIds: ['c1'], law, window });
      const lines = forecaster({ bulletins: new Map(bulletins.map((each) => [each.id, each])) })({ plan, law });
      expect(lines.filter(({ code }) => code !== 'on-time' && code !== 'session-full')).toEqual([]);
      expect(lines.filter(({ code }) => code === 'on-time')).toHaveLength(plan.items.length);
    }),
    { seed, numRuns: 300 },
  );
});
