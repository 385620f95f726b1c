/** Which clips the board needs and when, and how badly one is lacking. Pure. */
import type { Clip, Evidence } from '@loa/protocol/device';
import type { ClipShelf } from '../../contracts.ts';
import type { Course } from './course.ts';
import { type Piece, plannedEndMs } from './piece.ts';

/** A clip needed within this is a fault when it cannot be had. */
export const clipNeededMs = 10 * 60_000;

/** Every clip still needed, each once at its earliest need: emergencies first, then by instant. */
export function wishesOf(
  pieces: readonly Piece[],
  { nowMs, isEnded }: { nowMs: number; isEnded: (occurrence: string) => boolean },
): { clip: Clip; neededMs: number; emergency: boolean }[] {
  const wished = new Map<string, { clip: Clip; neededMs: number; emergency: boolean }>();
  const needed = pieces
    .filter((piece) => !isEnded(piece.occurrence))
    .filter((piece) => nowMs <= (piece.emergency ? piece.untilMs : plannedEndMs(piece) + piece.late.lateMsMax))
    .sort((a, b) => Number(b.emergency) - Number(a.emergency) || a.atMs - b.atMs);
  for (const { clip, atMs, emergency } of needed) {
    if (!wished.has(clip.id)) wished.set(clip.id, { clip, neededMs: atMs, emergency });
  }
  return [...wished.values()];
}

/** What is lacking of what is needed soon; `certain` when a start was due without its clip. */
export function lackOf(
  courses: Iterable<Course>,
  { nowMs, find }: { nowMs: number; find: ClipShelf['find'] },
): { bad: boolean; evidence: Evidence; certain: boolean } {
  const lacking = [...courses].flatMap(({ piece, play }) => {
    const isNeeded = piece !== undefined && play <= piece.repeat.count && piece.atMs <= nowMs + clipNeededMs;
    const found = isNeeded ? find(piece.clip) : undefined;
    if (piece === undefined || found === undefined || found.state === 'here') return [];
    return [{ piece, reason: found.state === 'missing' ? found.reason : 'clip-missing' }];
  });
  const soonest = lacking.sort((a, b) => a.piece.atMs - b.piece.atMs)[0];
  if (soonest === undefined) return { bad: false, evidence: {}, certain: false };
  const { piece, reason } = soonest;
  return {
    bad: true,
    // An emergency is due when it is issued; fetching it then is no fault yet.
    certain: !piece.emergency && piece.atMs <= nowMs,
    evidence: { clips: lacking.length, clip: piece.clip.id.slice(0, 12), neededMs: piece.atMs, reason },
  };
}
