/**
 * Laws of the conductor under any course of events: restarts at any instant, emergencies, stops, withdrawals, lost
 * clips, a pulled output, a clock that loses its trust. The seed of a failure is printed.
 */
import type { EmergencyOrder, Order } from '@loa/protocol/device';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { emergency, openStage, type Stage, type StageItem, stopOrder } from '../../harness/agent-stage.ts';

const hoursUntilMs = 180_000;

const itemArb = (index: number): fc.Arbitrary<StageItem> =>
  fc.record({
    occurrence: fc.constant(`item${index}@1`),
    at: fc.integer({ min: 1, max: 220 }).map((s) => s * 1_000),
    durationMs: fc.integer({ min: 1, max: 40 }).map((s) => s * 1_000),
    class: fc.constantFrom('normal' as const, 'priority' as const),
    resume: fc.constantFrom('resume' as const, 'restart' as const, 'drop' as const),
    repeat: fc.record({ count: fc.integer({ min: 1, max: 3 }), gapMs: fc.constantFrom(0, 1_500) }),
    late: fc.record({
      kind: fc.constantFrom('skip' as const, 'start' as const, 'join' as const),
      lateMsMax: fc.constantFrom(0, 1_000, 60_000),
    }),
  });

type Happening =
  | { kind: 'emergency'; durationMs: number; count: number }
  | { kind: 'emergency-over' }
  | { kind: 'stop'; forMs: number }
  | { kind: 'withdraw'; index: number }
  | { kind: 'restart'; offMs: number }
  | { kind: 'output'; isPresent: boolean }
  | { kind: 'clip'; index: number; state: 'here' | 'fetching' | 'missing' }
  | { kind: 'trust'; isTrusted: boolean }
  | { kind: 'disk'; state: 'good' | 'refuses' };

const happeningArb: fc.Arbitrary<Happening> = fc.oneof(
  fc.record({
    kind: fc.constant('emergency' as const),
    durationMs: fc.constantFrom(1_000, 12_000),
    count: fc.integer({ min: 1, max: 2 }),
  }),
  fc.record({ kind: fc.constant('emergency-over' as const) }),
  fc.record({ kind: fc.constant('stop' as const), forMs: fc.constantFrom(1_000, 20_000) }),
  fc.record({ kind: fc.constant('withdraw' as const), index: fc.nat(3) }),
  fc.record({ kind: fc.constant('restart' as const), offMs: fc.constantFrom(0, 900, 30_000) }),
  fc.record({ kind: fc.constant('output' as const), isPresent: fc.boolean() }),
  fc.record({
    kind: fc.constant('clip' as const),
    index: fc.nat(3),
    state: fc.constantFrom('here' as const, 'fetching' as const, 'missing' as const),
  }),
  fc.record({ kind: fc.constant('trust' as const), isTrusted: fc.boolean() }),
  fc.record({ kind: fc.constant('disk' as const), state: fc.constantFrom('good' as const, 'refuses' as const) }),
);

const scriptArb = fc.record({
  items: fc
    .integer({ min: 1, max: 4 })
    .chain((count) => fc.tuple(...Array.from({ length: count }, (_, index) => itemArb(index)))),
  happenings: fc.array(fc.tuple(fc.integer({ min: 0, max: 30_000 }), happeningArb), { maxLength: 12 }),
});

type Script = typeof scriptArb extends fc.Arbitrary<infer T> ? T : never;

async function run(script: Script): Promise<{ stage: Stage; emergencies: EmergencyOrder[]; withEmergencies: boolean }> {
  const stage = await openStage({ diskMs: 20 });
  const emergencies: EmergencyOrder[] = [];
  let items = [...script.items];
  let orders: Order[] = [];
  let withEmergencies = true;
  stage.setHours([{ weekdays: [1, 2, 3, 4, 5, 6, 7], from: '08:00', until: '08:03' }]);
  stage.setPlan(items);
  for (const [delayMs, happening] of script.happenings) {
    await stage.advance(delayMs);
    switch (happening.kind) {
      case 'emergency': {
        const { durationMs, count } = happening;
        const order = emergency(`alert${emergencies.length}@1`, {
          at: Math.floor(stage.nowMs()),
          durationMs,
          repeat: { count, gapMs: 500 },
        });
        emergencies.push(order);
        orders = [...orders, order];
        stage.setOrders(orders);
        break;
      }
      case 'emergency-over':
        orders = orders.slice(1);
        stage.setOrders(orders);
        break;
      case 'stop': {
        const at = Math.floor(stage.nowMs());
        orders = [...orders, stopOrder({ at, untilMs: at + happening.forMs })];
        stage.setOrders(orders);
        break;
      }
      case 'withdraw':
        items = items.filter((_item, index) => index !== happening.index);
        stage.setPlan(items);
        break;
      case 'restart':
        await stage.restart(happening.offMs);
        break;
      case 'output':
        stage.setOutput(happening.isPresent);
        stage.conductor.outputIs(happening.isPresent);
        break;
      case 'clip':
        stage.setClip(`item${happening.index}@1`, happening.state);
        break;
      case 'trust':
        stage.setTrusted(happening.isTrusted);
        break;
      case 'disk':
        // An emergency sounds although the disk refuses, and then nothing remembers it across a restart: stated so.
        if (happening.state === 'refuses') withEmergencies = false;
        stage.setDisk(happening.state);
        break;
    }
  }
  stage.setDisk('good');
  stage.setOutput(true);
  stage.conductor.outputIs(true);
  stage.setTrusted(true);
  stage.setOrders([]);
  await stage.advance(600_000);
  return { stage, emergencies, withEmergencies };
}

/** Seed 1651558625: an emergency in the last tenth of a second of a play, which had sounded from the card anyway. */
const cutInItsLastMoment: Script = {
  items: [
    {
      occurrence: 'item2@1',
      at: 8_000,
      durationMs: 9_000,
      class: 'normal',
      resume: 'restart',
      repeat: { count: 1, gapMs: 0 },
      late: { kind: 'skip', lateMsMax: 1_000 },
    },
  ],
  happenings: [[16_899, { kind: 'emergency', durationMs: 1_000, count: 1 }]],
};

test('one sound at a time, no play twice, one ending each, nothing outside the hours', async () => {
  await fc.assert(
    fc.asyncProperty(scriptArb, async (script) => {
      const { stage, emergencies, withEmergencies } = await run(script);
      const isRestarted = script.happenings.some(([, happening]) => happening.kind === 'restart');
      const heard = stage.heard().sort((a, b) => a.atMs - b.atMs);

      for (const [index, after] of heard.entries()) {
        const before = heard[index - 1];
        if (before !== undefined) expect(before.untilMs, 'two sounds at once').toBeLessThanOrEqual(after.atMs + 0.01);
      }
      for (const item of script.items) {
        const mine = heard.filter(({ clip }) => clip === item.occurrence);
        const count = item.repeat?.count ?? 1;
        if (item.resume !== 'restart')
          expect(mine.filter(({ fromMs }) => fromMs === 0).length, `${item.occurrence} began`).toBeLessThanOrEqual(
            count,
          );
        const wholes = mine.filter(({ atMs, untilMs }) => untilMs - atMs >= (item.durationMs ?? 0) - 1);
        // Power lost in the last instant of a play that is to restart: it cannot be known that all of it was heard.
        if (item.resume !== 'restart' || !isRestarted)
          expect(wholes.length, `${item.occurrence} sounded whole`).toBeLessThanOrEqual(count);
        for (const { untilMs, atMs } of mine) {
          expect(atMs, 'early').toBeGreaterThanOrEqual(item.at - 0.01);
          expect(untilMs, 'outside the hours').toBeLessThanOrEqual(hoursUntilMs + 500);
        }
        expect(stage.ended(item.occurrence).length, `${item.occurrence} ended`).toBeLessThanOrEqual(1);
        if (mine.length > 0) expect(stage.ended(item.occurrence), `${item.occurrence} sounded`).toHaveLength(1);
      }
      for (const { occurrence, repeat } of emergencies) {
        const wholes = heard.filter(({ clip, atMs, untilMs }) => clip === occurrence && untilMs - atMs >= 999);
        expect(stage.ended(occurrence).length).toBeLessThanOrEqual(1);
        if (withEmergencies && repeat.count === 1 && occurrence === 'alert0@1' && emergencies.length === 1)
          expect(wholes.length).toBeLessThanOrEqual(1);
      }
      for (const event of stage.reports) {
        if (event.kind !== 'ended' || (!withEmergencies && event.occurrence.startsWith('alert'))) continue;
        const sounded = heard.some(({ clip, untilMs, atMs }) => clip === event.occurrence && untilMs - atMs > 0.01);
        if (event.kind !== 'ended') continue;
        if (['missed', 'withdrawn', 'refused'].includes(event.outcome))
          expect(sounded, JSON.stringify(event)).toBe(false);
        // Across a restart nothing tells whether a beginning that was written down also sounded; it is taken to have.
        if (event.outcome === 'played' || (event.outcome === 'partial' && !isRestarted))
          expect(sounded, JSON.stringify(event)).toBe(true);
      }
      await stage.stop();
    }),
    { numRuns: Number(process.env.LOA_LAW_RUNS ?? 150), examples: [[cutInItsLastMoment]] },
  );
}, 120_000);

test('what is never withdrawn and never disturbed always ends', async () => {
  await fc.assert(
    fc.asyncProperty(scriptArb, async ({ items, happenings }) => {
      const { stage } = await run({
        items,
        happenings: happenings.filter(([, happening]) => happening.kind !== 'withdraw'),
      });
      for (const item of items) expect(stage.ended(item.occurrence), item.occurrence).toHaveLength(1);
      await stage.stop();
    }),
    { numRuns: Number(process.env.LOA_LAW_RUNS ?? 100) },
  );
}, 120_000);
