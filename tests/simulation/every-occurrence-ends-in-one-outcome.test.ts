/** P2: every occurrence ends in one outcome on every target device, known within a minute where the device is reachable. */
import { expect, test } from 'vitest';
import { emergency, once } from './asks.ts';
import { judgeHistory } from './checker.ts';
import { runSeed } from './run-seed.ts';
import { openTown, townStartMs } from './town.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const startMs = townStartMs + 3 * hourMs;

test('known within a minute of the end, also over a bad link', async () => {
  const town = await openTown({ seed: 201, boards: 4, startMs });
  const { world, office, server, places } = town;
  const [officer] = places.people.officers;
  if (officer === undefined) throw new Error('No officer');
  const atMs = world.trueMs + 10 * minuteMs;
  const note = await office.accept(officer, once(atMs, { repeat: { count: 2, gapMs: 1_000 } }));
  const [plannedMs = 0] = note?.startsMs ?? [];
  await world.runUntil(plannedMs + 41_000 + minuteMs);
  const airings = server.storedAirings();
  expect(airings).toHaveLength(4);
  for (const { outcome } of airings) expect(['confirmed', 'played']).toContain(outcome);
});

test('what was aired while a device was out of reach is unknown, and missed when it is back', async () => {
  const town = await openTown({ seed: 202, boards: 2, startMs });
  const { world, office, server, places } = town;
  const [officer] = places.people.officers;
  const [first] = town.boards;
  if (officer === undefined || first === undefined) throw new Error('Too small a town');
  first.network.isUp = false;
  await office.accept(officer, once(world.trueMs + 5 * minuteMs));
  await office.push(places.people.department, emergency({ lifeMs: 10 * minuteMs }));
  await world.runFor(2 * hourMs);
  // A later plan no longer lists what has passed.
  await office.accept(officer, once(world.trueMs + 3 * hourMs));
  const outcomes = () =>
    server
      .storedAirings()
      .filter(({ deviceId, plannedMs }) => deviceId === first.deviceId && plannedMs < startMs + hourMs)
      .map(({ outcome, phase }) => outcome ?? phase);
  expect(outcomes()).toEqual(['unknown', 'unknown']);
  first.network.isUp = true;
  await world.runFor(5 * minuteMs);
  expect(outcomes()).toEqual(['missed', 'missed']);
  expect(judgeHistory(town.history())).toEqual([]);
});

test('reports wait on the disk of a board through power cuts and arrive once', async () => {
  const town = await openTown({ seed: 203, boards: 3, startMs });
  const { world, office, places } = town;
  const [officer] = places.people.officers;
  if (officer === undefined) throw new Error('No officer');
  for (let turn = 1; turn <= 10; turn += 1) await office.accept(officer, once(world.trueMs + 5 * turn * minuteMs));
  for (const board of town.boards) board.network.isUp = false;
  await world.runFor(32 * minuteMs);
  for (let turn = 0; turn < 8; turn += 1) {
    for (const board of town.boards) {
      board.network.isUp = true;
      board.powerCutAtDiskStep(1 + turn * 97, () => world.after(2_000, () => board.powerOn()));
    }
    await world.runFor(1_500 + turn * 1_000);
    for (const board of town.boards) board.network.isUp = turn % 2 === 0;
    await world.runFor(2_000);
  }
  await town.mend();
  await world.runFor(40 * minuteMs);
  const history = town.history();
  expect(judgeHistory(history)).toEqual([]);
  expect(history.airings.filter(({ outcome }) => outcome === null)).toEqual([]);
  expect(history.airings).toHaveLength(30);
});

test.each([6, 7])(
  'a town of seed %i keeps every promise',
  async (seed) => {
    expect((await runSeed({ seed, boards: 4, days: 0.5 })).breaches).toEqual([]);
  },
  60_000,
);
