/** How many clusters a choice addresses when single clusters stand beside areas. Pure. */
import type { ClusterView, Reach } from '@loa/protocol/panel';

/** What the areas reach, as the server counted it, and the single clusters that they do not cover. */
export function reachWith(
  ofAreas: Reach | undefined,
  input: { clusterIds: readonly string[]; clusters: ReadonlyMap<string, Pick<ClusterView, 'reach'>> },
): Reach {
  const covered = new Set(ofAreas?.clusterIds);
  const more = input.clusterIds.filter((id) => !covered.has(id) && input.clusters.has(id));
  return {
    clusters: (ofAreas?.clusters ?? 0) + more.length,
    reachable: (ofAreas?.reachable ?? 0) + more.filter((id) => input.clusters.get(id)?.reach === 'reachable').length,
    clusterIds: [...(ofAreas?.clusterIds ?? []), ...more],
  };
}
