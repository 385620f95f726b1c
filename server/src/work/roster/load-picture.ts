/**
 * The picture as the store has it: read at start, and again in part when a board has enrolled or a bulletin is not
 * known yet. Reads, never writes.
 */
import { capabilitiesSchema, compareSequence, holdsSchema, readingsSchema, topics } from '@loa/protocol/device';
import { testViewSchema } from '@loa/protocol/panel';
import type { Selectable } from 'kysely';
import { readAreaTree } from '../../keep/store/rows/area-tree.ts';
import { parseBulletin, type StoredBulletin } from '../../keep/store/rows/bulletin-row.ts';
import { formerAreas } from '../../keep/store/rows/cluster-row.ts';
import { parseColumn } from '../../keep/store/rows/column.ts';
import { documentOf } from '../../keep/store/rows/document-row.ts';
import { lots } from '../../keep/store/rows/programme.ts';
import type { AiringsTable, DevicesTable } from '../../keep/store/schema.ts';
import type { Reader } from '../../keep/store/store.ts';
import type { AiringState, BulletinState, DeviceState, Picture } from './picture.ts';

/** Ids asked for in one statement. */
const idsPerQueryMax = 500;

/** Fills the picture; airings are those planned at or after `fromMs`. */
export async function loadPicture(db: Reader, picture: Picture, fromMs: number): Promise<void> {
  picture.areas = await readAreaTree(db);
  const installation = await db.selectFrom('installation').select('time_zone').executeTakeFirstOrThrow();
  picture.timeZone = installation.time_zone;
  await loadClusters(db, picture);
  for (const row of await db.selectFrom('devices').selectAll().where('revoked_ms', 'is', null).execute()) {
    addDevice(picture, row);
  }
  await loadPlans(db, picture);
  for (const row of await db.selectFrom('faults').selectAll().where('cleared_ms', 'is', null).execute()) {
    picture.devices.get(row.device_id)?.faults.set(row.id, row);
  }
  for (const device of picture.devices.values()) {
    const silent = [...device.faults.values()].find(({ code }) => code === 'out-of-reach');
    device.reachSinceMs = silent?.opened_ms ?? null;
  }
  const rows = await db.selectFrom('airings').selectAll().where('planned_ms', '>=', fromMs).execute();
  for (const row of rows) addRow(picture, row);
}

/** Reads the tree and where clusters stand in it; both may have changed. */
export async function loadPlaces(db: Reader, picture: Picture): Promise<void> {
  picture.areas = await readAreaTree(db);
  await loadClusters(db, picture);
}

async function loadClusters(db: Reader, picture: Picture): Promise<void> {
  for (const row of await db.selectFrom('clusters').selectAll().orderBy('id').execute()) {
    const { id, name, horns, lat, lon } = row;
    const formerAreaIds = formerAreas(row.former_area_ids);
    picture.clusters.set(id, { id, name, areaId: row.area_id, formerAreaIds, horns, lat, lon });
  }
}

/** Adds or renews one device; what was known of it stays. */
export async function loadDevice(db: Reader, picture: Picture, deviceId: string): Promise<void> {
  const row = await db.selectFrom('devices').selectAll().where('id', '=', deviceId).executeTakeFirst();
  if (row === undefined || row.revoked_ms !== null) return;
  const replaced = picture.deviceAt.get(row.cluster_id);
  if (replaced !== undefined && replaced.deviceId !== deviceId) picture.devices.delete(replaced.deviceId);
  if (!picture.devices.has(deviceId)) addDevice(picture, row);
}

/** The bulletins of these ids, as far as they exist. */
export async function readBulletinStates(db: Reader, ids: readonly string[]): Promise<Map<string, BulletinState>> {
  const found = new Map<string, BulletinState>();
  for (const lot of lots(ids, idsPerQueryMax)) {
    const rows = await db.selectFrom('bulletins').selectAll().where('id', 'in', lot).execute();
    for (const row of rows) found.set(row.id, bulletinState(parseBulletin(row)));
  }
  return found;
}

export function bulletinState(bulletin: StoredBulletin): BulletinState {
  return {
    title: bulletin.title,
    class: bulletin.class,
    drill: bulletin.drill,
    areaIds: bulletin.areaIds,
    isActive: bulletin.state === 'accepted' || bulletin.state === 'part',
  };
}

/** Puts a row into its airing and tells which airing that is. */
export function addRow(picture: Pick<Picture, 'airings'>, row: Selectable<AiringsTable>): AiringState {
  const airing = picture.airings.get(row.occurrence) ?? {
    occurrence: row.occurrence,
    bulletinId: row.bulletin_id,
    atMs: row.planned_ms,
    untilMs: row.until_ms,
    targets: new Map(),
  };
  picture.airings.set(row.occurrence, airing);
  const { live } = airing.targets.get(row.cluster_id) ?? {};
  airing.targets.set(row.cluster_id, { row, live, atMs: row.planned_ms, untilMs: row.until_ms });
  spanTargets(airing);
  return airing;
}

/** An airing lasts from the first start to the last end of its targets. */
export function spanTargets(airing: AiringState): void {
  const targets = [...airing.targets.values()];
  if (targets.length === 0) return;
  airing.atMs = Math.min(...targets.map(({ atMs }) => atMs));
  airing.untilMs = Math.max(...targets.map(({ untilMs }) => untilMs));
}

function addDevice(picture: Picture, row: Selectable<DevicesTable>): void {
  const device: DeviceState = {
    deviceId: row.id,
    clusterId: row.cluster_id,
    capabilities: parseColumn(capabilitiesSchema, row.capabilities),
    board: row.board,
    agentVersion: row.agent_version,
    lastSeenMs: row.last_seen_ms,
    reachSinceMs: null,
    holds: row.holds === null ? undefined : parseColumn(holdsSchema, row.holds),
    clock: undefined,
    readings:
      row.readings === null
        ? undefined
        : { told: parseColumn(readingsSchema, row.readings), atMs: row.readings_ms ?? 0 },
    lastTest: row.last_test === null ? undefined : parseColumn(testViewSchema, row.last_test),
    published: undefined,
    heldUntilMs: undefined,
    figuresToldMs: 0,
    faults: new Map(),
  };
  picture.devices.set(row.id, device);
  picture.deviceAt.set(row.cluster_id, device);
}

async function loadPlans(db: Reader, picture: Picture): Promise<void> {
  const rows = await db.selectFrom('documents').select(['topic', 'envelope']).where('kind', '=', 'plan').execute();
  const plans = new Map(rows.map(({ topic, envelope }) => [topic, envelope]));
  for (const device of picture.devices.values()) {
    const envelope = plans.get(topics.plan(device.deviceId));
    const plan = envelope === undefined ? undefined : documentOf(envelope);
    if (plan?.kind !== 'plan') continue;
    device.published = { sequence: { epoch: plan.epoch, number: plan.number }, untilMs: plan.untilMs };
    const held = device.holds?.plan;
    if (held !== undefined && compareSequence(held, plan) === 0) device.heldUntilMs = plan.untilMs;
  }
}
