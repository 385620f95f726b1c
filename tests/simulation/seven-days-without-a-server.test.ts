/**
 * P4: a device without server, network or a clean shutdown plays at least seven days of plan, also after a cold boot
 * with a battery-backed clock; without one it stays silent until it knows the time, and says so. Reports arrive later,
 * once.
 */
import { beforeAll, describe, expect, test } from 'vitest';
import { daily } from './asks.ts';
import { type History, judgeHistory } from './checker.ts';
import { runSeed } from './run-seed.ts';
import type { SimulatedBoard } from './simulated-board.ts';
import { openTown, type Town, townStartMs } from './town.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

describe('a server that is gone for seven days and an hour', () => {
  let town: Town;
  let history: History;

  /** What sounded from the day after the server went on: hours of the day, each once for each day. */
  const soundsOf = (board: SimulatedBoard | undefined) =>
    history.emissions.filter(({ deviceId }) => deviceId === board?.deviceId);
  const outcomesOf = (board: SimulatedBoard | undefined) =>
    history.airings.filter(({ deviceId }) => deviceId === board?.deviceId).map(({ outcome }) => outcome);

  beforeAll(async () => {
    town = await openTown({
      seed: 401,
      isCalm: true,
      boards: 4,
      days: 8,
      board: { hasProbe: true },
      natures: [{ clockKept: true }, { clockKept: false }, { clockKept: true }, { clockKept: false }],
    });
    const { world, boards, office, places } = town;
    for (const time of ['05:15', '11:30', '17:00'])
      await office.accept(places.people.department, daily('2026-11-21', time, { areaIds: ['p68'] }));
    await world.runFor(6 * hourMs);
    town.server.kill();
    // The third and fourth board lose their power on the third day for an hour.
    const [, , third, fourth] = boards;
    await world.runUntil(townStartMs + 2.5 * dayMs);
    third?.powerCut();
    fourth?.powerCut();
    await world.runFor(hourMs);
    third?.powerOn();
    fourth?.powerOn();
    await world.runUntil(townStartMs + 7 * dayMs + 7 * hourMs);
    await town.mend();
    await world.runFor(10 * 60_000);
    history = town.history();
  });

  test('no promise is broken', () => expect(judgeHistory(history)).toEqual([]));

  test('boards that stay on play everything, with a battery or without', () => {
    expect(soundsOf(town.boards[0])).toHaveLength(22);
    expect(soundsOf(town.boards[1])).toHaveLength(22);
  });

  test('a cold boot without a network plays on by the battery', () => {
    expect(soundsOf(town.boards[2])).toHaveLength(22);
  });

  test('a board without a battery is silent after its cold boot, says so, and later why', () => {
    const [, , , fourth] = town.boards;
    const silentFromMs = townStartMs + 2.5 * dayMs;
    expect(soundsOf(fourth).filter(({ startedMs }) => startedMs > silentFromMs)).toEqual([]);
    expect(soundsOf(fourth).length).toBeGreaterThan(5);
    const missed = history.airings.filter(
      ({ deviceId, plannedMs }) => deviceId === fourth?.deviceId && plannedMs > silentFromMs,
    );
    expect(missed.length).toBeGreaterThan(12);
    expect(new Set(missed.map(({ outcome }) => outcome))).toEqual(new Set(['missed']));
    const faults = town.server.storedReports().filter(({ report }) => report.includes('"clock-not-trusted"'));
    expect(faults.map(({ deviceId }) => deviceId)).toContain(fourth?.deviceId);
  });

  test('every report has arrived, each once, and says confirmed', () => {
    for (const board of town.boards.slice(0, 3)) expect(outcomesOf(board)).toEqual(Array(22).fill('confirmed'));
  });

  test('alone for a week after some hours of samples, a board starts within six seconds of the truth', () => {
    const lastDay = town.boards.slice(0, 2).flatMap((board) => soundsOf(board).slice(-3));
    const errorsMs = lastDay.map(({ startedMs }) => {
      const intoDayMs = (startedMs - townStartMs) % dayMs;
      return Math.min(...[2.25, 8.5, 14].map((hour) => Math.abs(intoDayMs - hour * hourMs)));
    });
    expect(lastDay).toHaveLength(6);
    expect(Math.max(...errorsMs)).toBeLessThan(6_000);
  });
});

test.each([5])(
  'a town of seed %i keeps every promise',
  async (seed) => {
    expect((await runSeed({ seed, boards: 4, days: 0.5 })).breaches).toEqual([]);
  },
  60_000,
);
