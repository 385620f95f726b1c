/**
 * Scenes in which everything happens that a broken build would be caught by: power cuts in plays, deaths at the answer,
 * attacks and replays, a restore, a time without a network, stops, emergencies, drills, a clock that jumps, the end of
 * the permitted hours. A build that keeps its promises comes through all of them.
 */
import { topics } from '@loa/protocol/device';
import { emergency, once } from './asks.ts';
import { Attacker, strikes } from './attacker.ts';
import { type Breach, judgeHistory } from './checker.ts';
import { goodLink } from './network.ts';
import type { BulletinAsk, Note } from './office.ts';
import { openTown, type Town, type TownOptions, townStartMs } from './town.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

type Build = Pick<TownOptions, 'boardSabotage' | 'serverSabotage'>;

/** Each in a town of its own: two boards, of which the second has no battery for its clock and sounds no drills. */
export const scenes = {
  replays,
  powerCutsInPlay,
  deathsAtTheAnswer,
  attacks,
  restoring,
  alone,
  stops,
  interruptions,
  drills,
  wrongClock,
  blindBoards,
  evening,
};

export type Scene = keyof typeof scenes;

/** What the checker says of a build after a scene. */
export async function runScene(scene: Scene, build: Build): Promise<Breach[]> {
  const town = await openTown({
    seed: 801,
    isCalm: true,
    // Before the horns fall silent, or in the morning.
    startMs: townStartMs + (scene === 'evening' ? 17.5 : 3) * hourMs,
    board: { quality: goodLink, hasProbe: true },
    natures: [
      { clockKept: true, drillsAudible: true },
      { clockKept: false, drillsAudible: false },
    ],
    boards: 2,
    ...build,
  });
  await scenes[scene](town);
  await town.mend();
  await town.world.runFor(15 * minuteMs);
  return judgeHistory(town.history());
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

/** Taken back in the middle of a play, with everybody in reach; and with nobody. */
async function stops(town: Town): Promise<void> {
  const { world, office, boards, places } = town;
  const { department } = places.people;
  for (const isInReach of [true, false]) {
    const note = await accept(town, 3 * minuteMs, undefined, { clipDurationMs: 90_000 });
    await world.runUntil((note.startsMs[0] ?? 0) - (isInReach ? 0 : 20_000));
    if (!isInReach) for (const board of boards) board.network.isUp = false;
    await world.runFor(10_000);
    await office.withdraw(department, note);
    await world.runFor(2 * minuteMs);
    for (const board of boards) board.network.isUp = true;
    await world.runFor(2 * minuteMs);
  }
}

/** Emergencies in the middle of what each policy does with it. */
async function interruptions(town: Town): Promise<void> {
  for (const resume of ['drop', 'resume', 'restart'] as const) {
    const note = await accept(town, 3 * minuteMs, undefined, { clipDurationMs: 60_000, resume });
    await town.world.runUntil((note.startsMs[0] ?? 0) + 20_000);
    await town.office.push(town.places.people.department, emergency());
    await town.world.runFor(4 * minuteMs);
  }
}

async function drills(town: Town): Promise<void> {
  const { world, office, boards, places } = town;
  const attacker = new Attacker(town);
  for (const drill of [true, false]) {
    await office.push(places.people.department, emergency({ drill }));
    await world.runFor(1_000);
    for (const board of boards) attacker.strike(board, 'undrill');
    await world.runFor(2 * minuteMs);
  }
}

/** Boards begin anew where nothing tells them the time: what is due is not for them, an emergency is. */
async function blindBoards(town: Town): Promise<void> {
  const { world, office, boards, places } = town;
  await accept(town, 10 * minuteMs);
  await world.runFor(2 * minuteMs);
  for (const board of boards) board.network.isSocketBlocked = true;
  for (const board of boards) board.powerCut();
  await world.runFor(3_000);
  for (const board of boards) board.powerOn();
  await world.runFor(minuteMs);
  await office.push(places.people.department, emergency());
  await world.runFor(10 * minuteMs);
}

/** The server's clock is two days ahead for half an hour; meanwhile boards begin anew. */
async function wrongClock(town: Town): Promise<void> {
  const { world, office, boards, places } = town;
  await accept(town, 25 * minuteMs);
  await world.runFor(5 * minuteMs);
  town.jumpServerClock(48 * hourMs, 30 * minuteMs);
  await world.runFor(2 * minuteMs);
  for (const board of boards) board.powerCut();
  await world.runFor(3_000);
  for (const board of boards) board.powerOn();
  await world.runFor(minuteMs);
  await office.accept(places.people.department, once(world.trueMs + 49 * hourMs));
  await world.runFor(minuteMs);
  await office.push(places.people.department, emergency());
  await world.runFor(50 * minuteMs);
}

/** What is late must not begin when the hours are over. */
async function evening(town: Town): Promise<void> {
  const { world, boards } = town;
  const late = { kind: 'start', lateMsMax: 30 * minuteMs } as const;
  const note = await accept(town, 26 * minuteMs, undefined, { late });
  await world.runUntil((note.startsMs[0] ?? 0) - minuteMs);
  for (const board of boards) board.powerCut();
  await world.runUntil(townStartMs + 18 * hourMs + minuteMs);
  for (const board of boards) board.powerOn();
  await world.runFor(5 * minuteMs);
}

async function accept(
  town: Town,
  afterMs: number,
  onAccepted?: () => void,
  changes: Partial<BulletinAsk> = {},
): Promise<Note> {
  const { office, places, world } = town;
  const asked = office.accept(places.people.department, once(world.trueMs + afterMs, changes), onAccepted);
  await world.runFor(10_000);
  const note = await asked;
  if (note === undefined) throw new Error('The bulletin was refused');
  return note;
}
