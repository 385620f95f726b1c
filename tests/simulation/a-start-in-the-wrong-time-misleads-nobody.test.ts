/**
 * P9: a server that starts with its clock days off signs nothing before somebody confirms the time. What it dated ahead
 * would make every board distrust its own right clock, and the server itself when its clock is right again.
 */
import { expect, test } from 'vitest';
import { daily, emergency } from './asks.ts';
import { judgeHistory } from './checker.ts';
import { goodLink } from './network.ts';
import { openTown, townStartMs } from './town.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

test.each([8, -8])('%i days off, with one board of three in reach, and set right by the next start', async (days) => {
  const town = await openTown({
    seed: 731,
    boards: 3,
    isCalm: true,
    startMs: townStartMs + 3 * hourMs,
    board: { quality: goodLink, clockKept: true, drillsAudible: true },
  });
  const { world, office, boards, places, server } = town;
  const { department } = places.people;
  for (const time of ['08:00', '10:00']) await office.accept(department, daily('2026-11-21', time));
  // In force when the server dies and over by the clock that is ahead: a document that it would sign anew.
  await office.push(department, emergency());
  await world.runFor(5 * minuteMs);
  server.kill();
  for (const board of boards.slice(1)) board.network.isUp = false;
  town.jumpServerClock(days * 24 * hourMs, 6 * hourMs);
  await world.runFor(minuteMs);
  await server.start();
  await world.runFor(30 * minuteMs);
  server.kill();
  await world.runFor(5_000);
  await town.mend();
  await world.runFor(5 * hourMs);
  const history = town.history();
  expect(judgeHistory(history)).toEqual([]);
  expect(history.emissions.filter(({ level }) => level === 'routine')).toHaveLength(2 * boards.length);
});
