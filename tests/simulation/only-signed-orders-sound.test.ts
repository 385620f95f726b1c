/**
 * P5: nothing but a signed, addressed, unexpired, not yet seen document makes a sound; what is refused is reported; a
 * server restored from an older copy is obeyed, and replay stays closed.
 */
import { topics } from '@loa/protocol/device';
import { expect, test } from 'vitest';
import { emergency, once } from './asks.ts';
import { Attacker, strikes } from './attacker.ts';
import { judgeHistory } from './checker.ts';
import { runSeed } from './run-seed.ts';
import { openTown, type Town, townStartMs } from './town.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const startMs = townStartMs + 3 * hourMs;

/** Every envelope ever published, slipped into every board's session under every topic of that board. */
async function replayEverything(town: Town): Promise<void> {
  for (const board of town.boards) {
    const mine = [topics.plan(board.deviceId), ...board.place.chain.map((id) => topics.areaOrders(id))];
    for (const { topic, payload } of [...town.server.published]) {
      for (const under of new Set([topic, ...mine])) board.network.inject(under, payload);
      await town.world.runFor(20);
    }
  }
}

test('forged, replayed, misdirected, expired and senseless messages make no sound and are reported', async () => {
  const town = await openTown({ seed: 701, boards: 2, startMs });
  const { world, office, boards, places } = town;
  const attacker = new Attacker(town);
  const stopped = await office.push(places.people.department, emergency());
  await world.runFor(minuteMs);
  if (stopped !== undefined) await office.withdraw(places.people.department, stopped);
  const taken = await office.accept(places.people.department, once(world.trueMs + 5 * minuteMs));
  await office.accept(places.people.department, once(world.trueMs + 2 * hourMs));
  await world.runFor(minuteMs);
  if (taken !== undefined) await office.withdraw(places.people.department, taken);
  await world.runFor(minuteMs);
  for (const kind of strikes) {
    for (let time = 0; time < 3; time += 1) for (const board of boards) attacker.strike(board, kind);
    await world.runFor(2 * minuteMs);
  }
  await replayEverything(town);
  await world.runFor(3 * hourMs);
  const history = town.history();
  expect(judgeHistory(history)).toEqual([]);
  const wanted = history.accepted.filter(({ withdrawnMs }) => withdrawnMs === undefined);
  expect(history.emissions.filter(({ startedMs }) => startedMs > startMs + 2 * minuteMs)).toHaveLength(
    boards.length * wanted.length,
  );
  const reasons = new Set(
    town.server.storedReports().flatMap(({ report }) => /"reason":"([a-z-]+)"/.exec(report)?.[1] ?? []),
  );
  for (const reason of ['unknown-key', 'not-newer', 'wrong-audience', 'expired', 'too-large'])
    expect(reasons).toContain(reason);
});

test('a restored server is obeyed without a visit, and what it no longer knows cannot be replayed', async () => {
  const town = await openTown({ seed: 702, boards: 3, startMs });
  const { world, office, server, places } = town;
  const { department } = places.people;
  const kept = await office.accept(department, once(world.trueMs + 6 * hourMs));
  await world.runFor(minuteMs);
  town.backUp();
  const lost = await office.accept(department, once(world.trueMs + 5 * hourMs));
  for (let turn = 0; turn < 5; turn += 1) await office.accept(department, once(world.trueMs + (5 + turn) * hourMs));
  const alarm = await office.push(department, emergency({ lifeMs: 3 * hourMs }));
  await world.runFor(5 * minuteMs);
  expect(await town.restore(0, 20_000)).toBe(true);
  await world.runFor(5 * minuteMs);
  const after = await office.accept(department, once(world.trueMs + hourMs));
  await world.runFor(minuteMs);
  await replayEverything(town);
  await world.runFor(8 * hourMs);
  const history = town.history();
  expect(judgeHistory(history)).toEqual([]);
  const soundsOf = (clipId: string | undefined) => history.emissions.filter((one) => one.clipId === clipId).length;
  expect(soundsOf(after?.clipId)).toBe(3);
  expect(soundsOf(kept?.clipId)).toBe(3);
  expect(soundsOf(lost?.clipId)).toBe(0);
  expect(soundsOf(alarm?.clipId)).toBe(6);
  expect(server.storedBulletinIds()).not.toContain(lost?.bulletinId);
});

test.each([9, 10])(
  'a town of seed %i keeps every promise',
  async (seed) => {
    expect((await runSeed({ seed, boards: 4, days: 0.5 })).breaches).toEqual([]);
  },
  60_000,
);
