/**
 * Laws of the forecast for generated plans: one line for every item, one sound at a time, equal for equal input, and
 * an answer in bounded time for the worst plan.
 */
import { cautiousHours, forecast, type PlanItem, permitsByHours } from '@loa/schedules';
import fc from 'fast-check';
import { expect, test } from 'vitest';

const seed = Number(process.env.LOA_TEST_SEED ?? 20261126);
const noonMs = Date.parse('2026-11-25T12:00:00+07:00');
const clipMs = 60_000;

const itemArb = fc.record({
  atMs: fc.integer({ min: 0, max: 7_200_000 }).map((ms) => noonMs + ms),
  class: fc.constantFrom('normal' as const, 'priority' as const),
  resume: fc.constantFrom('resume' as const, 'restart' as const, 'drop' as const),
  repeat: fc.record({ count: fc.integer({ min: 1, max: 4 }), gapMs: fc.constantFrom(0, 5_000) }),
  lengthMsMax: fc.constantFrom(30_000, 62_000, 300_000),
  late: fc.record({
    kind: fc.constantFrom('skip' as const, 'start' as const, 'join' as const),
    lateMsMax: fc.constantFrom(0, 1_000, 600_000),
  }),
});
const alarmArb = fc.record({ atMs: fc.nat(7_200_000), lengthMs: fc.nat(600_000) });

function planOf(drawn: readonly Omit<PlanItem, 'occurrence' | 'bulletinId' | 'clipId'>[]) {
  const items = drawn
    .map((item, index) => ({ ...item, bulletinId: `b${index}`, occurrence: `b${index}@1`, clipId: 'clip' }))
    .sort((a, b) => a.atMs - b.atMs);
  return { items, omitted: [{ occurrence: 'out@1', atMs: noonMs, reason: 'outside-permitted-hours' as const }] };
}

function foretell(plan: ReturnType<typeof planOf>, alarms: readonly { atMs: number; lengthMs: number }[] = []) {
  return forecast({
    plan,
    clipDurationsMs: new Map([['clip', clipMs]]),
    permits: permitsByHours(cautiousHours('Asia/Ho_Chi_Minh')),
    alarms: alarms.map(({ atMs, lengthMs }, index) => ({
      occurrence: `alert${index}@1`,
      fromMs: noonMs + atMs,
      untilMs: noonMs + atMs + lengthMs,
    })),
  });
}

test('every item and every omission has one line, and one thing sounds at a time', () => {
  fc.assert(
    fc.property(fc.array(itemArb, { maxLength: 40 }), fc.array(alarmArb, { maxLength: 4 }), (drawn, alarms) => {
      const plan = planOf(drawn);
      const lines = foretell(plan, alarms);
      expect(lines.map((line) => line.occurrence).sort()).toEqual(
        [...plan.items, ...plan.omitted].map((one) => one.occurrence).sort(),
      );
      const held = alarms.map(({ atMs, lengthMs }) => ({ fromMs: noonMs + atMs, untilMs: noonMs + atMs + lengthMs }));
      const sounds = lines.flatMap((line) => line.sounds).sort((a, b) => a.fromMs - b.fromMs);
      for (const [index, sound] of sounds.entries()) {
        expect(sound.untilMs).toBeGreaterThan(sound.fromMs);
        expect(sound.untilMs).toBeLessThanOrEqual(sounds[index + 1]?.fromMs ?? Number.POSITIVE_INFINITY);
        expect(held.filter((one) => one.fromMs < sound.untilMs && sound.fromMs < one.untilMs)).toEqual([]);
      }
      for (const line of lines) {
        if (line.startMs !== undefined) expect(line.startMs).toBeGreaterThanOrEqual(line.atMs);
        if (line.verdict === 'plays') expect(line.lateMs).toBe(0);
        if (line.verdict === 'late') expect(line.cause).toBeDefined();
        if (line.verdict === 'skipped' && line.outcome !== 'refused') expect(line.cause).toBeDefined();
      }
    }),
    { seed, numRuns: 300 },
  );
});

test('equal input gives equal output, in whatever order the alarms are named', () => {
  fc.assert(
    fc.property(
      fc.array(itemArb, { maxLength: 20 }),
      fc.uniqueArray(alarmArb, { maxLength: 4, selector: (one) => one.atMs }),
      (drawn, alarms) => {
        const plan = planOf(drawn);
        expect(foretell(structuredClone(plan), alarms)).toEqual(foretell(plan, alarms));
        const spans = (lines: ReturnType<typeof foretell>) =>
          lines.map(({ occurrence, sounds, code }) => ({ occurrence, sounds, code }));
        expect(spans(foretell(plan, [...alarms].reverse()))).toEqual(spans(foretell(plan, alarms)));
      },
    ),
    { seed, numRuns: 100 },
  );
});

test('the worst plan is answered in bounded time', () => {
  const item = {
    atMs: noonMs,
    class: 'normal' as const,
    resume: 'restart' as const,
    repeat: { count: 1, gapMs: 0 },
    lengthMsMax: 62_000,
    late: { kind: 'start' as const, lateMsMax: 864_000_000 },
  };
  const plan = planOf(Array.from({ length: 20_000 }, (_, index) => ({ ...item, atMs: noonMs + (index % 7) })));
  const from = performance.now();
  expect(foretell(plan)).toHaveLength(20_001);
  expect(performance.now() - from).toBeLessThan(5_000);
});
