/**
 * A few hours in which everything happens that a broken build would be caught by: power cuts in plays, deaths at the
 * answer, attacks and replays, a restore, and a time without a network. A build that keeps its promises comes through.
 */
import { topics } from '@loa/protocol/device';
import { emergency, once } from './asks.ts';
import { Attacker, strikes } from './attacker.ts';
import { type Breach, judgeHistory } from './checker.ts';
import { goodLink } from './network.ts';
import type { Note } from './office.ts';
import { openTown, type Town, type TownOptions, townStartMs } from './town.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

type Build = Pick<TownOptions, 'boardSabotage' | 'serverSabotage'>;

/** What the checker says of a build after the gauntlet. */
export async function runGauntlet(build: Build): Promise<Breach[]> {
  return judgeHistory((await gauntletTown(build)).history());
}

/** The town after the gauntlet, mended. */
export async function gauntletTown(build: Build): Promise<Town> {
  const town = await openTown({
    seed: 801,
    boards: 2,
    startMs: townStartMs + 3 * hourMs,
    board: { clockKept: true, quality: goodLink },
    ...build,
  });
  await replays(town);
  await powerCutsInPlay(town);
  await deathsAtTheAnswer(town);
  await attacks(town);
  await restoring(town);
  await alone(town);
  await town.mend();
  await town.world.runFor(15 * minuteMs);
  return town;
}

/** While plans are so short that they carry their bodies, the clip is there, and the start not yet near. */
async function replays(town: Town): Promise<void> {
  const { world, office, boards, server, places } = town;
  const taken = await accept(town, 25 * minuteMs);
  await world.runFor(90_000);
  await office.withdraw(places.people.department, taken);
  await world.runFor(minuteMs);
  for (const board of boards) {
    const own = server.published.filter(({ topic }) => topic === topics.plan(board.deviceId));
    for (const { topic, payload } of own.slice(0, -1)) board.network.inject(topic, payload);
  }
  await world.runFor(24 * minuteMs);
}

async function powerCutsInPlay(town: Town): Promise<void> {
  for (const intoMs of [500, 6_000, 15_000]) {
    const note = await accept(town, 2 * minuteMs);
    await town.world.runUntil((note.startsMs[0] ?? 0) + intoMs);
    for (const board of town.boards) board.powerCut();
    await town.world.runFor(3_000);
    for (const board of town.boards) board.powerOn();
    await town.world.runFor(minuteMs);
  }
}

async function deathsAtTheAnswer(town: Town): Promise<void> {
  for (let turn = 0; turn < 3; turn += 1) {
    await accept(town, 3 * minuteMs, () => town.killServer(5_000));
    await town.world.runFor(2 * minuteMs);
  }
}

async function attacks(town: Town): Promise<void> {
  const { world, boards } = town;
  const attacker = new Attacker(town);
  // What attackers would like to sound before its time.
  await accept(town, 90 * minuteMs);
  await world.runFor(2 * minuteMs);
  for (const kind of strikes) for (const board of boards) attacker.strike(board, kind);
  await world.runFor(20 * minuteMs);
}

async function restoring(town: Town): Promise<void> {
  town.backUp();
  await accept(town, 10 * hourMs);
  await town.office.push(town.places.people.department, emergency());
  await town.world.runFor(2 * minuteMs);
  await town.restore(0, 5_000);
  await town.world.runFor(2 * minuteMs);
  await accept(town, 10 * minuteMs);
  await town.world.runFor(15 * minuteMs);
}

async function alone(town: Town): Promise<void> {
  await accept(town, 30 * minuteMs);
  await accept(town, 40 * minuteMs);
  await town.world.runFor(2 * minuteMs);
  for (const board of town.boards) board.network.isUp = false;
  await town.world.runFor(minuteMs);
  for (const board of town.boards) board.powerCut();
  await town.world.runFor(minuteMs);
  for (const board of town.boards) board.powerOn();
  await town.world.runFor(45 * minuteMs);
}

async function accept(town: Town, afterMs: number, onAccepted?: () => void): Promise<Note> {
  const { office, places, world } = town;
  const asked = office.accept(places.people.department, once(world.trueMs + afterMs), onAccepted);
  await world.runFor(10_000);
  const note = await asked;
  if (note === undefined) throw new Error('The bulletin was refused');
  return note;
}
