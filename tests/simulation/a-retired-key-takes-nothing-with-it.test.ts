/** P5 across new signing keys: what a former key had signed holds on, and what a retired one signs afterwards is refused. */
import { expect, test } from 'vitest';
import { daily, emergency, once } from './asks.ts';
import { Attacker } from './attacker.ts';
import { judgeHistory } from './checker.ts';
import { openTown, townStartMs } from './town.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

test('two new keys later everything planned before sounds, and the first key commands nobody', async () => {
  const town = await openTown({
    seed: 711,
    boards: 3,
    isCalm: true,
    startMs: townStartMs + 3 * hourMs,
    natures: [{ drillsAudible: true }, { drillsAudible: true }, { drillsAudible: true }],
  });
  const { world, office, boards, places, server } = town;
  const { department } = places.people;
  const kept = await office.accept(department, daily('2026-11-21', '09:30', { areaIds: ['p68'] }));
  await world.runFor(5 * minuteMs);
  for (let turn = 0; turn < 2; turn += 1) {
    town.rotateKey(5_000);
    await world.runFor(10 * minuteMs);
  }
  const held = boards.map((board) => board.agent?.documents.holds());
  expect(held.map((holds) => [holds?.keys, holds?.plan !== undefined, holds?.hours !== undefined])).toEqual(
    boards.map(() => [3, true, true]),
  );
  const attacker = new Attacker(town);
  for (const board of boards) attacker.strike(board, 'retired-key');
  const alarm = await office.push(department, emergency());
  await office.accept(department, once(world.trueMs + hourMs));
  await world.runFor(4 * hourMs);
  const history = town.history();
  expect(judgeHistory(history)).toEqual([]);
  for (const note of [kept, alarm])
    expect(
      new Set(history.emissions.filter(({ clipId }) => clipId === note?.clipId).map((one) => one.deviceId)).size,
    ).toBe(boards.length);
  expect(server.storedReports().some(({ report }) => report.includes('"unknown-key"'))).toBe(true);
});
