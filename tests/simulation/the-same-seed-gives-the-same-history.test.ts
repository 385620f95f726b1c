/** A failing seed replays exactly: the same seed gives the same history, byte for byte, and another seed another. */
import { expect, test } from 'vitest';
import { runSeed } from './run-seed.ts';

const historyOf = async (seed: number) => JSON.stringify((await runSeed({ seed, boards: 3, days: 0.25 })).history);

test('twice in one process', async () => {
  const first = await historyOf(8);
  expect(await historyOf(8)).toBe(first);
  expect(await historyOf(9)).not.toBe(first);
  expect(first.length).toBeGreaterThan(2_000);
}, 60_000);
