/** What the panel may show of the coming and the present occurrences. Pure. */
import type { Progress } from '@loa/protocol/device';
import type { ClipShelf } from '../../contracts.ts';
import type { Course } from './course.ts';
import type { ConductorState, Sounding } from './facts.ts';
import { progressMax } from './limits.ts';
import { playLengthMs } from './piece.ts';

/** The soonest first, bounded. */
export function progressOf(state: ConductorState, at: { nowMs: number; find: ClipShelf['find'] }): Progress[] {
  return [...state.courses.values()]
    .filter((course) => course.piece !== undefined)
    .sort((a, b) => Number(b.emergency) - Number(a.emergency) || a.plannedMs - b.plannedMs)
    .slice(0, progressMax)
    .map((course) => progressOfCourse(course, { ...at, sounding: state.sounding }));
}

function progressOfCourse(
  { occurrence, piece, playsDone, obstacle }: Course,
  at: { nowMs: number; find: ClipShelf['find']; sounding: Sounding | undefined },
): Progress {
  const { sounding, nowMs } = at;
  if (piece !== undefined && sounding?.occurrence === occurrence && sounding.startedMs !== undefined) {
    const durationMs = playLengthMs(piece);
    const inPlayMs = Math.min(durationMs, sounding.aim.fromMs + nowMs - sounding.startedMs);
    const fraction = (playsDone + Math.max(0, inPlayMs) / durationMs) / piece.repeat.count;
    return { occurrence, phase: 'playing', fraction: Math.min(1, fraction) };
  }
  // A station is there whether or not the clip that would step in is.
  if (piece?.relay !== undefined) return { occurrence, phase: obstacle === undefined ? 'ready' : 'queued' };
  const found = piece === undefined ? undefined : at.find(piece.clip);
  // Nothing of it is here yet: it may wait for its turn or for cheaper hours.
  if (found?.state === 'fetching' && found.fraction > 0)
    return { occurrence, phase: 'downloading', fraction: found.fraction };
  // Something keeps it from sounding, as a missing output does: it waits, also in the middle of its plays.
  return { occurrence, phase: found?.state === 'here' && obstacle === undefined ? 'ready' : 'queued' };
}
