/** Which occurrences the conductor has an eye on: what is near, what was passed over, what has begun. Pure. */
import { type Course, openCourse } from './course.ts';
import type { ConductorState, Facts } from './facts.ts';
import { startLimitMs } from './judge-course.ts';
import { nearMs, passedHorizonMs, passedPerBootMax } from './limits.ts';
import type { Piece } from './piece.ts';

/**
 * Opens a course for every piece that came near and takes over the newest statement of those already open. Of what
 * had passed before the board could look, the newest are opened first, up to a bound for each boot.
 */
export function openNear(
  before: ConductorState,
  facts: Facts,
): { courses: Map<string, Course>; passedCount: number; nextNearMs: number } {
  const courses = new Map(before.courses);
  const passed: Piece[] = [];
  let nextNearMs = Number.MAX_SAFE_INTEGER;
  for (const piece of facts.pieces) {
    const known = courses.get(piece.occurrence);
    if (known !== undefined) {
      if (known.piece !== piece) courses.set(piece.occurrence, restated(known, piece));
      continue;
    }
    if (facts.isEnded(piece.occurrence)) continue;
    const sight = sightOf(piece, facts);
    if (sight === 'far') nextNearMs = Math.min(nextNearMs, piece.atMs - nearMs);
    if (sight === 'passed') passed.push(piece);
    if (sight === 'near') courses.set(piece.occurrence, openCourse(piece, facts.nowMs));
  }
  const room = passedPerBootMax - before.passedCount;
  const newest = passed.sort((a, b) => b.atMs - a.atMs).slice(0, Math.max(0, room));
  for (const piece of newest.reverse()) courses.set(piece.occurrence, openCourse(piece, facts.nowMs));
  return { courses, passedCount: before.passedCount + newest.length, nextNearMs };
}

/** Until something of it has begun, it is planned for when the newest document says: late is what is later than that. */
function restated(course: Course, piece: Piece): Course {
  const hasBegun = course.startedMs !== undefined || course.beginnings > 0;
  return { ...course, piece, plannedMs: hasBegun ? course.plannedMs : piece.atMs };
}

function sightOf(piece: Piece, facts: Facts): 'far' | 'near' | 'passed' | 'out-of-sight' {
  const { nowMs } = facts;
  if (Math.max(piece.atMs, piece.emergency ? piece.untilMs : 0) < nowMs - passedHorizonMs) return 'out-of-sight';
  if (piece.emergency) return 'near';
  if (piece.atMs > nowMs + nearMs) return 'far';
  if (!facts.trusted) return piece.atMs > nowMs ? 'near' : 'out-of-sight';
  return nowMs > startLimitMs(openCourse(piece, nowMs), piece, nowMs) ? 'passed' : 'near';
}
