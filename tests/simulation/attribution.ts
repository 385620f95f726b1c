/** Which sounds belong to which occurrence. Pure. */
import type { Accepted, Emission } from './history.ts';

/** Emissions this long before an instant belong to it, and as much longer as the board's clock may honestly be wrong. */
const attributionMs = 60_000;

/** From its start to its end with all its plays. */
export function airTimeMs(each: Accepted): number {
  return each.clipDurationMs * each.repeatCount + each.gapMs * (each.repeatCount - 1);
}

/** Its name on the wire. */
export function occurrenceOf(each: Accepted, startMs: number): string {
  return `${each.bulletinId}@${Math.floor(startMs / 1000)}`;
}

/** Emissions belong to the occurrence of their clip that was nearest before them; each bulletin has a clip of its own. */
export function* perOccurrence(
  accepted: readonly Accepted[],
  emissions: readonly Emission[],
): Generator<{ each: Accepted; startMs: number; deviceId: string; mine: Emission[] }> {
  const byPlace = Map.groupBy(emissions, (emission) => `${emission.deviceId} ${emission.clipId}`);
  for (const each of accepted) {
    const starts = [...each.startsMs].sort((a, b) => a - b);
    for (const deviceId of each.deviceIds) {
      const own = byPlace.get(`${deviceId} ${each.clipId}`) ?? [];
      for (const [index, startMs] of starts.entries()) {
        const nextMs = starts[index + 1] ?? Number.POSITIVE_INFINITY;
        const mine = own.filter(({ startedMs, clockErrorMsMax }) => {
          const earlyMs = attributionMs + clockErrorMsMax;
          return startedMs >= startMs - earlyMs && startedMs < nextMs - earlyMs;
        });
        yield { each, startMs, deviceId, mine: mine.sort((a, b) => a.startedMs - b.startedMs) };
      }
    }
  }
}
