/** The card counts down to the first sample, so that a board which is busy at that very instant is not late. */
import type { Program } from '@loa/device-agent/edges/process.ts';
import { alsaSink } from '@loa/device-agent/fronts/player/alsa.ts';
import { createPlayer } from '@loa/device-agent/fronts/player/player.ts';
import { expect, it } from 'vitest';
import { clipOf } from '../../harness/timed-board.ts';
import { trueTime } from '../../harness/true-time.ts';

const clip = new Int16Array(48_000).fill(1_000);
const startMs = 5_000;

/** The instant of the first loud sample at a card that begins with the first sample it gets, ms. */
async function firstLoudMs(options: { startMs: number; busyUntilMs?: number }): Promise<number> {
  const time = trueTime();
  const own = time.clock({ rate: 0, bootMs: 0 });
  const { busyUntilMs = 0 } = options;
  // Timers of a busy board run when it is done.
  const clock = {
    ...own,
    setTimer: (run: () => void, delayMs: number) =>
      own.setTimer(run, Math.max(delayMs, time.nowMs() + delayMs > startMs - 90 ? busyUntilMs - time.nowMs() : 0)),
  };
  let firstMs: number | undefined;
  const samples: number[] = [];
  const program: Program = {
    write(piece) {
      firstMs ??= time.nowMs();
      samples.push(...new Int16Array(piece.buffer, piece.byteOffset, piece.byteLength >> 1));
      return 0;
    },
    endInput: () => undefined,
    pause: () => undefined,
    resume: () => undefined,
    kill: () => undefined,
  };
  const sink = alsaSink({ device: 'twin', run: () => program, clock });
  const player = createPlayer({ sink, decode: () => clipOf(clip), clock, levels: { routineDb: 0, emergencyDb: 0 } });
  const result = await player.prepare({ path: 'clip', fromMs: 0, level: 'routine' });
  if (!result.ok) throw new Error(result.reason);
  time.advance(4_700);
  result.prepared.startAt(options.startMs);
  time.advance(2_000);
  expect(samples.filter((sample) => sample === 1_000)).toHaveLength(48_000);
  return (firstMs ?? Number.NaN) + samples.indexOf(1_000) / 48;
}

it.each([
  ['idle', 0],
  ['busy until 40 ms before', startMs - 40],
  ['busy until the instant itself', startMs],
])('%s', async (_name, busyUntilMs) => {
  expect(await firstLoudMs({ startMs, busyUntilMs })).toBeCloseTo(startMs, 1);
});

it('what is to sound at once has no silence before it', async () => {
  expect(await firstLoudMs({ startMs: 0 })).toBe(4_700);
});
