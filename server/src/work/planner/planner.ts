/**
 * Keeps every device's plan and hours published: asked to think again about areas or devices, it reads the programme,
 * compares what devices should have with what is published, and publishes the difference. Works in lots, one at a time,
 * each of which reads afresh, so that an older answer never follows a newer one; what a person waits for goes first.
 */
import { type Sequence, type SignedDocument, topics } from '@loa/protocol/device';
import { createAddresses } from '@loa/schedules';
import { readAreaTree } from '../../keep/store/rows/area-tree.ts';
import { documentOf } from '../../keep/store/rows/document-row.ts';
import { lots, readDevices, readProgramme } from '../../keep/store/rows/programme.ts';
import type { Reader, Writer } from '../../keep/store/store.ts';
import type { Planner, WorkPorts } from '../contracts.ts';
import type { Draft, Kept } from '../draft.ts';
import { createDueDocuments, type DueDocuments } from './due-documents.ts';

/** Devices planned together: one read, one transaction, some 50 ms of work. */
const lotSize = 64;

/** A published window begins at most so long ago, or is rolled: bulletins that ended before matter to nobody. */
const lookBackMs = 2 * 86_400_000;

export interface PlannerPorts extends Pick<WorkPorts, 'store' | 'clock'> {
  /** Dispatch's: numbers, signs and stores inside the transaction. */
  keep(tx: Writer, drafts: readonly Draft[]): Promise<Kept[]>;
  send(kept: readonly Kept[]): Promise<void>;
  /** False while the clock is not believed: then plans only lose what was taken back (DESIGN P9). */
  mayAdd(): boolean;
  /** False while nobody knows the time at all: then nothing is published; whoever ends that asks for a sweep. */
  maySign(): boolean;
  /** Told of each plan that has been published. */
  planPublished(plan: { deviceId: string; sequence: Sequence; untilMs: number }): void;
}

export interface PlannerRoom extends Planner {
  /** Looks at every device without haste: rolls windows, mends what an earlier failure left. */
  sweep(): Promise<void>;
  /** Lets go of what has not been begun, and resolves when what has is done. */
  stop(): Promise<void>;
}

export function createPlanner(ports: PlannerPorts): PlannerRoom {
  const { store, clock } = ports;
  const urgent = new Map<string, Wish>();
  const patient = new Map<string, Wish>();
  /** Pending while lots are being worked on. */
  let working: Promise<void> | undefined;

  function wish(queue: Map<string, Wish>, deviceIds: readonly string[]): Promise<void> {
    const done = deviceIds.map((deviceId) => {
      const known = queue.get(deviceId) ?? newWish();
      queue.set(deviceId, known);
      return known.done;
    });
    const all = Promise.all(done).then(() => undefined);
    if (deviceIds.length > 0) working ??= work();
    return all;
  }

  /** Called with something to do only, so that it has not ended before `working` is set. */
  async function work(): Promise<void> {
    for (;;) {
      const queue = urgent.size > 0 ? urgent : patient;
      const lot = [...queue].slice(0, lotSize);
      if (lot.length === 0) {
        // In the same breath as the look, so that no wish falls in between.
        working = undefined;
        return;
      }
      for (const [deviceId] of lot) queue.delete(deviceId);
      try {
        await planLot(lot.map(([deviceId]) => deviceId));
        for (const [, { keepPromise }] of lot) keepPromise();
      } catch (error) {
        for (const [, { breakPromise }] of lot) breakPromise(error);
      }
    }
  }

  async function planLot(deviceIds: readonly string[]): Promise<void> {
    if (!ports.maySign()) return;
    const nowMs = clock.nowMs();
    const mayAdd = ports.mayAdd();
    const { programme, published, takingAwayFrom } = await store.read(async (db) => {
      const documents = await readPublished(db, deviceIds);
      return {
        programme: await readProgramme(db, { fromMs: nowMs - lookBackMs, deviceIds }),
        published: documents,
        ...(mayAdd ? {} : { takingAwayFrom: await readBodies(db, documents) }),
      };
    });
    const dueOf = createDueDocuments({ programme, published, nowMs, takingAwayFrom });
    const due = programme.devices.map((device) => dueOf(device));
    const drafts = due.flatMap(({ plan, hours }) => [hours, plan].filter((draft) => draft !== undefined));
    if (drafts.length === 0) return;
    const kept = await store.write(async (tx) => {
      await keepBodies(tx, { due, nowMs });
      return await ports.keep(tx, drafts);
    });
    try {
      await ports.send(kept);
    } finally {
      announce(due, kept);
    }
  }

  function announce(due: readonly DueDocuments[], kept: readonly Kept[]): void {
    const sequences = new Map(kept.map(({ topic, sequence }) => [topic, sequence]));
    for (const { deviceId, plan } of due) {
      const sequence = plan === undefined ? undefined : sequences.get(plan.topic);
      if (plan !== undefined && sequence !== undefined) {
        ports.planPublished({ deviceId, sequence, untilMs: plan.body.window.untilMs });
      }
    }
  }

  return {
    replan: async (areaIds) => wish(urgent, await store.read((db) => devicesBelow(db, areaIds))),
    replanDevices: (deviceIds) => wish(urgent, deviceIds),
    sweep: async () => wish(patient, await store.read((db) => devicesBelow(db, undefined))),
    stop: async () => {
      for (const queue of [urgent, patient]) {
        for (const { keepPromise } of queue.values()) keepPromise();
        queue.clear();
      }
      await working;
    },
  };
}

interface Wish {
  done: Promise<void>;
  keepPromise(): void;
  breakPromise(error: unknown): void;
}

function newWish(): Wish {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  return { done: promise, keepPromise: resolve, breakPromise: reject };
}

async function devicesBelow(db: Reader, areaIds: readonly string[] | undefined): Promise<string[]> {
  const devices = await readDevices(db, undefined);
  if (areaIds === undefined) return devices.map(({ deviceId }) => deviceId);
  const addressesOf = createAddresses(await readAreaTree(db));
  const touched = new Set(areaIds);
  return devices
    .filter(({ clusterId: id, ...at }) => addressesOf({ id, ...at }).some((address) => touched.has(address)))
    .map(({ deviceId }) => deviceId);
}

async function readPublished(db: Reader, deviceIds: readonly string[]): Promise<Map<string, SignedDocument>> {
  const rows = await db
    .selectFrom('documents')
    .select(['topic', 'envelope'])
    .where(
      'topic',
      'in',
      deviceIds.flatMap((deviceId) => [topics.plan(deviceId), topics.hours(deviceId)]),
    )
    .execute();
  return new Map(rows.map(({ topic, envelope }) => [topic, documentOf(envelope)]));
}

async function readBodies(db: Reader, published: ReadonlyMap<string, SignedDocument>): Promise<Map<string, string>> {
  const hashes = [...published.values()].flatMap((document) => (document.kind === 'plan' ? [document.body.hash] : []));
  if (hashes.length === 0) return new Map();
  const rows = await db.selectFrom('bodies').select(['hash', 'body']).where('hash', 'in', hashes).execute();
  return new Map(rows.map(({ hash, body }) => [hash, body]));
}

/** Every body is kept where it can be fetched by its hash, also when it travels inline. */
async function keepBodies(tx: Writer, options: { due: readonly DueDocuments[]; nowMs: number }): Promise<void> {
  const bodies = new Map(options.due.flatMap(({ plan }) => (plan === undefined ? [] : [[plan.body.hash, plan.body]])));
  for (const lot of lots([...bodies.values()], lotSize)) {
    await tx
      .insertInto('bodies')
      .values(lot.map(({ hash, text }) => ({ hash, body: text, created_ms: options.nowMs })))
      .onConflict((conflict) => conflict.column('hash').doUpdateSet({ created_ms: options.nowMs }))
      .execute();
  }
}
