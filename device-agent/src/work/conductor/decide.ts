/**
 * What should sound now, what comes next, what has ended, and when to think again: the heart of the agent. Pure: state
 * and facts in, decision out. It assumes verified documents and a driver that carries out what it says and tells what
 * came of it; it never waits, reads no clock and touches nothing.
 */
import type { EndedEvent } from '../../contracts.ts';
import { type Aim, type Course, type CutReason, hasSounded, isMeasuring, withHoldOff } from './course.ts';
import { endedEvent } from './ending.ts';
import { type ConductorState, certainMs, type Decision, type Facts, type Next, type Sounding } from './facts.ts';
import { aimBehind, isCoveredByPlan, isStopped, judgeCourse, judgeVanished, settleTorn } from './judge-course.ts';
import {
  askTimeLeadMs,
  commitLeadMs,
  emergencyClipPatienceMs,
  prepareLeadMs,
  relayLeadMs,
  thinkEveryMsMax,
} from './limits.ts';
import { type Piece, plannedEndMs, playLengthMs } from './piece.ts';
import { openNear } from './sight.ts';
import { type Contender, type Turn, takeTurns } from './turn.ts';

/** Nothing seen yet but what the ledger remembers. */
export function initialState(courses: ReadonlyMap<string, Course> = new Map()): ConductorState {
  return { courses, passedCount: 0 };
}

/** One thought. Thinking twice at the same instant changes nothing the second time. */
export function decide(before: ConductorState, facts: Facts): Decision {
  const sight = openNear(before, facts);
  const judged = judgeAll(sight.courses, { sounding: before.sounding, facts });
  const turn = takeTurns(judged.contenders, facts);
  const next = turn.next === undefined ? undefined : nextOf(turn.next, { turn, sounding: before.sounding, facts });
  const cut = before.sounding === undefined ? undefined : cutOf(before.sounding, { turn, judged, facts });
  const instants = [sight.nextNearMs, ...wakingInstants(judged.contenders, facts)];
  if (next !== undefined) instants.push(next.aim.startMs - askTimeLeadMs, next.prepareAtMs, next.commitAtMs);
  const later = instants.filter((atMs) => atMs > facts.nowMs);
  return {
    state: {
      ...before,
      courses: settledCourses(judged.courses, { turn, next, facts }),
      passedCount: sight.passedCount,
    },
    endings: judged.endings,
    thinkAtMs: Math.min(facts.nowMs + thinkEveryMsMax, ...later),
    ...(cut === undefined ? {} : { cut }),
    ...(next === undefined ? {} : { next }),
  };
}

interface Judged {
  courses: Map<string, Course>;
  contenders: Contender[];
  endings: EndedEvent[];
}

function judgeAll(
  seen: ReadonlyMap<string, Course>,
  { sounding, facts }: { sounding: Sounding | undefined; facts: Facts },
): Judged {
  const listed = new Set(facts.pieces.map((piece) => piece.occurrence));
  const judged: Judged = { courses: new Map(), contenders: [], endings: [] };
  for (const known of seen.values()) {
    const { piece } = known;
    const course = piece === undefined ? known : settleTorn(known, piece, facts);
    if (course.occurrence === sounding?.occurrence && piece !== undefined) {
      judged.courses.set(course.occurrence, course);
      const sinceMs = sounding.startedMs ?? sounding.aim.startMs;
      judged.contenders.push({ course, piece, fate: { kind: 'sounds', aim: sounding.aim, sinceMs } });
      continue;
    }
    if (isMeasuring(course)) {
      judged.courses.set(course.occurrence, course);
      continue;
    }
    const vanished = listed.has(course.occurrence) ? 'still-holds' : judgeVanished(course, facts);
    const fate = vanished !== 'still-holds' || piece === undefined ? vanished : judgeCourse(course, piece, facts);
    if (fate === 'still-holds') continue;
    if (fate.kind === 'ends') {
      judged.endings.push(endedEvent(course, fate.verdict, facts.nowMs));
      continue;
    }
    const obstacle = fate.kind === 'waits' ? fate.obstacle : undefined;
    judged.courses.set(course.occurrence, obstacle === undefined ? course : { ...course, obstacle });
    if (piece !== undefined) judged.contenders.push({ course, piece, fate });
  }
  return judged;
}

/** Why what sounds must stop now; undefined while it may go on or is being stopped. */
function cutOf(
  sounding: Sounding,
  { turn, judged, facts }: { turn: Turn; judged: Judged; facts: Facts },
): CutReason | undefined {
  const self = judged.contenders.find((one) => one.fate.kind === 'sounds');
  if (sounding.cut !== undefined || self?.fate.kind !== 'sounds') return undefined;
  const { course, piece } = self;
  if (isStopped(course, piece, facts)) return 'stopped';
  const isListed = facts.pieces.some((one) => one.occurrence === course.occurrence);
  if (!isListed && (piece.emergency || isCoveredByPlan(course, facts))) return 'vanished';
  if (piece.emergency && certainMs(facts) >= piece.untilMs) return 'expired';
  if (facts.nowMs >= deadlineMs(course, piece, self.fate.sinceMs)) return 'too-long';
  return turn.holder !== undefined && turn.holder !== self ? 'emergency' : undefined;
}

function nextOf(
  contender: Contender,
  { turn, sounding, facts }: { turn: Turn; sounding: Sounding | undefined; facts: Facts },
): Next | undefined {
  const { piece, course } = contender;
  const aim = aimOfNext(contender, turn);
  // By the time the output is free, nothing of this join is left to prepare.
  if (aim.fromMs >= playLengthMs(piece)) return undefined;
  const isHolder = turn.holder === undefined || turn.holder === contender;
  return {
    occurrence: course.occurrence,
    piece,
    aim,
    prepareAtMs: aim.startMs - (piece.relay === undefined ? prepareLeadMs : relayLeadMs) + facts.jitterMs,
    commitAtMs: aim.startMs - commitLeadMs,
    isFree: sounding === undefined && isHolder,
  };
}

/** The aim a contender was judged by, not before what sounds is over; its own following play when it sounds itself. */
function aimOfNext(contender: Contender, turn: Turn): Aim {
  const { fate, course, piece } = contender;
  const ahead = turn.holder;
  const overMs = ahead?.fate.kind === 'sounds' ? overAtMs(ahead, ahead.fate) : 0;
  if (fate.kind === 'sounds') return { play: course.play + 1, fromMs: 0, startMs: overMs + piece.repeat.gapMs };
  if (fate.kind === 'waits') throw new Error(`${course.occurrence} cannot be next while it waits`);
  return aimBehind(fate.aim, { course, piece, overMs });
}

function settledCourses(
  courses: ReadonlyMap<string, Course>,
  { turn, next, facts }: { turn: Turn; next: Next | undefined; facts: Facts },
): Map<string, Course> {
  const settled = new Map(courses);
  const isHeldOff = turn.holder?.piece.emergency === true;
  for (const [occurrence, course] of settled) {
    const isOther = occurrence !== turn.holder?.course.occurrence;
    if (!course.emergency && (hasSounded(course) || course.heldOffSinceMs !== undefined))
      settled.set(occurrence, withHoldOff(course, isHeldOff && isOther, facts.nowMs));
  }
  for (const { occurrence, obstacle } of turn.held) {
    const course = settled.get(occurrence);
    if (course !== undefined) settled.set(occurrence, { ...course, obstacle });
  }
  const chosen = next === undefined || turn.next?.fate.kind === 'sounds' ? undefined : settled.get(next.occurrence);
  if (chosen !== undefined && next !== undefined) settled.set(next.occurrence, { ...chosen, aim: next.aim });
  return settled;
}

function wakingInstants(contenders: readonly Contender[], facts: Facts): number[] {
  // How far the clock may be ahead of what is certain; rounded up, or the thought would come a moment too soon.
  const aheadMs = Math.ceil(facts.nowMs - certainMs(facts));
  return contenders.flatMap(({ course, piece, fate }) => {
    if (fate.kind === 'sounds') {
      const endMs = deadlineMs(course, piece, fate.sinceMs);
      return piece.emergency ? [endMs, piece.untilMs + aheadMs] : [endMs];
    }
    const patienceMs = piece.emergency ? [course.seenMs + emergencyClipPatienceMs] : [];
    return [piece.atMs, fate.untilMs, course.notBeforeMs, ...patienceMs, facts.nowMs + thinkEveryMsMax];
  });
}

/** When what sounds is over by itself: its clip's end, a relay's planned end, or its maximum length. */
function overAtMs({ course, piece }: Contender, { sinceMs, aim }: { sinceMs: number; aim: Aim }): number {
  const wholeMs = piece.relay === undefined ? sinceMs + piece.clip.durationMs - aim.fromMs : plannedEndMs(piece);
  return Math.min(wholeMs, deadlineMs(course, piece, sinceMs));
}

function deadlineMs(course: Course, piece: Piece, startedMs: number): number {
  return startedMs + Math.max(0, piece.lengthMsMax - course.usedMs);
}
