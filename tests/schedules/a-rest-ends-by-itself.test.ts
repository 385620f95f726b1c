/** One press gives silence for a span of time: nothing routine touches it, and everything returns by itself. */
import { planDevice, planWindowMs, type SoundingLaw } from '@loa/schedules';
import { expect, test } from 'vitest';
import { allDay, at, bulletin, once } from '../harness/schedule-samples.ts';

const fromMs = at('2026-11-23T00:00');
const window = { fromMs, untilMs: fromMs + planWindowMs };
const rest = {
  ...{ id: 's1', areaIds: [], clusterIds: ['k1'], reason: 'tang lễ', by: 'canbo' },
  ...{ fromMs: at('2026-11-23T14:00'), untilMs: at('2026-11-23T17:00') },
};
const law: SoundingLaw = { hours: allDay, rests: [rest] };

test.each<[string, string, boolean]>([
  ['ending as the rest begins', '2026-11-23T13:59', true],
  ['running into it', '2026-11-23T13:59:01', false],
  ['inside', '2026-11-23T15:00', false],
  ['beginning in its last second', '2026-11-23T16:59:59', false],
  ['beginning as it ends', '2026-11-23T17:00', true],
])('%s', (_name, civil, isPlanned) => {
  const { items, omitted } = planDevice({ bulletins: [once('b1', civil)], areaIds: ['c1'], law, window });
  expect(items).toHaveLength(isPlanned ? 1 : 0);
  expect(omitted).toMatchObject(isPlanned ? [] : [{ reason: 'resting', cause: 's1' }]);
});

const exceptions = [{ ...{ id: 'e1', personName: 'A', document: 'CV', reason: '', areaIds: ['c1'] }, ...window }];

test('a rest holds against an exception', () => {
  const morning = { ...allDay, spans: [{ weekdays: [1], from: '05:00', until: '06:00' }] };
  const bulletins = [once('resting', '2026-11-23T15:00'), once('excepted', '2026-11-23T18:00')];
  const plan = planDevice({ bulletins, areaIds: ['c1'], law: { ...law, hours: morning, exceptions }, window });
  expect(plan.items.map(({ bulletinId, exception }) => [bulletinId, exception?.document])).toEqual([
    ['excepted', 'CV'],
  ]);
  expect(plan.omitted.map(({ reason }) => reason)).toEqual(['resting']);
});

test('what rests takes no minutes from others, priority too', () => {
  const limits = { sessionMinutesMax: { value: 1, document: 'QĐ' } };
  const bulletins = [
    once('resting', '2026-11-23T15:00', { class: 'priority' }),
    once('after', '2026-11-23T18:00', { acceptedNumber: 2 }),
  ];
  const plan = planDevice({ bulletins, areaIds: ['c1'], law: { ...law, limits }, window });
  expect(plan.items.map(({ bulletinId }) => bulletinId)).toEqual(['after']);
  expect(plan.omitted.map(({ reason }) => reason)).toEqual(['resting']);
});

test('the day after, everything is as it was', () => {
  const bulletins = [bulletin({ whens: [{ kind: 'daily', from: '2026-11-23', time: '15:00' }] })];
  const { items, omitted } = planDevice({ bulletins, areaIds: ['c1'], law, window });
  expect([items.length, omitted.length]).toEqual([8, 1]);
});
