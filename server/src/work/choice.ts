/**
 * What a person has chosen to air and where: are the areas theirs and have loudspeakers, is the clip theirs? Asked by
 * desk and emergencies alike. Reads, never writes.
 */

import type { Person } from '@loa/protocol/panel';
import { areaChain } from '@loa/schedules';
import type { AreaTree } from '../keep/store/rows/area-tree.ts';
import { type MadeClip, madeClips } from '../keep/store/rows/clip-row.ts';
import type { Reader, Writer } from '../keep/store/store.ts';
import { accept, type Result, refuse } from '../refusal.ts';
import { areaWithoutClusters, workRefusal } from './refusals.ts';
import { concerns, isOwn } from './scope.ts';

/** A cluster and the area it stands in. */
export interface PlacedCluster {
  id: string;
  areaId: string;
}

/** All clusters, in order of id. */
export async function readClusters(db: Reader | Writer): Promise<PlacedCluster[]> {
  const rows = await db.selectFrom('clusters').select(['id', 'area_id']).orderBy('id').execute();
  return rows.map((row) => ({ id: row.id, areaId: row.area_id }));
}

/** The clusters at or below the areas, each once. */
export function clustersBelow(
  areas: AreaTree,
  options: { clusters: readonly PlacedCluster[]; areaIds: readonly string[] },
): PlacedCluster[] {
  const chosen = new Set(options.areaIds);
  return options.clusters.filter((cluster) => areaChain(areas, cluster.areaId).some((id) => chosen.has(id)));
}

/** The addressed clusters, when every area is the person's own and has at least one. */
export function judgeAreas(
  areas: AreaTree,
  options: { person: Person; clusters: readonly PlacedCluster[]; areaIds: readonly string[] },
): Result<PlacedCluster[]> {
  const { person, clusters, areaIds } = options;
  if (areaIds.length === 0 || !areaIds.every((areaId) => isOwn(areas, person, areaId))) {
    return refuse(workRefusal('unknown-area'));
  }
  const served = new Set(clusters.flatMap((cluster) => areaChain(areas, cluster.areaId)));
  const empty = areaIds.filter((areaId) => !served.has(areaId));
  if (empty.length > 0) return refuse(areaWithoutClusters(empty.map((areaId) => areas.get(areaId)?.name ?? areaId)));
  return accept(clustersBelow(areas, { clusters, areaIds }));
}

/** The clip as it was made in one of the person's areas, the nearest reason first; undefined when it is not theirs. */
export async function findOwnClip(
  db: Reader | Writer,
  options: { areas: AreaTree; person: Person; clipId: string },
): Promise<MadeClip | undefined> {
  const { areas, person, clipId } = options;
  const made = await madeClips(db, [clipId]);
  return made.find((clip) => isOwn(areas, person, clip.area_id));
}

/** How a clip is shown with a bulletin: as it was made by its author's side, never with the words of a neighbour. */
export function shownClip(
  areas: AreaTree,
  options: { person: Person; made: readonly MadeClip[]; title: string },
): MadeClip | undefined {
  const { person, made, title } = options;
  const visible = made.find((clip) => concerns(areas, person, clip.area_id));
  const any = made[0];
  return visible ?? (any === undefined ? undefined : { ...any, title, text: null });
}
