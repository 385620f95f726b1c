/**
 * What really left a board, sample by sample: every sample of its record since its first start is laid against the clips
 * that were sent, and belongs to one of them at one place or to none. Pure but for `readRecord`.
 *
 * A kill leaves the record's list of times short by half a second at most; such samples follow those before them, unless
 * the list says nothing of their run at all: then their time is unknown, and they are judged all the same.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readRuns } from '@loa/demo/emitted.ts';

export const rateHz = 48_000;
/** A sound let in at a place in its middle comes in over 2 ms; one that is stopped goes out over 5 ms. */
const fadeInSamples = 96;
const fadeOutSamples = 240;
const blockSamples = 960;
/** Enough of a sound to know its place by. */
const anchorSamples = 480;
/** A board writes 20 ms at a time: less than this that fits by chance is no sound of that clip. */
const stretchSamplesMin = 240;
/** What belongs to nothing is stepped over so far: where it ends exactly is of no interest, the round is lost. */
const strangeStep = 48;
/** Rounding of a gain. */
const slack = 1;

export interface Clip {
  id: string;
  /** As its file decodes, at the gain it is meant to have. */
  samples: Int16Array;
}

/** A stretch of one clip as it left. */
export interface Stretch {
  clipId: string;
  /** Where in the clip its first sample is. */
  fromSample: number;
  samples: number;
  /** Where in the record. */
  offsetSamples: number;
  /** By the board's own clock; undefined where the list of times was cut off. */
  startedMs: number | undefined;
  /** Ended over 5 ms: somebody stopped it. */
  isFadedOut: boolean;
}

export interface Laid {
  stretches: Stretch[];
  /** Samples that are of no clip that was sent, and where the first of them is. */
  strangeSamples: number;
  firstStrange: number | undefined;
}

export interface Told {
  atMs: number;
  offsetSamples: number;
  samples: number;
}

/** A board's record: all samples, and what its list says of their times. */
export async function readRecord(soundDir: string): Promise<{ pcm: Int16Array; told: Told[] }> {
  const bytes = await readFile(join(soundDir, 'emitted.pcm')).catch(() => Buffer.alloc(0));
  const pcm = new Int16Array(bytes.length >> 1);
  for (let index = 0; index < pcm.length; index += 1) pcm[index] = bytes.readInt16LE(index * 2);
  return { pcm, told: await readRuns(soundDir) };
}

/** Lays a record against the clips that may be in it. */
export function layRecord({ pcm, told }: { pcm: Int16Array; told: readonly Told[] }, clips: readonly Clip[]): Laid {
  const stretches: Stretch[] = [];
  let strangeSamples = 0;
  let firstStrange: number | undefined;
  for (let at = 0; at < pcm.length; ) {
    const found = stretchAt(pcm, at, clips);
    if (found === undefined || found.samples < stretchSamplesMin) {
      const step = Math.min(strangeStep, pcm.length - at);
      firstStrange ??= at;
      strangeSamples += step;
      at += step;
      continue;
    }
    stretches.push({ ...found, offsetSamples: at, startedMs: timeOf(at, told) });
    at += found.samples;
  }
  return { stretches, strangeSamples, firstStrange };
}

type Found = Pick<Stretch, 'clipId' | 'fromSample' | 'samples' | 'isFadedOut'>;

/** The longest stretch of any clip that begins here. */
function stretchAt(pcm: Int16Array, at: number, clips: readonly Clip[]): Found | undefined {
  let best: Found | undefined;
  for (const { id, samples } of clips) {
    for (const fromSample of placesIn(pcm, at, samples)) {
      const found = extended(pcm, at, { samples, fromSample });
      if (found.samples > (best?.samples ?? 0)) best = { clipId: id, fromSample, ...found };
    }
  }
  return best;
}

/** Its beginning, and every place at which what follows a fade would fit; a piece too short to tell fits nowhere else. */
function placesIn(pcm: Int16Array, at: number, samples: Int16Array): number[] {
  const first = Math.min(anchorSamples, pcm.length - at, samples.length);
  if (isLike(pcm, at, samples, 0, first)) return [0];
  const places: number[] = [];
  const length = Math.min(anchorSamples, pcm.length - at - fadeInSamples);
  if (length < 48) return places;
  for (let place = 1; place + fadeInSamples + length <= samples.length; place += 1) {
    if (isLike(pcm, at + fadeInSamples, samples, place + fadeInSamples, length)) places.push(place);
  }
  return places;
}

function isLike(pcm: Int16Array, at: number, samples: Int16Array, place: number, length: number): boolean {
  for (let index = 0; index < length; index += 1) {
    if (Math.abs((pcm[at + index] ?? 0) - (samples[place + index] ?? 0)) > slack) return false;
  }
  return true;
}

/** How far it goes on, a fade in and a fade out included. */
function extended(
  pcm: Int16Array,
  at: number,
  { samples, fromSample }: { samples: Int16Array; fromSample: number },
): Pick<Found, 'samples' | 'isFadedOut'> {
  const most = Math.min(samples.length - fromSample, pcm.length - at);
  let count = 0;
  while (count < most) {
    const sent = samples[fromSample + count] ?? 0;
    const factor = fromSample > 0 && count < fadeInSamples ? count / fadeInSamples : 1;
    if (Math.abs((pcm[at + count] ?? 0) - sent * factor) > slack + 0.5) break;
    count += 1;
  }
  if (count === most) return { samples: count, isFadedOut: false };
  const fade = fadeLength(pcm, at, { samples, fromSample, count });
  return fade === undefined ? { samples: count, isFadedOut: false } : { samples: fade, isFadedOut: true };
}

/**
 * Where a fade out that lies over the first sample that differs would end; undefined when there is none. In a quiet
 * passage several would fit: blocks are 20 ms, so the one that begins where a block does is meant, else the latest.
 */
function fadeLength(
  pcm: Int16Array,
  at: number,
  { samples, fromSample, count }: { samples: Int16Array; fromSample: number; count: number },
): number | undefined {
  let latest: number | undefined;
  for (let start = Math.max(0, count - fadeOutSamples); start <= count; start += 1) {
    let isFade = start + fadeOutSamples <= pcm.length - at;
    for (let index = Math.max(0, count - start - 1); isFade && index < fadeOutSamples; index += 1) {
      const sent = (samples[fromSample + start + index] ?? 0) * (1 - (index + 1) / fadeOutSamples);
      isFade = Math.abs((pcm[at + start + index] ?? 0) - sent) <= slack + 0.5;
    }
    if (isFade && start % blockSamples === 0) return start + fadeOutSamples;
    if (isFade) latest = start + fadeOutSamples;
  }
  return latest;
}

function timeOf(offset: number, told: readonly Told[]): number | undefined {
  const line = told.find((each) => each.offsetSamples <= offset && offset < each.offsetSamples + each.samples);
  return line === undefined ? undefined : line.atMs + ((offset - line.offsetSamples) * 1000) / rateHz;
}
