/**
 * The preview before saving: each line with its reason, clashes, air time, what the clock does; and which clusters
 * sound differently after a change of whatever kind.
 */
import {
  type Bulletin,
  changedClusters,
  clockChangesOf,
  explain,
  forecaster,
  type HoursRule,
  type PlanSet,
  planDevice,
  preview,
  previewLinesMax,
  type Session,
  type SoundingLaw,
} from '@loa/schedules';
import { describe, expect, test } from 'vitest';

const timeZone = 'Asia/Ho_Chi_Minh';
const at = (civil: string) => Temporal.PlainDateTime.from(civil).toZonedDateTime(timeZone).epochMilliseconds;
const window = { fromMs: at('2026-11-25T00:00'), untilMs: at('2026-12-02T00:00') };
const everyDay = [1, 2, 3, 4, 5, 6, 7];
const daytime: HoursRule = {
  timeZone,
  spans: [{ weekdays: everyDay, from: '05:00', until: '21:00' }],
  document: 'QĐ 1',
};
const morning: HoursRule = {
  timeZone,
  spans: [{ weekdays: everyDay, from: '05:00', until: '11:30' }],
  document: 'QĐ 2',
};

function bulletin(id: string, time: string, over: Partial<Bulletin> = {}): Bulletin {
  return {
    id,
    class: 'normal',
    areaIds: ['commune'],
    clipId: `clip-${id}`,
    clipDurationMs: 300_000,
    whens: [{ kind: 'daily', from: '2026-11-20', time }],
    late: { kind: 'start', lateMsMax: 120_000 },
    resume: 'drop',
    repeat: { count: 1, gapMs: 0 },
    timeZone,
    acceptedNumber: 1,
    ...over,
  };
}

const sessions = [{ name: 'chiều', weekdays: everyDay, from: '17:00', until: '17:45' }];

const newsOccurrence = `news@${at('2026-11-25T17:00') / 1000}`;

/** Villages by name, each with its clusters and hours. */
function setOf(
  bulletins: readonly Bulletin[],
  villages: Record<string, { clusterIds: string[]; hours?: HoursRule }> = { v1: { clusterIds: ['c1', 'c2'] } },
): PlanSet {
  return {
    bulletins: new Map(bulletins.map((one) => [one.id, one])),
    groups: Object.entries(villages).map(([village, { clusterIds, hours = daytime }]) => {
      const law: SoundingLaw = { hours, sessions, limits: { sessionMinutesMax: { value: 900, document: 'QĐ 1' } } };
      return { clusterIds, law, plan: planDevice({ bulletins, areaIds: ['commune', village], law, window }) };
    }),
  };
}

const previewOf = (after: PlanSet, draftIds: string[] = []) =>
  preview({ after, window, timeZone, draftIds: new Set(draftIds) });

describe('lines', () => {
  const onDay = (lines: readonly { atMs: number }[]) => lines.filter((line) => line.atMs < at('2026-11-26T00:00'));

  test('what plays, what waits and is late, what is skipped, what the hours leave out', () => {
    const after = setOf([
      bulletin('news', '17:00'),
      bulletin('soon', '17:02'),
      bulletin('market', '17:04', { acceptedNumber: 2 }),
      bulletin('night', '22:00'),
    ]);
    const [group] = previewOf(after, ['market']).groups;
    expect(onDay(group?.lines ?? [])).toMatchObject([
      { bulletinId: 'news', verdict: 'plays', code: 'on-time', isNew: false },
      { bulletinId: 'soon', verdict: 'skipped', code: 'skipped-other-sounding', cause: newsOccurrence },
      { bulletinId: 'market', verdict: 'late', code: 'late-after-other', lateMs: 60_000, isNew: true },
      {
        bulletinId: 'night',
        verdict: 'omitted',
        code: 'outside-permitted-hours',
        plannedEndMs: at('2026-11-25T22:05'),
      },
    ]);
  });

  test('a supposed emergency shows what it interrupts', () => {
    const after = setOf([bulletin('news', '17:00', { resume: 'resume' })]);
    const alarms = [{ occurrence: 'flood@1', fromMs: at('2026-11-25T17:02'), untilMs: at('2026-11-25T17:06') }];
    const [group] = previewOf({ ...after, alarms }).groups;
    expect(group?.lines[0]).toMatchObject({
      code: 'resumed-after-emergency',
      cause: 'flood@1',
      sounds: [{}, { fromMs: at('2026-11-25T17:06'), untilMs: at('2026-11-25T17:09') }],
    });
  });

  test('are bounded, and what is left out is counted', () => {
    const many = Array.from({ length: 150 }, (_, index) => bulletin(`b${index}`, '17:00'));
    const [group] = previewOf(setOf(many)).groups;
    expect(group?.lines).toHaveLength(previewLinesMax);
    expect(group?.leftOutCount).toBe(150 * 7 - previewLinesMax);
    expect(group?.isClashesComplete).toBe(false);
  });
});

test('a standing day is shown with its own parts and every language, what has no room with its length too', () => {
  const tune = { kind: 'tune' as const, id: 'tune', clipId: 'clip-tune', clipDurationMs: 20_000 };
  const station = { kind: 'relay' as const, id: 'station', clipId: 'clip-station', clipDurationMs: 5_000 };
  const relay = { url: 'https://station.example/live', lengthMs: 600_000 };
  const programme: Session = {
    ...{ name: 'chiều', slot: 'evening', weekdays: everyDay, from: '17:00', until: '17:30' },
    parts: [tune, { ...station, relay }, { kind: 'bulletins', from: 'all' }],
  };
  const law: SoundingLaw = { hours: daytime, sessions: [programme], languages: ['vi', 'cjm'] };
  const versions = [{ language: 'cjm' as const, clipId: 'clip-cjm', clipDurationMs: 400_000 }];
  const bulletins = [
    bulletin('news', '09:00', { slot: 'evening', versions }),
    bulletin('more', '09:00', { slot: 'evening', versions, acceptedNumber: 2 }),
  ];
  const plan = planDevice({ bulletins, areaIds: ['commune'], law, window });
  const set = {
    bulletins: new Map(bulletins.map((one) => [one.id, one])),
    groups: [{ clusterIds: ['c1'], law, plan }],
  };
  const [group] = previewOf(set, ['news']).groups;
  const shown = group?.lines.slice(0, 6).map((line) => {
    const { bulletinId, isNew, code, atMs, plannedEndMs = 0 } = line;
    return [bulletinId, isNew, code, (atMs - at('2026-11-25T17:00')) / 1_000, (plannedEndMs - atMs) / 1_000];
  });
  expect(shown).toEqual([
    ['tune', false, 'on-time', 0, 20],
    ['station', false, 'on-time', 22, 600],
    ['news', true, 'on-time', 624, 300],
    ['news', true, 'on-time', 926, 400],
    ['more', false, 'on-time', 1_328, 300],
    ['more', false, 'session-full', 1_630, 400],
  ]);
  expect(group?.clashes).toEqual([]);
  expect(group?.airUse[0]).toMatchObject({ usedMs: 1_620_000, outsideMs: 0 });
});

test('two priority bulletins are a decision for a person; others are an overlap', () => {
  const priority = { class: 'priority' as const };
  const after = setOf([bulletin('a', '17:00', priority), bulletin('b', '17:04', priority), bulletin('c', '17:08')]);
  const [group] = previewOf(after).groups;
  expect(group?.clashes.slice(0, 2)).toMatchObject([
    { code: 'priority-clash', fromMs: at('2026-11-25T17:04'), untilMs: at('2026-11-25T17:05') },
    { code: 'overlap', fromMs: at('2026-11-25T17:08'), untilMs: at('2026-11-25T17:09') },
  ]);
});

test('air time is what sounds, by day and session, beside its limit', () => {
  const after = setOf([bulletin('a', '17:00'), bulletin('b', '17:10'), bulletin('c', '06:00'), bulletin('d', '22:00')]);
  const [group] = previewOf(after).groups;
  expect(group?.airUse).toHaveLength(7);
  expect(group?.airUse[0]).toEqual({
    date: '2026-11-25',
    usedMs: 900_000,
    sessions: [{ name: 'chiều', usedMs: 600_000, usedMsMax: 54_000_000, isOver: false }],
    outsideMs: 300_000,
  });
});

test.each([
  [
    'skipped',
    '2027-03-28',
    '02:30',
    [{ code: 'skipped-by-clock-change', civil: '2027-03-28T02:30:00', atMs: Date.parse('2027-03-28T01:00Z') }],
  ],
  [
    'twice',
    '2026-10-25',
    '02:30',
    [{ code: 'first-of-two', civil: '2026-10-25T02:30:00', atMs: Date.parse('2026-10-25T00:30Z') }],
  ],
  ['beside the change', '2026-10-25', '03:00', []],
])('a civil time in Berlin that is %s', (_name, date, time, told) => {
  const berlin = bulletin('b', time, {
    timeZone: 'Europe/Berlin',
    whens: [{ kind: 'daily', from: '2026-01-01', time }],
  });
  const dayMs = Date.parse(`${date}T00:00Z`);
  expect(clockChangesOf([berlin], { fromMs: dayMs - 86_400_000, untilMs: dayMs + 86_400_000 })).toMatchObject(told);
});

describe('which clusters sound differently', () => {
  const villages = { v1: { clusterIds: ['c1', 'c2'] }, v2: { clusterIds: ['c3'] } };
  const news = bulletin('news', '17:00');
  const own = bulletin('own', '06:00', { areaIds: ['v2'] });
  const before = setOf([news, own], villages);
  const soon = { fromMs: window.fromMs, untilMs: window.fromMs + 86_400_000 };
  const changes = (after: PlanSet) =>
    changedClusters({ before, after, window: soon }).map(({ clusterIds, added, removed, moved, altered }) => ({
      clusterIds,
      added: added.map((line) => line.bulletinId),
      removed: removed.map((line) => line.bulletinId),
      moved: moved.map(({ before: was, after: is }) => [was.startMs, is.startMs]),
      altered: altered.map(({ after: is }) => is.bulletinId),
    }));
  const none = { added: [], removed: [], moved: [], altered: [] };

  test.each<[string, PlanSet, object[]]>([
    ['nothing changed', setOf([news, own], villages), []],
    [
      'a bulletin is added',
      setOf([news, own, bulletin('new', '08:00')], villages),
      [
        { ...none, clusterIds: ['c1', 'c2'], added: ['new'] },
        { ...none, clusterIds: ['c3'], added: ['new'] },
      ],
    ],
    [
      'its hour is moved',
      setOf([bulletin('news', '17:30'), own], { v1: villages.v1, v2: villages.v2 }),
      [
        { ...none, clusterIds: ['c1', 'c2'], moved: [[at('2026-11-25T17:00'), at('2026-11-25T17:30')]] },
        { ...none, clusterIds: ['c3'], moved: [[at('2026-11-25T17:00'), at('2026-11-25T17:30')]] },
      ],
    ],
    [
      'hours of one village end at noon',
      setOf([news, own], { v1: villages.v1, v2: { clusterIds: ['c3'], hours: morning } }),
      [{ ...none, clusterIds: ['c3'], removed: ['news'] }],
    ],
    [
      'a cluster moves to the other village',
      setOf([news, own], { v1: { clusterIds: ['c1'] }, v2: { clusterIds: ['c2', 'c3'] } }),
      [{ ...none, clusterIds: ['c2'], added: ['own'] }],
    ],
    [
      'another recording under the same hour',
      setOf([{ ...news, clipId: 'other' }, own], villages),
      [
        { ...none, clusterIds: ['c1', 'c2'], altered: ['news'] },
        { ...none, clusterIds: ['c3'], altered: ['news'] },
      ],
    ],
    [
      'a cluster is gone',
      setOf([news, own], { v1: villages.v1 }),
      [{ ...none, clusterIds: ['c3'], removed: ['own', 'news'] }],
    ],
  ])('%s', (_name, after, told) => {
    expect(changes(after)).toEqual(told);
  });
});

describe('an instant is explained afterwards', () => {
  const set = setOf([bulletin('news', '17:00'), bulletin('market', '17:04'), bulletin('night', '22:00')]);
  const [group] = set.groups;
  const lines = group === undefined ? [] : forecaster(set)(group);

  test.each([
    ['as foretold', { outcome: 'confirmed' as const, endedMs: at('2026-11-25T17:05') }, 'as-foretold'],
    [
      'a fault of the board',
      { outcome: 'missed' as const, reason: 'clip-missing' as const, endedMs: at('2026-11-25T17:02') },
      'otherwise',
    ],
    ['nothing told yet', undefined, 'not-told'],
  ])('%s', (_name, told, verdict) => {
    const recorded = new Map(told === undefined ? [] : [[newsOccurrence, told]]);
    const { concerned } = explain({ lines, atMs: at('2026-11-25T17:01'), recorded });
    expect(concerned).toMatchObject([{ line: { bulletinId: 'news' }, soundsThen: true, verdict }]);
  });

  test('what the hours left out, and what comes next', () => {
    const { concerned, previous, next } = explain({ lines, atMs: at('2026-11-25T22:01'), recorded: new Map() });
    expect(concerned).toMatchObject([
      { line: { code: 'outside-permitted-hours' }, soundsThen: false, verdict: 'as-foretold' },
    ]);
    expect(previous?.bulletinId).toBe('market');
    expect(next?.startMs).toBe(at('2026-11-26T17:00'));
  });
});
