/**
 * Silence by one press: a cluster or an area rests until an instant, for a reason, and returns by itself; nothing routine
 * sounds there meanwhile, emergencies do. On disk and in the audit log before it is answered; plans follow at once.
 */
import type { Person, RestView } from '@loa/protocol/panel';
import { restMsMax } from '@loa/protocol/panel';
import { areaChain } from '@loa/schedules';
import { newId } from '../../edges/random.ts';
import { type AreaTree, readAreaTree } from '../../keep/store/rows/area-tree.ts';
import { readClusters } from '../../keep/store/rows/cluster-row.ts';
import { instantText } from '../../keep/store/rows/column.ts';
import { parseRest, readRests, type StoredRest } from '../../keep/store/rows/rest-row.ts';
import type { Reader, Writer } from '../../keep/store/store.ts';
import { accept, type Result, refuse } from '../../refusal.ts';
import { note } from '../bulletin-book.ts';
import type { MakeRest, WorkPorts } from '../contracts.ts';
import { workRefusal } from '../refusals.ts';
import { concerns, holds, isOwn } from '../scope.ts';

export interface RestPorts extends Pick<WorkPorts, 'store' | 'clock' | 'random'> {
  /** Told when a rest is on disk or has been ended; resolves when the plans of these areas have been published. */
  restsChanged(areaIds: readonly string[]): Promise<void>;
}

/** Keeps a rest, or says why not; the same request of the same person again answers the first one. */
export async function makeRest(
  ports: RestPorts,
  options: { person: Person; request: MakeRest },
): Promise<Result<RestView>> {
  const { person, request } = options;
  if (!holds(person, 'schedule')) return refuse(workRefusal('no-right'));
  const nowMs = ports.clock.nowMs();
  const rest: StoredRest = {
    id: newId(ports.random, 'r'),
    requestId: request.requestId,
    areaIds: [...new Set(request.areaIds)],
    clusterIds: [...new Set(request.clusterIds)],
    fromMs: request.from === undefined ? nowMs : Math.max(nowMs, Date.parse(request.from)),
    untilMs: Date.parse(request.until),
    reason: request.reason,
    by: person.id,
    createdMs: nowMs,
    endedMs: null,
  };
  if (rest.untilMs <= rest.fromMs) return refuse(workRefusal('rest-over'));
  if (rest.untilMs - nowMs > restMsMax) return refuse(workRefusal('rest-too-long'));
  const placed = await ports.store.read(async (db) => {
    const places = await readPlaces(db);
    const touched = touchedBy(places, rest);
    return touched.every((areaId) => isOwn(places.areas, person, areaId)) ? { places, touched } : undefined;
  });
  if (placed === undefined) return refuse(workRefusal('unknown-area'));
  const kept = await ports.store.write(async (tx) => {
    const former = await tx
      .selectFrom('rests')
      .selectAll()
      .where('created_by', '=', person.id)
      .where('request_id', '=', rest.requestId)
      .executeTakeFirst();
    if (former !== undefined) return parseRest(former);
    await writeRest(tx, rest);
    return rest;
  });
  await ports.restsChanged(placed.touched);
  return accept(viewOf(kept, { person, places: placed.places, name: person.name }));
}

/** Ends a rest before its time; one that is over or ended stays as it was. */
export async function endRest(
  ports: RestPorts,
  options: { person: Person; restId: string },
): Promise<Result<RestView>> {
  const { person, restId } = options;
  if (!holds(person, 'schedule')) return refuse(workRefusal('no-right'));
  const nowMs = ports.clock.nowMs();
  const found = await ports.store.read(async (db) => {
    const row = await db.selectFrom('rests').selectAll().where('id', '=', restId).executeTakeFirst();
    if (row === undefined) return undefined;
    const rest = parseRest(row);
    const places = await readPlaces(db);
    const touched = touchedBy(places, rest);
    return touched.every((areaId) => isOwn(places.areas, person, areaId)) ? { rest, places, touched } : undefined;
  });
  if (found === undefined) return refuse(workRefusal('unknown-rest'));
  await ports.store.write(async (tx) => {
    const { numUpdatedRows } = await tx
      .updateTable('rests')
      .set({ ended_ms: nowMs })
      .where('id', '=', restId)
      .where('ended_ms', 'is', null)
      .executeTakeFirstOrThrow();
    if (Number(numUpdatedRows) > 0)
      await note(tx, { atMs: nowMs, who: person.id, action: 'rest-ended', target: restId, detail: {} });
  });
  await ports.restsChanged(found.touched);
  return accept(viewOf(found.rest, { person, places: found.places, name: person.name }));
}

/** The rests in force or ahead that touch the person's areas. */
export async function listRests(ports: RestPorts, person: Person): Promise<RestView[]> {
  if (!holds(person, 'see')) return [];
  return await ports.store.read(async (db) => {
    const places = await readPlaces(db);
    const { areas } = places;
    const people = await db.selectFrom('people').select(['id', 'name']).execute();
    const names = new Map(people.map(({ id, name }) => [id, name]));
    const views: RestView[] = [];
    for (const rest of await readRests(db, ports.clock.nowMs())) {
      const touched = touchedBy(places, rest);
      if (!touched.some((areaId) => concerns(areas, person, areaId))) continue;
      const mayEnd = holds(person, 'schedule') && touched.every((areaId) => isOwn(areas, person, areaId));
      views.push({ ...viewOf(rest, { person, places, name: names.get(rest.by) ?? '' }), mayEnd });
    }
    return views;
  });
}

/** The unit tree, and the area of each cluster. */
interface Places {
  areas: AreaTree;
  areaOf: ReadonlyMap<string, string>;
}

async function readPlaces(db: Reader): Promise<Places> {
  const areas = await readAreaTree(db);
  return { areas, areaOf: new Map((await readClusters(db)).map(({ id, areaId }) => [id, areaId])) };
}

/** The areas in whose plans it shows; a cluster that does not exist stands in none, which is nobody's. */
function touchedBy({ areaOf }: Places, rest: StoredRest): string[] {
  return [...rest.areaIds, ...rest.clusterIds.map((id) => areaOf.get(id) ?? '')];
}

async function writeRest(tx: Writer, rest: StoredRest): Promise<void> {
  await tx
    .insertInto('rests')
    .values({
      id: rest.id,
      request_id: rest.requestId,
      area_ids: JSON.stringify(rest.areaIds),
      cluster_ids: JSON.stringify(rest.clusterIds),
      from_ms: rest.fromMs,
      until_ms: rest.untilMs,
      reason: rest.reason,
      created_by: rest.by,
      created_ms: rest.createdMs,
      ended_ms: null,
    })
    .execute();
  const { areaIds, clusterIds, untilMs, reason } = rest;
  await note(tx, {
    atMs: rest.createdMs,
    who: rest.by,
    action: 'rest-made',
    target: rest.id,
    detail: { areaIds, clusterIds, untilMs, reason },
  });
}

/** Only the areas and clusters that the person may see are named. */
function viewOf(rest: StoredRest, options: { person: Person; places: Places; name: string }): RestView {
  const { person, places, name } = options;
  const { areas, areaOf } = places;
  const above = new Set(areaChain(areas, person.areaId));
  return {
    id: rest.id,
    areaIds: rest.areaIds.filter((areaId) => above.has(areaId) || isOwn(areas, person, areaId)),
    clusterIds: rest.clusterIds.filter((id) => isOwn(areas, person, areaOf.get(id) ?? '')),
    from: instantText(rest.fromMs),
    until: instantText(rest.endedMs ?? rest.untilMs),
    reason: rest.reason,
    by: name,
    mayEnd: rest.endedMs === null,
  };
}
