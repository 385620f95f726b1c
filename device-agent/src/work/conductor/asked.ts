/** What the player is asked for the coming play. Pure. */
import type { ClipShelf, SoundAsked } from '../../contracts.ts';
import { type Course, clipPlaceMs } from './course.ts';
import type { Next } from './facts.ts';
import { startLimitMs } from './judge-course.ts';
import { commitLeadMs, relayClipLeadMs, relayPatienceMsMin } from './limits.ts';

/** Never less: a station in the next room answers within it. */
const patienceMsMin = 500;

/** Undefined while its clip is not here; a relay does without. */
export function askedFor(
  { piece, aim }: Next,
  { course, found, nowMs }: { course: Course; found: ReturnType<ClipShelf['find']>; nowMs: number },
): SoundAsked | undefined {
  const path = found.state === 'here' ? found.path : undefined;
  if (piece.emergency) return path === undefined ? undefined : { path, fromMs: aim.fromMs, level: 'emergency' };
  const routine = { level: 'routine', gainDb: piece.gainDb } as const;
  if (piece.relay === undefined) return path === undefined ? undefined : { path, fromMs: aim.fromMs, ...routine };
  const clipMs = clipPlaceMs(course);
  // Called late, it has its least patience, unless its late policy leaves it less.
  const spareMs = aim.startMs - nowMs - commitLeadMs - relayClipLeadMs;
  const lastMs = startLimitMs(course, piece, nowMs) - nowMs - relayClipLeadMs / 2;
  const patienceMs = Math.max(patienceMsMin, Math.min(lastMs, Math.max(relayPatienceMsMin, spareMs)));
  return {
    path: clipMs === undefined ? undefined : path,
    fromMs: clipMs ?? 0,
    relay: { url: piece.relay.url, patienceMs },
    ...routine,
  };
}
