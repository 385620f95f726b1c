/**
 * What sounded at a pole, against what was meant to sound: reads a cluster's record on its true time line and looks for
 * a clip in it. Numbers out, no verdicts.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type EmittedRun, emittedRateHz, readRun, readRuns } from '@loa/demo/emitted.ts';
import { machineClock } from '@loa/server/edges/clock.ts';
import { runProcess } from '@loa/server/edges/process.ts';
import { createFfmpeg } from '@loa/server/keep/clips/ffmpeg.ts';
import { measureSound } from '@loa/server/keep/clips/measure.ts';
import { ffmpegForTests, findOffset, type Sound, wavBytes } from './sound.ts';

/**
 * What was emitted between two instants: every sample in order, silence left out, and when each stretch of it sounded.
 * On a machine so busy that the record has holes in time, no sample of it is missing.
 */
export interface Heard {
  sound: Sound;
  /** Stretches in order: where in `sound` each begins, and the epoch ms of its first sample. */
  stretches: readonly { offsetSamples: number; atMs: number }[];
}

/** The record between two instants. */
export async function heardBetween(soundDir: string, span: { fromMs: number; untilMs: number }): Promise<Heard> {
  const parts: Int16Array[] = [];
  const stretches: Heard['stretches'][number][] = [];
  let count = 0;
  for (const run of await readRuns(soundDir)) {
    if (endOf(run) <= span.fromMs || run.atMs >= span.untilMs) continue;
    const emitted = await readRun(soundDir, run);
    const first = Math.max(0, Math.round(((span.fromMs - run.atMs) / 1000) * emittedRateHz));
    const last = Math.round(((span.untilMs - run.atMs) / 1000) * emittedRateHz);
    const part = emitted.subarray(first, last);
    stretches.push({ offsetSamples: count, atMs: run.atMs + (first * 1000) / emittedRateHz });
    parts.push(part);
    count += part.length;
  }
  const samples = new Float32Array(count);
  let at = 0;
  for (const part of parts) for (const sample of part) samples[at++] = sample / 32_768;
  return { sound: { samples, sampleRateHz: emittedRateHz }, stretches };
}

/** The instant at which a sample of the record sounded, epoch ms. */
export function instantOf(heard: Heard, offsetSamples: number): number {
  const stretch = heard.stretches.findLast((each) => each.offsetSamples <= offsetSamples);
  if (stretch === undefined) return Number.NaN;
  return stretch.atMs + ((offsetSamples - stretch.offsetSamples) * 1000) / emittedRateHz;
}

/** One finding of a clip on the time line. `likeness` 1 is the same sound. */
export interface Sounding {
  startedMs: number;
  likeness: number;
}

/** Rate at which whole minutes are searched. */
const searchRateHz = 8_000;

/** Where a clip sounded, best first place in time order; every place whose likeness is at least `likenessMin`. */
export function soundingsOf(clip: Sound, heard: Heard, likenessMin = 0.6): Sounding[] {
  const needle = thinned(clip);
  const found: Sounding[] = [];
  const rest: Sound = { samples: Float32Array.from(thinned(heard.sound).samples), sampleRateHz: searchRateHz };
  while (rest.samples.length >= needle.samples.length) {
    const { offsetSamples, offsetMs, likeness } = findOffset({ needle, haystack: rest });
    if (likeness < likenessMin) break;
    found.push({ startedMs: instantOf(heard, (offsetMs * emittedRateHz) / 1000), likeness });
    rest.samples.fill(0, offsetSamples, offsetSamples + needle.samples.length);
  }
  return found.sort((a, b) => a.startedMs - b.startedMs);
}

/** Integrated loudness and true peak of a record, by the EBU R128 meter. */
export async function loudnessOf(heard: Heard): Promise<{ loudnessLufs: number; truePeakDbtp: number }> {
  const folder = await mkdtemp(join(tmpdir(), 'loa-heard-'));
  try {
    const path = join(folder, 'heard.wav');
    await writeFile(path, wavBytes([heard.sound]));
    const ffmpeg = createFfmpeg({ tools: await ffmpegForTests(), clock: machineClock, runProcess });
    const measured = await measureSound(ffmpeg, { path });
    if (!measured.ok) throw new Error(measured.said);
    return measured.measure;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Last instant at which anything louder than −50 dBFS sounded, or undefined. */
export function lastSoundMs(heard: Heard): number | undefined {
  const index = heard.sound.samples.findLastIndex((sample) => Math.abs(sample) > 0.003);
  return index < 0 ? undefined : instantOf(heard, index);
}

/** First instant at which anything louder than −50 dBFS sounded, or undefined. */
export function firstSoundMs(heard: Heard): number | undefined {
  const index = heard.sound.samples.findIndex((sample) => Math.abs(sample) > 0.003);
  return index < 0 ? undefined : instantOf(heard, index);
}

/** Total time for which something was emitted between two instants. */
export async function emittedMsBetween(soundDir: string, span: { fromMs: number; untilMs: number }): Promise<number> {
  const runs = await readRuns(soundDir);
  return runs.reduce(
    (sum, run) => sum + Math.max(0, Math.min(endOf(run), span.untilMs) - Math.max(run.atMs, span.fromMs)),
    0,
  );
}

function endOf(run: EmittedRun): number {
  return run.atMs + (run.samples * 1000) / emittedRateHz;
}

function thinned(sound: Sound): Sound {
  const step = sound.sampleRateHz / searchRateHz;
  const samples = new Float32Array(Math.floor(sound.samples.length / step));
  for (let index = 0; index < samples.length; index += 1) {
    let sum = 0;
    for (let inner = 0; inner < step; inner += 1) sum += sound.samples[index * step + inner] ?? 0;
    samples[index] = sum / step;
  }
  return { samples, sampleRateHz: searchRateHz };
}
