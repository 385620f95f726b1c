/**
 * An hour of sound is at its place in its last minute too: whatever the card's own rate is, and however the server's
 * time turns out while it plays; and nobody hears it being kept there. Simulated time, the real pacer.
 */
import { watchCard } from '@loa/device-agent/fronts/player/card-watch.ts';
import type { Decoding } from '@loa/device-agent/fronts/player/decoder.ts';
import {
  freshDrift,
  nextSlew,
  noSlew,
  type Slew,
  slewBeginsMs,
  slewMsMax,
  stretched,
  wantedForCard,
  withReading,
} from '@loa/device-agent/fronts/player/drift.ts';
import { msOf, rateHz } from '@loa/device-agent/fronts/player/pcm.ts';
import { createPlayer } from '@loa/device-agent/fronts/player/player.ts';
import type { Sink } from '@loa/device-agent/fronts/player/sink.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isFull } from '../../harness/full.ts';
import { trueTime } from '../../harness/true-time.ts';

const hourMs = 3_600_000;
const startMs = 5_000;

/** Nothing but length matters here. */
const silence = new Int16Array(960);

function clipOf(lengthMs: number): Decoding {
  let leftSamples = (lengthMs * rateHz) / 1_000;
  return {
    ready: Promise.resolve(true),
    take(count) {
      const taken = Math.min(count, leftSamples);
      leftSamples -= taken;
      return silence.subarray(0, taken);
    },
    state: () => (leftSamples === 0 ? 'ended' : 'running'),
    said: () => '',
    stop: () => undefined,
  };
}

/**
 * Plays into a card that is `slowPpm` slow and tells its place in steps of `stepMs`. `lates`: each second, how much
 * later than from an exact card what sounds sounds. `atMs`: where the player put every fiftieth block on the clock.
 */
async function played(options: {
  lengthMs: number;
  slowPpm: number;
  stepMs: number;
  monotonicAt?: (soundMs: number, nowMs: number) => number;
}): Promise<{ lates: number[]; waitingMs: number[]; atMs: number[]; changedMost: number }> {
  const { lengthMs, monotonicAt } = options;
  const time = trueTime();
  const clock = time.clock({ rate: 0, bootMs: 0 });
  const rate = (rateHz / 1_000) * (1 - options.slowPpm * 1e-6);
  let written = 0;
  let blocks = 0;
  let changedMost = 0;
  let firstMs: number | undefined;
  const sounded = () => (firstMs === undefined ? 0 : Math.min(written, (time.nowMs() - firstMs) * rate));
  const step = options.stepMs * 48;
  const watch = watchCard({ clock, read: () => Math.floor(sounded() / step) * step });
  /** Samples written before each second of the clip, and when that second begins to sound by the player's reckoning. */
  const places: number[] = [];
  const atMs: number[] = [];
  const sink: Sink = {
    name: 'card',
    startLeadMs: 0,
    write(block, { monotonicMs, isContiguous }) {
      if (!isContiguous) watch.begin();
      firstMs ??= monotonicMs;
      if (blocks % 50 === 0) {
        places.push(written);
        atMs.push(monotonicMs);
      }
      blocks += 1;
      written += block.length;
      changedMost = Math.max(changedMost, Math.abs(block.length - 960));
    },
    nextForCard: watch.next,
    rest: watch.end,
    output: () => ({ present: true, evidence: {} }),
    close: () => undefined,
  };
  const player = createPlayer({
    sink,
    decode: () => clipOf(lengthMs),
    clock,
    levels: { routineDb: 0, emergencyDb: 0 },
  });
  const result = await player.prepare({ path: 'long', fromMs: 0, level: 'routine' });
  if (!result.ok) throw new Error(result.reason);
  result.prepared.startAt(startMs, {
    monotonicAt: monotonicAt === undefined ? undefined : (soundMs) => monotonicAt(soundMs, time.nowMs()),
  });
  time.advance(startMs);
  const lates: number[] = [];
  const waitingMs: number[] = [];
  for (let second = 1; second < lengthMs / 1_000 - 1; second += 1) {
    time.advance(1_000);
    lates.push(msOf((places[second] ?? Number.NaN) - sounded()));
    waitingMs.push(msOf(written - sounded()));
  }
  return { lates, waitingMs, atMs, changedMost };
}

const most = (values: readonly number[]) => values.reduce((found, value) => Math.max(found, Math.abs(value)), 0);

/** An hour in one case; the others as long as it takes to see, or an hour too. */
const shorterMs = isFull ? hourMs : hourMs / 6;

describe('on a card', () => {
  it.each([
    [100, 20, hourMs],
    [50, 1, shorterMs],
    [-50, 20, shorterMs],
    [-100, 1, shorterMs],
    [0, 20, shorterMs],
  ])(
    '%i ppm slow that tells its place in steps of %i ms, %i ms are over in time',
    async (slowPpm, stepMs, lengthMs) => {
      const { lates, waitingMs, changedMost } = await played({ lengthMs, slowPpm, stepMs });
      console.log(`${slowPpm} ppm: ${most(lates).toFixed(1)} ms at most, ${lates.at(-1)?.toFixed(1)} ms at the end`);
      expect(most(lates)).toBeLessThan(6);
      expect(most(lates.slice(120))).toBeLessThan(3);
      expect(Math.min(...waitingMs)).toBeGreaterThan(60);
      expect(Math.max(...waitingMs)).toBeLessThan(160);
      expect(changedMost).toBeLessThanOrEqual(1);
    },
  );

  it('whose driver counts anew nothing is made up for that never was', () => {
    let drift = freshDrift(0, 40e-6);
    for (let second = 1; second <= 100; second += 1)
      drift = withReading(drift, { monotonicMs: second * 1_003, soundedSamples: (second % 50) * 1_003 * 48 });
    expect(Math.abs(wantedForCard(drift, 101_000))).toBeLessThan(200);
    expect(Math.abs(drift.slowness)).toBeLessThan(500e-6);
  });
});

describe('the server’s time', () => {
  it('that is learned better while it plays moves the sound, gently and all the way', async () => {
    // The board runs 50 ppm fast, and half way it learns that it was 12 ms wrong besides.
    const halfMs = startMs + shorterMs / 2;
    const wanted = (soundMs: number, nowMs: number) => startMs + soundMs * (1 + 50e-6) + (nowMs > halfMs ? 12 : 0);
    const { atMs, changedMost } = await played({ lengthMs: shorterMs, slowPpm: 0, stepMs: 1, monotonicAt: wanted });
    const offMs = atMs.map((ms, second) => ms - wanted(second * 1_000, ms));
    const half = offMs.length / 2;
    expect(most(offMs.slice(0, half - 2))).toBeLessThan(slewBeginsMs + 0.1);
    expect(most(offMs.slice(half, half + 5))).toBeGreaterThan(5);
    expect(most(offMs.slice(half + 15))).toBeLessThan(slewBeginsMs + 0.1);
    expect(changedMost).toBe(1);
  });

  it('that is another one altogether is not run after', () => {
    let { slew, samples } = nextSlew(noSlew, 10_000);
    expect(samples).toBe(0);
    for (const lateMs of [10_000, 10_002, 9_999]) {
      ({ slew, samples } = nextSlew(slew, lateMs));
      expect(samples).toBe(0);
    }
    expect(nextSlew(slew, 10_004).samples).toBe(-1);
    expect(nextSlew(slew, 9_996).samples).toBe(1);
  });

  it('is reached from wherever it can be, one sample a block, and then left alone', () => {
    fc.assert(
      fc.property(fc.double({ min: -slewMsMax, max: slewMsMax, noNaN: true }), (lateMs) => {
        let off = lateMs;
        let slew: Slew = noSlew;
        let last = 1;
        for (let block = 0; block < 6_000 && last !== 0; block += 1) {
          const next = nextSlew(slew, off);
          slew = next.slew;
          last = next.samples;
          off += msOf(next.samples);
        }
        expect(last).toBe(0);
        expect(Math.abs(off)).toBeLessThanOrEqual(slewBeginsMs);
        expect(nextSlew(slew, off).samples).toBe(0);
      }),
    );
  });
});

describe('a block with a sample more or less', () => {
  const tone = (hz: number, length: number, from = 0, step = 1) =>
    Float64Array.from({ length }, (_, index) => 16_000 * Math.sin((2 * Math.PI * hz * (from + index * step)) / rateHz));

  it.each([-2, -1, 1, 2])('by %i is the same sound, a little higher or lower', (count) => {
    for (const hz of [200, 1_000, 3_000]) {
      const found = stretched(Int16Array.from(tone(hz, 960)), count);
      expect(found).toHaveLength(960 + count);
      const ideal = tone(hz, 960 + count, 0, 959 / (959 + count));
      const errors = ideal.map((value, index) => (found[index] ?? 0) - value);
      const rms = Math.sqrt(errors.reduce((sum, value) => sum + value * value, 0) / errors.length);
      // Against 11,314 of the tone itself: 50 dB below it, where the loudspeaker's own distortion is 30.
      expect(rms).toBeLessThan(11_314 * 10 ** (-50 / 20));
    }
  });

  it('is the very same one when nothing changes, and never louder than full scale', () => {
    const block = Int16Array.from({ length: 960 }, (_, index) => (index % 2 === 0 ? 32_767 : -32_768));
    expect(stretched(block, 0)).toBe(block);
    expect(most([...stretched(block, 1)])).toBeLessThanOrEqual(32_768);
    expect(stretched(new Int16Array(3), 1)).toHaveLength(3);
  });
});
