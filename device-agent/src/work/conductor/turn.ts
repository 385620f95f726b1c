/**
 * Whose turn it is on the one output: emergencies first (newest issue first), then what has begun, then what is due by
 * class and instant; who comes next; who must wait. Pure.
 */
import { byInstant, byPlace, byRank, type OutcomeReason, type Ranked } from '@loa/schedules';
import { type Aim, type Course, hasSounded } from './course.ts';
import type { Facts } from './facts.ts';
import type { Fate } from './judge-course.ts';
import { emergencyClipPatienceMs } from './limits.ts';
import { type Piece, playLengthMs } from './piece.ts';

/** A course that might sound, with what was judged of it; the sounding one carries its start. */
export interface Contender {
  readonly course: Course;
  readonly piece: Piece;
  readonly fate: Exclude<Fate, { kind: 'ends' }> | { kind: 'sounds'; aim: Aim; sinceMs: number };
}

export interface Turn {
  /** Who holds the output, in its gaps and while it waits for its clip too. */
  readonly holder?: Contender | undefined;
  /** Whose play is prepared next. */
  readonly next?: Contender | undefined;
  /** Due and able, but another holds the output. */
  readonly held: readonly { occurrence: string; obstacle: OutcomeReason }[];
}

/** Decides the turn. At most one contender sounds. */
export function takeTurns(contenders: readonly Contender[], facts: Facts): Turn {
  const emergencies = contenders.filter((one) => one.piece.emergency && holdsOutput(one, facts)).sort(by(byPlace));
  const routine = contenders.filter((one) => !one.piece.emergency);
  const sounding = contenders.find((one) => one.fate.kind === 'sounds');
  const begun = routine.filter((one) => one !== sounding && hasSounded(one.course)).sort(by(byInstant));
  const fresh = routine.filter((one) => one !== sounding && !hasSounded(one.course) && one.fate.kind === 'ready');
  const due = fresh.filter((one) => one.piece.atMs <= facts.nowMs).sort(by(byRank));
  const upcoming = fresh.filter((one) => one.piece.atMs > facts.nowMs).sort(by(byInstant));
  const routineSounding = sounding !== undefined && !sounding.piece.emergency ? [sounding] : [];

  const holder = [...emergencies, ...routineSounding, ...begun, ...due][0];
  const line = [...emergencies, ...begun, ...due, ...upcoming];
  return {
    holder,
    next: nextInLine({ line, holder, sounding }),
    held: heldBy(holder, [...emergencies, ...due]),
  };
}

/** An emergency whose clip does not come holds everything else back for a while only. */
function holdsOutput({ course, fate }: Contender, facts: Facts): boolean {
  return fate.kind !== 'waits' || hasSounded(course) || facts.nowMs - course.seenMs < emergencyClipPatienceMs;
}

function nextInLine(options: {
  line: readonly Contender[];
  holder: Contender | undefined;
  sounding: Contender | undefined;
}): Contender | undefined {
  const { line, holder, sounding } = options;
  if (sounding !== undefined && sounding === holder) {
    if (sounding.course.play < sounding.piece.repeat.count && !endsAtItsLength(sounding)) return sounding;
    return line.find((one) => one !== sounding && one.fate.kind === 'ready');
  }
  if (holder !== undefined) return holder.fate.kind === 'ready' ? holder : undefined;
  return line[0];
}

/** True when its maximum length ends it before another play of it could sound. */
function endsAtItsLength({ course, piece, fate }: Contender): boolean {
  const fromMs = fate.kind === 'sounds' ? fate.aim.fromMs : course.fromMs;
  return course.usedMs + playLengthMs(piece) - fromMs + piece.repeat.gapMs >= piece.lengthMsMax;
}

function heldBy(
  holder: Contender | undefined,
  waiting: readonly Contender[],
): { occurrence: string; obstacle: OutcomeReason }[] {
  if (holder === undefined) return [];
  const byEmergency = holder.piece.emergency;
  return waiting
    .filter((one) => one !== holder)
    .map((one) => ({
      occurrence: one.course.occurrence,
      obstacle: byEmergency && !one.piece.emergency ? 'interrupted-by-emergency' : 'busy-with-other',
    }));
}

function by(order: (a: Ranked, b: Ranked) => number): (a: Contender, b: Contender) => number {
  return (a, b) => order(a.piece, b.piece);
}
