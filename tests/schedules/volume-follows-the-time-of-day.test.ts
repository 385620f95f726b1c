/** What a place has decided of its volume reaches every item that starts in a span, and no other. */
import {
  changedClusters,
  type PlannedBulletin,
  type PlanSet,
  planDevice,
  type SoundingLaw,
  type VolumeSpan,
} from '@loa/schedules';
import { expect, test } from 'vitest';
import { allDay, at, once } from '../harness/schedule-samples.ts';

const window = { fromMs: at('2026-11-23T00:00'), untilMs: at('2026-11-24T00:00') };
const volume: VolumeSpan[] = [
  { from: '04:00', until: '06:00', volumePercent: 50 },
  { from: '05:00', until: '21:00', volumePercent: 100 },
  { from: '21:00', until: '24:00', volumePercent: 10 },
];

function planOf(bulletins: readonly PlannedBulletin[], law: SoundingLaw) {
  return planDevice({ bulletins, areaIds: ['c1'], law, window });
}

test.each<[string, string, number | undefined]>([
  ['before any span', '03:59:59', undefined],
  ['at its first instant, running out of it', '04:00', -6],
  ['in two, the first listed', '05:30', -6],
  ['at the end of the first', '06:00', undefined],
  ['full volume is told by nothing', '12:00', undefined],
  ['softly to midnight', '23:59', -20],
])('%s', (_name, time, gainDb) => {
  const { items } = planOf([once('b1', `2026-11-23T${time}`)], { hours: allDay, volume });
  expect(items.map((item) => item.gainDb)).toEqual([gainDb]);
  expect(items.map((item) => Object.hasOwn(item, 'gainDb'))).toEqual([gainDb !== undefined]);
});

test.each([
  [99, -0.1],
  [80, -1.9],
  [70, -3.1],
  [25, -12],
])('%i percent is %f dB', (volumePercent, gainDb) => {
  const spans = [{ from: '00:00', until: '24:00', volumePercent }];
  const { items } = planOf([once('b1', '2026-11-23T12:00')], { hours: allDay, volume: spans });
  expect(items.map((item) => item.gainDb)).toEqual([gainDb]);
});

test('clusters that get softer are told as sounding otherwise', () => {
  const bulletins = [once('b1', '2026-11-23T04:30'), once('b2', '2026-11-23T12:00')];
  const setOf = (law: SoundingLaw): PlanSet => ({
    bulletins: new Map(bulletins.map((one) => [one.id, one])),
    groups: [{ clusterIds: ['k1'], law, plan: planOf(bulletins, law) }],
  });
  const changes = changedClusters({
    before: setOf({ hours: allDay }),
    after: setOf({ hours: allDay, volume }),
    window,
  });
  expect(changes).toMatchObject([
    { clusterIds: ['k1'], added: [], removed: [], moved: [], altered: [{ after: { bulletinId: 'b1' } }] },
  ]);
});
