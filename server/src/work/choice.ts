/**
 * What a person has chosen to air and where: are the areas theirs and have loudspeakers, is the clip theirs? Asked by
 * desk and emergencies alike. Reads, never writes.
 */

import type { Person } from '@loa/protocol/panel';
import { createAddresses, type StandingCluster } from '@loa/schedules';
import type { AreaTree } from '../keep/store/rows/area-tree.ts';
import { parseBulletin, type StoredBulletin } from '../keep/store/rows/bulletin-row.ts';
import { type MadeClip, madeClips } from '../keep/store/rows/clip-row.ts';
import { clipIdsOf } from '../keep/store/rows/programme.ts';
import type { Reader, Writer } from '../keep/store/store.ts';
import { accept, type Result, refuse } from '../refusal.ts';
import { areaWithoutClusters, workRefusal } from './refusals.ts';
import { concerns, isOwn } from './scope.ts';

/** What a choice names. */
export interface Chosen {
  areaIds: readonly string[];
  clusterIds?: readonly string[] | undefined;
}

/** The clusters that the areas and groups address, and those named singly, each once. */
export function clustersBelow(
  areas: AreaTree,
  options: { clusters: readonly StandingCluster[] } & Chosen,
): StandingCluster[] {
  const chosen = new Set(options.areaIds);
  const single = new Set(options.clusterIds);
  const addressesOf = createAddresses(areas);
  return options.clusters.filter(
    (cluster) => single.has(cluster.id) || addressesOf(cluster).some((id) => chosen.has(id)),
  );
}

/** The addressed clusters, when everything named is the person's own and every area has at least one. */
export function judgeAreas(
  areas: AreaTree,
  options: { person: Person; clusters: readonly StandingCluster[] } & Chosen,
): Result<StandingCluster[]> {
  const { person, clusters, areaIds, clusterIds = [] } = options;
  const areaOf = new Map(clusters.map((cluster) => [cluster.id, cluster.areaId]));
  const named = [...areaIds, ...clusterIds.map((id) => areaOf.get(id) ?? '')];
  if (named.length === 0) return refuse(workRefusal('no-area'));
  if (!named.every((areaId) => isOwn(areas, person, areaId))) {
    return refuse(workRefusal('unknown-area'));
  }
  const addressesOf = createAddresses(areas);
  const served = new Set(clusters.flatMap(addressesOf));
  const empty = areaIds.filter((areaId) => !served.has(areaId));
  if (empty.length > 0) return refuse(areaWithoutClusters(empty.map((areaId) => areas.get(areaId)?.name ?? areaId)));
  return accept(clustersBelow(areas, { clusters, areaIds, clusterIds }));
}

/** The clip as it was made in one of the person's areas, or as it was offered to them; undefined when it is not theirs. */
export async function findOwnClip(
  db: Reader | Writer,
  options: { areas: AreaTree; person: Person; clipId: string },
): Promise<MadeClip | undefined> {
  const { areas, person, clipId } = options;
  const made = await madeClips(db, [clipId]);
  const own = made.find((clip) => isOwn(areas, person, clip.area_id));
  return own ?? ((await isOffered(db, options)) ? made[0] : undefined);
}

/** The clip of a bulletin that came down is there for those to whom it was offered. */
async function isOffered(
  db: Reader | Writer,
  { areas, person, clipId }: { areas: AreaTree; person: Person; clipId: string },
): Promise<boolean> {
  const rows = await db
    .selectFrom('bulletins')
    .selectAll()
    .where('state', '=', 'offered')
    .where((where) => where.or([where('clip_id', '=', clipId), where('versions', 'like', `%${clipId}%`)]))
    .execute();
  return rows.map(parseBulletin).some((bulletin) => {
    const isNamed = clipIdsOf(bulletin).includes(clipId);
    return isNamed && bulletin.areaIds.some((areaId) => concerns(areas, person, areaId));
  });
}

/** Lengths of the clips that a bulletin uses, ms. */
export interface OwnClips {
  clipDurationMs: number;
  durationOf(clipId: string): number | undefined;
}

/** Of the draft's own clip and its versions, when all are the person's to use. */
export async function ownClips(
  db: Reader | Writer,
  options: { areas: AreaTree; person: Person; draft: Pick<StoredBulletin, 'clipId' | 'versions'> },
): Promise<Result<OwnClips>> {
  const { areas, person, draft } = options;
  const durations = new Map<string, number>();
  for (const clipId of clipIdsOf(draft)) {
    const clip = await findOwnClip(db, { areas, person, clipId });
    if (clip === undefined) return refuse(workRefusal('unknown-clip'));
    durations.set(clipId, clip.duration_ms);
  }
  return accept({ clipDurationMs: durations.get(draft.clipId) ?? 0, durationOf: (clipId) => durations.get(clipId) });
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
