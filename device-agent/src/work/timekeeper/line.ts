/**
 * The server's time as a straight line over the board's monotonic clock, and a first, rough one through samples: least
 * squares, where one that came back quickly weighs more than one that was held up, and a fresh one more than an old one.
 * Pure; knows no clock.
 *
 * A round trip of delay d says that the offset lies within ±d/2 of its middle. Among samples of one line the shortest
 * ones are nearest to the truth: what d exceeds the shortest by was waiting, on one side or the other. So a sample's
 * doubt grows with its excess, and with its age by what a quartz may wander. The rate of the board's clock is expected
 * to be near zero until the samples say otherwise.
 */
import type { TimeSample } from '../../contracts.ts';

/** One exchange. `atMs` is the agent's monotonic clock in the middle of it; `offsetMs` server minus monotonic then. */
export type Sample = TimeSample;

/** server = monotonic + offsetMs + rate × (monotonic − refMs). */
export interface Line {
  refMs: number;
  offsetMs: number;
  rate: number;
}

/** Doubt in a perfect sample: the operating system's scheduling. */
const floorDoubtMs = 2;
/** Waiting time on one side alone, evenly spread: excess / 2 / √3. */
const excessDoubt = 0.29;
/** The shortest sample waited too; as much as the quickest fifth differ among themselves is taken for its excess. */
const shareAtBest = 0.2;

/** How far a quartz wanders from its straight line with temperature. */
export const wanderRate = 2e-6;
/** What a board's clock usually runs wrong by (one sigma). */
export const rateDoubt = 30e-6;
/** No quartz is worse; a steeper line is an accident of the samples. */
const rateMax = 300e-6;

/** A rate that a quartz can have. */
export function possibleRate(rate: number): number {
  return Math.max(-rateMax, Math.min(rateMax, rate));
}

/** Least squares through the samples, weighed as of the newest; undefined without samples. */
export function roughLine(samples: readonly Sample[]): Line | undefined {
  const last = samples.at(-1);
  if (last === undefined) return undefined;
  const { shortestMs, quickMs } = quickestOf(samples);
  const spreadMs = quickMs - shortestMs;
  let weight = 0;
  let t = 0;
  let y = 0;
  let tt = 0;
  let ty = 0;
  for (const { atMs, offsetMs, delayMs } of samples) {
    const excessMs = (delayMs - shortestMs + spreadMs) * excessDoubt;
    const wanderMs = (last.atMs - atMs) * wanderRate;
    const w = 1 / (floorDoubtMs ** 2 + excessMs ** 2 + wanderMs ** 2);
    const dt = atMs - last.atMs;
    const dy = offsetMs - last.offsetMs;
    weight += w;
    t += w * dt;
    y += w * dy;
    tt += w * dt * dt;
    ty += w * dt * dy;
  }
  const prior = 1 / rateDoubt ** 2;
  const rate = possibleRate((weight * ty - t * y) / (weight * (tt + prior) - t * t));
  return { refMs: last.atMs, offsetMs: last.offsetMs + (y - rate * t) / weight, rate };
}

/** The shortest delay, and the one that the quickest fifth stay below. Looks once: a line is laid for each sample. */
function quickestOf(samples: readonly Sample[]): { shortestMs: number; quickMs: number } {
  const quickest = new Float64Array(Math.max(1, Math.ceil(samples.length * shareAtBest)));
  let count = 0;
  for (const { delayMs } of samples) {
    if (count === quickest.length && delayMs >= (quickest[count - 1] ?? 0)) continue;
    let at = count < quickest.length ? count++ : count - 1;
    for (; at > 0 && (quickest[at - 1] ?? 0) > delayMs; at -= 1) quickest[at] = quickest[at - 1] ?? 0;
    quickest[at] = delayMs;
  }
  return { shortestMs: quickest[0] ?? 0, quickMs: quickest[quickest.length - 1] ?? 0 };
}

/** Server time of an instant of the monotonic clock. */
export function serverAt(line: Line, monotonicMs: number): number {
  return monotonicMs + line.offsetMs + line.rate * (monotonicMs - line.refMs);
}

/** The instant of the monotonic clock at which the server's time is `serverMs`. */
export function monotonicAt(line: Line, serverMs: number): number {
  return line.refMs + (serverMs - line.refMs - line.offsetMs) / (1 + line.rate);
}
