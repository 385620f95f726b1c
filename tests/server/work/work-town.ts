/**
 * A town for the work layer: the real rooms on an inline store, with a clock that is moved by hand, a broker in memory and
 * devices that hold what is retained for them and say so. A province with two communes, one of which has a village.
 */
import { DatabaseSync } from 'node:sqlite';
import {
  type Capabilities,
  type DeviceMessage,
  type Holds,
  keyFromSeed,
  type Order,
  type PlanDocument,
  planBodySchema,
  type ReportEvent,
  type ServerMessage,
  seal,
  topics,
} from '@loa/protocol/device';
import { type Person, type Role, rightsOf } from '@loa/protocol/panel';
import { composeWork } from '@loa/server/compose-work.ts';
import { openLogFolder } from '@loa/server/keep/device-files/log-folder.ts';
import { openReleaseFolder } from '@loa/server/keep/device-files/release-folder.ts';
import { openInlineStore, openStore, type StoreLocation } from '@loa/server/keep/store/open-store.ts';
import type { Store } from '@loa/server/keep/store/store.ts';
import { accept } from '@loa/server/refusal.ts';
import type { AcceptBulletin, DeviceLife, PushEmergency, Work } from '@loa/server/work/contracts.ts';
import { onTestFinished } from 'vitest';
import { type ManualClock, manualClock, settle } from '../../harness/manual-clock.ts';
import { type MemoryBroker, memoryBroker } from '../../harness/memory-broker.ts';
import { seededRandom } from '../../harness/seeded-random.ts';
import { createDiskTwin, type DiskTwin } from '../../harness/server-disk-twin.ts';

export const timeZone = 'Asia/Ho_Chi_Minh';
/** Friday 2026-11-20, 10:00 in Vietnam. */
export const startMs = Date.parse('2026-11-20T10:00:00+07:00');
export const clipId = 'a'.repeat(64);
export const clipDurationMs = 20_000;
const installationKey = keyFromSeed(new Uint8Array(32).fill(7));

/** Cluster `c1` is served by device `d1`, and so on. */
const clusters = [
  { id: 'c1', area_id: 'thang', name: 'UBND xã' },
  { id: 'c2', area_id: 'kim-ngoc', name: 'Thôn Kim Ngọc' },
  { id: 'c3', area_id: 'duc', name: 'Chợ' },
] as const;

export interface WorkTown {
  store: Store;
  database: DatabaseSync;
  clock: ManualClock;
  broker: MemoryBroker;
  /** Where logs and releases of devices lie. */
  disk: DiskTwin;
  work: Work;
  log: { level: string; message: string; detail: unknown }[];
  /** Ends this server and starts another on the same disk, with another clock's grace. */
  restart(): Promise<void>;
}

export const people = {
  officer: person('officer', 'thang'),
  neighbour: person('officer', 'duc', 'neighbour'),
  department: person('department', 'p68'),
  technician: person('technician', 'thang'),
} as const;

/** Opens a town and starts its server; documents are published when it returns. Inline unless given a location. */
export async function openWorkTown(options: { devices?: number; location?: StoreLocation } = {}): Promise<WorkTown> {
  const database = new DatabaseSync(':memory:');
  const clock = manualClock({ wallMs: startMs });
  const { location } = options;
  const open = () => (location === undefined ? openInlineStore({ database }) : openStore(location));
  const first = await open();
  await fill(first, options.devices ?? clusters.length);
  const town: WorkTown = {
    store: first,
    database,
    clock,
    broker: memoryBroker(),
    disk: createDiskTwin(),
    log: [],
    work: undefined as never,
    restart: async () => {
      await town.work.stop();
      await town.store.close();
      town.store = await open();
      town.broker = memoryBroker();
      await begin(town);
    },
  };
  await begin(town);
  onTestFinished(async () => {
    await town.work.stop();
    await town.store.close();
    database.close();
  });
  return town;
}

async function begin(town: WorkTown): Promise<void> {
  const { clock } = town;
  const keySet = { kind: 'keys', v: 1, number: 1, keys: [] };
  town.work = composeWork({
    store: town.store,
    clock: { nowMs: clock.wallMs, monotonicMs: clock.monotonicMs, setTimer: clock.setTimer },
    random: seededRandom(clock.wallMs() % 1_000_003),
    broker: { publish: (topic, payload) => town.broker.publish(topic, payload) },
    deviceFiles: {
      logs: openLogFolder({ root: '/data/device-logs', disk: town.disk }),
      releases: openReleaseFolder({ root: '/data/releases', disk: town.disk }),
    },
    sign: (payload) => seal({ payload, key: installationKey, type: 'loa-document' }),
    keySet: () => ({ number: 1, envelope: seal({ payload: keySet, key: installationKey, type: 'loa-keys' }) }),
    log: (level, message, detail) => town.log.push({ level, message, detail }),
    sounds: {
      checkText: (text) => accept({ text, charset: 'unicode', converted: false, spoken: text, readings: [] }),
      speak: async (spoken) => accept({ path: `/tmp/${spoken}` }),
      keepSound: async () =>
        accept({ ...sound, renditions: [{ format: 'ogg-opus', hash: clipId, sizeBytes: 80_000 }] }),
      removeFile: async () => undefined,
      pathOf: (hash) => `/clips/${hash}`,
      sizeBytes: async () => 80_000,
    },
  });
  await town.work.start();
  await settle();
}

const sound = { id: clipId, durationMs: clipDurationMs, loudnessLufs: -16, truePeakDbtp: -2 };

async function fill(store: Store, devices: number): Promise<void> {
  const area = { name_folded: '', code: null, old_district: null, hours: null };
  const board = { public_key: '{}', board: 'test', agent_version: '1', enrolled_ms: startMs - 86_400_000 };
  const capabilities = JSON.stringify({
    formats: ['ogg-opus'],
    probes: [],
    stream: false,
    clockKept: true,
    deviceKind: 'receiver',
  });
  await store.write(async (tx) => {
    await tx
      .insertInto('installation')
      .values({ id: 1, epoch: 1, number: 0, accepted: 0, time_zone: timeZone, created_ms: startMs })
      .execute();
    await tx
      .insertInto('areas')
      .values([
        { ...area, id: 'p68', parent_id: null, kind: 'province', name: 'Lâm Đồng' },
        { ...area, id: 'thang', parent_id: 'p68', kind: 'commune', name: 'Hàm Thắng' },
        { ...area, id: 'kim-ngoc', parent_id: 'thang', kind: 'village', name: 'Kim Ngọc' },
        { ...area, id: 'empty', parent_id: 'thang', kind: 'village', name: 'Thôn Trống' },
        { ...area, id: 'duc', parent_id: 'p68', kind: 'commune', name: 'Hàm Đức' },
      ])
      .execute();
    await tx
      .insertInto('clusters')
      .values(clusters.map((cluster) => ({ ...cluster, horns: 2, lat: null, lon: null })))
      .execute();
    for (const { id, role, areaId } of Object.values(people)) {
      const row = {
        id,
        login: id,
        name: id,
        role,
        area_id: areaId,
        password_hash: '',
        created_ms: 1,
        disabled_ms: null,
      };
      await tx.insertInto('people').values(row).execute();
    }
    for (const [index, cluster] of clusters.slice(0, devices).entries()) {
      const row = { ...board, capabilities, revoked_ms: null, last_seen_ms: null, holds: null };
      await tx
        .insertInto('devices')
        .values({ ...row, id: `d${index + 1}`, cluster_id: cluster.id })
        .execute();
    }
    await tx
      .insertInto('clips')
      .values({
        id: clipId,
        duration_ms: clipDurationMs,
        loudness_lufs: -16,
        true_peak_dbtp: -2,
        renditions: JSON.stringify([{ format: 'ogg-opus', hash: clipId, sizeBytes: 80_000 }]),
        created_ms: 1,
      })
      .execute();
    for (const areaId of ['p68', 'thang', 'duc']) {
      const made = { clip_id: clipId, area_id: areaId, title: `Clip của ${areaId}`, origin: 'upload', text: null };
      await tx
        .insertInto('clip_makers')
        .values({ ...made, created_by: 'officer', created_ms: 1 })
        .execute();
    }
  });
}

function person(role: Role, areaId: string, id: string = role): Person {
  return { id, login: id, name: id, role, areaId, rights: [...rightsOf[role]] };
}

let requests = 0;

/** A bulletin as the form sends it, once today at 17:00 in the officer's commune unless told otherwise. */
export function bulletin(changes: Partial<AcceptBulletin> = {}): AcceptBulletin {
  requests += 1;
  return {
    requestId: `request-${requests}`,
    title: 'Thông báo cắt điện',
    class: 'normal',
    clipId,
    areaIds: ['thang'],
    whens: [{ kind: 'once', date: '2026-11-20', time: '17:00' }],
    repeat: { count: 1, gapMs: 0 },
    late: { kind: 'start', lateMsMax: 300_000 },
    resume: 'drop',
    ...changes,
  };
}

export function emergency(changes: Partial<PushEmergency> = {}): PushEmergency {
  requests += 1;
  return {
    requestId: `request-${requests}`,
    title: 'Xả lũ hồ Sông Quao',
    clipId,
    areaIds: ['thang'],
    repeat: { count: 3, gapMs: 3_000 },
    drill: false,
    lifeMs: 7_200_000,
    ...changes,
  };
}

export interface TestDevice {
  life: DeviceLife;
  /** What the server said. */
  heard: ServerMessage[];
  say(message: DeviceMessage): Promise<void>;
  hello(stream?: string): Promise<void>;
  /** Tells what it holds: everything retained for it, unless told otherwise. */
  heartbeat(holds?: Holds): Promise<void>;
  report(seq: number, event: ReportEvent, stream?: string): Promise<void>;
  isClosed(): boolean;
}

/** What a board of the simplest kind declares. */
export const plainBoard: Capabilities = {
  formats: ['ogg-opus'],
  probes: [],
  stream: false,
  clockKept: true,
  deviceKind: 'receiver',
};

/** A device with its link open; it has not said hello. */
export function connect(town: WorkTown, deviceId: string, capabilities: Partial<Capabilities> = {}): TestDevice {
  const heard: ServerMessage[] = [];
  let isClosed = false;
  const device = { deviceId, clusterId: deviceId.replace('d', 'c') };
  const life = town.work.intake.open(
    device,
    (message) => heard.push(message),
    () => {
      isClosed = true;
    },
  );
  const clock = { trusted: true, offsetMs: 0, boundMs: 5 };
  const say = async (message: DeviceMessage): Promise<void> => {
    await life.receive(message);
    await settle();
  };
  return {
    life,
    heard,
    say,
    hello: (stream = 's1') =>
      say({
        kind: 'hello',
        v: 1,
        agentVersion: '1',
        boot: 'b1',
        stream,
        capabilities: { ...plainBoard, ...capabilities },
        holds: retainedFor(town, deviceId),
        clock,
      }),
    heartbeat: (holds = retainedFor(town, deviceId)) => say({ kind: 'heartbeat', holds, clock, progress: [] }),
    report: (seq, event, stream = 's1') =>
      say({
        kind: 'reports',
        stream,
        reports: [{ seq, at: new Date(town.clock.wallMs()).toISOString(), clockTrusted: true, event }],
      }),
    isClosed: () => isClosed,
  };
}

/** What a device holds that has taken everything retained. */
export function retainedFor(town: WorkTown, deviceId: string): Holds {
  const held = (topic: string) => {
    if (!town.broker.retained.has(topic)) return undefined;
    const { epoch, number } = town.broker.document(topic);
    return { epoch, number };
  };
  const own = [deviceId, held(topics.deviceOrders(deviceId))] as const;
  const areaIds = town.work.roster.areasOf(deviceId);
  const orders = [own, ...areaIds.map((areaId) => [areaId, held(topics.areaOrders(areaId))] as const)];
  const plan = held(topics.plan(deviceId));
  const hours = held(topics.hours(deviceId));
  return {
    keys: 1,
    ...(plan === undefined ? {} : { plan }),
    ...(hours === undefined ? {} : { hours }),
    orders: Object.fromEntries(orders.flatMap(([id, sequence]) => (sequence === undefined ? [] : [[id, sequence]]))),
  };
}

/** The plan head retained for a device. */
export function planOf(town: WorkTown, deviceId: string): PlanDocument {
  const document = town.broker.document(topics.plan(deviceId));
  if (document.kind !== 'plan') throw new Error('Not a plan');
  return document;
}

/** The occurrences in the plan retained for a device. */
export async function plannedFor(town: WorkTown, deviceId: string): Promise<string[]> {
  const { body } = planOf(town, deviceId);
  const row = await town.store.read((db) =>
    db.selectFrom('bodies').select('body').where('hash', '=', body.hash).executeTakeFirst(),
  );
  return planBodySchema.parse(JSON.parse(row?.body ?? '')).items.map((item) => item.occurrence);
}

/** The order ids in an area's retained document, newest first. */
export function ordersOf(town: WorkTown, areaId: string): string[] {
  const document = town.broker.document(topics.areaOrders(areaId));
  if (document.kind !== 'orders') throw new Error('Not orders');
  return document.orders.map(({ id }) => id);
}

/** The orders in a device's own retained document, newest first; undefined when there is none. */
export function ownOrdersOf(town: WorkTown, deviceId: string): Order[] | undefined {
  if (!town.broker.retained.has(topics.deviceOrders(deviceId))) return undefined;
  const document = town.broker.document(topics.deviceOrders(deviceId));
  if (document.kind !== 'orders') throw new Error('Not orders');
  return document.orders;
}

/** The row of an occurrence on a device. */
export async function airing(town: WorkTown, occurrence: string, deviceId: string) {
  return await town.store.read((db) =>
    db
      .selectFrom('airings')
      .selectAll()
      .where('occurrence', '=', occurrence)
      .where('device_id', '=', deviceId)
      .executeTakeFirst(),
  );
}

/** The value of a result that was expected to be good. */
export function good<T>(result: { ok: true; value: T } | { ok: false; refusal: { code: string } }): T {
  if (!result.ok) throw new Error(`Refused: ${result.refusal.code}`);
  return result.value;
}

/** The code of a refusal that was expected. */
export function refused(result: { ok: true } | { ok: false; refusal: { code: string } }): string {
  return result.ok ? 'accepted' : result.refusal.code;
}
