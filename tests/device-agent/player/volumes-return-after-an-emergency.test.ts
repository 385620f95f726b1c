/**
 * The conductor and the real player together, heard at the card: an item at its own night level, an emergency at its
 * own, and the item again at the very level it had; and no setting makes an emergency softer than the floor.
 */
import type { Decode } from '@loa/device-agent/fronts/player/decoder.ts';
import type { Levels } from '@loa/device-agent/fronts/player/player.ts';
import { afterEach, expect, test } from 'vitest';
import { emergency, openStage, type Stage } from '../../harness/agent-stage.ts';
import { levelOf, type ToneBench, toneBench, toneDecoder } from '../../harness/tone-bench.ts';

/** −12 dBFS RMS, without an end of its own within these tests. */
const toneDbfs = -12;
const amplitude = 32_768 * 10 ** (toneDbfs / 20) * Math.SQRT2;
const tone = toneDecoder(
  (index) => Math.round(amplitude * Math.sin((2 * Math.PI * 500 * index) / 48_000)),
  20 * 48_000,
);

let stage: Stage;
let bench: ToneBench;
afterEach(async () => {
  const stopping = stage.stop();
  await stage.advance(1_000);
  await stopping;
});

async function open(levels: Levels, decode: Decode = tone): Promise<void> {
  stage = await openStage({
    player(clock) {
      // A small board takes some time to spawn its decoder.
      const slowly: Decode = (options) => ({
        ...decode(options),
        ready: new Promise((resolve) => clock.setTimer(() => resolve(true), 250)),
      });
      bench = toneBench({ clock, decode: slowly, levels });
      return bench.player;
    },
  });
}

/** Level of a tenth of a second from so long after the stage's beginning. */
function levelAt(ms: number): number {
  const beganMs = stage.clock.monotonicMs() - stage.nowMs();
  return levelOf(bench.between(beganMs + ms, beganMs + ms + 100));
}

test('an item at −10 dB sounds at −10 dB before and after an emergency, which sounds at its own level', async () => {
  await open({ routineDb: -4, emergencyDb: 2 });
  stage.setPlan([{ occurrence: 'a@1', at: 5_000, durationMs: 20_000, resume: 'resume', gainDb: -10 }]);
  await stage.advance(10_000);
  stage.setOrders([emergency('e@1', { at: 10_000, durationMs: 20_000 })]);
  await stage.advance(50_000);
  expect(levelAt(8_000)).toBeCloseTo(toneDbfs - 14, 1);
  expect(levelAt(12_000)).toBeCloseTo(toneDbfs + 2, 1);
  expect(levelAt(35_000)).toBeCloseTo(toneDbfs - 14, 1);
  expect(stage.ended('a@1')).toMatchObject([{ outcome: 'played' }]);
});

test('the emergency is heard within 500 ms of its order, and what it silences is silent within 300 ms', async () => {
  const values = toneDecoder((_, path) => (path === 'e@1' ? 20_000 : 5_000), 20 * 48_000);
  await open({ routineDb: 0, emergencyDb: 0 }, values);
  stage.setPlan([{ occurrence: 'a@1', at: 5_000, durationMs: 20_000 }]);
  await stage.advance(10_003);
  const orderedMs = stage.clock.monotonicMs();
  stage.setOrders([emergency('e@1', { at: 10_000, durationMs: 20_000 })]);
  await stage.advance(2_000);
  const heard = [...bench.between(orderedMs, orderedMs + 1_000)];
  const silentMs = heard.findLastIndex((sample) => sample > 0 && sample <= 5_000) / 48;
  const emergencyMs = heard.indexOf(20_000) / 48;
  console.log(
    `silent after ${silentMs.toFixed(0)} ms, emergency after ${emergencyMs.toFixed(0)} ms, decoder ready in 250 ms`,
  );
  expect(silentMs).toBeLessThan(300);
  expect(emergencyMs).toBeGreaterThan(silentMs);
  expect(emergencyMs).toBeLessThan(500);
});

test.each([
  ['the emergency level is set very low', { routineDb: -40, emergencyDb: -60 }, -6],
  ['a board has a floor of its own', { routineDb: -40, emergencyDb: -60, emergencyFloorDb: -3 }, -3],
  ['the routine level is above the floor', { routineDb: -1, emergencyDb: -60 }, -1],
  ['the emergency level is above the floor', { routineDb: -40, emergencyDb: 3 }, 3],
] as const)('an emergency is never softer than the floor: %s', async (_why, levels, expectedDb) => {
  await open(levels);
  stage.setOrders([emergency('e@1', { at: 0, durationMs: 20_000 })]);
  await stage.advance(5_000);
  expect(levelAt(3_000)).toBeCloseTo(toneDbfs + expectedDb, 1);
});
