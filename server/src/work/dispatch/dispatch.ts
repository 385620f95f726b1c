/**
 * How a document reaches the broker: it takes the next number of the installation's sequence inside the transaction that
 * stores it, is signed, stored, and only then published; the stored envelope is what is published ever after. Publishing
 * is in line per topic, so that a newer document is never overtaken by an older one. Never decides what documents say.
 */
import {
  compareSequence,
  deviceProtocolVersion,
  documentSchema,
  mqttMessageBytesMax,
  type PlanDocument,
  type Sequence,
  topics,
} from '@loa/protocol/device';
import { instantText } from '../../keep/store/rows/column.ts';
import { documentOf } from '../../keep/store/rows/document-row.ts';
import { lots } from '../../keep/store/rows/programme.ts';
import type { Store, Writer } from '../../keep/store/store.ts';
import type { Broker, Dispatch, SignalFault, WorkPorts } from '../contracts.ts';
import type { Draft, Kept, Unstamped } from '../draft.ts';
import { createRepair, type Repair } from './repair.ts';

export interface DispatchRoom extends Dispatch, Repair {
  /** Numbers, signs and stores drafts inside the caller's transaction. Throws when one exceeds an MQTT message. */
  keep(tx: Writer, drafts: readonly Draft[]): Promise<Kept[]>;
  /** Publishes what was kept; call it when the transaction is durable. Rejects when the broker did not take one. */
  send(kept: readonly Kept[]): Promise<void>;
  /** Both, for whoever changes nothing else. */
  publish(drafts: readonly Draft[]): Promise<Kept[]>;
  /** Whether a draft would fit one MQTT message. */
  fits(draft: Draft): boolean;
}

/** Documents read and published together at start. */
const publishLot = 500;

/** The largest stamp a draft can get, to judge its size before it has one. */
const widestSequence: Sequence = { epoch: 2 ** 31, number: Number.MAX_SAFE_INTEGER };

export function createDispatch(
  ports: Pick<WorkPorts, 'clock' | 'log' | 'sign' | 'keySet'> & {
    store: Store;
    broker: Pick<Broker, 'publish'>;
    signalFault: SignalFault;
    /** False while nobody knows the time: what is stored is published, nothing is signed anew. */
    maySign?(): boolean;
  },
): DispatchRoom {
  const { store, clock, broker } = ports;
  /** The newest sequence of each topic that has been published or is about to be; as many as devices and areas. */
  const newest = new Map<string, Sequence>();
  let publications = 0;
  const lanes = new Map<string, Promise<void>>();

  async function keep(tx: Writer, drafts: readonly Draft[]): Promise<Kept[]> {
    if (drafts.length === 0) return [];
    const { epoch, number } = await tx
      .updateTable('installation')
      .set((eb) => ({ number: eb('number', '+', drafts.length) }))
      .returning(['epoch', 'number'])
      .executeTakeFirstOrThrow();
    const publishedMs = clock.nowMs();
    const kept: Kept[] = [];
    for (const [index, draft] of drafts.entries()) {
      const sequence = { epoch, number: number - drafts.length + index + 1 };
      const envelope = envelopeOf(draft, { sequence, issuedMs: publishedMs });
      const row = { kind: draft.document.kind, ...sequence, envelope, published_ms: publishedMs };
      await tx
        .insertInto('documents')
        .values({ topic: draft.topic, ...row })
        .onConflict((conflict) => conflict.column('topic').doUpdateSet(row))
        .execute();
      kept.push({ topic: draft.topic, sequence, envelope });
    }
    return kept;
  }

  function envelopeOf(draft: Draft, stamp: { sequence: Sequence; issuedMs: number }): string {
    const envelope = seal(draft, stamp);
    if (Buffer.byteLength(envelope) <= mqttMessageBytesMax) return envelope;
    const short = draft.document.kind === 'plan' ? seal(withoutInline(draft, draft.document), stamp) : envelope;
    if (Buffer.byteLength(short) > mqttMessageBytesMax) throw new Error(`A document for ${draft.topic} is too long`);
    return short;
  }

  function seal(draft: Draft, { sequence, issuedMs }: { sequence: Sequence; issuedMs: number }): string {
    const stamp = { v: deviceProtocolVersion, ...sequence, issuedAt: instantText(issuedMs) };
    return ports.sign(documentSchema.parse({ ...draft.document, ...stamp }));
  }

  async function send(kept: readonly Kept[]): Promise<void> {
    for (const { topic, sequence } of kept) remember(topic, sequence);
    await Promise.all(
      kept.map(({ topic, sequence, envelope }) =>
        inLine(topic, async () => {
          if (isNewest(topic, sequence)) await broker.publish(topic, envelope);
        }),
      ),
    );
  }

  async function publishAgain(topic: string): Promise<void> {
    if (topic === topics.keys()) return broker.publish(topic, ports.keySet().envelope);
    await inLine(topic, async () => {
      const row = await store.read((db) =>
        db.selectFrom('documents').select('envelope').where('topic', '=', topic).executeTakeFirst(),
      );
      if (row !== undefined) await broker.publish(topic, row.envelope);
    });
  }

  /**
   * What another key has signed is signed anew under a number of its own: a key that is retired later takes nothing with
   * it, for devices drop what it signed.
   */
  async function renewSignatures(): Promise<void> {
    const present = signerOf(ports.sign({}));
    const rows = await store.read((db) => db.selectFrom('documents').select(['topic', 'envelope']).execute());
    const drafts = rows
      .filter(({ envelope }) => signerOf(envelope) !== present)
      .map(({ topic, envelope }): Draft => ({ topic, document: documentOf(envelope) }));
    for (const lot of lots(drafts, publishLot)) await store.write((tx) => keep(tx, lot));
  }

  async function publishAll(): Promise<void> {
    if (ports.maySign?.() !== false) await renewSignatures();
    await broker.publish(topics.keys(), ports.keySet().envelope);
    let after = '';
    for (;;) {
      const rows = await store.read((db) =>
        db
          .selectFrom('documents')
          .select(['topic', 'epoch', 'number', 'envelope'])
          .where('topic', '>', after)
          .orderBy('topic')
          .limit(publishLot)
          .execute(),
      );
      await send(rows.map(({ topic, epoch, number, envelope }) => ({ topic, sequence: { epoch, number }, envelope })));
      const last = rows.at(-1);
      if (last === undefined || rows.length < publishLot) return;
      after = last.topic;
    }
  }

  function remember(topic: string, sequence: Sequence): void {
    const known = newest.get(topic);
    if (known !== undefined && compareSequence(sequence, known) <= 0) return;
    newest.set(topic, sequence);
    publications += 1;
  }

  function isNewest(topic: string, sequence: Sequence): boolean {
    const known = newest.get(topic);
    return known === undefined || compareSequence(sequence, known) >= 0;
  }

  function inLine(topic: string, task: () => Promise<void>): Promise<void> {
    const turn = (lanes.get(topic) ?? Promise.resolve()).then(task);
    const settled = turn
      .catch(() => undefined)
      .then(() => {
        if (lanes.get(topic) === settled) lanes.delete(topic);
      });
    lanes.set(topic, settled);
    return turn;
  }

  return {
    keep,
    send,
    publish: async (drafts) => {
      const kept = await store.write((tx) => keep(tx, drafts));
      await send(kept);
      return kept;
    },
    fits: (draft) => {
      const envelope = seal(draft, { sequence: widestSequence, issuedMs: clock.nowMs() });
      return Buffer.byteLength(envelope) <= mqttMessageBytesMax;
    },
    publishAll,
    publishAgain,
    ...createRepair({
      clock,
      log: ports.log,
      publishedOf: (topic) => newest.get(topic),
      publications: () => publications,
      keySetNumber: () => ports.keySet().number,
      publishAgain,
      signalFault: ports.signalFault,
    }),
  };
}

/** The protected header names the key: RFC 7515 §4.1.4. */
function signerOf(envelope: string): string {
  const header: unknown = JSON.parse(Buffer.from(envelope.split('.')[0] ?? '', 'base64url').toString('utf8'));
  return typeof header === 'object' && header !== null && 'kid' in header ? String(header.kid) : '';
}

/** The body stays where it is fetched by its hash; the planner keeps every body there. */
function withoutInline(draft: Draft, plan: Unstamped<PlanDocument>): Draft {
  const { hash, sizeBytes } = plan.body;
  return { ...draft, document: { ...plan, body: { hash, sizeBytes } } };
}
