/**
 * An installation in a test's hand: root key, signing keys, a device and its areas, and every document signed as the
 * server would. Numbers grow by themselves unless a test says otherwise.
 */
import { createHash } from 'node:crypto';
import type { Identity } from '@loa/device-agent/contracts.ts';
import {
  type Clip,
  type EmergencyOrder,
  keyFromSeed,
  type Order,
  type PlanItem,
  type PrivateKey,
  publicPart,
  type Sequence,
  seal,
  topics,
} from '@loa/protocol/device';

export const issuedMs = Date.parse('2026-11-20T17:00:00+07:00');

export const keyOf = (seed: number): PrivateKey => keyFromSeed(new Uint8Array(32).fill(seed));
export const rootKey = keyOf(1);
export const signingKey = keyOf(2);
export const foreignKey = keyOf(9);
export const deviceKey = keyOf(3);

export const deviceId = 'cum-01';
export const areaId = 'xa-22933';

export const identity: Identity = {
  deviceId,
  clusterName: 'Thôn 1',
  serverUrl: 'http://127.0.0.1:1',
  privateKey: deviceKey,
  rootKey: publicPart(rootKey),
};

export interface Sealed {
  topic: string;
  payload: Uint8Array;
  sequence: Sequence;
}

interface Stamp extends Partial<Sequence> {
  aud?: string;
  key?: PrivateKey;
  issuedAtMs?: number;
  v?: number;
}

const hashOf = (text: string | Uint8Array) => createHash('sha256').update(text).digest('hex');

/** Signs what a server would say; each call takes the next number. */
export function installation() {
  let number = 0;

  function sealed(topic: string, fields: Record<string, unknown>, aud: string, stamp: Stamp): Sealed {
    number += 1;
    const sequence = { epoch: stamp.epoch ?? 1, number: stamp.number ?? number };
    const issuedAt = new Date(stamp.issuedAtMs ?? issuedMs).toISOString();
    const payload = { v: stamp.v ?? 1, aud: stamp.aud ?? aud, ...sequence, issuedAt, ...fields };
    const text = seal({ payload, key: stamp.key ?? signingKey, type: 'loa-document' });
    return { topic, payload: Buffer.from(text), sequence };
  }

  return {
    keys(options: { number?: number; keys?: PrivateKey[]; root?: PrivateKey } = {}): Sealed {
      const payload = {
        kind: 'keys',
        v: 1,
        number: options.number ?? 1,
        keys: (options.keys ?? [signingKey]).map(publicPart),
      };
      const text = seal({ payload, key: options.root ?? rootKey, type: 'loa-keys' });
      return { topic: topics.keys(), payload: Buffer.from(text), sequence: { epoch: 1, number: payload.number } };
    },
    plan(
      options: Stamp & {
        areas?: string[];
        items?: PlanItem[];
        clips?: Clip[];
        expiresAtMs?: number;
        byHash?: boolean;
        inline?: string;
      } = {},
    ): Sealed & { bodyText: string; hash: string } {
      const bodyText = JSON.stringify({ clips: options.clips ?? [], items: options.items ?? [] });
      const inline = options.byHash === true ? {} : { inline: options.inline ?? bodyText };
      const fields = {
        kind: 'plan',
        expiresAt: new Date(options.expiresAtMs ?? issuedMs + 9 * 86_400_000).toISOString(),
        areas: options.areas ?? [areaId],
        fromMs: issuedMs,
        untilMs: issuedMs + 9 * 86_400_000,
        body: { hash: hashOf(bodyText), sizeBytes: Buffer.byteLength(bodyText), ...inline },
      };
      return { ...sealed(topics.plan(deviceId), fields, deviceId, options), bodyText, hash: hashOf(bodyText) };
    },
    hours(options: Stamp = {}): Sealed {
      const spans = [{ weekdays: [1, 2, 3, 4, 5, 6, 7], from: '05:00', until: '21:00' }];
      const fields = { kind: 'hours', timeZone: 'Asia/Ho_Chi_Minh', spans, document: '' };
      return sealed(topics.hours(deviceId), fields, deviceId, options);
    },
    orders(options: Stamp & { area?: string; orders?: Order[]; scope?: 'area' | 'device' } = {}): Sealed {
      const { area } = options;
      const fields = {
        kind: 'orders',
        scope: options.scope ?? (area === undefined ? 'device' : 'area'),
        orders: options.orders ?? [],
      };
      const topic = area === undefined ? topics.deviceOrders(deviceId) : topics.areaOrders(area);
      return sealed(topic, fields, area ?? deviceId, options);
    },
  };
}

/** A clip of these bytes, as Ogg Opus. */
export function clipOf(bytes: Uint8Array): Clip {
  const hash = hashOf(bytes);
  return { id: hash, durationMs: 1_000, renditions: [{ format: 'ogg-opus', hash, sizeBytes: bytes.length }] };
}

/** An emergency that lives an hour. */
export function emergency(id: string, lifeMs = 3_600_000): EmergencyOrder {
  return {
    kind: 'emergency',
    id,
    occurrence: `${id}@1`,
    issuedAt: new Date(issuedMs).toISOString(),
    expiresAt: new Date(issuedMs + lifeMs).toISOString(),
    clip: clipOf(Buffer.from('còi')),
    repeat: { count: 1, gapMs: 0 },
    lengthMsMax: 60_000,
    drill: false,
  };
}
