/** Where a day's sessions or minutes do not suffice, higher class and then the earlier accepted get them. */
import { type AreaLimits, planDevice, planWindowMs, type Session } from '@loa/schedules';
import { expect, test } from 'vitest';
import { allDay, at, everyDay, once } from '../harness/schedule-samples.ts';

const fromMs = at('2026-11-23T00:00');
const window = { fromMs, untilMs: fromMs + planWindowMs };
const tenMinutes = { clipDurationMs: 600_000 };

function verdicts(limits: AreaLimits, bulletins: ReturnType<typeof once>[], sessions?: readonly Session[]) {
  const law = { hours: allDay, limits, sessions };
  const { items, omitted } = planDevice({ bulletins, areaIds: ['c1'], law, window });
  return Object.fromEntries([
    ...items.map(({ bulletinId }) => [bulletinId, 'planned']),
    ...omitted.map(({ occurrence, reason }) => [occurrence.split('@')[0], reason]),
  ]);
}

const quarterHour: AreaLimits = { sessionMinutesMax: { value: 15, document: 'QĐ' } };
const twoSessions: AreaLimits = { sessionsPerDayMax: { value: 2, document: 'QĐ' } };

test('a bulletin that comes later does not push out one that was accepted, though it would air before it', () => {
  expect(
    verdicts(quarterHour, [
      once('accepted', '2026-11-23T17:30', { acceptedNumber: 1, ...tenMinutes }),
      once('later', '2026-11-23T17:00', { acceptedNumber: 2, ...tenMinutes }),
    ]),
  ).toEqual({ accepted: 'planned', later: 'session-full' });
});

test('priority gets its minutes before normal', () => {
  expect(
    verdicts(quarterHour, [
      once('normal', '2026-11-23T17:00', { acceptedNumber: 1, ...tenMinutes }),
      once('priority', '2026-11-23T17:30', { acceptedNumber: 2, class: 'priority', ...tenMinutes }),
    ]),
  ).toEqual({ normal: 'session-full', priority: 'planned' });
});

test('what still fits is planned, to the last minute, repeats and gaps counted', () => {
  expect(
    verdicts(quarterHour, [
      once('long', '2026-11-23T17:00', { acceptedNumber: 1, ...tenMinutes }),
      once('too-long', '2026-11-23T17:15', { acceptedNumber: 2, repeat: { count: 5, gapMs: 1_000 } }),
      once('fits', '2026-11-23T17:30', { acceptedNumber: 3, repeat: { count: 4, gapMs: 20_000 } }),
    ]),
  ).toEqual({ long: 'planned', 'too-long': 'session-full', fits: 'planned' });
});

test('every session of every day has its own minutes', () => {
  expect(
    verdicts(quarterHour, [
      once('morning', '2026-11-23T05:00', tenMinutes),
      once('evening', '2026-11-23T17:00', { acceptedNumber: 2, ...tenMinutes }),
      once('tomorrow', '2026-11-24T17:00', { acceptedNumber: 3, ...tenMinutes }),
    ]),
  ).toEqual({ morning: 'planned', evening: 'planned', tomorrow: 'planned' });
});

test('a third session of a day is refused, another item in one of the two is not', () => {
  expect(
    verdicts(twoSessions, [
      once('morning', '2026-11-23T05:00', { acceptedNumber: 1 }),
      once('evening', '2026-11-23T17:00', { acceptedNumber: 2 }),
      once('noon', '2026-11-23T11:00', { acceptedNumber: 3 }),
      once('evening-too', '2026-11-23T17:30', { acceptedNumber: 4 }),
    ]),
  ).toEqual({ morning: 'planned', evening: 'planned', noon: 'too-many-sessions', 'evening-too': 'planned' });
});

test('the time between named sessions counts as a session of its own', () => {
  const sessions = [
    { name: 'sáng', weekdays: everyDay, from: '04:45', until: '05:30' },
    { name: 'chiều', weekdays: everyDay, from: '17:00', until: '17:45' },
  ];
  const items = (civil: string[]) => civil.map((each, index) => once(`b${index}`, each, { acceptedNumber: index }));
  expect(
    verdicts(
      twoSessions,
      items(['2026-11-23T05:00', '2026-11-23T11:00', '2026-11-23T13:00', '2026-11-23T17:00']),
      sessions,
    ),
  ).toEqual({ b0: 'planned', b1: 'planned', b2: 'planned', b3: 'too-many-sessions' });
});

test('none at all is a limit too', () => {
  const limits = { sessionsPerDayMax: { value: 0, document: 'QĐ' } };
  expect(verdicts(limits, [once('b1', '2026-11-23T05:00')])).toEqual({ b1: 'too-many-sessions' });
});

test('an airing from before a bulletin was accepted uses nothing up', () => {
  const late = once('late', '2026-11-23T05:00', { ...tenMinutes, createdMs: at('2026-11-23T05:01') });
  const other = once('other', '2026-11-23T05:30', { acceptedNumber: 2, ...tenMinutes });
  expect(verdicts(quarterHour, [late, other])).toEqual({ other: 'planned' });
});
