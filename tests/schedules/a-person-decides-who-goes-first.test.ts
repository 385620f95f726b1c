/** Who was decided to go second begins when the first is over, on the same day, and is judged again where it then stands. */
import {
  clashesOf,
  type PlannedBulletin,
  planDevice,
  plannedSpansOf,
  priorityClashesOf,
  type SoundingLaw,
  type Turn,
} from '@loa/schedules';
import { describe, expect, test } from 'vitest';
import { allDay, at, everyDay, morningSession, once, timeZone } from '../harness/schedule-samples.ts';

const window = { fromMs: at('2026-11-23T00:00'), untilMs: at('2026-11-24T00:00') };

function named(id: string, civil: string): string {
  return `${id}@${at(civil) / 1_000}`;
}

function turn(first: string, second: string): Turn {
  return { areaIds: ['c1'], first, second };
}

function planOf(bulletins: readonly PlannedBulletin[], turns: readonly Turn[], over: Partial<SoundingLaw> = {}) {
  return planDevice({ bulletins, areaIds: ['c1'], law: { hours: allDay, turns, ...over }, window });
}

function timesOf({ items }: ReturnType<typeof planOf>): string[] {
  return items.map(({ bulletinId, atMs }) => {
    const zoned = Temporal.Instant.fromEpochMilliseconds(atMs).toZonedDateTimeISO(timeZone);
    return `${bulletinId} ${zoned.toPlainTime().toString({ smallestUnit: 'second' })}`;
  });
}

const priority = { class: 'priority' as const, clipDurationMs: 300_000 };
const a = once('a', '2026-11-23T17:00', priority);
const b = once('b', '2026-11-23T17:02', { ...priority, acceptedNumber: 2 });
const c = once('c', '2026-11-23T17:04', { ...priority, acceptedNumber: 3 });
const [isA, isB, isC] = [
  named('a', '2026-11-23T17:00'),
  named('b', '2026-11-23T17:02'),
  named('c', '2026-11-23T17:04'),
];

test.each<[string, Turn[], string[]]>([
  ['nothing decided', [], ['a 17:00:00', 'b 17:02:00', 'c 17:04:00']],
  ['the later one waits', [turn(isA, isB)], ['a 17:00:00', 'c 17:04:00', 'b 17:05:02']],
  ['the earlier one waits', [turn(isB, isA)], ['b 17:02:00', 'c 17:04:00', 'a 17:07:02']],
  ['a chain, whatever is listed first', [turn(isB, isC), turn(isA, isB)], ['a 17:00:00', 'b 17:05:02', 'c 17:10:04']],
  ['two before one', [turn(isA, isC), turn(isB, isC)], ['a 17:00:00', 'b 17:02:00', 'c 17:07:02']],
  [
    'of a circle the last listed is ignored',
    [turn(isA, isB), turn(isB, isC), turn(isC, isA)],
    ['a 17:00:00', 'b 17:05:02', 'c 17:10:04'],
  ],
  ['nothing waits for itself', [turn(isA, isA)], ['a 17:00:00', 'b 17:02:00', 'c 17:04:00']],
  ['one that is not planned', [turn('gone@1', isA)], ['a 17:00:00', 'b 17:02:00', 'c 17:04:00']],
])('%s', (_name, turns, expected) => {
  const plan = planOf([a, b, c], turns);
  expect(timesOf(plan)).toEqual(expected);
  expect(plan.items.map(({ occurrence }) => occurrence).sort()).toEqual([isA, isB, isC]);
});

test('nothing is moved to an earlier instant', () => {
  const late = once('late', '2026-11-23T19:00');
  expect(timesOf(planOf([a, late], [turn(isA, named('late', '2026-11-23T19:00'))]))).toEqual([
    'a 17:00:00',
    'late 19:00:00',
  ]);
});

test('what lies on another day, or would come to lie there, stays where it is', () => {
  const next = once('next', '2026-11-24T00:01', priority);
  const last = once('last', '2026-11-23T23:57', priority);
  const night = once('night', '2026-11-23T23:58', { ...priority, acceptedNumber: 2 });
  const [isNext, isLast, isNight] = [
    named('next', '2026-11-24T00:01'),
    named('last', '2026-11-23T23:57'),
    named('night', '2026-11-23T23:58'),
  ];
  const turns = [turn(isLast, isNext), turn(isLast, isNight)];
  expect(timesOf(planOf([next, last, night], turns))).toEqual(['last 23:57:00', 'night 23:58:00']);
});

test('its versions go with it, and come before what waits for it', () => {
  const versions = [{ language: 'cjm' as const, clipId: 'x', clipDurationMs: 60_000 }];
  const languages = ['vi', 'cjm'] as const;
  const spoken = { ...a, versions };
  expect(timesOf(planOf([spoken, b], [turn(isB, isA)], { languages }))).toEqual([
    'b 17:02:00',
    'a 17:07:02',
    'a 17:12:04',
  ]);
  expect(timesOf(planOf([spoken, b], [turn(isA, isB)], { languages }))).toEqual([
    'a 17:00:00',
    'a 17:05:02',
    'b 17:06:04',
  ]);
});

test('a version that its turn moves into the next day is known to the plan of that day', () => {
  const versions = [{ language: 'cjm' as const, clipId: 'x', clipDurationMs: 60_000 }];
  const first = once('first', '2026-11-22T23:50', priority);
  const second = once('second', '2026-11-22T23:51', { ...priority, versions, acceptedNumber: 2 });
  const turns = [turn(named('first', '2026-11-22T23:50'), named('second', '2026-11-22T23:51'))];
  expect(timesOf(planOf([first, second], turns, { languages: ['vi', 'cjm'] }))).toEqual(['second 00:00:04']);
});

test('one that is placed in a session is named after it and moved too', () => {
  const sessions = [{ ...morningSession, parts: undefined }];
  const news = once('news', '2026-11-23T04:46', priority);
  const placed = once('placed', '2026-11-23T10:00', { ...priority, slot: 'morning' });
  const turns = [turn(named('news', '2026-11-23T04:46'), named('placed', '2026-11-23T04:45'))];
  expect(timesOf(planOf([news, placed], turns, { sessions }))).toEqual(['news 04:46:00', 'placed 04:51:02']);
});

describe('where it then stands', () => {
  test('it is judged again', () => {
    const hours = { ...allDay, spans: [{ weekdays: everyDay, from: '05:00', until: '17:10' }] };
    const { items, omitted } = planOf([a, b], [turn(isA, isB)], { hours });
    expect(items.map(({ occurrence }) => occurrence)).toEqual([isA]);
    expect(omitted).toEqual([{ occurrence: isB, atMs: at('2026-11-23T17:05:02'), reason: 'outside-permitted-hours' }]);
  });

  test('what waits for one that is left out there does not wait', () => {
    const hours = { ...allDay, spans: [{ weekdays: everyDay, from: '05:00', until: '17:10' }] };
    const plan = planOf([a, b, c], [turn(isA, isB), turn(isB, isC)], { hours });
    expect(timesOf(plan)).toEqual(['a 17:00:00', 'c 17:04:00']);
  });
});

test('two of priority are a decision for a person until it is made', () => {
  const asked = (turns: Turn[]) =>
    priorityClashesOf(plannedSpansOf(planOf([a, b, once('n', '2026-11-23T17:01')], turns), window));
  const span = {
    class: 'priority',
    bulletinId: 'a',
    occurrence: isA,
    atMs: at('2026-11-23T17:00'),
    plannedEndMs: at('2026-11-23T17:05'),
  };
  expect(asked([])).toMatchObject({ isComplete: true, clashes: [{ first: span, second: { occurrence: isB } }] });
  expect(asked([turn(isA, isB)]).clashes).toEqual([]);
  const spans = plannedSpansOf(planOf([a, b], [turn(isB, isA)]), window);
  expect(clashesOf(spans).clashes).toEqual([]);
});
