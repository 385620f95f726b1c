/**
 * P7 and P9: a server whose clock is not believed adds nothing to a plan, and takes out of it what a person withdraws,
 * also while something else that it was asked for waits for the right time. Found by seed 2009 of a simulated week.
 */
import { expect, test } from 'vitest';
import { daily } from './asks.ts';
import { judgeHistory } from './checker.ts';
import { goodLink } from './network.ts';
import { openTown, townStartMs } from './town.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

test.each([3, -3])('%i days off, with a new bulletin waiting', async (days) => {
  const town = await openTown({
    seed: 2_009,
    boards: 1,
    isCalm: true,
    startMs: townStartMs + 3 * hourMs,
    board: { quality: goodLink, clockKept: true },
  });
  const { world, office, places } = town;
  const { department } = places.people;
  const taken = await office.accept(department, daily('2026-11-21', '08:00'));
  const kept = await office.accept(department, daily('2026-11-21', '09:00'));
  await world.runFor(5 * minuteMs);
  town.jumpServerClock(days * 24 * hourMs, 6 * hourMs);
  await world.runFor(minuteMs);
  const waiting = await office.accept(department, daily('2026-11-21', '10:00'));
  await world.runFor(minuteMs);
  if (taken === undefined || kept === undefined || waiting === undefined) throw new Error('A bulletin was refused');
  await office.withdraw(department, taken);
  await world.runFor(8 * hourMs);
  const history = town.history();
  expect(history.emissions.map(({ clipId }) => clipId)).toEqual([kept.clipId]);
  expect(judgeHistory(history)).toEqual([]);
});
