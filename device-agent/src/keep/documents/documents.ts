/**
 * The newest verified documents: in force from the moment they are verified, said to be held once they are on disk,
 * verified again at every start. A plan whose body is still on its way leaves the former in force. Never goes back to
 * an older number, not even when the newer document rotted on the card.
 */
import { compareSequence, type KeySet, keyId, type PlanDocument, type Sequence } from '@loa/protocol/device';
import type { Documents, Identity, Now, Refusals, Settings, SettingsData } from '../../contracts.ts';
import type { Clock } from '../../edges/clock.ts';
import type { Damage } from '../../edges/damaged-file.ts';
import type { Disk } from '../../edges/disk.ts';
import type { Random } from '../../edges/random.ts';
import { documentFiles } from './document-files.ts';
import { judgeEnvelope, type Standing, type Verdict } from './judge.ts';
import { type Held, loadDocuments } from './load-documents.ts';
import { createBodyFetch, readBody } from './plan-body.ts';
import { boundedNumbers, later, ordersIdOf, sequenceOf, slotOf } from './slot.ts';
import { raisedFloor } from './time-floor.ts';

/** What became of a message; the reason is one of the protocol's refusal codes. */
export type Received = { ok: true; isNews: boolean } | { ok: false; reason: string };

/** The documents as the link and the composition use them. */
export interface DocumentShelf extends Documents {
  /** Judges what came under a topic and puts it in force at once; writing it down follows. */
  receive(topic: string, payload: Uint8Array): Received;
  /** Areas whose orders the device listens to, nearest first. */
  areas(): readonly string[];
  /** The newest verified issue time, epoch ms; 0 when there is none. */
  floorMs(): number;
  /** Tries at once to fetch a body that is missing; for a link that has just come up. */
  retryBody(): void;
  /** Resolves when everything received so far is on disk, or could not be written. */
  written(): Promise<void>;
  close(): void;
}

export interface DocumentParts {
  disk: Disk;
  settings: Settings;
  identity: Identity;
  clock: Clock;
  random: Random;
  now: () => Now;
  /** The time by round trips of this boot; undefined before the first one: then no document is dated ahead. */
  serverNow?: (() => Now | undefined) | undefined;
  refusals: Refusals;
  /** The bytes of a plan body; rejects when they are not to be had now. */
  fetchBody: (body: { hash: string; sizeBytes: number }) => Promise<Uint8Array>;
  /** Something is in force that was not, or no longer is; the areas may have changed. */
  onChange: () => void;
  /** What is held on disk changed. */
  onWritten: () => void;
  onDamaged: (damage: Damage) => void;
}

/** Opens what is on disk, verifies it again and starts fetching a body that is missing. */
export async function openDocuments(parts: DocumentParts): Promise<DocumentShelf> {
  const { settings, identity, refusals } = parts;
  const files = documentFiles(parts);
  const loaded = await loadDocuments({ files, identity, newest: settings.read().newest });
  const { held } = loaded;
  /** What is safely on disk. */
  const written = new Map([...held].map(([slot, { document }]) => [slot, sequenceOf(document)]));
  let keysWritten = loaded.keys?.set.number ?? 0;
  let { keys, body, coming } = loaded;
  /** Numbers taken or found since the start; those safely remembered stand in the settings. */
  let taken: Record<string, Sequence> = Object.fromEntries(written);
  if (coming !== undefined) taken.plan = sequenceOf(coming.plan);
  let floor = settings.read().clockFloor;
  // What is remembered was weighed when it came; what is not speaks for itself.
  for (const [slot, { document }] of held) {
    const remembered = settings.read().newest.documents[slot];
    if (remembered === undefined || compareSequence(remembered, document) < 0)
      floor = raisedFloor(floor, document, undefined);
  }

  const bodyFetch = createBodyFetch({
    ...parts,
    onBytes(plan, bytes) {
      if (coming?.plan !== plan) return true;
      const read = readBody(plan, bytes);
      if (!read.ok) {
        refusals.refused({ subject: `body ${plan.body.hash}`, reason: read.reason });
        return false;
      }
      putInForce(coming.held, { parsed: read.body, text: Buffer.from(bytes).toString('utf8') });
      parts.onChange();
      return true;
    },
  });

  function planInForce(): PlanDocument | undefined {
    const document = held.get('plan')?.document;
    return document?.kind === 'plan' ? document : undefined;
  }

  function areas(): readonly string[] {
    const plan = coming?.plan ?? planInForce();
    if (plan !== undefined) return plan.areas;
    return [...held.values()].flatMap(({ document }) =>
      document.kind === 'orders' && document.scope === 'area' ? [document.aud] : [],
    );
  }

  function newestOf(slot: string): Sequence | undefined {
    return later(settings.read().newest.documents[slot], taken[slot]);
  }

  function standing(overrides: Partial<Standing>): Standing {
    const now = parts.now();
    return {
      deviceId: identity.deviceId,
      rootKey: identity.rootKey,
      keySet: keys?.set,
      areas: areas(),
      newestKeys: Math.max(settings.read().newest.keys, keys?.set.number ?? 0),
      certainlyPastMs: Math.max(floor.issuedMs, now.trusted ? now.ms - now.boundMs : 0),
      newest: (slot) => ({
        sequence: newestOf(slot),
        isHeld: held.has(slot) || (slot === 'plan' && coming !== undefined),
      }),
      ...overrides,
    };
  }

  function receive(topic: string, payload: Uint8Array): Received {
    const text = Buffer.from(payload).toString('utf8');
    const verdict = judgeEnvelope({ topic, text, standing: standing({}) });
    if (verdict.kind === 'refused') return refuse(topic, verdict.reason);
    if (verdict.kind === 'same') {
      writeMissing();
      return { ok: true, isNews: false };
    }
    if (verdict.kind === 'keys') {
      takeKeys({ set: verdict.keySet, text });
    } else {
      if (verdict.ordersLeftOut > 0) refusals.refused({ subject: topic, reason: 'order lives longer than a day' });
      const taken = takeDocument(verdict, text);
      if (!taken.ok) return refuse(topic, taken.reason);
    }
    parts.onChange();
    return { ok: true, isNews: true };
  }

  function takeDocument(verdict: Extract<Verdict, { kind: 'document' }>, text: string): Received {
    const { document } = verdict;
    const next: Held = { document, text, keyId: verdict.keyId };
    if (document.kind !== 'plan') putInForce(next, undefined);
    else if (document.body.inline === undefined) {
      coming = { held: next, plan: document };
      bodyFetch.want(document);
    } else {
      const read = readBody(document, Buffer.from(document.body.inline));
      if (!read.ok) return read;
      putInForce(next, { parsed: read.body, text: document.body.inline });
    }
    floor = raisedFloor(floor, document, parts.serverNow?.());
    taken = boundedNumbers({ ...taken, [verdict.slot]: sequenceOf(document) }, held);
    return { ok: true, isNews: true };
  }

  function putInForce(next: Held, planBody: typeof body): void {
    const slot = slotOf(next.document);
    held.set(slot, next);
    if (planBody !== undefined) {
      body = planBody;
      coming = undefined;
      bodyFetch.stop();
    }
    write(slot, next);
    if (planBody === undefined) return;
    // Behind the plan that leaves their areas: a cut between the two must not cost the former plan its orders.
    for (const [other, { document }] of held)
      if (document.kind === 'orders' && document.scope === 'area' && !areas().includes(document.aud)) drop(other);
  }

  function drop(slot: string): void {
    held.delete(slot);
    written.delete(slot);
    if (slot === 'plan') body = undefined;
    const number = newestOf(slot);
    files.enqueue(slot, async () => {
      await files.remove(slot);
      if (number !== undefined) await settings.update((data) => remember(data, slot, number));
    });
  }

  function remember(data: SettingsData, slot: string, number: Sequence): void {
    data.newest.documents = boundedNumbers({ ...data.newest.documents, [slot]: number }, held);
    data.clockFloor = floor;
  }

  function takeKeys(next: { set: KeySet; text: string }): void {
    keys = next;
    const ids = new Set(next.set.keys.map(keyId));
    // A key that is no longer listed may be in wrong hands: what it signed ends with it.
    if (coming !== undefined && !ids.has(coming.held.keyId)) {
      coming = undefined;
      bodyFetch.stop();
    }
    for (const [slot, one] of held) {
      if (ids.has(one.keyId)) continue;
      drop(slot);
      refusals.refused({ subject: slot, reason: 'unknown-key' });
    }
    // Behind what ends with it: after a cut between the two that would look like rot.
    writeKeys();
  }

  /** The file first, then the number below which nothing is accepted: the other way round a cut would cost the plan. */
  function write(slot: string, next: Held): void {
    const { document } = next;
    const bodyText = body?.text;
    files.enqueue(slot, async () => {
      const isApart = document.kind === 'plan' && document.body.inline === undefined;
      if (isApart && bodyText !== undefined) await files.write(`body-${document.body.hash}`, bodyText);
      await files.write(slot, next.text);
      await settings.update((data) => remember(data, slot, sequenceOf(document)));
      if (held.get(slot) === next) written.set(slot, sequenceOf(document));
      parts.onWritten();
      if (document.kind === 'plan') await removeOtherBodies(document.body.hash);
    });
  }

  function writeKeys(): void {
    if (keys === undefined) return;
    const { set, text } = keys;
    files.enqueue('keys', async () => {
      await files.write('keys', text);
      await files.write('keys-copy', text);
      await settings.update((data) => {
        data.newest.keys = Math.max(data.newest.keys, set.number);
      });
      keysWritten = set.number;
      parts.onWritten();
    });
  }

  /** What the disk refused earlier is tried again when the server repeats itself. */
  function writeMissing(): void {
    for (const [slot, one] of held) {
      const number = written.get(slot);
      if (number !== undefined && compareSequence(number, one.document) === 0) continue;
      write(slot, one);
    }
    if (keys !== undefined && keys.set.number !== keysWritten) writeKeys();
  }

  async function removeOtherBodies(hash: string): Promise<void> {
    for (const name of await files.names())
      if (name.startsWith('body-') && name !== `body-${hash}`) await files.remove(name);
  }

  function refuse(subject: string, reason: string): Received {
    refusals.refused({ subject, reason });
    return { ok: false, reason };
  }

  if (!loaded.areBothKeyCopiesSound) writeKeys();
  if (coming !== undefined) bodyFetch.want(coming.plan);
  return {
    receive,
    areas,
    floorMs: () => floor.issuedMs,
    retryBody: () => bodyFetch.retry(),
    written: () => files.idle(),
    close: () => bodyFetch.stop(),
    holds() {
      const orders: Record<string, Sequence> = {};
      for (const [slot, number] of written) {
        const id = ordersIdOf(slot);
        if (id !== undefined) orders[id] = number;
      }
      return { keys: keysWritten, plan: written.get('plan'), hours: written.get('hours'), orders };
    },
    plan() {
      const head = planInForce();
      return head === undefined || body === undefined ? undefined : { head, body: body.parsed };
    },
    hours() {
      const document = held.get('hours')?.document;
      return document?.kind === 'hours' ? document : undefined;
    },
    orders: () =>
      [...held.values()].flatMap(({ document }) =>
        document.kind === 'orders' ? document.orders.map((order) => ({ order, document })) : [],
      ),
  };
}
