/** A bulletin with versions is heard in the languages of the place, in its order, each after the other. */
import { bulletinIdOf, type Language, type LanguageVersion, languageOf, planDevice } from '@loa/schedules';
import { expect, test } from 'vitest';
import { allDay, at, bulletin, morningSession, once } from '../harness/schedule-samples.ts';

const monday = { fromMs: at('2026-11-23T00:00'), untilMs: at('2026-11-24T00:00') };
const version = (language: Language, seconds: number): LanguageVersion => ({
  language,
  clipId: language,
  clipDurationMs: seconds * 1_000,
});
const versions = [version('kpm', 70), version('cjm', 90)];
const atFive = at('2026-11-23T05:00') / 1_000;

test.each<[string, readonly Language[] | undefined, [string, number][]]>([
  ['nothing decided: Vietnamese', undefined, [[`b1@${atFive}`, 0]]],
  [
    'in the order of the place, not of the bulletin',
    ['vi', 'cjm', 'kpm'],
    [
      [`b1@${atFive}`, 0],
      [`b1.cjm@${atFive}`, 62],
      [`b1.kpm@${atFive}`, 154],
    ],
  ],
  [
    'Vietnamese last',
    ['kpm', 'vi'],
    [
      [`b1.kpm@${atFive}`, 0],
      [`b1@${atFive}`, 72],
    ],
  ],
  ['not Vietnamese', ['cjm'], [[`b1.cjm@${atFive}`, 0]]],
  ['a language it is not recorded in is left out', ['rog', 'cjm'], [[`b1.cjm@${atFive}`, 0]]],
  ['none of its recordings: its own clip', ['rog'], [[`b1@${atFive}`, 0]]],
])('%s', (_name, languages, expected) => {
  const bulletins = [once('b1', '2026-11-23T05:00', { versions })];
  const { items } = planDevice({ bulletins, areaIds: ['c1'], law: { hours: allDay, languages }, window: monday });
  expect(items.map(({ occurrence, atMs }) => [occurrence, atMs / 1_000 - atFive])).toEqual(expected);
  for (const { bulletinId, occurrence, clipId, lengthMsMax } of items) {
    expect([bulletinId, bulletinIdOf(occurrence)]).toEqual(['b1', 'b1']);
    const recorded = versions.find(({ language }) => language === languageOf(occurrence));
    expect(clipId).toBe(recorded?.clipId ?? 'a'.repeat(64));
    expect(lengthMsMax).toBe((recorded?.clipDurationMs ?? 60_000) + 2_000);
  }
});

test('a bulletin without versions is heard as it is, whatever the place speaks', () => {
  const law = { hours: allDay, languages: ['cjm'] as const };
  const { items } = planDevice({ bulletins: [once('b1', '2026-11-23T05:00')], areaIds: ['c1'], law, window: monday });
  expect(items.map(({ occurrence }) => occurrence)).toEqual([`b1@${atFive}`]);
});

test('one that sounds into the first second of a session is not taken for the one placed there', () => {
  const placed = { ...morningSession, parts: undefined, weekdays: [1], from: '00:00', until: '01:00' };
  const bulletins = [
    bulletin({ whens: [{ kind: 'daily', from: '2026-11-22', time: '23:58:58' }], versions, slot: 'morning' }),
  ];
  const law = { hours: allDay, sessions: [placed], languages: ['vi', 'cjm'] as const };
  const { items } = planDevice({ bulletins, areaIds: ['c1'], law, window: monday });
  expect(items.map(({ atMs }) => atMs - monday.fromMs)).toEqual([0, 0, 62_000]);
  expect(new Set(items.map(({ occurrence }) => occurrence)).size).toBe(3);
});

test('each keeps the repeats of the bulletin', () => {
  const bulletins = [once('b1', '2026-11-23T05:00', { versions, repeat: { count: 2, gapMs: 5_000 } })];
  const law = { hours: allDay, languages: ['vi', 'kpm'] as const };
  const { items } = planDevice({ bulletins, areaIds: ['c1'], law, window: monday });
  expect(items.map(({ atMs, lengthMsMax }) => [atMs / 1_000 - atFive, lengthMsMax])).toEqual([
    [0, 127_000],
    [127, 147_000],
  ]);
});

test('a version that begins after midnight is known to the plan of the next day', () => {
  const bulletins = [once('b1', '2026-11-22T23:59:30', { versions })];
  const law = { hours: allDay, languages: ['vi', 'cjm'] as const };
  const { items } = planDevice({ bulletins, areaIds: ['c1'], law, window: monday });
  expect(items.map(({ occurrence }) => languageOf(occurrence))).toEqual(['cjm']);
});
