/** Which clips the board needs and when, and how badly one is lacking. Pure. */
import type { Clip, Evidence } from '@loa/protocol/device';
import type { OutcomeReason } from '@loa/schedules';
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

/**
 * A start that is due without its clip is a fault when the clip has been lacking for so long: what is to be played now, or
 * was being looked through after a restart, is there within it.
 */
export const duePatienceMs = 10_000;

/** Since when the clip of an occurrence has been lacking, monotonic. */
export type LackingSince = ReadonlyMap<string, number>;

export interface Lack {
  /** For the fault room; `certain` when a start was due without its clip, for longer than patience allows. */
  signal: { bad: boolean; evidence: Evidence; certain: boolean };
  since: LackingSince;
  /** In so many ms it may have become certain; absent: never by itself. */
  againInMs?: number | undefined;
}

/** What is lacking of what is needed soon. `before`: what the former look gave. */
export function lackOf(
  courses: Iterable<Course>,
  at: { nowMs: number; monotonicMs: number; find: ClipShelf['find']; before: LackingSince },
): Lack {
  const { nowMs, monotonicMs, before } = at;
  const lacking = [...courses].flatMap((course) => {
    const one = lackingPiece(course, at);
    if (one === undefined) return [];
    const sinceMs = before.get(course.occurrence) ?? monotonicMs;
    // An emergency is due when it is issued; fetching it then is no fault yet.
    const isDue = !one.piece.emergency && one.piece.atMs <= nowMs;
    return [{ ...one, sinceMs, isDue, leftMs: sinceMs + duePatienceMs - monotonicMs }];
  });
  const since = new Map(lacking.map(({ piece, sinceMs }) => [piece.occurrence, sinceMs]));
  const certain = lacking.filter(({ isDue, leftMs }) => isDue && leftMs <= 0);
  const pending = lacking.filter(({ isDue, leftMs }) => isDue && leftMs > 0).map(({ leftMs }) => leftMs);
  const again = pending.length === 0 ? {} : { againInMs: Math.min(...pending) };
  const told = certain.length > 0 ? certain : lacking;
  const soonest = told.sort((a, b) => a.piece.atMs - b.piece.atMs)[0];
  if (soonest === undefined) return { signal: { bad: false, evidence: {}, certain: false }, since };
  const { piece, reason } = soonest;
  const evidence = {
    clips: new Set(lacking.map(({ piece: { clip } }) => clip.id)).size,
    clip: piece.clip.id.slice(0, 12),
    neededMs: piece.atMs,
    reason,
  };
  return { signal: { bad: true, certain: certain.length > 0, evidence }, since, ...again };
}

/** Undefined: nothing is lacking, or what is will be there by itself. */
function lackingPiece(
  { piece, play }: Course,
  { nowMs, find }: { nowMs: number; find: ClipShelf['find'] },
): { piece: Piece; reason: OutcomeReason } | undefined {
  if (piece === undefined || play > piece.repeat.count || piece.atMs > nowMs + clipNeededMs) return undefined;
  const found = find(piece.clip);
  if (found.state === 'here') return undefined;
  if (found.state === 'missing') return { piece, reason: found.reason };
  const isOnItsWay = found.awaits === 'check' || (found.awaits === 'turn' && piece.atMs > nowMs);
  return isOnItsWay ? undefined : { piece, reason: 'clip-missing' };
}
