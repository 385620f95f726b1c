/**
 * Emergencies: pushed and stopped by who holds the right, inside the person's area. The bulletin and the new orders
 * document of each chosen area are one transaction, so what is accepted is what goes out, one publish per area. Areas
 * that lie below another chosen one add nothing and are dropped.
 */
import { isDeepStrictEqual } from 'node:util';
import {
  type OrdersDocument,
  ordersMax,
  type Sequence,
  type SignedDocument,
  soundingOrderLifeMsMax,
  topics,
} from '@loa/protocol/device';
import type { BulletinView, Person } from '@loa/protocol/panel';
import { airTimeMs, lengthSlackMs } from '@loa/schedules';
import { newId } from '../../edges/random.ts';
import { readAreaTree, topmostAreas } from '../../keep/store/rows/area-tree.ts';
import { plannedEndMs, type StoredBulletin } from '../../keep/store/rows/bulletin-row.ts';
import { wireClip } from '../../keep/store/rows/clip-row.ts';
import { readClusters } from '../../keep/store/rows/cluster-row.ts';
import { documentOf } from '../../keep/store/rows/document-row.ts';
import { lots } from '../../keep/store/rows/programme.ts';
import type { Reader, Writer } from '../../keep/store/store.ts';
import { accept, type Result, refuse } from '../../refusal.ts';
import { enterBulletin, findBulletin, findRequest, type NewBulletin, strikeBulletin } from '../bulletin-book.ts';
import { readBulletinViews } from '../bulletin-view.ts';
import { findOwnClip, judgeAreas } from '../choice.ts';
import type { Emergencies, PushEmergency, WorkPorts } from '../contracts.ts';
import type { Draft, Kept } from '../draft.ts';
import { workRefusal } from '../refusals.ts';
import { holds, isOwn } from '../scope.ts';
import { areaOrders, type EmergencyInForce, readInForce } from './orders-in-force.ts';

/** Areas whose documents are looked at together. */
const lotSize = 100;

export interface EmergencyPorts extends Pick<WorkPorts, 'store' | 'clock' | 'random' | 'log'> {
  keep(tx: Writer, drafts: readonly Draft[]): Promise<Kept[]>;
  send(kept: readonly Kept[]): Promise<void>;
  fits(draft: Draft): boolean;
  /** The live picture's and the watch's: an emergency is new or stopped. */
  bulletinChanged(bulletin: StoredBulletin): Promise<void>;
}

export interface EmergencyRoom extends Emergencies {
  /** Publishes the orders of every area whose document is missing, of an older epoch, or says what is in force no more. */
  refresh(): Promise<void>;
}

export function createEmergencies(ports: EmergencyPorts): EmergencyRoom {
  const { store, clock } = ports;

  /** The order is durable: whatever goes wrong from here on is repaired, not taken back. */
  async function spread(bulletin: StoredBulletin, kept: readonly Kept[]): Promise<void> {
    const complain = (error: unknown) =>
      ports.log('error', 'an emergency could not be spread', { bulletin: bulletin.id, error: String(error) });
    await Promise.all([ports.send(kept).catch(complain), ports.bulletinChanged(bulletin).catch(complain)]);
  }

  async function viewOf(person: Person, bulletin: StoredBulletin): Promise<BulletinView> {
    const nowMs = clock.nowMs();
    const [view] = await store.read((db) => readBulletinViews(db, { person, bulletins: [bulletin], nowMs }));
    if (view === undefined) throw new Error(`No view of emergency ${bulletin.id}`);
    return view;
  }

  async function push(person: Person, request: PushEmergency): Promise<Result<BulletinView>> {
    if (!holds(person, 'emergency')) return refuse(workRefusal('no-right'));
    const ask = { person, requestId: request.requestId };
    const former = await store.read((db) => findRequest(db, ask));
    if (former !== undefined && !isSameEmergency(former, request)) return refuse(workRefusal('request-reused'));
    if (former !== undefined) return accept(await viewOf(person, former));
    const judged = await store.read((db) => judge(db, { person, request }));
    if (!judged.ok) return judged;
    const { clip, areaIds } = judged.value;
    const written = await store.write(async (tx): Promise<Result<{ bulletin: StoredBulletin; kept?: Kept[] }>> => {
      const twin = await findRequest(tx, ask);
      if (twin !== undefined) return accept({ bulletin: twin });
      const nowMs = clock.nowMs();
      const draft = newEmergency({ id: newId(ports.random, 'e'), person, request, areaIds, nowMs });
      const inForce = [{ bulletin: { ...draft, acceptedNumber: 0 }, clip }, ...(await readInForce(tx, nowMs))];
      const drafts = areaIds.map((areaId) => areaOrders(areaId, inForce));
      if (!drafts.every((orders) => hasRoom(ports, orders))) return refuse(workRefusal('too-many-orders'));
      const bulletin = await enterBulletin(tx, { bulletin: draft, lastMs: lastMsOf(draft, clip.durationMs) });
      return accept({ bulletin, kept: await ports.keep(tx, drafts) });
    });
    if (!written.ok) return written;
    const { bulletin, kept } = written.value;
    if (kept !== undefined) await spread(bulletin, kept);
    return accept(await viewOf(person, bulletin));
  }

  async function stop(person: Person, bulletinId: string): Promise<Result<BulletinView>> {
    if (!holds(person, 'emergency')) return refuse(workRefusal('no-right'));
    const found = await store.read(async (db) => {
      const bulletin = await findBulletin(db, bulletinId);
      const areas = await readAreaTree(db);
      const isTheirs = bulletin?.areaIds.every((areaId) => isOwn(areas, person, areaId)) === true;
      return isTheirs && bulletin.class === 'emergency' ? bulletin : undefined;
    });
    if (found === undefined) return refuse(workRefusal('unknown-bulletin'));
    const { bulletin, kept } = await store.write(async (tx) => {
      const nowMs = clock.nowMs();
      const struck = await strikeBulletin(tx, { bulletin: found, person, nowMs });
      const inForce = await readInForce(tx, nowMs);
      const drafts = struck.areaIds.map((areaId) => areaOrders(areaId, inForce));
      return { bulletin: struck, kept: await ports.keep(tx, drafts) };
    });
    await spread(bulletin, kept);
    return accept(await viewOf(person, bulletin));
  }

  async function refresh(): Promise<void> {
    const areaIds = await store.read(async (db) => [...(await readAreaTree(db)).keys()]);
    for (const lot of lots(areaIds, lotSize)) {
      const isStale = await store.read(async (db) => (await staleOrders(db, lot, clock.nowMs())).length > 0);
      if (!isStale) continue;
      const kept = await store.write(async (tx) => ports.keep(tx, await staleOrders(tx, lot, clock.nowMs())));
      await ports.send(kept);
    }
  }

  return { push, stop, refresh };
}

/** Areas are kept as the topmost of those chosen, so they are not compared. */
function isSameEmergency(former: StoredBulletin, request: PushEmergency): boolean {
  const { title, clipId, repeat, drill } = request;
  return isDeepStrictEqual([former.title, former.clipId, former.repeat, former.drill], [title, clipId, repeat, drill]);
}

async function judge(
  db: Reader,
  options: { person: Person; request: PushEmergency },
): Promise<Result<{ clip: EmergencyInForce['clip']; areaIds: string[] }>> {
  const { person, request } = options;
  const areas = await readAreaTree(db);
  const addressed = judgeAreas(areas, { person, clusters: await readClusters(db), areaIds: request.areaIds });
  if (!addressed.ok) return addressed;
  const clip = await findOwnClip(db, { areas, person, clipId: request.clipId });
  if (clip === undefined) return refuse(workRefusal('unknown-clip'));
  const lengthMs = airTimeMs({ clipDurationMs: clip.duration_ms, repeat: request.repeat });
  if (lengthMs + lengthSlackMs > soundingOrderLifeMsMax) return refuse(workRefusal('air-time-too-long'));
  return accept({ clip: wireClip(clip), areaIds: topmostAreas(areas, request.areaIds) });
}

function newEmergency(options: {
  id: string;
  person: Person;
  request: PushEmergency;
  areaIds: string[];
  nowMs: number;
}): NewBulletin {
  const { id, person, request, areaIds, nowMs } = options;
  return {
    id,
    requestId: request.requestId,
    class: 'emergency',
    title: request.title,
    clipId: request.clipId,
    areaIds,
    whens: [],
    nowAtMs: nowMs,
    late: { kind: 'start', lateMsMax: request.lifeMs },
    resume: 'restart',
    repeat: request.repeat,
    drill: request.drill,
    expiresMs: nowMs + request.lifeMs,
    state: 'accepted',
    createdBy: person.id,
    createdMs: nowMs,
    withdrawnMs: null,
    clusterIds: [],
    slot: null,
    versions: [],
    madeIn: person.areaId,
    originId: null,
    decision: null,
  };
}

function lastMsOf(emergency: NewBulletin, clipDurationMs: number): number {
  return plannedEndMs({ atMs: emergency.expiresMs ?? emergency.createdMs, clipDurationMs, repeat: emergency.repeat });
}

function hasRoom(ports: EmergencyPorts, draft: Draft): boolean {
  const { document } = draft;
  return document.kind === 'orders' && document.orders.length <= ordersMax && ports.fits(draft);
}

/** Orders documents of these areas that have to be published anew. */
async function staleOrders(db: Reader | Writer, areaIds: readonly string[], nowMs: number): Promise<Draft[]> {
  const { epoch } = await db.selectFrom('installation').select('epoch').executeTakeFirstOrThrow();
  const inForce = await readInForce(db, nowMs);
  const rows = await db
    .selectFrom('documents')
    .select(['topic', 'envelope'])
    .where(
      'topic',
      'in',
      areaIds.map((areaId) => topics.areaOrders(areaId)),
    )
    .execute();
  const published = new Map(rows.map(({ topic, envelope }) => [topic, documentOf(envelope)]));
  return areaIds
    .map((areaId) => areaOrders(areaId, inForce))
    .filter((draft) => !says(published.get(draft.topic), draft, epoch));
}

function says(published: SignedDocument | undefined, draft: Draft, epoch: Sequence['epoch']): boolean {
  if (published?.kind !== 'orders' || draft.document.kind !== 'orders' || published.epoch < epoch) return false;
  return orderIds(published) === orderIds(draft.document);
}

function orderIds(document: Pick<OrdersDocument, 'orders'>): string {
  return document.orders.map(({ id }) => id).join();
}
