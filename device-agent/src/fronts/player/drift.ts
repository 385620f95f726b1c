/**
 * How a long sound keeps its place although no two clocks agree: how many samples to add or leave out of a block, for
 * the card, which takes them at its own rate, and for the server's time, of which the agent learns more while it plays.
 * Pure: told what was measured, asked for one block after the other. At most two samples in a block of 960 change, which
 * nobody hears: one millisecond a second for each reason.
 */
import { rateHz } from './pcm.ts';

/** How far a card is, as it was read: elapsed monotonic time, and samples that it has sounded. */
export interface CardReading {
  monotonicMs: number;
  soundedSamples: number;
}

/** What is known of a card's rate during one sound. */
export interface CardDrift {
  /** Since when the card counts. */
  readonly beganMs: number;
  /** Read since the last whole window. */
  readonly readings: readonly CardReading[];
  /** Means of the first and the newest window: samples by which the card is behind what it should have sounded. */
  readonly first: Mean | undefined;
  readonly newest: Mean | undefined;
  /** Share by which the card is slow; what an earlier sound taught until this one knows better. */
  readonly slowness: number;
}

interface Mean {
  monotonicMs: number;
  behindSamples: number;
}

/** Readings in a window: a driver tells its place in steps of some milliseconds, which so many average out. */
export const windowReadings = 20;

/** A rate is believed once the windows lie this far apart. */
const rateAfterMs = 60_000;
/** Off by more than this no sound card is: something else happened (an output that ran dry, a card pulled). */
const slownessMax = 500e-6;
const jumpSamplesMax = rateHz / 20;

/** A sound that begins: nothing known yet but what an earlier one taught. */
export function freshDrift(beganMs: number, slowness = 0): CardDrift {
  return { beganMs, readings: [], first: undefined, newest: undefined, slowness };
}

/** With one more reading. */
export function withReading(drift: CardDrift, reading: CardReading): CardDrift {
  const readings = [...drift.readings, reading];
  if (readings.length < windowReadings) return { ...drift, readings };
  const mean = meanOf(readings);
  const first = drift.first ?? mean;
  const jumpedSamples = mean.behindSamples - (drift.newest ?? mean).behindSamples;
  if (Math.abs(jumpedSamples) > jumpSamplesMax) return freshDrift(reading.monotonicMs, drift.slowness);
  const elapsedMs = mean.monotonicMs - first.monotonicMs;
  const measured = ((mean.behindSamples - first.behindSamples) / (elapsedMs * rateHz)) * 1000;
  const slowness = elapsedMs < rateAfterMs ? drift.slowness : Math.max(-slownessMax, Math.min(slownessMax, measured));
  return { ...drift, readings: [], first, newest: mean, slowness };
}

/** Samples behind an even 48 kHz count from monotonic zero; only differences of it say anything. */
function meanOf(readings: readonly CardReading[]): Mean {
  const sum = readings.reduce(
    (total, { monotonicMs, soundedSamples }) => ({
      monotonicMs: total.monotonicMs + monotonicMs,
      behindSamples: total.behindSamples + (monotonicMs * rateHz) / 1000 - soundedSamples,
    }),
    { monotonicMs: 0, behindSamples: 0 },
  );
  const { length } = readings;
  return { monotonicMs: sum.monotonicMs / length, behindSamples: sum.behindSamples / length };
}

/**
 * Samples that should have been added (or, negative, left out) by now, so that the card is where an exact one would be.
 */
export function wantedForCard({ beganMs, first, newest, slowness }: CardDrift, nowMs: number): number {
  const measured = first === undefined || newest === undefined ? 0 : newest.behindSamples - first.behindSamples;
  const measuredMs = first === undefined || newest === undefined ? 0 : newest.monotonicMs - first.monotonicMs;
  return -(measured + (slowness * (nowMs - beganMs - measuredMs) * rateHz) / 1000);
}

/** A place wrong by less is left alone: the estimate itself moves as much. */
export const slewBeginsMs = 2;
/** … and once moved, it is moved until it is as near as this. */
export const slewEndsMs = 0.5;
/** Further off is no drift: a start that was late on purpose, an output that ran dry, a time that was adopted anew. */
export const slewMsMax = 100;

/** Where a sound is against where it belongs. */
export interface Slew {
  readonly isMoving: boolean;
  /** What is not caught up, ms. */
  readonly acceptedMs: number;
}

export const noSlew: Slew = { isMoving: false, acceptedMs: 0 };

/**
 * `lateMs`: how much later the next sample sounds than it belongs. `samples`: to add (1), to leave out (−1), or 0, in
 * the next block.
 */
export function nextSlew({ isMoving, acceptedMs }: Slew, lateMs: number): { slew: Slew; samples: -1 | 0 | 1 } {
  const offMs = lateMs - acceptedMs;
  if (Math.abs(offMs) > slewMsMax) return { slew: { isMoving: false, acceptedMs: lateMs }, samples: 0 };
  const moves = Math.abs(offMs) > (isMoving ? slewEndsMs : slewBeginsMs);
  return { slew: { isMoving: moves, acceptedMs }, samples: moves ? (offMs > 0 ? -1 : 1) : 0 };
}

/**
 * The block with `count` samples more (or fewer), the change spread evenly over all of it along a cubic through the
 * samples (Catmull-Rom); the same array when nothing changes or there is too little to change.
 */
export function stretched(block: Int16Array, count: number): Int16Array {
  const length = block.length + count;
  if (count === 0 || block.length < 4 || length < 4) return block;
  const step = (block.length - 1) / (length - 1);
  const at = (index: number) => block[Math.max(0, Math.min(block.length - 1, index))] ?? 0;
  return Int16Array.from({ length }, (_, index) => {
    const place = index * step;
    const cell = Math.min(block.length - 2, Math.floor(place));
    const f = place - cell;
    const [a, b, c, d] = [at(cell - 1), at(cell), at(cell + 1), at(cell + 2)];
    const value = b + 0.5 * f * (c - a + f * (2 * a - 5 * b + 4 * c - d + f * (3 * (b - c) + d - a)));
    return Math.max(-32_768, Math.min(32_767, Math.round(value)));
  });
}
