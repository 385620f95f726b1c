/**
 * Which gain brings this sound to the loudness wanted? Gain alone where the peaks have room; else a limiter at four times
 * the sampling rate; and for sounds whose soft parts lie far under their loud ones, evening out before it. The gain is
 * searched by metering without encoding. It never shortens the sound: the limiter adds 5 ms of silence before it.
 */
import { type DecodedSound, sampleRateHz, samplesOptions } from './decode.ts';
import type { Ffmpeg } from './ffmpeg.ts';
import { measureSound } from './measure.ts';

/** Meterings until the gain through the limiter is right; ordinary recordings need two or three. */
const trialsMax = 16;

/** How close the search comes, in LU: codecs shift the loudness by about as much. */
const trialToleranceLu = 0.2;

/** Longest step of the search: behind a loud bang the loudness may first fall as the gain rises. */
const stepDbMax = 12;

/** A sound that needs more is silence with a click in it; the noise it would lift is not worth airing. */
const gainDbMax = 70;

/** Peaks pressed down by more than this are a bang over soft speech: meters then disagree, and the speech is not heard. */
const limitedDbMax = 20;

/** The limiter looks 5 ms ahead and delays by as much (measured, ffmpeg 4 to 7: 240 samples at 48 kHz). */
const limiterDelaySamples = 240;

/**
 * `limited`: loudness by gain, peaks by the limiter. `evened`: before that, soft stretches are lifted by up to 40 dB and loud ones lowered,
 * within about a second, as a hand on the fader would; only for sounds that cannot be brought there otherwise.
 */
const treatments = ['limited', 'evened'] as const;
export type Treatment = (typeof treatments)[number];

/** When less than this is loud, and less than that share of all that is heard, a bang decides and not the voice. */
const bangMsMax = 1500;
const bangShareMax = 0.15;

/** Pure. The treatments to try, in order: a sound ruled by one bang is evened at once, or its voice would be lost. */
export function treatmentsFor({ audibleMs, loudMs }: { audibleMs: number; loudMs: number }): readonly Treatment[] {
  return loudMs < bangMsMax && loudMs < bangShareMax * audibleMs ? ['evened'] : treatments;
}

const evening = 'dynaudnorm=f=150:g=7:p=0.9:r=0.12:m=100';

/** What is wanted of the samples before encoding. */
export interface Aim {
  loudnessLufs: number;
  /** Where the limiter holds the peaks. */
  ceilingDbtp: number;
  treatment: Treatment;
}

/** What is done to the samples before encoding, as ffmpeg's filters. */
export interface Level {
  gainDb: number;
  filters: readonly string[];
}

/** `uneven`: no gain within reason brings the sound to the aim. */
export type LevelFailure = { kind: 'uneven' | 'failed'; said: string };
export type LevelEnd = { kind: 'level'; level: Level } | LevelFailure;

/** Finds levels for one decoded sound; asked the same again, it answers from memory. */
export interface Leveller {
  levelFor(aim: Aim): Promise<LevelEnd>;
}

/** A leveller for one decoded sound. */
export function createLeveller(search: Search): Leveller {
  const found = new Map<string, LevelEnd>();
  // A later aim lies near an earlier one, and metering an hour takes half a minute.
  const lastGainDb = new Map<Treatment, number>();
  return {
    levelFor: async (aim) => {
      const key = `${aim.treatment} ${aim.loudnessLufs} ${aim.ceilingDbtp}`;
      const known = found.get(key);
      if (known !== undefined) return known;
      const end = await findLevel(search, aim, lastGainDb.get(aim.treatment));
      if (end.kind === 'level') lastGainDb.set(aim.treatment, end.level.gainDb);
      found.set(key, end);
      return end;
    },
  };
}

interface Search {
  decoded: DecodedSound;
  ffmpeg: Ffmpeg;
  signal?: AbortSignal | undefined;
}

async function findLevel({ decoded, ffmpeg, signal }: Search, aim: Aim, nearDb: number | undefined): Promise<LevelEnd> {
  const straightDb = aim.loudnessLufs - decoded.mono.loudnessLufs;
  if (aim.treatment === 'limited' && decoded.mono.truePeakDbtp + straightDb <= aim.ceilingDbtp) {
    return { kind: 'level', level: { gainDb: straightDb, filters: [gainFilter(straightDb)] } };
  }
  const trials: Trial[] = [];
  let gainDb = nearDb ?? (aim.treatment === 'limited' ? straightDb : 0);
  const highestDb =
    aim.treatment === 'limited' ? aim.ceilingDbtp + limitedDbMax - decoded.mono.truePeakDbtp : gainDbMax;
  while (trials.length < trialsMax && gainDb <= Math.min(gainDbMax, highestDb)) {
    const filters = limitedFilters(gainDb, aim);
    const tried = await measureSound(ffmpeg, {
      path: decoded.samplesPath,
      inputOptions: samplesOptions,
      filters,
      signal,
    });
    if (!tried.ok) return { kind: 'failed', said: tried.said };
    const { loudnessLufs } = tried.measure;
    if (Math.abs(aim.loudnessLufs - loudnessLufs) <= trialToleranceLu) {
      return { kind: 'level', level: { gainDb, filters } };
    }
    trials.push({ gainDb, loudnessLufs });
    gainDb = nextGain(trials, aim.loudnessLufs);
  }
  const tries = trials.map((trial) => `${trial.loudnessLufs} LUFS at ${trial.gainDb.toFixed(1)} dB`);
  return { kind: 'uneven', said: `${aim.treatment}: ${tries.join(', ')}` };
}

function gainFilter(gainDb: number): string {
  return `volume=${gainDb.toFixed(3)}dB:precision=double`;
}

/** The limiter needs samples behind the end to look ahead to; without them it would swallow the last ones. */
function limitedFilters(gainDb: number, { ceilingDbtp, treatment }: Aim): string[] {
  const limit = (10 ** (ceilingDbtp / 20)).toFixed(6);
  return [
    ...(treatment === 'evened' ? [evening] : []),
    ...[gainFilter(gainDb), `apad=pad_len=${limiterDelaySamples}`, `aresample=${sampleRateHz * 4}`],
    ...[`alimiter=limit=${limit}:attack=5:release=50:level=0`, `aresample=${sampleRateHz}`],
  ];
}

/** One gain tried, and the loudness it gave. */
export interface Trial {
  gainDb: number;
  loudnessLufs: number;
}

/**
 * Pure. Which gain to try after these. The limiter eats part of every decibel, so the step follows the slope last seen;
 * between a gain that is too soft and one that is too loud, a step that leaves them is replaced by their middle.
 */
export function nextGain(trials: readonly Trial[], aimLufs: number): number {
  const last = trials.at(-1);
  if (last === undefined) throw new RangeError('The first gain needs no trial');
  const before = trials.at(-2);
  const seen = before === undefined ? 1 : (last.loudnessLufs - before.loudnessLufs) / (last.gainDb - before.gainDb);
  const slope = Math.min(1, Math.max(0.2, seen));
  // Silence has no loudness to step by.
  const missDb = Math.min(stepDbMax, aimLufs - last.loudnessLufs);
  const proposed = last.gainDb + Math.min(stepDbMax, Math.max(-stepDbMax, missDb / slope));
  const tooSoft = trials.filter((trial) => trial.loudnessLufs < aimLufs).map((trial) => trial.gainDb);
  const soft = Math.max(...tooSoft);
  const tooLoud = trials.filter((trial) => trial.loudnessLufs > aimLufs && trial.gainDb > soft);
  const loud = Math.min(...tooLoud.map((trial) => trial.gainDb));
  const bracketed = Number.isFinite(soft) && Number.isFinite(loud);
  return bracketed && (proposed <= soft || proposed >= loud) ? (soft + loud) / 2 : proposed;
}
