/**
 * The published test vectors are what this code says: another maker who satisfies them understands this server.
 * `LOA_WRITE_VECTORS=1` writes them anew, for a new version of the wire only.
 */

import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  documentSchema,
  keyFromSeed,
  keyId,
  keySetSchema,
  open,
  planBodySchema,
  publicPart,
  seal,
  topics,
} from '@loa/protocol/device';
import { isExcepted, isPermitted } from '@loa/schedules';
import { expect, test } from 'vitest';

const path = join(import.meta.dirname, '../../protocol/vectors/device-v1.json');
const root = keyFromSeed(new Uint8Array(32).fill(1));
const signing = keyFromSeed(new Uint8Array(32).fill(2));
const device = keyFromSeed(new Uint8Array(32).fill(3));
const stranger = keyFromSeed(new Uint8Array(32).fill(4));

const clip = {
  id: 'a'.repeat(64),
  durationMs: 61_500,
  renditions: [
    { format: 'ogg-opus', hash: 'a'.repeat(64), sizeBytes: 246_000 },
    { format: 'mp3', hash: 'b'.repeat(64), sizeBytes: 492_000 },
  ],
};
const body = JSON.stringify({
  clips: [clip],
  items: [
    {
      occurrence: 'b7@1795471200',
      atMs: 1_795_471_200_000,
      class: 'normal',
      clip: 0,
      repeat: { count: 2, gapMs: 2_000 },
      late: { kind: 'start', lateMsMax: 300_000 },
      resume: 'drop',
      lengthMsMax: 127_000,
    },
  ],
});
const exception = { document: '31/UBND', fromMs: 1_795_532_400_000, untilMs: 1_795_536_000_000 };
const exceptedBody = JSON.stringify({
  clips: [clip],
  items: [
    {
      occurrence: 'b9@1795534200',
      atMs: 1_795_534_200_000,
      class: 'normal',
      clip: 0,
      repeat: { count: 1, gapMs: 0 },
      late: { kind: 'start', lateMsMax: 300_000 },
      resume: 'drop',
      lengthMsMax: 63_500,
      exception,
    },
  ],
});
const relayItem = {
  occurrence: 's3@1795471500',
  atMs: 1_795_471_500_000,
  class: 'normal',
  clip: 0,
  repeat: { count: 1, gapMs: 0 },
  late: { kind: 'join', lateMsMax: 0 },
  resume: 'resume',
  lengthMsMax: 1_802_000,
  relay: { url: 'https://dai.example/live', lengthMs: 1_800_000 },
  gainDb: -6,
};
const relayBody = JSON.stringify({ clips: [clip], items: [relayItem] });
const bodyHash = createHash('sha256').update(body).digest('hex');
const stamp = { v: 1, epoch: 1, issuedAt: '2026-11-23T21:00:00.000Z' };
const plan = {
  kind: 'plan',
  ...stamp,
  aud: 'd1',
  number: 12,
  expiresAt: '2026-12-02T21:00:00.000Z',
  areas: ['g23089-1', 'c23089', 'p68'],
  fromMs: 1_795_467_600_000,
  untilMs: 1_796_245_200_000,
  body: { hash: bodyHash, sizeBytes: Buffer.byteLength(body), inline: body },
};
const orders = {
  kind: 'orders',
  ...stamp,
  aud: 'c23089',
  number: 13,
  scope: 'area',
  orders: [
    {
      kind: 'emergency',
      id: 'b8',
      occurrence: 'b8@1795467660',
      issuedAt: '2026-11-23T21:01:00.000Z',
      expiresAt: '2026-11-23T23:01:00.000Z',
      clip,
      repeat: { count: 3, gapMs: 3_000 },
      lengthMsMax: 192_500,
      drill: false,
    },
  ],
};
const hours = {
  kind: 'hours',
  ...stamp,
  aud: 'd1',
  number: 11,
  timeZone: 'Asia/Ho_Chi_Minh',
  spans: [{ weekdays: [1, 2, 3, 4, 5, 6, 7], from: '04:45', until: '21:00' }],
  document: '12/QĐ-UBND',
};
const keySet = { kind: 'keys', v: 1, number: 1, keys: [publicPart(signing)] };

const vectors = {
  about: 'Device protocol version 1. Seeds are 32 bytes of 01, 02, 03, 04 (root, signing, device, stranger).',
  keys: Object.fromEntries(
    Object.entries({ root, signing, device, stranger }).map(([name, key]) => [
      name,
      { id: keyId(key), public: publicPart(key) },
    ]),
  ),
  topics: {
    keys: topics.keys(),
    plan: topics.plan('d1'),
    hours: topics.hours('d1'),
    deviceOrders: topics.deviceOrders('d1'),
    areaOrders: topics.areaOrders('c23089'),
    presence: topics.presence('d1'),
  },
  planBody: { text: body, hash: bodyHash },
  planBodyWithException: { text: exceptedBody, hash: createHash('sha256').update(exceptedBody).digest('hex') },
  planBodyWithRelay: { text: relayBody, hash: createHash('sha256').update(relayBody).digest('hex') },
  /** A plan body with such an address is not understood. */
  relayUrlsRefused: ['file:///etc/hostname', 'rtmp://dai.example/live', 'dai.example/live', 'http://dai.example/a b'],
  /** What is left of an item, judged by the hours vector and the exception it carries, if any. */
  starts: [
    { name: 'in permitted hours', atMs: 1_795_471_200_000, leftMs: 125_000, mayStart: true },
    {
      name: 'in permitted hours, not in its exception',
      atMs: 1_795_471_200_000,
      leftMs: 125_000,
      exception,
      mayStart: true,
    },
    { name: 'outside both', atMs: 1_795_540_000_000, leftMs: 61_500, exception, mayStart: false },
    { name: 'outside permitted hours, without an exception', atMs: 1_795_534_200_000, leftMs: 61_500, mayStart: false },
    { name: 'wholly in its exception', atMs: 1_795_534_200_000, leftMs: 61_500, exception, mayStart: true },
    { name: 'over exactly as its exception ends', atMs: 1_795_535_938_500, leftMs: 61_500, exception, mayStart: true },
    { name: 'a millisecond over its end', atMs: 1_795_535_938_501, leftMs: 61_500, exception, mayStart: false },
    {
      name: 'partly in hours, partly in its exception',
      atMs: 1_795_528_770_000,
      leftMs: 61_500,
      exception: { ...exception, fromMs: 1_795_528_800_000 },
      mayStart: false,
    },
  ],
  accepted: [
    {
      name: 'key set',
      topic: topics.keys(),
      envelope: seal({ payload: keySet, key: root, type: 'loa-keys' }),
      payload: keySet,
    },
    {
      name: 'hours',
      topic: topics.hours('d1'),
      envelope: seal({ payload: hours, key: signing, type: 'loa-document' }),
      payload: hours,
    },
    {
      name: 'plan',
      topic: topics.plan('d1'),
      envelope: seal({ payload: plan, key: signing, type: 'loa-document' }),
      payload: plan,
    },
    {
      name: 'orders',
      topic: topics.areaOrders('c23089'),
      envelope: seal({ payload: orders, key: signing, type: 'loa-document' }),
      payload: orders,
    },
  ],
  refused: [
    {
      name: 'signed by a stranger',
      topic: topics.plan('d1'),
      envelope: seal({ payload: plan, key: stranger, type: 'loa-document' }),
      reason: 'unknown-key',
    },
    {
      name: 'key set not signed by the root',
      topic: topics.keys(),
      envelope: seal({ payload: keySet, key: signing, type: 'loa-keys' }),
      reason: 'unknown-key',
    },
    {
      name: 'a nonce proof is no plan',
      topic: topics.plan('d1'),
      envelope: seal({ payload: plan, key: signing, type: 'loa-nonce' }),
      reason: 'wrong-type',
    },
    {
      name: 'for another device',
      topic: topics.plan('d1'),
      envelope: seal({ payload: { ...plan, aud: 'd2' }, key: signing, type: 'loa-document' }),
      reason: 'wrong-audience',
    },
    {
      name: 'older than the one above',
      topic: topics.plan('d1'),
      envelope: seal({ payload: { ...plan, number: 3 }, key: signing, type: 'loa-document' }),
      reason: 'not-newer',
    },
    {
      name: 'another version',
      topic: topics.plan('d1'),
      envelope: seal({ payload: { ...plan, v: 2 }, key: signing, type: 'loa-document' }),
      reason: 'not-understood',
    },
  ],
  nonceProof: {
    payload: { deviceId: 'd1', nonce: 'n-1' },
    proof: seal({ payload: { deviceId: 'd1', nonce: 'n-1' }, key: device, type: 'loa-nonce' }),
  },
};

if (process.env.LOA_WRITE_VECTORS === '1') await writeFile(path, `${JSON.stringify(vectors, null, 2)}\n`);

test('the published vectors are what this code makes', async () => {
  expect(JSON.parse(await readFile(path, 'utf8'))).toEqual(JSON.parse(JSON.stringify(vectors)));
});

test('every accepted vector opens, and parses to its payload', () => {
  for (const { envelope, payload, name } of vectors.accepted) {
    const isKeys = payload.kind === 'keys';
    const opened = open({
      text: envelope,
      keys: [publicPart(isKeys ? root : signing)],
      type: isKeys ? 'loa-keys' : 'loa-document',
    });
    expect(opened, name).toMatchObject({ ok: true });
    const schema = isKeys ? keySetSchema : documentSchema;
    expect(schema.parse(opened.ok ? opened.payload : undefined), name).toEqual(payload);
  }
  for (const { text } of [vectors.planBody, vectors.planBodyWithException, vectors.planBodyWithRelay]) {
    expect(planBodySchema.parse(JSON.parse(text))).toEqual(JSON.parse(text));
  }
});

test.each(vectors.relayUrlsRefused)('a relay of %s is not understood', (url) => {
  const item = { ...relayItem, relay: { ...relayItem.relay, url } };
  expect(planBodySchema.safeParse({ clips: [clip], items: [item] }).success).toBe(false);
});

test.each(vectors.starts)('a start $name', ({ atMs, leftMs, mayStart, ...item }) => {
  const span = { atMs, durationMs: leftMs };
  const isMeant = 'exception' in item && item.exception !== undefined && isExcepted(item.exception, span);
  expect(isPermitted(hours, span) || isMeant).toBe(mayStart);
});

test('yesterday is understood: unknown fields are ignored, unknown kinds are not', () => {
  expect(documentSchema.parse({ ...plan, futureField: 1 })).toEqual(plan);
  expect(documentSchema.safeParse({ ...plan, kind: 'recipe' }).success).toBe(false);
});
