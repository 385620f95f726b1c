/** P3: no play starts a second time, whatever happens to power, link and messages in the middle of it. */
import { describe, expect, test } from 'vitest';
import { emergency, once } from './asks.ts';
import { judgeHistory } from './checker.ts';
import { badLink } from './network.ts';
import { runSeed } from './run-seed.ts';
import { openTown, type Town, townStartMs } from './town.ts';

const minuteMs = 60_000;
const startMs = townStartMs + 3 * 3_600_000;
const clipDurationMs = 8_000;

/** One bulletin every two minutes; `trouble` is told the instant of each start. */
async function airMany(town: Town, count: number, trouble: (index: number, atMs: number) => void): Promise<void> {
  const [officer] = town.places.people.officers;
  if (officer === undefined) throw new Error('No officer');
  for (let index = 0; index < count; index += 1) {
    const atMs = Math.ceil(town.world.trueMs / minuteMs) * minuteMs + minuteMs;
    const resume = (['drop', 'resume', 'restart'] as const)[index % 3] ?? 'drop';
    await town.office.accept(officer, once(atMs, { clipDurationMs, resume, repeat: { count: 2, gapMs: 1_000 } }));
    trouble(index, atMs);
    await town.world.runUntil(atMs + minuteMs);
  }
  await town.mend();
  await town.world.runFor(10 * minuteMs);
}

describe('a power cut', () => {
  test('at any instant around and in a play', async () => {
    const town = await openTown({ seed: 301, boards: 2, startMs, board: { clockKept: true } });
    await airMany(town, 30, (index, atMs) => {
      town.world.after(atMs - 600 + index * 400 - town.world.trueMs, () => {
        for (const board of town.boards) board.powerCut();
        town.world.after(1_000 + 500 * (index % 5), () => {
          for (const board of town.boards) board.powerOn();
        });
      });
    });
    const history = town.history();
    expect(judgeHistory(history)).toEqual([]);
    expect(history.emissions.length).toBeGreaterThan(60);
  });

  test('at any step of the disk while a play is written down', async () => {
    const town = await openTown({ seed: 302, boards: 1, startMs, board: { clockKept: true } });
    const [board] = town.boards;
    await airMany(town, 30, (index, atMs) => {
      town.world.after(atMs - 1_000 - town.world.trueMs, () => {
        board?.powerCutAtDiskStep(1 + index * 23, () => town.world.after(1_500, () => board.powerOn()));
      });
    });
    expect(judgeHistory(town.history())).toEqual([]);
  });
});

test('an emergency on every board, sent twice, held up, and found again after each restart', async () => {
  const quality = { ...badLink, duplicateChance: 0.5, reorderChance: 0.5 };
  const town = await openTown({ seed: 303, boards: 3, startMs, board: { quality } });
  const { department } = town.places.people;
  for (let turn = 0; turn < 6; turn += 1) {
    await town.office.push(department, emergency({ repeat: { count: 1 + (turn % 3), gapMs: 500 } }));
    await town.world.runFor(2_000 + turn * 1_500);
    for (const board of town.boards) board.powerCut();
    town.server.kill();
    await town.server.start();
    await town.world.runFor(1_000);
    for (const board of town.boards) board.powerOn();
    await town.world.runFor(3 * minuteMs);
  }
  const history = town.history();
  expect(judgeHistory(history)).toEqual([]);
  expect(new Set(history.emissions.map(({ clipId }) => clipId)).size).toBe(6);
});

test.each([3, 4])(
  'a town of seed %i keeps every promise',
  async (seed) => {
    expect((await runSeed({ seed, boards: 4, days: 0.5 })).breaches).toEqual([]);
  },
  60_000,
);
