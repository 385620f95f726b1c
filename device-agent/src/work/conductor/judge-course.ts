/**
 * What may become of one occurrence now, taken by itself: it ends, it must wait, or it may sound. Whose turn it is
 * among several is decided elsewhere. Pure.
 */
import {
  comesInAtItsPlace,
  isExcepted,
  isPermitted,
  joinFromMs,
  joinPlace,
  type OutcomeReason,
  remainingMs,
  startLimitOf,
} from '@loa/schedules';
import { type Aim, type Course, hasSounded, heldOffMs, lossVerdict, type Verdict, withPlayLost } from './course.ts';
import { verdictOf } from './ending.ts';
import { certainMs, type Facts } from './facts.ts';
import { beginningsMax, commitLeadMs, joinAimPatienceMs, joinLeadMs } from './limits.ts';
import { isCovered, type Piece, playLengthMs, timedOf } from './piece.ts';

export type Fate =
  | { kind: 'ends'; verdict: Verdict }
  /** Cannot sound now; judged again at `untilMs` at the latest. */
  | { kind: 'waits'; untilMs: number; obstacle?: OutcomeReason | undefined }
  | { kind: 'ready'; aim: Aim; untilMs: number };

const never = Number.MAX_SAFE_INTEGER;

/**
 * Judges a course that does not sound at present and whose piece is in force. Order matters: a person's stop comes
 * before everything, then time, then what is lacking, then the hours at the very start.
 */
export function judgeCourse(course: Course, piece: Piece, facts: Facts): Fate {
  if (course.verdict !== undefined || course.play > piece.repeat.count)
    return { kind: 'ends', verdict: verdictOf(course) };
  if (isStopped(course, piece, facts))
    return { kind: 'ends', verdict: { outcome: 'stopped', reason: 'stopped-by-person' } };
  return piece.emergency ? judgeEmergency(course, piece, facts) : judgeRoutine(course, piece, facts);
}

/** True when a stop in force covers what is about to start or has begun; what passed before the board looked is missed instead. */
export function isStopped(course: Course, piece: Piece, facts: Facts): boolean {
  const isDue = piece.atMs - commitLeadMs <= facts.nowMs && facts.nowMs <= startLimitMs(course, piece, facts.nowMs);
  const isInQuestion = piece.emergency || hasSounded(course) || (facts.trusted && isDue);
  const judgedMs = certainMs(facts);
  return isInQuestion && facts.stops.some((stop) => judgedMs < stop.untilMs && isCovered(piece, stop));
}

/** The last instant at which something of it may start, by the law of late starts; an emergency's is its expiry. */
export function startLimitMs(course: Course, piece: Piece, nowMs: number): number {
  if (piece.emergency) return piece.untilMs - 1;
  return startLimitOf(timedOf(piece), hasSounded(course) ? heldOffMs(course, nowMs) : undefined);
}

/**
 * A beginning that a restart cut short: over, unless the policy is to start again. An emergency's play is over too:
 * across a restart nothing tells how much of it was heard, and its other plays follow.
 */
export function settleTorn(course: Course, piece: Piece, facts: Facts): Course {
  if (!course.isTorn || (!piece.emergency && !facts.trusted)) return course;
  const mayAgain =
    !piece.emergency &&
    piece.resume === 'restart' &&
    course.beginnings < beginningsMax &&
    facts.nowMs <= startLimitMs(course, piece, facts.nowMs);
  // What a station said in the meantime does not come again.
  const loss = course.loss ?? (piece.relay === undefined ? undefined : 'interrupted-by-restart');
  if (mayAgain) return { ...course, isTorn: false, again: 'restart', fromMs: 0, loss };
  return withPlayLost(course, { reason: 'interrupted-by-restart', atMs: facts.nowMs });
}

/**
 * What becomes of a course whose piece no document lists any more. A plan that merely rolled on (its window no longer
 * covers the start) withdraws nothing: then the last statement of it holds.
 */
export function judgeVanished(course: Course, facts: Facts): Fate | 'still-holds' {
  const { piece } = course;
  if (course.verdict !== undefined || (piece !== undefined && course.play > piece.repeat.count))
    return { kind: 'ends', verdict: verdictOf(course) };
  if (!course.emergency && !isCoveredByPlan(course, facts)) {
    if (piece !== undefined) return 'still-holds';
    if (facts.plan === undefined) return { kind: 'waits', untilMs: never };
  }
  if (piece === undefined || course.isTorn)
    return { kind: 'ends', verdict: lossVerdict(course, 'interrupted-by-restart') };
  if (piece.emergency && certainMs(facts) >= piece.untilMs)
    return { kind: 'ends', verdict: lossVerdict(course, course.loss ?? course.obstacle ?? 'expired') };
  // A rest that is ended at once, a limit that is taken back: until its instant it may be listed again.
  const isAhead = !course.emergency && !hasSounded(course) && course.beginnings === 0;
  if (isAhead && facts.nowMs < course.plannedMs) return { kind: 'waits', untilMs: course.plannedMs };
  const verdict: Verdict = hasSounded(course)
    ? { outcome: 'stopped', reason: 'stopped-by-person' }
    : { outcome: 'withdrawn' };
  return { kind: 'ends', verdict };
}

/** True when the held plan would list this course if it were still wanted. */
export function isCoveredByPlan(course: Course, facts: Facts): boolean {
  const { plan } = facts;
  return plan !== undefined && course.plannedMs >= plan.fromMs && course.plannedMs < plan.untilMs;
}

/** The aim of a course behind something that sounds until `overMs`: a join or a relay comes in where it is by then. */
export function aimBehind(aim: Aim, { course, piece, overMs }: { course: Course; piece: Piece; overMs: number }): Aim {
  if (overMs <= aim.startMs) return aim;
  const timed = timedOf(piece);
  const isJoin = comesInAtItsPlace(timed, hasSounded(course)) && overMs - piece.atMs > joinFromMs;
  return isJoin ? joinPlace(timed, overMs) : { ...aim, startMs: overMs };
}

function isInterrupted(course: Course): boolean {
  return hasSounded(course) && (course.heldOffMs > 0 || course.heldOffSinceMs !== undefined);
}

function judgeEmergency(course: Course, piece: Piece, facts: Facts): Fate {
  if (piece.drill && !facts.drillsAudible)
    return { kind: 'ends', verdict: { outcome: 'refused', reason: 'not-supported' } };
  if (certainMs(facts) >= piece.untilMs)
    return { kind: 'ends', verdict: lossVerdict(course, course.loss ?? course.obstacle ?? 'expired') };
  const lacking = whatLacks(piece, facts);
  if (lacking !== undefined) return { kind: 'waits', untilMs: piece.untilMs, obstacle: lacking };
  const startMs = Math.max(soonestMs(facts), course.notBeforeMs);
  return { kind: 'ready', aim: { play: course.play, fromMs: course.fromMs, startMs }, untilMs: piece.untilMs };
}

function judgeRoutine(course: Course, piece: Piece, facts: Facts): Fate {
  if (!facts.trusted) return { kind: 'waits', untilMs: never };
  const limitMs = startLimitMs(course, piece, facts.nowMs);
  const isPlanOver = facts.nowMs >= piece.untilMs && !hasSounded(course);
  if (facts.nowMs > limitMs || isPlanOver) return { kind: 'ends', verdict: missedVerdict(course, piece, facts) };
  const lacking = whatLacks(piece, facts);
  if (lacking !== undefined) {
    const isDue = facts.nowMs >= piece.atMs;
    return { kind: 'waits', untilMs: isDue ? limitMs + 1 : piece.atMs, obstacle: isDue ? lacking : undefined };
  }
  const aim = aimOf(course, piece, facts);
  if (soonestMs(facts) > limitMs) return { kind: 'waits', untilMs: limitMs + 1 };
  if (aim.fromMs >= playLengthMs(piece)) return { kind: 'ends', verdict: missedVerdict(course, piece, facts) };
  if (facts.nowMs >= aim.startMs - commitLeadMs) {
    // Server time is an estimate with fractions; civil time is judged in whole milliseconds.
    const atMs = Math.floor(Math.max(facts.nowMs, aim.startMs));
    const span = { atMs, durationMs: Math.ceil(remainingMs(timedOf(piece), aim)) };
    if (!isPermitted(facts.hours, span) && !(piece.exception !== undefined && isExcepted(piece.exception, span)))
      return { kind: 'ends', verdict: notPermittedVerdict(course) };
  }
  return { kind: 'ready', aim, untilMs: limitMs + 1 };
}

function whatLacks(piece: Piece, facts: Facts): OutcomeReason | undefined {
  // The station may come without its clip.
  const clip = piece.relay === undefined ? facts.clip(piece.clip) : ({ state: 'here' } as const);
  if (clip.state === 'missing') return clip.reason;
  if (clip.state === 'fetching') return 'clip-missing';
  return facts.outputPresent ? undefined : 'output-missing';
}

function missedVerdict(course: Course, piece: Piece, facts: Facts): Verdict {
  if (course.obstacle === 'interrupted-by-emergency' || isInterrupted(course))
    return { outcome: 'preempted', reason: 'interrupted-by-emergency' };
  if (hasSounded(course)) return lossVerdict(course, course.loss ?? course.obstacle ?? 'late');
  if (course.obstacle !== undefined) return lossVerdict(course, course.obstacle);
  if (piece.atMs < facts.bootMs) return lossVerdict(course, 'offline-at-start');
  const { distrust } = facts;
  if (distrust !== undefined && piece.atMs >= distrust.fromMs && piece.atMs < distrust.untilMs)
    return lossVerdict(course, 'clock-not-trusted');
  return lossVerdict(course, facts.nowMs >= piece.untilMs ? 'expired' : 'late');
}

/** What an emergency had interrupted and the hours no longer allow has given way to it; the rest was refused. */
function notPermittedVerdict(course: Course): Verdict {
  if (isInterrupted(course)) return { outcome: 'preempted', reason: 'interrupted-by-emergency' };
  return { outcome: hasSounded(course) ? 'partial' : 'refused', reason: 'outside-permitted-hours' };
}

/** When something that is asked for now would be heard. */
function soonestMs({ nowMs, audibleMs }: Facts): number {
  return Math.max(nowMs, audibleMs ?? Number.NEGATIVE_INFINITY);
}

function aimOf(course: Course, piece: Piece, facts: Facts): Aim {
  const warmMs = facts.audibleMs ?? Number.NEGATIVE_INFINITY;
  const startMs = Math.max(piece.atMs, course.notBeforeMs, warmMs);
  const lateMs = soonestMs(facts) - piece.atMs;
  const timed = timedOf(piece);
  if (!comesInAtItsPlace(timed, hasSounded(course)) || lateMs <= joinFromMs)
    return { play: course.play, fromMs: course.fromMs, startMs };
  const { aim } = course;
  const isGood =
    aim !== undefined &&
    aim.startMs > piece.atMs &&
    aim.startMs <= facts.nowMs + joinLeadMs &&
    facts.nowMs <= aim.startMs + joinAimPatienceMs;
  return isGood ? aim : joinPlace(timed, Math.max(facts.nowMs + joinLeadMs, course.notBeforeMs, warmMs));
}
