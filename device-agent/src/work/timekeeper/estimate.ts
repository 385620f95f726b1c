/**
 * What the server's time is, from round trips: which samples are kept, the line through them, and how far from the truth
 * that line can be. Pure; knows no clock.
 */
import { likeliest } from './likeliest.ts';
import { type Line, roughLine, type Sample, serverAt } from './line.ts';

export { type Line, monotonicAt, type Sample, serverAt } from './line.ts';

/** Samples of the last two hours: one a minute, and some bursts. */
export const recentMax = 192;
const recentMs = 2 * 3_600_000;

/** Older ones are thinned to the quickest of every ten minutes, for the rate: a day of them. */
export const anchorsMax = 144;
const anchorMs = 10 * 60_000;

/** Growth of the bound with the age of a sample: 100 ppm, twice what a board's quartz may run wrong by in any weather. */
export const boundRate = 100e-6;

/** The server tells whole milliseconds, cut off. */
const serverGrainMs = 1;

/** So many of the newest samples are held against the older ones, and so many of those must say the same. */
const newestCount = 12;
const steppedCount = 4;
const olderCountMin = 8;
/** What the older line may itself be wrong by: so much, or this many of its own doubts; and how fast that grows. */
const stepMsMin = 10;
const stepDoubts = 3;
const stepDoubtRate = 50e-6;

/** The samples with one more, bounded; the oldest first. */
export function withSample(samples: readonly Sample[], sample: Sample): Sample[] {
  const sinceMs = sample.atMs - recentMs;
  let from = Math.max(0, samples.length + 1 - recentMax);
  while (from < samples.length && (samples[from]?.atMs ?? sinceMs) <= sinceMs) from += 1;
  const anchors: Sample[] = [];
  for (let index = 0; index < from; index += 1) {
    const older = samples[index];
    const last = anchors.at(-1);
    if (older === undefined) break;
    if (last === undefined || Math.floor(last.atMs / anchorMs) !== Math.floor(older.atMs / anchorMs))
      anchors.push(older);
    else if (older.delayMs < last.delayMs) anchors[anchors.length - 1] = older;
  }
  return [...anchors.slice(-anchorsMax), ...samples.slice(from), sample];
}

/**
 * What is left when a clock was set, by little enough to be believed at once: where several of the newest samples lie
 * further from the line of the older ones, to one side, than waiting can explain, the older ones are of another time.
 */
export function sinceStep(samples: readonly Sample[]): Sample[] {
  const older = samples.slice(0, -newestCount);
  const newest = samples.slice(-newestCount);
  const line = older.length < olderCountMin ? undefined : roughLine(older);
  if (line === undefined) return [...samples];
  const shortestMs = samples.reduce((least, { delayMs }) => Math.min(least, delayMs), Number.POSITIVE_INFINITY);
  const meanExcessMs = older.reduce((sum, { delayMs }) => sum + delayMs - shortestMs, 0) / older.length;
  const doubtMs = Math.max(stepMsMin, (stepDoubts * meanExcessMs) / 2 / Math.sqrt(older.length));
  const stepped = newest.filter((sample) => {
    const excessMs = sample.delayMs - shortestMs;
    const slackMs = doubtMs + (sample.atMs - line.refMs) * stepDoubtRate;
    return Math.abs(offMs(sample, line)) > excessMs / 2 + slackMs;
  });
  const sum = stepped.reduce((total, sample) => total + Math.sign(offMs(sample, line)), 0);
  return Math.abs(sum) >= steppedCount
    ? newest.slice(newest.findIndex((each) => stepped.includes(each)))
    : [...samples];
}

function offMs({ atMs, offsetMs }: Sample, line: Line): number {
  return offsetMs - (serverAt(line, atMs) - atMs);
}

/** The best line through the samples, never where no sample allows it; undefined without any. Takes a millisecond. */
export function lineThrough(samples: readonly Sample[]): Line | undefined {
  const rough = roughLine(samples);
  return rough === undefined ? undefined : withinLimits(likeliest(samples, rough), limitsOf(samples));
}

/** A line that costs next to nothing, for whom twenty milliseconds do not matter. */
export function quickLineThrough(samples: readonly Sample[], limits: Limits): Line | undefined {
  const rough = roughLine(samples);
  return rough === undefined ? undefined : withinLimits(rough, limits);
}

/** Both as of the newest sample. */
function withinLimits(line: Line, { lowMs, highMs }: Limits): Line {
  return { ...line, offsetMs: Math.max(lowMs, Math.min(highMs, line.offsetMs)) };
}

/** Between what the true offset lies at `atMs`, as long as the board runs wrong by less than `boundRate`. */
export interface Limits {
  atMs: number;
  lowMs: number;
  highMs: number;
}

/**
 * What all samples allow together, as of the newest. Where they contradict each other a clock was set or ran wilder
 * than it can: then the newest that agree. Nothing is excluded without samples.
 */
export function limitsOf(samples: readonly Sample[]): Limits {
  const atMs = samples.at(-1)?.atMs ?? 0;
  let lowMs = Number.NEGATIVE_INFINITY;
  let highMs = Number.POSITIVE_INFINITY;
  for (let index = samples.length - 1; index >= 0; index -= 1) {
    const sample = samples[index];
    if (sample === undefined) break;
    const ageMs = Math.abs(atMs - sample.atMs) * boundRate;
    const low = Math.max(lowMs, sample.offsetMs - sample.delayMs / 2 - ageMs);
    const high = Math.min(highMs, sample.offsetMs + sample.delayMs / 2 + serverGrainMs + ageMs);
    if (low > high) break;
    lowMs = low;
    highMs = high;
  }
  return { atMs, lowMs, highMs };
}

/** How far from the truth the line can be at `nowMs`: to the further of its limits. Infinite without samples. */
export function boundWithin({ atMs, lowMs, highMs }: Limits, line: Line, nowMs: number): number {
  const offsetMs = serverAt(line, nowMs) - nowMs;
  return Math.max(offsetMs - lowMs, highMs - offsetMs) + Math.abs(nowMs - atMs) * boundRate;
}

/** The same from the samples themselves. */
export function boundAt(samples: readonly Sample[], line: Line, nowMs: number): number {
  return boundWithin(limitsOf(samples), line, nowMs);
}
