/**
 * How far one occurrence has come on this board: what sounded, what was lost, what it waits for. Values and the
 * transitions between them; pure, handed every instant. What must outlive a restart is in the ledger, `recall.ts`
 * reads it back.
 */
import type { Outcome, OutcomeReason } from '@loa/schedules';
import type { Measured, PlayEnd, Relayed } from '../../contracts.ts';
import { decoderRetryMs, decoderTriesMax, outputRetryMs, relayRetryMs } from './limits.ts';
import { type Piece, playLengthMs } from './piece.ts';

/** Why the conductor silenced what sounded. */
export type CutReason = 'emergency' | 'stopped' | 'vanished' | 'too-long' | 'expired';

export interface Verdict {
  outcome: Outcome;
  reason?: OutcomeReason | undefined;
}

export interface Course {
  readonly occurrence: string;
  readonly plannedMs: number;
  readonly emergency: boolean;
  /** The last statement of it seen in a document; absent after a restart until one is seen. */
  readonly piece?: Piece | undefined;
  /** When the board first saw it in this boot. */
  readonly seenMs: number;
  /** The present or next play, 1 for the first; beyond the count when all are over. */
  readonly play: number;
  /** Where in the clip the present play goes on. */
  readonly fromMs: number;
  /** The present play has sounded before and starts again by this policy. */
  readonly again?: 'resume' | 'restart' | undefined;
  /** How often the present play has begun, as the ledger knows. */
  readonly beginnings: number;
  /** The ledger holds the present beginning, and no sample of it has left yet. */
  readonly isLogged: boolean;
  /** The ledger holds a beginning from before a restart, and no end of it. */
  readonly isTorn: boolean;
  readonly playsDone: number;
  /** First sample of the first play. */
  readonly startedMs?: number | undefined;
  /** Why something of it was not heard. */
  readonly loss?: OutcomeReason | undefined;
  /** Sound and gaps so far, against `lengthMsMax`. */
  readonly usedMs: number;
  readonly emittedMs: number;
  /** Not before this: a gap between plays, or a pause before another try. */
  readonly notBeforeMs: number;
  /** What kept it from starting when it was due. */
  readonly obstacle?: OutcomeReason | undefined;
  /** How long emergencies have kept it from going on, and since when one does. */
  readonly heldOffMs: number;
  readonly heldOffSinceMs?: number | undefined;
  readonly decoderFailures: number;
  /** What became of its relay so far. */
  readonly relayed?: Relayed | undefined;
  /** Where a late join aims. */
  readonly aim?: Aim | undefined;
  readonly measured: readonly Measured[];
  /** Plays whose measurement is not there yet. */
  readonly unmeasuredCount: number;
  readonly verdict?: Verdict | undefined;
}

/** A play to be started: which, from where in the clip, at which instant. */
export interface Aim {
  readonly play: number;
  readonly fromMs: number;
  readonly startMs: number;
}

/** A piece seen for the first time. */
export function openCourse(piece: Piece, seenMs: number): Course {
  return { ...blank(piece.occurrence, { plannedMs: piece.atMs, emergency: piece.emergency, seenMs }), piece };
}

/** True when some of it has sounded, as far as the board can know. */
export function hasSounded(course: Course): boolean {
  return course.startedMs !== undefined;
}

/** How long emergencies have kept it from going on, the present one included. */
export function heldOffMs(course: Course, nowMs: number): number {
  return course.heldOffMs + (course.heldOffSinceMs === undefined ? 0 : Math.max(0, nowMs - course.heldOffSinceMs));
}

/** An emergency holds the output (or no longer does). */
export function withHoldOff(course: Course, isHeldOff: boolean, nowMs: number): Course {
  if (isHeldOff === (course.heldOffSinceMs !== undefined)) return course;
  return { ...course, heldOffMs: heldOffMs(course, nowMs), heldOffSinceMs: isHeldOff ? nowMs : undefined };
}

/** True when the ledger already holds the beginning this aim means, and nothing of it has sounded. */
export function isLoggedFor(course: Course, aim: Aim): boolean {
  return course.isLogged && course.play === aim.play;
}

/** The ledger holds the beginning of the aimed play; what the aim leaves out (a late join) is lost. */
export function afterLogged(course: Course, aim: Aim): Course {
  const isNew = !isLoggedFor(course, aim);
  const known = aim.play === course.play ? course.beginnings : 0;
  const skipped = aim.play > course.play || (aim.fromMs > 0 && course.again === undefined);
  return {
    ...course,
    play: aim.play,
    fromMs: aim.fromMs,
    beginnings: isNew ? known + 1 : known,
    isLogged: true,
    loss: course.loss ?? (skipped ? 'late' : undefined),
  };
}

/** The first sample of the present beginning has left. */
export function afterFirstSample(course: Course, atMs: number): Course {
  return { ...course, isLogged: false, startedMs: course.startedMs ?? atMs, obstacle: undefined, aim: undefined };
}

/** The present beginning is over, by itself or cut. */
export function afterPlay(course: Course, end: PlayEnd & { cut?: CutReason | undefined; atMs: number }): Course {
  const heard = {
    ...withRelayed(course, end.relayed),
    emittedMs: course.emittedMs + end.emittedMs,
    usedMs: course.usedMs + end.emittedMs,
  };
  if (end.how === 'completed') return nextPlay({ ...heard, playsDone: heard.playsDone + 1 }, end.atMs);
  if (end.how === 'output-failed') return afterLoss(heard, end, { reason: 'output-missing', pauseMs: outputRetryMs });
  if (end.how === 'decoder-failed') return afterDecoderFailure(heard, end);
  if (end.how === 'relay-away') return afterAway(heard, end);
  return afterCut(heard, end.how === 'too-long' ? { ...end, cut: 'too-long' } : end);
}

/** Decoding ahead failed: nothing has sounded, it is tried again, but not for ever. */
export function afterDecoderFailure(course: Course, end: { emittedMs: number; atMs: number }): Course {
  const decoderFailures = course.decoderFailures + 1;
  const failed = { ...course, decoderFailures };
  if (decoderFailures >= decoderTriesMax) return withVerdict(failed, lossVerdict(failed, 'decoder-failed'));
  return afterLoss(failed, end, { reason: 'decoder-failed', pauseMs: decoderRetryMs });
}

/** Neither the station nor its clip could be had: nothing has sounded, it is tried again while its time lasts. */
export function afterRelayAway(course: Course, end: { relayed?: Relayed | undefined; atMs: number }): Course {
  return afterAway(withRelayed(course, end.relayed), { emittedMs: 0, atMs: end.atMs });
}

/** Where the clip in a relay's place goes on; undefined when it has sounded: it does so once. */
export function clipPlaceMs({ piece, relayed, again }: Course): number | undefined {
  const soundedMs = relayed?.clipMs ?? 0;
  if (piece !== undefined && soundedMs >= piece.clip.durationMs) return undefined;
  return again === 'restart' ? 0 : soundedMs;
}

/** A start could not be recorded or could not be made; nothing of it sounded. */
export function afterObstacle(course: Course, obstacle: { reason?: OutcomeReason; untilMs: number }): Course {
  return {
    ...course,
    obstacle: obstacle.reason ?? course.obstacle,
    notBeforeMs: Math.max(course.notBeforeMs, obstacle.untilMs),
    aim: undefined,
  };
}

/** A probe is asked about a play that has ended. */
export function whileMeasuring(course: Course): Course {
  return { ...course, unmeasuredCount: course.unmeasuredCount + 1 };
}

/** What the probes said of it. */
export function afterMeasured(course: Course, measured: readonly Measured[]): Course {
  return {
    ...course,
    unmeasuredCount: course.unmeasuredCount - 1,
    measured: [...course.measured, ...measured],
  };
}

/** All its plays are over and only a measurement is awaited. */
export function isMeasuring(course: Course): boolean {
  const isOver = course.piece !== undefined && course.play > course.piece.repeat.count;
  return isOver && course.verdict === undefined && course.unmeasuredCount > 0;
}

/** The present play is given up; the next one follows after the gap. */
export function withPlayLost(course: Course, loss: { reason: OutcomeReason; atMs: number }): Course {
  return nextPlay({ ...course, loss: course.loss ?? loss.reason }, loss.atMs);
}

/** Its last word; kept when there is one already. */
export function withVerdict(course: Course, verdict: Verdict): Course {
  return course.verdict === undefined ? { ...course, verdict } : course;
}

/** Partial when something was heard, else missed, for a reason. */
export function lossVerdict(course: Course, reason: OutcomeReason | undefined): Verdict {
  return { outcome: hasSounded(course) ? 'partial' : 'missed', reason };
}

function afterCut(course: Course, end: PlayEnd & { cut?: CutReason | undefined; atMs: number }): Course {
  const isHeard = end.emittedMs > 0;
  switch (end.cut) {
    case 'emergency':
      return isHeard ? afterInterruption(course, end) : { ...course, heldOffSinceMs: end.atMs, aim: undefined };
    case 'vanished':
      return withVerdict(
        course,
        hasSounded(course) ? { outcome: 'stopped', reason: 'stopped-by-person' } : { outcome: 'withdrawn' },
      );
    case 'too-long':
      return withVerdict(course, lossVerdict(course, 'too-long'));
    case 'expired':
      return withVerdict(course, lossVerdict(course, 'expired'));
    default:
      return withVerdict(course, { outcome: 'stopped', reason: 'stopped-by-person' });
  }
}

function afterInterruption(course: Course, end: { emittedMs: number; atMs: number }): Course {
  const held = { ...course, heldOffSinceMs: end.atMs, isLogged: false, aim: undefined };
  const policy = course.piece?.resume ?? 'drop';
  if (policy === 'drop') return withVerdict(held, { outcome: 'preempted', reason: 'interrupted-by-emergency' });
  // A station does not wait: whichever of the two it is, it is joined again, and this much of it is lost.
  if (course.piece?.relay !== undefined)
    return { ...held, again: policy, loss: course.loss ?? 'interrupted-by-emergency' };
  // What starts again has its whole length before it once more.
  if (policy === 'restart') return { ...held, again: 'restart', fromMs: 0, usedMs: course.usedMs - end.emittedMs };
  const fromMs = course.fromMs + end.emittedMs;
  const wasWhole = course.piece !== undefined && fromMs >= playLengthMs(course.piece);
  if (wasWhole) return nextPlay({ ...held, playsDone: held.playsDone + 1 }, end.atMs);
  return { ...held, again: 'resume', fromMs };
}

function afterAway(course: Course, end: { emittedMs: number; atMs: number }): Course {
  return afterLoss(course, end, { reason: 'clip-missing', pauseMs: relayRetryMs });
}

function withRelayed(course: Course, end: Relayed | undefined): Course {
  if (end === undefined) return course;
  const { soundedMs, clipMs, reconnects } = course.relayed ?? { soundedMs: 0, clipMs: 0, reconnects: 0 };
  return {
    ...course,
    relayed: {
      ...course.relayed,
      ...end,
      soundedMs: soundedMs + end.soundedMs,
      clipMs: clipMs + end.clipMs,
      reconnects: reconnects + end.reconnects,
    },
  };
}

/** With nothing heard the same beginning is tried again; with something heard this play is over. */
function afterLoss(
  course: Course,
  end: { emittedMs: number; atMs: number },
  loss: { reason: OutcomeReason; pauseMs: number },
): Course {
  const untilMs = end.atMs + loss.pauseMs;
  if (end.emittedMs === 0) return afterObstacle(course, { reason: loss.reason, untilMs });
  const next = withPlayLost(course, { reason: loss.reason, atMs: end.atMs });
  return { ...next, notBeforeMs: Math.max(next.notBeforeMs, untilMs) };
}

function nextPlay(course: Course, atMs: number): Course {
  const gapMs = course.piece?.repeat.gapMs ?? 0;
  const isLast = course.piece !== undefined && course.play >= course.piece.repeat.count;
  return {
    ...course,
    play: course.play + 1,
    fromMs: 0,
    again: undefined,
    beginnings: 0,
    isLogged: false,
    isTorn: false,
    decoderFailures: 0,
    aim: undefined,
    notBeforeMs: atMs + (isLast ? 0 : gapMs),
    usedMs: course.usedMs + (isLast ? 0 : gapMs),
  };
}

/** Nothing known of it yet. */
export function blank(occurrence: string, given: { plannedMs: number; emergency: boolean; seenMs: number }): Course {
  return {
    occurrence,
    plannedMs: given.plannedMs,
    emergency: given.emergency,
    seenMs: given.seenMs,
    play: 1,
    fromMs: 0,
    beginnings: 0,
    isLogged: false,
    isTorn: false,
    playsDone: 0,
    usedMs: 0,
    emittedMs: 0,
    notBeforeMs: 0,
    heldOffMs: 0,
    decoderFailures: 0,
    measured: [],
    unmeasuredCount: 0,
  };
}
