/** However a window is cut, its parts together say what the whole says: limits are counted by whole civil days. */
import { type DevicePlan, planDevice, type SoundingLaw, type Window } from '@loa/schedules';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  allDay,
  anyBulletins,
  anyLaw,
  anyStandingBulletins,
  anyStandingLaw,
  at,
  once,
} from '../harness/schedule-samples.ts';

const seed = 20_261_125;
const fromMs = at('2026-11-22T13:30');
const untilMs = at('2026-11-29T08:10');

test('a plan in parts equals the whole, byte for byte', () => {
  const cuts = fc.array(fc.integer({ min: fromMs, max: untilMs }), { maxLength: 5 });
  fc.assert(
    fc.property(anyBulletins, anyLaw, cuts, (bulletins, law, inner) => {
      const plan = (window: { fromMs: number; untilMs: number }): DevicePlan =>
        planDevice({ bulletins, areaIds: ['c1'], law, window });
      const bounds = [fromMs, ...inner.sort((a, b) => a - b), untilMs];
      const parts = bounds.slice(1).map((end, index) => plan({ fromMs: bounds[index] ?? fromMs, untilMs: end }));
      const whole = plan({ fromMs, untilMs });
      expect(JSON.stringify(parts.flatMap(({ items }) => items))).toBe(JSON.stringify(whole.items));
      expect(JSON.stringify(parts.flatMap(({ omitted }) => omitted))).toBe(JSON.stringify(whole.omitted));
    }),
    { seed, numRuns: 300 },
  );
});

test('with standing days, languages and turns too', () => {
  const cuts = fc.array(fc.integer({ min: fromMs, max: untilMs }), { maxLength: 5 });
  const pairs = fc.array(fc.tuple(fc.nat(), fc.nat()), { maxLength: 6 });
  fc.assert(
    fc.property(anyStandingBulletins, anyStandingLaw, pairs, cuts, (bulletins, bare, drawn, inner) => {
      const plan = (window: Window, law: SoundingLaw): DevicePlan =>
        planDevice({ bulletins, areaIds: ['c1'], law, window });
      const undecided = plan({ fromMs, untilMs }, bare).items.map(({ occurrence }) => occurrence);
      const turns = drawn.map(([a, b]) => ({
        areaIds: ['c1'],
        first: undecided[a % undecided.length] ?? '',
        second: undecided[b % undecided.length] ?? '',
      }));
      const law = { ...bare, turns };
      const bounds = [fromMs, ...inner.sort((a, b) => a - b), untilMs];
      const parts = bounds.slice(1).map((end, index) => plan({ fromMs: bounds[index] ?? fromMs, untilMs: end }, law));
      const whole = plan({ fromMs, untilMs }, law);
      expect(JSON.stringify(parts.flatMap(({ items }) => items))).toBe(JSON.stringify(whole.items));
      expect(JSON.stringify(parts.flatMap(({ omitted }) => omitted))).toBe(JSON.stringify(whole.omitted));
      const names = [...whole.items, ...whole.omitted].map(({ occurrence }) => occurrence);
      expect(new Set(names).size).toBe(names.length);
    }),
    { seed, numRuns: 500 },
  );
});

test('a window that begins at noon knows what the morning has used up', () => {
  const law = { hours: allDay, limits: { sessionsPerDayMax: { value: 1, document: 'QĐ' } } };
  const bulletins = [once('morning', '2026-11-23T05:00'), once('evening', '2026-11-23T17:00', { acceptedNumber: 2 })];
  const window = { fromMs: at('2026-11-23T12:00'), untilMs: at('2026-11-23T20:00') };
  const { items, omitted } = planDevice({ bulletins, areaIds: ['c1'], law, window });
  expect(items).toEqual([]);
  expect(omitted).toMatchObject([{ occurrence: expect.stringContaining('evening@'), reason: 'too-many-sessions' }]);
});

test.each([
  ['bulletins at their own times', anyBulletins, anyLaw],
  ['standing days', anyStandingBulletins, anyStandingLaw],
])('the order of the bulletins changes nothing: %s', (_name, some, laws) => {
  const window = { fromMs, untilMs };
  fc.assert(
    fc.property(some, laws, (bulletins, law) => {
      const plan = (list: typeof bulletins) =>
        JSON.stringify(planDevice({ bulletins: list, areaIds: ['c1'], law, window }));
      expect(plan(bulletins.toReversed())).toBe(plan(bulletins));
    }),
    { seed, numRuns: 100 },
  );
});
