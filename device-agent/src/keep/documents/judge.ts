/**
 * Whether an envelope that came under a topic counts: signed by who may sign it, meant for this device, newer than
 * what is held, not past its end. Pure; every refusal has the code that the protocol's README lists.
 */
import {
  compareSequence,
  type EnvelopeRefusal,
  hoursSchema,
  type KeySet,
  keySetSchema,
  mqttMessageBytesMax,
  open,
  ordersSchema,
  type PublicKey,
  parseTopic,
  planSchema,
  type Sequence,
  type SignedDocument,
  soundingOrderLifeMsMax,
  type Topic,
} from '@loa/protocol/device';
import type { z } from 'zod';
import { slotOf } from './slot.ts';

export type DocumentRefusal =
  | EnvelopeRefusal
  | 'too-large'
  | 'unknown-topic'
  | 'not-understood'
  | 'wrong-audience'
  | 'not-newer'
  | 'expired';

/** What a device compares a document with. */
export interface Standing {
  deviceId: string;
  rootKey: PublicKey;
  keySet: KeySet | undefined;
  /** Areas whose orders count. */
  areas: readonly string[];
  /** Newest number ever in force in a slot, and whether that document is in hand now. */
  newest: (slot: string) => { sequence: Sequence | undefined; isHeld: boolean };
  newestKeys: number;
  /** An instant that has certainly passed, epoch ms. */
  certainlyPastMs: number;
}

export type Verdict =
  | { kind: 'keys'; keySet: KeySet }
  | { kind: 'document'; slot: string; document: SignedDocument; keyId: string; ordersLeftOut: number }
  /** What is in force already, as every reconnect brings it. */
  | { kind: 'same' }
  | { kind: 'refused'; reason: DocumentRefusal };

/** Judges what arrived under a topic. */
export function judgeEnvelope(options: { topic: string; text: string; standing: Standing }): Verdict {
  const { text, standing } = options;
  if (text.length > mqttMessageBytesMax) return refuse('too-large');
  const topic = parseTopic(options.topic);
  if (topic === undefined || topic.kind === 'presence') return refuse('unknown-topic');
  if (topic.kind === 'keys') return judgeKeys(text, standing);
  const isOwn =
    topic.kind === 'area-orders' ? standing.areas.includes(topic.areaId) : topic.deviceId === standing.deviceId;
  if (!isOwn) return refuse('wrong-audience');

  const opened = open({ text, keys: standing.keySet?.keys ?? [], type: 'loa-document' });
  if (!opened.ok) return refuse(opened.reason);
  const parsed = schemaOf(topic).safeParse(opened.payload);
  if (!parsed.success) return refuse('not-understood');
  const document = parsed.data;
  const isForArea = topic.kind === 'area-orders';
  if (document.aud !== (isForArea ? topic.areaId : topic.deviceId)) return refuse('wrong-audience');
  if (document.kind === 'orders' && document.scope !== (isForArea ? 'area' : 'device')) return refuse('wrong-audience');

  const slot = slotOf(document);
  const { sequence, isHeld } = standing.newest(slot);
  const order = sequence === undefined ? 1 : compareSequence(document, sequence);
  if (order === 0 && isHeld) return { kind: 'same' };
  if (order < 0) return refuse('not-newer');
  if (document.kind === 'plan' && Date.parse(document.expiresAt) <= standing.certainlyPastMs) return refuse('expired');
  return { kind: 'document', slot, keyId: opened.keyId, ...withoutEndless(document) };
}

/** One order that would live too long must not take a stop in the same document with it. */
function withoutEndless(document: SignedDocument): { document: SignedDocument; ordersLeftOut: number } {
  if (document.kind !== 'orders') return { document, ordersLeftOut: 0 };
  const orders = document.orders.filter(
    (one) => Date.parse(one.expiresAt) - Date.parse(one.issuedAt) <= soundingOrderLifeMsMax,
  );
  return { document: { ...document, orders }, ordersLeftOut: document.orders.length - orders.length };
}

function judgeKeys(text: string, standing: Standing): Verdict {
  const opened = open({ text, keys: [standing.rootKey], type: 'loa-keys' });
  if (!opened.ok) return refuse(opened.reason);
  const parsed = keySetSchema.safeParse(opened.payload);
  if (!parsed.success) return refuse('not-understood');
  if (parsed.data.number === standing.keySet?.number) return { kind: 'same' };
  if (parsed.data.number < standing.newestKeys) return refuse('not-newer');
  return { kind: 'keys', keySet: parsed.data };
}

function schemaOf(topic: Topic): z.ZodType<SignedDocument> {
  if (topic.kind === 'plan') return planSchema;
  return topic.kind === 'hours' ? hoursSchema : ordersSchema;
}

function refuse(reason: DocumentRefusal): Verdict {
  return { kind: 'refused', reason };
}
