/** A named person's exception permits what lies wholly inside it, with its document, and nothing else. */
import { planDevice, planWindowMs, type SoundingLaw } from '@loa/schedules';
import { expect, test } from 'vitest';
import { allDay, at, bulletin, everyDay, once } from '../harness/schedule-samples.ts';

const fromMs = at('2026-11-23T00:00');
const window = { fromMs, untilMs: fromMs + planWindowMs };
const daytime = { ...allDay, spans: [{ weekdays: everyDay, from: '05:00', until: '21:00' }] };
const carried = { document: 'CV 9', fromMs: at('2026-11-23T22:00'), untilMs: at('2026-11-23T23:00') };
const exception = { id: 'e1', personName: 'Chủ tịch xã', reason: 'hội làng', areaIds: ['c1'], ...carried };
const law: SoundingLaw = { hours: daytime, exceptions: [exception] };

test.each<[string, string, 'planned' | 'omitted']>([
  ['at its first instant', '2026-11-23T22:00', 'planned'],
  ['a second before it', '2026-11-23T21:59:59', 'omitted'],
  ['to its last instant', '2026-11-23T22:59', 'planned'],
  ['running over its end', '2026-11-23T22:59:01', 'omitted'],
  ['on the next evening', '2026-11-24T22:30', 'omitted'],
])('%s', (_name, civil, expected) => {
  const { items, omitted } = planDevice({ bulletins: [once('b1', civil)], areaIds: ['c1'], law, window });
  expect(items.map((item) => item.exception)).toEqual(expected === 'planned' ? [carried] : []);
  expect(omitted.map(({ reason }) => reason)).toEqual(expected === 'planned' ? [] : ['outside-permitted-hours']);
});

test('what needs no exception carries none', () => {
  const wide = { ...exception, fromMs, untilMs: window.untilMs };
  const bulletins = [once('b1', '2026-11-23T20:00'), once('b2', '2026-11-23T22:30')];
  const { items } = planDevice({ bulletins, areaIds: ['c1'], law: { hours: daytime, exceptions: [wide] }, window });
  expect(items.map((item) => item.exception?.document)).toEqual([undefined, 'CV 9']);
});

test('an exception permits what limits and rest days forbid, without taking minutes from others', () => {
  const limited: SoundingLaw = {
    hours: allDay,
    limits: { sessionMinutesMax: { value: 1, document: 'QĐ' }, weekdays: { value: [1], document: 'QĐ' } },
    exceptions: [{ ...exception, fromMs, untilMs: window.untilMs }],
  };
  const bulletins = [
    once('first', '2026-11-23T06:00'),
    once('second', '2026-11-23T07:00', { acceptedNumber: 2 }),
    once('tuesday', '2026-11-24T06:00', { acceptedNumber: 3 }),
  ];
  const { items, omitted } = planDevice({ bulletins, areaIds: ['c1'], law: limited, window });
  expect(items.map(({ bulletinId, exception }) => [bulletinId, exception?.document])).toEqual([
    ['first', undefined],
    ['second', 'CV 9'],
    ['tuesday', 'CV 9'],
  ]);
  expect(omitted).toEqual([]);
});

test.each([
  ['without a document', ''],
  ['with a document longer than the wire carries', 'x'.repeat(201)],
])('an exception %s permits nothing', (_name, document) => {
  const exceptions = [{ ...exception, document }];
  const bulletins = [once('b1', '2026-11-23T22:00')];
  expect(planDevice({ bulletins, areaIds: ['c1'], law: { ...law, exceptions }, window }).items).toEqual([]);
});

test('of several exceptions always the same is carried, in whatever order they are listed', () => {
  const exceptions = [
    { ...exception, id: 'e2', document: 'CV 10', fromMs: carried.fromMs - 60_000 },
    exception,
    { ...exception, id: 'e3', document: 'CV 8' },
  ];
  const documents = [exceptions, exceptions.toReversed()].map(
    (list) =>
      planDevice({
        bulletins: [bulletin({ whens: [{ kind: 'once', date: '2026-11-23', time: '22:10' }] })],
        areaIds: ['c1'],
        law: { hours: daytime, exceptions: list },
        window,
      }).items[0]?.exception?.document,
  );
  expect(documents).toEqual(['CV 10', 'CV 10']);
});
