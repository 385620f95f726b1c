/**
 * How loud, how high and how long is this sound? Measured on what a decoder puts out, by ffmpeg's EBU R128 meter
 * (integrated loudness gated after ITU-R BS.1770, true peak at fourfold oversampling). For files of our own making: it
 * lets ffmpeg repeat their tags. It never changes a file.
 */
import type { Ffmpeg } from './ffmpeg.ts';

/** Decoding and metering an hour takes about a minute on a slow core. */
const measureTimeoutMs = 10 * 60_000;

/** A sound as measured. Silence has −∞ for either level; below −70 LUFS everything is silence to the meter. */
export interface SoundMeasure {
  loudnessLufs: number;
  truePeakDbtp: number;
  /** Highest sample: the true peak lies between samples and may be some dB higher. */
  samplePeakDbfs: number;
  durationMs: number;
}

/** Where the sound is: a path, and the options ffmpeg needs when the file does not say itself what it is. */
export interface MeasuredInput {
  path: string;
  inputOptions?: readonly string[];
  /** Applied before the meter; default none. */
  filters?: readonly string[];
  signal?: AbortSignal | undefined;
}

/** Measures the first audio stream of a file; `failed` with what ffmpeg said when it cannot be decoded. */
export async function measureSound(
  ffmpeg: Ffmpeg,
  input: MeasuredInput,
): Promise<{ ok: true; measure: SoundMeasure } | { ok: false; said: string }> {
  const end = await ffmpeg.run({
    inputPath: input.path,
    ...(input.inputOptions === undefined ? {} : { inputOptions: input.inputOptions }),
    filters: [
      ...(input.filters ?? []),
      'asetpts=N/SR/TB',
      'aresample=48000',
      'ebur128=peak=sample+true:framelog=verbose',
    ],
    outputOptions: ['-map', '0:a:0'],
    logLevel: 'info',
    timeoutMs: measureTimeoutMs,
    signal: input.signal,
  });
  const measure = end.kind === 'ended' ? parseMeasure(end) : undefined;
  return measure === undefined ? { ok: false, said: end.said } : { ok: true, measure };
}

function parseMeasure({ progress, said }: { progress: string; said: string }): SoundMeasure | undefined {
  const summary = said.slice(said.lastIndexOf('Summary:'));
  const loudness = /I:\s+(-?[\d.]+|-?inf|nan) LUFS/.exec(summary)?.[1];
  const truePeak = /True peak:\s+Peak:\s+(-?[\d.]+|-?inf|nan) dBFS/.exec(summary)?.[1];
  const samplePeak = /Sample peak:\s+Peak:\s+(-?[\d.]+|-?inf|nan) dBFS/.exec(summary)?.[1];
  const played = [...progress.matchAll(/^out_time=(\d+):(\d+):([\d.]+)\s*$/gm)].at(-1);
  if (!loudness || !truePeak || !samplePeak || !played) return undefined;
  return {
    // The meter cannot say less than −70: its absolute gate.
    loudnessLufs: decibels(loudness) <= -70 ? -Infinity : decibels(loudness),
    truePeakDbtp: decibels(truePeak),
    samplePeakDbfs: decibels(samplePeak),
    durationMs: (Number(played[1]) * 3600 + Number(played[2]) * 60 + Number(played[3])) * 1000,
  };
}

function decibels(text: string): number {
  const value = Number(text);
  return Number.isFinite(value) ? value : -Infinity;
}
