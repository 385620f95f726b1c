/**
 * What a late start may still do: until when an item may begin, where a join comes in, how much of it is left. One law
 * for the conductor on the pole and for the forecast before saving. Pure, handed every instant; assumes nothing of
 * who else wants the output.
 */
import { airTimeMs, type LatePolicy, type Repeat } from './bulletin.ts';

/** A join that is later than this begins inside the clip; below, cutting the first syllable off would be worse. */
export const joinFromMs = 500;

/** An item with its length: instants as epoch ms, durations in ms. */
export interface Timed {
  atMs: number;
  /** Length of one play. */
  clipDurationMs: number;
  repeat: Repeat;
  late: LatePolicy;
  /** A relay: the station does not wait. It comes in wherever the station is, and is over when planned. */
  isLive?: boolean | undefined;
}

/** A place in an item: which play, from where in the clip, at which instant. */
export interface Place {
  play: number;
  fromMs: number;
  startMs: number;
}

/** When an item is over if nothing disturbs it: every play and the gaps between. */
export function plannedEndOf(item: Timed): number {
  return item.atMs + airTimeMs(item);
}

/**
 * True for what, started late, comes in at the place it would have reached: a join that has not sounded yet, and a
 * relay always.
 */
export function comesInAtItsPlace(item: Pick<Timed, 'late' | 'isLive'>, hasSounded: boolean): boolean {
  return item.isLive === true || (item.late.kind === 'join' && !hasSounded);
}

/**
 * The last instant at which something of an item may start. Before anything of it sounded (`heldOffMs` absent): its
 * late policy (join: its planned end). Afterwards, for what was interrupted: planned end + lateMsMax + the time
 * emergencies have kept it off. A relay never starts at or after its planned end.
 */
export function startLimitOf(item: Timed, heldOffMs?: number): number {
  const limitMs = ownLimitOf(item, heldOffMs);
  return item.isLive === true ? Math.min(limitMs, plannedEndOf(item) - 1) : limitMs;
}

function ownLimitOf(item: Timed, heldOffMs?: number): number {
  if (heldOffMs !== undefined) return plannedEndOf(item) + item.late.lateMsMax + heldOffMs;
  return item.late.kind === 'join' ? plannedEndOf(item) - 1 : item.atMs + item.late.lateMsMax;
}

/**
 * Where a join at `startMs` comes in: inside a play, or at the next one when that instant is a gap. Past its planned
 * end the place lies at or behind the end of its clip, and nothing is left of it.
 */
export function joinPlace(item: Timed, startMs: number): Place {
  const cycleMs = item.clipDurationMs + item.repeat.gapMs;
  const elapsedMs = startMs - item.atMs;
  const plays = Math.min(Math.floor(elapsedMs / cycleMs), item.repeat.count - 1);
  const fromMs = elapsedMs - plays * cycleMs;
  if (fromMs < item.clipDurationMs || plays + 1 >= item.repeat.count) return { play: plays + 1, fromMs, startMs };
  return { play: plays + 2, fromMs: 0, startMs: item.atMs + (plays + 1) * cycleMs };
}

/** Sound and gaps from a place in an item to its end, at least 1 ms. */
export function remainingMs(item: Timed, place: Pick<Place, 'play' | 'fromMs'>): number {
  const repeat = { count: Math.max(1, item.repeat.count - place.play + 1), gapMs: item.repeat.gapMs };
  return Math.max(1, airTimeMs({ clipDurationMs: item.clipDurationMs, repeat }) - place.fromMs);
}
