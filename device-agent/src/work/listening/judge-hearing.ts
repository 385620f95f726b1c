/**
 * Was what a microphone heard what was sent? Compares two courses of level, which differ by a delay, a gain, an echo,
 * and whatever else sounds in the street. Pure. It says `undecided` wherever noise, shortness or a silent clip leaves it
 * a choice, since a technician drives out for every other bad word.
 */
import type { Evidence, UndecidedReason } from '@loa/protocol/device';
import type { Measured } from '../../contracts.ts';
import { dbOf, frameMs, type Levels } from './levels.ts';
import { bestLikeness, type Likeness, quantile } from './likeness.ts';

/** What is heard may come so much before or after it was sent: the card's buffer, the air, the recording's own. */
export const delayMs = { min: -200, max: 1_500 } as const;

/** A bad word about a play needs so much of it; a test's tone is made to be judged and needs less. */
export const judgedMsMin = { play: 5_000, test: 2_000 } as const;

/** How alike levels of the same sound are at least, and of another one at most, by frames: short ones are alike by chance. */
const likenessBounds = [
  { frames: 200, alike: 0.55, unlike: 0.45 },
  { frames: 100, alike: 0.62, unlike: 0.51 },
  // Three seconds; below that whatever sounds is alike often enough.
  { frames: 58, alike: 0.7, unlike: 0 },
] as const;

/** Of speech the level moves so much from frame to frame, between walls too; traffic stays below 1 dB. */
const livelyDb = 1.7;

/** Wind flutters up to 1.8 dB; it gives itself away by what lies below the band. */
const livelyInWindDb = 2.8;
const windyDb = 6;

/** Another sound is called so only when it stands out from its own pauses; walls fill those. */
const standsOutDb = 4;

/** So much softer than the healthy horn is too low, and nothing at all. */
const tooLowDb = 10;

/** Where a healthy horn would stand so much above what is heard, it is not there. */
const missingDb = 10;

/** What a horn is taken to reach the microphone with as long as no good play has told, dB against what was sent. */
const assumedGainDb = -15;

/** A foreign sound this much softer than the horn would be is a bystander's. */
const bystanderDb = 15;

/** Loud parts this much flatter than sent, or so much less than 1 dB for 1 dB, were cut by an overdriven stage. */
const flatterDb = 3.5;
const squeezedSlope = 0.5;
/** Only where the sound stands this far above the noise, which flattens too. */
const clearDb = 12;

/** A clip below this has nothing to be heard. */
const silentDbfs = -50;

/** A microphone that gives less than its own hiss is not connected. */
const deadDbfs = -100;

export interface Hearing {
  /** What was sent, over the play. */
  sent: Levels;
  /** What was heard, from `delayMs.min` before the play to `delayMs.max` behind it. */
  measured: Levels;
  /** Heard minus sent of the healthy horn, dB, as earlier plays taught. */
  referenceDb?: number | undefined;
  isTest: boolean;
}

/** The verdict, and the gain by which it was heard when that may be learnt from. */
export interface Heard extends Measured {
  gainDb?: number | undefined;
}

export function judgeHearing(hearing: Hearing): Heard {
  const { sent, measured } = hearing;
  const sentDb = Array.from(sent.band, dbOf);
  const topDb = quantile(sentDb, 0.95);
  if (!(topDb > silentDbfs)) return undecided('clip-silent', {});
  const shift = sent.fromFrame - measured.fromFrame;
  const within = measured.band.subarray(Math.max(0, shift), shift + sentDb.length);
  const heardMs = within.reduce((sum, value) => (Number.isNaN(value) ? sum : sum + frameMs), 0);
  const sentMs = sentDb.length * frameMs;
  const neededMs = hearing.isTest ? judgedMsMin.test : judgedMsMin.play;
  if (heardMs < Math.min(sentMs, neededMs) * 0.8 || heardMs < sentMs * 0.7)
    return undecided('microphone-too-little', { heardMs });
  if (Math.max(...known(measured.full).map(dbOf)) < deadDbfs) return undecided('microphone-dead', {});

  const measuredDb = Array.from(measured.band, (value) => (Number.isNaN(value) ? Number.NaN : dbOf(value)));
  const likeness = bestLikeness(sentDb, (index) => measuredDb[index + shift] ?? Number.NaN, {
    lagMin: delayMs.min / frameMs,
    lagMax: delayMs.max / frameMs,
    topDb,
  });
  return judged({ hearing, sentDb, measuredDb, likeness, topDb, shift });
}

interface Compared {
  hearing: Hearing;
  sentDb: readonly number[];
  measuredDb: readonly number[];
  likeness: Likeness;
  topDb: number;
  shift: number;
}

function judged(compared: Compared): Heard {
  const { hearing, sentDb, measuredDb, likeness } = compared;
  const figures = figuresOf(compared);
  const { gainDb, standsOut } = figures;
  const evidence: Evidence = {
    likeness: round(likeness.likeness, 2),
    delayMs: likeness.lag * frameMs,
    sentDbfs: round(figures.sentDbfs, 1),
    measuredDbfs: round(figures.measuredDbfs, 1),
    noiseDbfs: round(figures.noiseDbfs, 1),
    ...(hearing.referenceDb === undefined ? {} : { referenceDb: round(hearing.referenceDb, 1) }),
  };
  const isLong = sentDb.length * frameMs >= judgedMsMin.play;
  const isLongEnough = isLong || (hearing.isTest && sentDb.length * frameMs >= judgedMsMin.test);
  const bad = (verdict: Heard['verdict'], more: Evidence = {}): Heard =>
    isLongEnough ? { verdict, evidence: { ...evidence, ...more } } : undecided('too-short', { ...evidence, ...more });
  const bounds = likenessBounds.find(({ frames }) => sentDb.length >= frames);
  if (bounds !== undefined && likeness.likeness >= bounds.alike) {
    const gain = { gainDb: round(gainDb, 1) };
    if (hearing.referenceDb !== undefined && gainDb < hearing.referenceDb - tooLowDb) return bad('too-low', gain);
    const { flatter, slope } = flatnessOf(compared);
    const isClear = figures.measuredDbfs - figures.noiseDbfs >= clearDb;
    if (isClear && (flatter >= flatterDb || slope <= squeezedSlope))
      return bad('distorted', { ...gain, flatterDb: round(flatter, 1), slope: round(slope, 2) });
    return {
      verdict: 'sound',
      evidence: { ...evidence, ...gain },
      gainDb: isLong && standsOut >= 6 ? gainDb : undefined,
    };
  }
  const expectedDbfs = figures.sentDbfs + (hearing.referenceDb ?? assumedGainDb);
  const liveMin = rumbleDb(hearing.measured) >= windyDb ? livelyInWindDb : livelyDb;
  const isOther =
    likeness.likeness < (bounds?.unlike ?? 0) && liveliness(measuredDb) >= liveMin && standsOut >= standsOutDb;
  if (isLong && isOther && figures.measuredDbfs >= expectedDbfs - bystanderDb) return bad('wrong');
  if (expectedDbfs - figures.measuredDbfs >= missingDb) return bad('none', { expectedDbfs: round(expectedDbfs, 1) });
  return undecided('noisy', evidence);
}

/** Levels where something loud was sent, and what stands beside them in the pauses. */
function figuresOf({ hearing, sentDb, measuredDb, likeness, topDb, shift }: Compared): {
  sentDbfs: number;
  measuredDbfs: number;
  noiseDbfs: number;
  gainDb: number;
  standsOut: number;
} {
  const { sent, measured } = hearing;
  let [sentSum, measuredSum, count] = [0, 0, 0];
  sentDb.forEach((db, index) => {
    const heard = measured.band[index + shift + likeness.lag];
    if (db < topDb - 15 || heard === undefined || Number.isNaN(heard)) return;
    sentSum += sent.band[index] ?? 0;
    measuredSum += heard;
    count += 1;
  });
  const noise = 10 ** (quantile(measuredDb, 0.1) / 10);
  const mean = measuredSum / Math.max(1, count);
  const sentDbfs = dbOf(sentSum / Math.max(1, count));
  return {
    sentDbfs,
    measuredDbfs: dbOf(mean),
    noiseDbfs: dbOf(noise),
    gainDb: dbOf(Math.max(0, mean - noise)) - sentDbfs,
    standsOut: dbOf(mean) - dbOf(noise),
  };
}

/** How much flatter the loud parts came out: by their peaks, and by how far level follows level. */
function flatnessOf({ hearing, sentDb, likeness, topDb, shift }: Compared): { flatter: number; slope: number } {
  const { sent, measured } = hearing;
  const drops: number[] = [];
  const pairs: { x: number; y: number }[] = [];
  sentDb.forEach((x, index) => {
    const place = index + shift + likeness.lag;
    const heard = measured.band[place];
    if (x < topDb - 12 || heard === undefined || Number.isNaN(heard)) return;
    pairs.push({ x, y: dbOf(heard) });
    drops.push(crestDb(sent, index) - crestDb(measured, place));
  });
  const mean = (of: 'x' | 'y') => pairs.reduce((sum, pair) => sum + pair[of], 0) / pairs.length;
  const [xMean, yMean] = [mean('x'), mean('y')];
  const variance = pairs.reduce((sum, { x }) => sum + (x - xMean) ** 2, 0);
  const covariance = pairs.reduce((sum, { x, y }) => sum + (x - xMean) * (y - yMean), 0);
  // Of an even tone nothing can be said that way.
  const slope = pairs.length < 20 || variance / pairs.length < 2 ? 1 : covariance / variance;
  return { flatter: pairs.length < 20 ? 0 : quantile(drops, 0.5), slope };
}

function crestDb(levels: Levels, index: number): number {
  return dbOf(levels.peak[index] ?? 0) - dbOf(levels.full[index] ?? 0);
}

/** How much the level moves from frame to frame, dB (RMS). */
function liveliness(course: readonly number[]): number {
  let [sum, count] = [0, 0];
  course.forEach((db, index) => {
    const step = db - (course[index - 1] ?? Number.NaN);
    if (Number.isNaN(step)) return;
    sum += step * step;
    count += 1;
  });
  return Math.sqrt(sum / Math.max(1, count));
}

/** How much of what is heard lies outside the band of speech, dB. */
function rumbleDb({ full, band }: Levels): number {
  const mean = (course: Float32Array) => {
    const values = known(course);
    return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
  };
  return dbOf(mean(full)) - dbOf(mean(band));
}

function known(course: Float32Array): number[] {
  return [...course].filter((value) => !Number.isNaN(value));
}

function undecided(reason: UndecidedReason, evidence: Evidence): Heard {
  return { verdict: 'undecided', evidence: { ...evidence, reason } };
}

function round(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
