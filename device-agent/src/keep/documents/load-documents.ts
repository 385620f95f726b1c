/**
 * What of the documents folder still counts at a start: every envelope is verified again, against the key set that
 * stands on disk beside it and the numbers that the settings remember. What rotted is set aside and told. What belongs to an area
 * that was left is removed. Puts nothing in force and writes nothing.
 */
import { type KeySet, type PlanBody, type PlanDocument, type SignedDocument, topics } from '@loa/protocol/device';
import type { Identity, SettingsData } from '../../contracts.ts';
import type { DocumentFiles } from './document-files.ts';
import { judgeEnvelope, type Standing, type Verdict } from './judge.ts';
import { readBody } from './plan-body.ts';
import { ordersIdOf, topicOf } from './slot.ts';

/** A document that counts, as it was signed. */
export interface Held {
  document: SignedDocument;
  text: string;
  keyId: string;
}

export interface Loaded {
  keys: { set: KeySet; text: string } | undefined;
  /** The key set is kept twice: without it every other document is worthless. */
  areBothKeyCopiesSound: boolean;
  held: Map<string, Held>;
  /** Of the plan in `held`. */
  body: { parsed: PlanBody; text: string } | undefined;
  /** A plan whose body is not on disk. */
  coming: { held: Held; plan: PlanDocument } | undefined;
}

/** Reads and verifies the folder. */
export async function loadDocuments(parts: {
  files: DocumentFiles;
  identity: Identity;
  newest: SettingsData['newest'];
}): Promise<Loaded> {
  const { files, identity, newest } = parts;
  const loaded: Loaded = {
    keys: undefined,
    areBothKeyCopiesSound: false,
    held: new Map(),
    body: undefined,
    coming: undefined,
  };

  const standing = (areas: readonly string[]): Standing => ({
    deviceId: identity.deviceId,
    rootKey: identity.rootKey,
    keySet: loaded.keys?.set,
    areas,
    newestKeys: newest.keys,
    newest: (slot) => ({ sequence: newest.documents[slot], isHeld: false }),
    // What was in force stays so, past its end too: the conductor starts nothing of a plan that is over.
    certainlyPastMs: 0,
  });

  async function loadKeys(): Promise<void> {
    let soundCopies = 0;
    for (const name of ['keys', 'keys-copy']) {
      const text = await files.read(name);
      if (text === undefined) continue;
      const verdict = judgeEnvelope({ topic: topics.keys(), text, standing: standing([]) });
      const isNewer = verdict.kind === 'keys' && verdict.keySet.number > (loaded.keys?.set.number ?? 0);
      if (isNewer) loaded.keys = { set: verdict.keySet, text };
      else if (verdict.kind === 'refused' && verdict.reason !== 'not-newer') await files.giveUp(name, verdict.reason);
      if (isNewer || verdict.kind === 'same') soundCopies += 1;
    }
    loaded.areBothKeyCopiesSound = soundCopies === 2;
  }

  async function loadSlot(slot: string, areas: readonly string[]): Promise<void> {
    const text = await files.read(slot);
    if (text === undefined) return;
    const topic = topicOf(slot, identity.deviceId);
    const verdict = judgeEnvelope({ topic, text, standing: standing(areas) });
    if (verdict.kind === 'document') await take(verdict, text);
    else if (verdict.kind === 'refused') await files.giveUp(slot, verdict.reason);
  }

  async function take({ slot, document, keyId }: Extract<Verdict, { kind: 'document' }>, text: string): Promise<void> {
    const one: Held = { document, text, keyId };
    if (document.kind === 'plan') {
      const name = `body-${document.body.hash}`;
      const kept = document.body.inline ?? (await files.read(name));
      const bodyText = kept ?? '';
      const read = readBody(document, Buffer.from(bodyText));
      if (!read.ok) {
        if (kept !== undefined) await files.giveUp(name, read.reason);
        loaded.coming = { held: one, plan: document };
        return;
      }
      loaded.body = { parsed: read.body, text: bodyText };
    }
    loaded.held.set(slot, one);
  }

  await loadKeys();
  const slots = (await files.names()).filter((name) => /^(plan|hours|orders-.+)$/.test(name));
  if (slots.includes('plan')) await loadSlot('plan', []);
  const plan = loaded.coming?.plan ?? loaded.held.get('plan')?.document;
  // A plan that rotted must not take the orders of its areas with it.
  const areas = plan?.kind === 'plan' ? plan.areas : slots.flatMap((slot) => ordersIdOf(slot) ?? []);
  for (const slot of slots) {
    const area = ordersIdOf(slot);
    const isLeft = area !== undefined && area !== identity.deviceId && !areas.includes(area);
    // The power went between the plan that left an area and the end of its orders.
    if (isLeft) await files.remove(slot).catch(() => undefined);
    else if (slot !== 'plan') await loadSlot(slot, areas);
  }
  return loaded;
}
