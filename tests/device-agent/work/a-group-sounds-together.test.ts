/**
 * Twelve boards with clocks of their own sound as one: the spread of the first sample, measured on what each emitted, in
 * true time, ten minutes after their links came up; and the spread through a long item. Real timekeepers and players,
 * simulated time and links.
 */
import { askTimeEveryMs } from '@loa/device-agent/work/conductor/limits.ts';
import { describe, expect, it } from 'vitest';
import { isFull } from '../../harness/full.ts';
import { seededRandom } from '../../harness/sound.ts';
import { type LinkTimes, timedBoard } from '../../harness/timed-board.ts';
import { trueTime, trueZeroMs } from '../../harness/true-time.ts';

const boardsInGroup = 12;
const groups = isFull ? 60 : 4;
const linkUpMs = 10 * 60_000;

/** ±50 ppm, every rate as likely. */
const rateOf = (random: () => number) => (random() * 2 - 1) * 50e-6;

/** 37 ms of silence, then a tone: the place of its first loud sample is known to the sample. */
const onsetMs = 37;
const tone = Int16Array.from({ length: 24_000 }, (_, index) =>
  index < onsetMs * 48 ? 0 : Math.round(20_000 * Math.cos(((index - onsetMs * 48) * 2 * Math.PI * 440) / 48_000)),
);

/** First loud samples of one group, ms from where they belong. */
async function startsOf(seed: number, linkOf: (random: () => number) => LinkTimes): Promise<number[]> {
  const time = trueTime();
  const random = seededRandom(seed);
  const boards = Array.from({ length: boardsInGroup }, () =>
    timedBoard({ time, random, rate: rateOf(random), link: linkOf(random) }),
  );
  for (const board of boards) board.connect();
  const startMs = linkUpMs + 0.5;
  time.advance(startMs - 11_500);
  for (const board of boards) board.timekeeper.burst();
  time.advance(11_200);
  // As the conductor does it: handed to the player 300 ms before its instant.
  for (const board of boards) (await board.play(tone, trueZeroMs + startMs))();
  time.advance(1_500);
  return boards.map((board) => (board.firstLoudMs() ?? Number.NaN) - onsetMs - startMs);
}

const spreadOf = (values: readonly number[]) => Math.max(...values) - Math.min(...values);
const p95 = (values: readonly number[]) =>
  values.toSorted((a, b) => a - b)[Math.ceil(values.length * 0.95) - 1] ?? Number.NaN;

const mobile = (random: () => number) => 75 + 150 * random();

describe('a group of twelve starts together, ten minutes after its links came up', () => {
  it.each<[string, number, (random: () => number) => LinkTimes]>([
    ['on one LAN', 20, () => ({ oneWayMs: (random) => 0.3 + 2 * random() })],
    ['over 300 ± 150 ms', 20, () => ({ oneWayMs: mobile })],
    [
      'over 300 ± 150 ms that are lopsided by up to ±40 ms',
      50,
      (random) => ({ oneWayMs: mobile, asymmetryMs: (random() * 2 - 1) * 40 }),
    ],
    [
      'over a few slow answers among quick ones',
      20,
      () => ({ oneWayMs: (random) => 40 - 60 * Math.log(1 - random()) }),
    ],
  ])('%s: within %i ms', async (name, limitMs, linkOf) => {
    const spreads: number[] = [];
    for (let group = 0; group < groups; group += 1) spreads.push(spreadOf(await startsOf(group * 101 + 7, linkOf)));
    console.log(`${name}: spread p95 ${p95(spreads).toFixed(1)} ms of ${groups} groups`);
    expect(p95(spreads)).toBeLessThanOrEqual(limitMs);
  });
});

describe('a group stays together', () => {
  const lengthMs = isFull ? 3_600_000 : 10 * 60_000;
  const boardsPlaying = isFull ? boardsInGroup : 4;

  it('through a long item, over 300 ± 150 ms, each board with its own clock', async () => {
    const time = trueTime();
    const random = seededRandom(11);
    /** True instants of every fiftieth block, by board. */
    const heard: number[][] = [];
    const boards = Array.from({ length: boardsPlaying }, (_, index) => {
      const own: number[] = [];
      heard.push(own);
      let blocks = 0;
      // The two worst first: they drift apart by 100 ppm.
      const rate = [50e-6, -50e-6][index] ?? rateOf(random);
      return timedBoard({
        time,
        random,
        rate,
        link: { oneWayMs: mobile },
        onBlock(trueMs) {
          if (blocks % 50 === 0) own.push(trueMs);
          blocks += 1;
        },
      });
    });
    for (const board of boards) board.connect();
    time.advance(linkUpMs);
    const silence = new Int16Array(lengthMs * 48);
    for (const board of boards) (await board.play(silence, trueZeroMs + linkUpMs + 300))();
    for (let leftMs = lengthMs - 1_000; leftMs > 0; leftMs -= askTimeEveryMs) {
      for (const board of boards) board.timekeeper.burst();
      time.advance(Math.min(leftMs, askTimeEveryMs));
    }
    const seconds = Math.min(...heard.map((own) => own.length));
    expect(seconds).toBeGreaterThan(lengthMs / 1_000 - 5);
    const spreads = Array.from({ length: seconds }, (_, second) => spreadOf(heard.map((own) => own[second] ?? NaN)));
    const trips = boards.map((board) => board.asked());
    console.log(
      `long item: spread p95 ${p95(spreads).toFixed(1)} ms, at most ${Math.max(...spreads).toFixed(1)} ms; ${trips}`,
    );
    expect(p95(spreads)).toBeLessThanOrEqual(20);
    expect(spreads.at(-1)).toBeLessThanOrEqual(20);
  });
});

describe('a step of the server’s clock', () => {
  it.each([
    ['on a LAN', (random: () => number) => 0.3 + 2 * random(), 40, 10],
    ['over 300 ± 150 ms', mobile, 200, 30],
  ])('that is small is followed within a burst %s, not averaged in for hours', (_name, oneWayMs, stepMs, leftMs) => {
    const time = trueTime();
    const random = seededRandom(3);
    let steppedMs = 0;
    const board = timedBoard({ time, random, rate: 20e-6, link: { oneWayMs }, serverOffMs: () => steppedMs });
    board.connect();
    time.advance(3_600_000);
    steppedMs = stepMs;
    board.timekeeper.burst();
    time.advance(15_000);
    expect(Math.abs(board.errorMs() - stepMs)).toBeLessThan(leftMs);
  });
});
