/** Which of the airings held is the one an address names. Pure. */
import type { AiringView } from '@loa/protocol/panel';
import { bulletinIdOf } from '@loa/schedules';

/** A "play now" may be fixed a moment beside the instant the panel reckoned with. */
const besideMs = 5_000;

/**
 * The airing of an occurrence (`<bulletin id>@<epoch seconds>`), else the one of the same bulletin that starts within
 * five seconds of it; never another day's of a bulletin that repeats.
 */
export function findAiring(airings: ReadonlyMap<string, AiringView>, occurrence: string): AiringView | undefined {
  const exact = airings.get(occurrence);
  if (exact !== undefined) return exact;
  const bulletinId = bulletinIdOf(occurrence);
  const wantedMs = Number(occurrence.slice(occurrence.lastIndexOf('@') + 1)) * 1_000;
  return [...airings.values()].find(
    (airing) => airing.bulletinId === bulletinId && Math.abs(Date.parse(airing.at) - wantedMs) <= besideMs,
  );
}
