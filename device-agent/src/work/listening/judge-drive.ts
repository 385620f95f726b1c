/**
 * Did the amplifier drive while something was sent? Of its current (or the level on its line) only that much is known:
 * it rises above what it is in quiet, and follows the loudness of what was sent. Pure; says nothing of what people heard.
 */
import type { Evidence, UndecidedReason } from '@loa/protocol/device';
import type { Measured } from '../../contracts.ts';
import { judgedMsMin } from './judge-hearing.ts';
import { dbOf, frameMs, type Levels } from './levels.ts';
import { quantile } from './likeness.ts';

/** One answer of the gauge. */
export interface GaugeSample {
  monotonicMs: number;
  value: number;
}

/** What is known of the gauge beforehand. */
export interface GaugeKnowledge {
  /** With nothing sent and the amplifier on; undefined before it was ever seen. */
  quiet?: number | undefined;
  /** Rise of a mean square of 1, as good plays taught. */
  risePerSquare?: number | undefined;
  /** Less than this is no rise. */
  riseMin: number;
}

/** The supply's capacitors smooth the current and hold it back a little. */
const smoothingMs = 300;
const lagMsMax = 800;

/** A gauge that failed over more than a third of a play knows too little of it. */
const slotMs = 200;
const coveredShareMin = 0.66;

/** How far current follows loudness. */
const followsMin = 0.35;

/** Too soft to be seen in the current, dB below full scale, before a good play has told how much it takes. */
const seenDbfs = -30;

export interface Drive extends Measured {
  /** What may be learnt from it. */
  learnt?: { risePerSquare: number } | undefined;
}

export function judgeDrive(given: {
  /** What was sent, over the play. */
  sent: Levels;
  /** From the play's start to its end, in order. */
  samples: readonly GaugeSample[];
  knowledge: GaugeKnowledge;
  isTest: boolean;
}): Drive {
  const { sent, samples, knowledge } = given;
  const sentMs = sent.full.length * frameMs;
  const slots = new Set(samples.map(({ monotonicMs }) => Math.floor(monotonicMs / slotMs)));
  if (samples.length < 8 || slots.size * slotMs < sentMs * coveredShareMin)
    return undecided('gauge-too-little', { samples: samples.length });
  const loudness = smoothed(sent.full);
  const values = samples.map(({ value }) => value);
  const lagMs = bestLag(sent, loudness, samples);
  const paired = samples.map(({ monotonicMs, value }) => ({ value, sent: at(sent, loudness, monotonicMs - lagMs) }));
  const topSent = quantile(
    paired.map((pair) => pair.sent),
    0.9,
  );
  if (!(dbOf(topSent) > -60)) return undecided('clip-silent', {});
  const isKnown = knowledge.quiet !== undefined;
  const quiet = knowledge.quiet ?? quantile(values, 0.05);
  const driven = paired.filter((pair) => pair.sent >= topSent / 2);
  const rise = driven.reduce((sum, { value }) => sum + value, 0) / Math.max(1, driven.length) - quiet;
  const drivenSquare = driven.reduce((sum, pair) => sum + pair.sent, 0) / Math.max(1, driven.length);
  const follows = correlation(paired);
  const needed = Math.max(knowledge.riseMin, 0.05 * quiet);
  const evidence: Evidence = {
    quiet: round(quiet),
    rise: round(rise),
    ...(follows === undefined ? {} : { follows: round(follows) }),
    sentDbfs: Number(dbOf(drivenSquare).toFixed(1)),
  };
  const isFollowing = follows === undefined ? isKnown : follows >= followsMin;
  if (rise >= needed && isFollowing)
    return { verdict: 'sound', evidence, learnt: isKnown ? { risePerSquare: rise / drivenSquare } : undefined };
  if (rise >= needed) return undecided('not-as-sent', evidence);
  const expected = knowledge.risePerSquare === undefined ? undefined : knowledge.risePerSquare * drivenSquare;
  const isSeen = expected === undefined ? dbOf(drivenSquare) >= seenDbfs : expected >= 2 * needed;
  const isLongEnough = sentMs >= (given.isTest ? judgedMsMin.test : judgedMsMin.play);
  if (!isSeen) return undecided('too-soft', evidence);
  return isLongEnough && isKnown ? { verdict: 'none', evidence } : undecided('too-short', evidence);
}

/** Mean squares as the supply sees them. */
function smoothed(squares: Float32Array): Float32Array {
  const share = 1 - Math.exp(-frameMs / smoothingMs);
  let level = 0;
  return squares.map((square) => {
    level += share * ((Number.isNaN(square) ? 0 : square) - level);
    return level;
  });
}

function at(sent: Levels, loudness: Float32Array, monotonicMs: number): number {
  return loudness[Math.floor(monotonicMs / frameMs) - sent.fromFrame] ?? 0;
}

function bestLag(sent: Levels, loudness: Float32Array, samples: readonly GaugeSample[]): number {
  let best = { lagMs: 0, follows: Number.NEGATIVE_INFINITY };
  for (let lagMs = 0; lagMs <= lagMsMax; lagMs += 100) {
    const follows = correlation(
      samples.map(({ monotonicMs, value }) => ({ value, sent: at(sent, loudness, monotonicMs - lagMs) })),
    );
    if (follows !== undefined && follows > best.follows) best = { lagMs, follows };
  }
  return best.lagMs;
}

/** Undefined where what was sent is even: there is nothing to follow. */
function correlation(pairs: readonly { value: number; sent: number }[]): number | undefined {
  const count = pairs.length;
  const [x, y] = [
    pairs.reduce((sum, p) => sum + p.sent, 0) / count,
    pairs.reduce((sum, p) => sum + p.value, 0) / count,
  ];
  let [xx, yy, xy] = [0, 0, 0];
  for (const pair of pairs) {
    xx += (pair.sent - x) ** 2;
    yy += (pair.value - y) ** 2;
    xy += (pair.sent - x) * (pair.value - y);
  }
  if (Math.sqrt(xx / count) < 0.15 * x) return undefined;
  return yy === 0 ? 0 : xy / Math.sqrt(xx * yy);
}

function undecided(reason: UndecidedReason, evidence: Evidence): Drive {
  return { verdict: 'undecided', evidence: { ...evidence, reason } };
}

function round(value: number): number {
  return Number(value.toPrecision(3));
}
