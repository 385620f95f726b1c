/**
 * What technicians ask of one device from afar: a test of its sound, a restart, its log, an update; and what became of
 * it. The row and the device's new orders document are one transaction, so what is accepted is what goes out. An order
 * ends by the device's word or by its time; the document follows.
 */
import { ordersMax, type ServiceKind } from '@loa/protocol/device';
import type { Person, ServiceRequest, ServiceView } from '@loa/protocol/panel';
import { newId } from '../../edges/random.ts';
import { instantText } from '../../keep/store/rows/column.ts';
import { lots } from '../../keep/store/rows/programme.ts';
import { readReleases, type ServiceRow, serviceView } from '../../keep/store/rows/service-row.ts';
import type { Reader, Writer } from '../../keep/store/store.ts';
import { accept, type Result, refuse } from '../../refusal.ts';
import { note } from '../bulletin-book.ts';
import type { DeviceFile, DeviceIdentity, Repairs, WorkPorts } from '../contracts.ts';
import type { Draft, Kept } from '../draft.ts';
import { judgeLog, keepLog, openLog } from './device-logs.ts';
import { deviceOrders, readInForce, staleOrders } from './device-orders.ts';
import { findOwnCluster, type Judged, judgeService } from './judge-service.ts';
import { repairRefusal } from './repair-refusals.ts';

/** How long an order is in force; a device that is away longer has missed it. */
export const serviceLifeMs: Record<ServiceKind, number> = {
  'silent-test': 10 * 60_000,
  'audible-test': 10 * 60_000,
  restart: 10 * 60_000,
  logs: 3_600_000,
  update: 24 * 3_600_000,
};

/** Services shown of one cluster. */
const shownMax = 50;
/** Devices whose documents are looked at together. */
const lotSize = 100;
/** No order lives longer than a day: whoever was asked nothing for so long has nothing that could have ended since. */
const recentMs = 3 * 86_400_000;

export interface RepairPorts extends Pick<WorkPorts, 'store' | 'clock' | 'random' | 'log' | 'deviceFiles'> {
  keep(tx: Writer, drafts: readonly Draft[]): Promise<Kept[]>;
  send(kept: readonly Kept[]): Promise<void>;
  fits(draft: Draft): boolean;
}

export interface RepairRoom extends Repairs {
  /** Publishes the orders of devices whose document says what is in force no more; of all at a start, else of recent ones. */
  refresh(options?: { all?: boolean | undefined }): Promise<void>;
  /** A device has answered something it was asked, or may be asked no more. */
  answered(deviceId: string): void;
}

export function createRepairs(ports: RepairPorts): RepairRoom {
  const { store, clock, deviceFiles } = ports;

  const complain = (message: string, detail: Record<string, unknown>) => (error: unknown) =>
    ports.log('error', message, { ...detail, error: String(error) });

  async function orderService(
    person: Person,
    clusterId: string,
    request: ServiceRequest,
  ): Promise<Result<ServiceView>> {
    const ask = { person, clusterId, ...request };
    const former = await store.read((db) => findRequest(db, ask));
    if (former !== undefined) return await answerAgain(former, ask);
    const nowMs = clock.nowMs();
    const judged = await store.read((db) => judgeService(db, { ...ask, nowMs, keepsFiles: deviceFiles !== undefined }));
    if (!judged.ok) return judged;
    const written = await store.write(async (tx): Promise<Result<{ row: ServiceRow; kept: Kept[] } | ServiceRow>> => {
      const twin = await findRequest(tx, ask);
      return twin === undefined ? await enter(tx, { ...ask, ...judged.value }) : accept(twin);
    });
    if (!written.ok) return written;
    if (!('kept' in written.value)) return await answerAgain(written.value, ask);
    const { row, kept } = written.value;
    // The order is durable: whatever goes wrong from here on is repaired, not taken back.
    await ports.send(kept).catch(complain('a service could not be sent', { service: row.id }));
    return accept(await viewOf(row));
  }

  async function answerAgain(
    row: ServiceRow,
    ask: { person: Person; clusterId: string; kind: ServiceKind },
  ): Promise<Result<ServiceView>> {
    const own = await store.read((db) => findOwnCluster(db, ask));
    if (!own.ok) return own;
    const isSame = row.cluster_id === ask.clusterId && row.kind === ask.kind;
    return isSame ? accept(await viewOf(row)) : refuse(repairRefusal('request-reused'));
  }

  async function enter(
    tx: Writer,
    ask: { person: Person; clusterId: string; requestId: string; kind: ServiceKind } & Judged,
  ): Promise<Result<{ row: ServiceRow; kept: Kept[] }>> {
    const { person, clusterId, deviceId, kind, release } = ask;
    const nowMs = clock.nowMs();
    const inForce = (await readInForce(tx, { deviceIds: [deviceId], nowMs })).get(deviceId) ?? [];
    if (inForce.some((service) => service.kind === kind)) return refuse(repairRefusal('already-under-way'));
    const row: ServiceRow = {
      id: newId(ports.random, 'v'),
      request_id: ask.requestId,
      cluster_id: clusterId,
      device_id: deviceId,
      kind,
      created_by: person.id,
      created_ms: nowMs,
      expires_ms: nowMs + serviceLifeMs[kind],
      result: null,
      ended_ms: null,
      verdict: null,
      reason: null,
      evidence: null,
      release_number: release?.number ?? null,
      log_bytes: null,
      log_gone_ms: null,
    };
    const draft = deviceOrders(deviceId, [{ ...row, envelope: release?.envelope ?? null }, ...inForce]);
    if (inForce.length >= ordersMax || !ports.fits(draft)) return refuse(repairRefusal('too-many-services'));
    await tx.insertInto('services').values(row).execute();
    const detail = { service: row.id, deviceId, ...(release === undefined ? {} : { release: release.number }) };
    await note(tx, { atMs: nowMs, who: person.id, action: `service-${kind}`, target: clusterId, detail });
    return accept({ row, kept: await ports.keep(tx, [draft]) });
  }

  async function viewOf(row: ServiceRow): Promise<ServiceView> {
    const [view] = await store.read((db) => viewsOf(db, [row], clock.nowMs()));
    if (view === undefined) throw new Error(`No view of service ${row.id}`);
    return view;
  }

  async function publishStale(deviceIds: readonly string[]): Promise<void> {
    for (const lot of lots(deviceIds, lotSize)) {
      const asked = { deviceIds: lot, nowMs: clock.nowMs() };
      if ((await store.read((db) => staleOrders(db, asked))).length === 0) continue;
      await ports.send(await store.write(async (tx) => ports.keep(tx, await staleOrders(tx, asked))));
    }
  }

  return {
    orderService,
    listServices: async (person, clusterId) => {
      const nowMs = clock.nowMs();
      return await store.read(async (db) => {
        const found = await findOwnCluster(db, { person, clusterId });
        if (!found.ok) return found;
        const rows = await db
          .selectFrom('services')
          .selectAll()
          .where('cluster_id', '=', clusterId)
          .orderBy('created_ms', 'desc')
          .orderBy('id')
          .limit(shownMax)
          .execute();
        const [newest] = await readReleases(db);
        const release =
          newest === undefined
            ? null
            : { number: newest.number, version: newest.version, addedAt: instantText(newest.added_ms) };
        return accept({ services: await viewsOf(db, rows, nowMs), release });
      });
    },
    deviceLog: async (person, serviceId) =>
      deviceFiles === undefined
        ? refuse(repairRefusal('not-kept-here'))
        : await openLog({ ...ports, logs: deviceFiles.logs }, { person, serviceId }),
    mayTakeLog: async (device, orderId) =>
      deviceFiles === undefined ? refuse(repairRefusal('order-not-in-force')) : await judgeLog(ports, device, orderId),
    keepLog: async (device, sent) =>
      deviceFiles === undefined
        ? refuse(repairRefusal('order-not-in-force'))
        : await keepLog({ ...ports, logs: deviceFiles.logs }, device, sent),
    releaseFor: (device, hash) => releaseFor(ports, device, hash),
    refresh: async ({ all = false } = {}) => {
      const sinceMs = all ? 0 : clock.nowMs() - recentMs;
      const rows = await store.read((db) =>
        db.selectFrom('services').select('device_id').distinct().where('created_ms', '>=', sinceMs).execute(),
      );
      await publishStale(rows.map((row) => row.device_id));
    },
    answered: (deviceId) => {
      publishStale([deviceId]).catch(complain('the orders of a device could not be renewed', { deviceId }));
    },
  };
}

async function findRequest(
  db: Reader | Writer,
  { person, requestId }: { person: Person; requestId: string },
): Promise<ServiceRow | undefined> {
  return await db
    .selectFrom('services')
    .selectAll()
    .where('created_by', '=', person.id)
    .where('request_id', '=', requestId)
    .executeTakeFirst();
}

async function viewsOf(db: Reader, rows: readonly ServiceRow[], nowMs: number): Promise<ServiceView[]> {
  const people = await db.selectFrom('people').select(['id', 'name']).execute();
  const names = new Map(people.map(({ id, name }) => [id, name]));
  const versions = new Map((await readReleases(db)).map(({ number, version }) => [number, version]));
  return rows.map((row) =>
    serviceView(row, {
      nowMs,
      by: names.get(row.created_by) ?? '',
      version: row.release_number === null ? undefined : versions.get(row.release_number),
    }),
  );
}

/** A release that an update in force for this device is about: a device fetches only what its own orders name. */
async function releaseFor(
  { store, clock, deviceFiles }: RepairPorts,
  { deviceId }: DeviceIdentity,
  hash: string,
): Promise<DeviceFile | undefined> {
  if (deviceFiles === undefined) return undefined;
  const named = await store.read((db) =>
    db
      .selectFrom('services')
      .innerJoin('releases', 'releases.number', 'services.release_number')
      .select('releases.hash')
      .where('services.device_id', '=', deviceId)
      .where('services.result', 'is', null)
      .where('services.expires_ms', '>', clock.nowMs())
      .where('releases.hash', '=', hash)
      .executeTakeFirst(),
  );
  const sizeBytes = named === undefined ? undefined : await deviceFiles.releases.sizeBytes(hash);
  if (sizeBytes === undefined) return undefined;
  return { kind: 'path', path: deviceFiles.releases.pathOf(hash), sizeBytes, mimeType: 'application/gzip' };
}
