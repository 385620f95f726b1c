/**
 * Whether something may be asked of the device of a cluster now: the person's right and area, what the device declares,
 * when a sound may be made, whether a newer release exists. Reads only; the first reason against it is the answer.
 */
import type { ServiceKind } from '@loa/protocol/device';
import type { Person } from '@loa/protocol/panel';
import { isDaytimeTest, isPermitted } from '@loa/schedules';
import { hoursAt, readAreaTree } from '../../keep/store/rows/area-tree.ts';
import { type ReleaseRow, readReleases, runningNumber } from '../../keep/store/rows/service-row.ts';
import type { Reader } from '../../keep/store/store.ts';
import { accept, type Result, refuse } from '../../refusal.ts';
import { holds, isOwn } from '../scope.ts';
import { declaredServices } from './device-orders.ts';
import { repairRefusal } from './repair-refusals.ts';

/** An audible test is a tone of some seconds; judged with room to spare. */
export const audibleTestMsMax = 10_000;

/** What is asked of which device. */
export interface Judged {
  deviceId: string;
  /** Of an update. */
  release?: ReleaseRow | undefined;
}

/** The cluster when it lies in the person's area and the person repairs there. */
export async function findOwnCluster(
  db: Reader,
  { person, clusterId }: { person: Person; clusterId: string },
): Promise<Result<{ id: string; areaId: string; areas: Awaited<ReturnType<typeof readAreaTree>> }>> {
  if (!holds(person, 'repair')) return refuse(repairRefusal('no-right'));
  const areas = await readAreaTree(db);
  const cluster = await db
    .selectFrom('clusters')
    .select(['id', 'area_id'])
    .where('id', '=', clusterId)
    .executeTakeFirst();
  if (cluster === undefined || !isOwn(areas, person, cluster.area_id)) return refuse(repairRefusal('unknown-cluster'));
  return accept({ id: cluster.id, areaId: cluster.area_id, areas });
}

export async function judgeService(
  db: Reader,
  ask: { person: Person; clusterId: string; kind: ServiceKind; nowMs: number; keepsFiles: boolean },
): Promise<Result<Judged>> {
  const { kind } = ask;
  const found = await findOwnCluster(db, ask);
  if (!found.ok) return found;
  const device = await db
    .selectFrom('devices')
    .select(['id', 'capabilities', 'agent_version', 'last_seen_ms'])
    .where('cluster_id', '=', found.value.id)
    .where('revoked_ms', 'is', null)
    .executeTakeFirst();
  if (device === undefined) return refuse(repairRefusal('no-device'));
  if (device.last_seen_ms === null) return refuse(repairRefusal('never-spoken'));
  if (!declaredServices(device.capabilities).includes(kind)) return refuse(repairRefusal('not-able'));
  if ((kind === 'logs' || kind === 'update') && !ask.keepsFiles) return refuse(repairRefusal('not-kept-here'));
  if (kind === 'audible-test' && !(await maySound(db, { ...found.value, nowMs: ask.nowMs })))
    return refuse(repairRefusal('outside-test-hours'));
  if (kind !== 'update') return accept({ deviceId: device.id });
  const releases = await readReleases(db);
  const [release] = releases;
  if (release === undefined) return refuse(repairRefusal('no-release'));
  if (release.number <= runningNumber(releases, device.agent_version))
    return refuse(repairRefusal('release-not-newer'));
  return accept({ deviceId: device.id, release });
}

async function maySound(
  db: Reader,
  { areas, areaId, nowMs }: { areas: Parameters<typeof hoursAt>[0]; areaId: string; nowMs: number },
): Promise<boolean> {
  const { time_zone: timeZone } = await db.selectFrom('installation').select('time_zone').executeTakeFirstOrThrow();
  const test = { atMs: nowMs, durationMs: audibleTestMsMax };
  if (isDaytimeTest({ ...test, deviceCount: 1 }, timeZone)) return true;
  return isPermitted(hoursAt(areas, { areaId, timeZone }).rule, test);
}
