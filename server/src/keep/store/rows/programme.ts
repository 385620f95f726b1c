/**
 * Everything that decides what devices shall play: areas, devices and the bulletins in force, read in one go. Only
 * reads; what it means is told by `area-plan.ts` and the law of schedules.
 */
import type { Clip } from '@loa/protocol/device';
import type { LawBook, PlannedBulletin } from '@loa/schedules';
import type { Reader, Writer } from '../store.ts';
import { type AreaTree, readAreaTree } from './area-tree.ts';
import { parseBulletin, type StoredBulletin, toSchedule } from './bulletin-row.ts';
import { wireClip } from './clip-row.ts';
import { formerAreas } from './cluster-row.ts';
import { readDecided } from './decided.ts';

/** Devices asked for in one statement, well below any database's limit of parameters. */
const idsPerQueryMax = 500;

/** A session ends on its day. */
const sessionMs = 86_400_000;

/** Where a device stands. */
export interface PlacedDevice {
  deviceId: string;
  clusterId: string;
  areaId: string;
  /** Ended areas its cluster stood in. */
  formerAreaIds?: readonly string[] | undefined;
  /** Since when it is there, as this board or at this place: nothing earlier was ever its own. */
  enrolledMs: number;
  /** When its cluster was carried here. */
  standingSinceMs?: number | undefined;
}

export interface Programme {
  epoch: number;
  timeZone: string;
  areas: AreaTree;
  devices: PlacedDevice[];
  /** Accepted normal and priority bulletins that may still sound after `fromMs`, as the law sees them. */
  bulletins: (PlannedBulletin & { createdMs: number })[];
  clips: ReadonlyMap<string, Clip>;
  /** What is decided beside the tree: rests, rest days, holidays, exceptions, turns, the sound of single clusters. */
  decided?: Omit<LawBook, 'timeZone' | 'decisions'> | undefined;
}

/** Reads the programme; `deviceIds` narrows the devices. Revoked devices are left out. */
export async function readProgramme(
  db: Reader | Writer,
  options: {
    fromMs: number;
    deviceIds?: readonly string[] | undefined;
    /** As it was then: with what has been withdrawn since. */
    heldAtMs?: number | undefined;
  },
): Promise<Programme> {
  const installation = await db.selectFrom('installation').selectAll().executeTakeFirstOrThrow();
  const areas = await readAreaTree(db);
  const devices = await readDevices(db, options.deviceIds);
  const rows = await db
    .selectFrom('bulletins')
    .selectAll()
    .where((where) =>
      options.heldAtMs === undefined
        ? where.or([
            where('state', '=', 'accepted'),
            // A session that it was placed in may still be going on, and keeps its place silent.
            where.and([
              where('slot', 'is not', null),
              where('state', '=', 'withdrawn'),
              where('withdrawn_ms', '>', options.fromMs - sessionMs),
            ]),
          ])
        : where.or([
            where('state', '=', 'accepted'),
            where.and([where('state', '=', 'withdrawn'), where('withdrawn_ms', '>', options.heldAtMs)]),
          ]),
    )
    .where('class', '<>', 'emergency')
    .where((where) => where.or([where('last_ms', 'is', null), where('last_ms', '>=', options.fromMs)]))
    .orderBy('accepted_number')
    .execute();
  const stored = rows.map(parseBulletin);
  const clips = await readClips(db, [...stored.flatMap(clipIdsOf), ...partClips(areas)]);
  const bulletins = stored.map((bulletin) => {
    const clip = clips.get(bulletin.clipId);
    if (clip === undefined) throw new Error(`Bulletin ${bulletin.id} names a clip that is not kept`);
    const schedule = toSchedule(bulletin, {
      clipDurationMs: clip.durationMs,
      timeZone: installation.time_zone,
      isFromAbove: isFromAbove(areas, bulletin.madeIn),
      durationOf: (clipId) => clips.get(clipId)?.durationMs,
    });
    const { withdrawnMs } = bulletin;
    // What waited for a leader airs nothing of the time before.
    const createdMs = bulletin.decision?.atMs ?? bulletin.createdMs;
    const isGone = withdrawnMs !== null && withdrawnMs <= (options.heldAtMs ?? withdrawnMs);
    return { ...schedule, createdMs, ...(isGone ? { withdrawnMs } : {}) };
  });
  const decided = await readDecided(db, options.fromMs);
  return { epoch: installation.epoch, timeZone: installation.time_zone, areas, devices, bulletins, clips, decided };
}

/** Enrolled devices that are not revoked, with the area of their cluster, in order of id. */
export async function readDevices(
  db: Reader | Writer,
  deviceIds: readonly string[] | undefined,
): Promise<PlacedDevice[]> {
  const found: PlacedDevice[] = [];
  for (const ids of deviceIds === undefined ? [undefined] : lots(deviceIds, idsPerQueryMax)) {
    let query = db
      .selectFrom('devices')
      .innerJoin('clusters', 'clusters.id', 'devices.cluster_id')
      .select(['devices.id', 'devices.cluster_id', 'clusters.area_id', 'devices.enrolled_ms'])
      .select(['clusters.former_area_ids', 'clusters.standing_since_ms'])
      .where('devices.revoked_ms', 'is', null)
      .orderBy('devices.id');
    if (ids !== undefined) query = query.where('devices.id', 'in', ids);
    for (const row of await query.execute()) {
      found.push({
        deviceId: row.id,
        clusterId: row.cluster_id,
        areaId: row.area_id,
        formerAreaIds: formerAreas(row.former_area_ids),
        enrolledMs: Math.max(row.enrolled_ms, row.standing_since_ms ?? 0),
        ...(row.standing_since_ms === null ? {} : { standingSinceMs: row.standing_since_ms }),
      });
    }
  }
  return found;
}

/** Every clip of a bulletin, its own first. */
export function clipIdsOf({ clipId, versions }: Pick<StoredBulletin, 'clipId' | 'versions'>): string[] {
  return [clipId, ...versions.map((version) => version.clipId)];
}

/** The clips of all sessions' tunes and relays. */
function partClips(areas: AreaTree): string[] {
  return [...areas.values()].flatMap(({ sessions }) =>
    (sessions ?? []).flatMap(({ parts }) =>
      (parts ?? []).flatMap((part) => (part.kind === 'bulletins' ? [] : [part.clipId])),
    ),
  );
}

/** True for what was made above the communes. */
export function isFromAbove(areas: AreaTree, madeIn: string | null): boolean {
  return madeIn !== null && areas.get(madeIn)?.kind === 'province';
}

/** The clips of these ids, as documents name them. */
export async function readClips(db: Reader | Writer, clipIds: readonly string[]): Promise<Map<string, Clip>> {
  const ids = [...new Set(clipIds)];
  const clips = new Map<string, Clip>();
  for (const lot of lots(ids, idsPerQueryMax)) {
    const rows = await db
      .selectFrom('clips')
      .select(['id', 'duration_ms', 'renditions'])
      .where('id', 'in', lot)
      .execute();
    for (const row of rows) clips.set(row.id, wireClip(row));
  }
  return clips;
}

/** Cuts a list into lots of at most `sizeMax`. */
export function lots<T>(items: readonly T[], sizeMax: number): (readonly T[])[] {
  const found: (readonly T[])[] = [];
  for (let start = 0; start < items.length; start += sizeMax) found.push(items.slice(start, start + sizeMax));
  return found;
}
