/** How many clusters the areas and single clusters of a draft address: the server's count, and those beside it. */
import type { Reach } from '@loa/protocol/panel';
import { useReach } from '../../api/queries.ts';
import { usePicture } from '../../live/use-live.tsx';
import type { Draft } from '../../model/draft.ts';
import { reachWith } from '../../model/reach.ts';

/** Undefined until the server has counted the areas. */
export function useDraftReach({ areaIds, clusterIds }: Pick<Draft, 'areaIds' | 'clusterIds'>): Reach | undefined {
  const clusters = usePicture('clusters');
  const counted = useReach(areaIds).data;
  const ofAreas = areaIds.length === 0 ? undefined : counted;
  if (areaIds.length > 0 && ofAreas === undefined) return undefined;
  return reachWith(ofAreas, { clusterIds, clusters });
}
