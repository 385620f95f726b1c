/** How long something was on air. Pure. */
import type { AiringView } from '@loa/protocol/panel';

/**
 * Air time of a list of airings in ms: of each the longest sounding among its clusters, since what sounds at ten poles
 * at once is one broadcast. What sounded nowhere counts nothing.
 */
export function airedMs(airings: readonly AiringView[]): number {
  return airings.reduce((sum, airing) => sum + longestMs(airing), 0);
}

function longestMs(airing: AiringView): number {
  const lengths = airing.targets.map((target) =>
    target.startedAt === undefined || target.endedAt === undefined
      ? 0
      : Date.parse(target.endedAt) - Date.parse(target.startedAt),
  );
  return Math.max(0, ...lengths);
}
