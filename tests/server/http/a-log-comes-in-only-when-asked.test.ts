/**
 * Promise: the door for devices' logs reads no byte of what nobody asked for, takes no more than its bound, and hands on
 * only what has arrived whole; the panel shows a log as text and nothing else.
 */
import { request } from 'node:http';
import { doorPaths, logBytesMax } from '@loa/protocol/device';
import { problemSchema } from '@loa/protocol/panel';
import { httpLimits } from '@loa/server/fronts/http/ports.ts';
import { accept, refuse } from '@loa/server/refusal.ts';
import type { Repairs } from '@loa/server/work/contracts.ts';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { deviceToken, type HttpTown, openHttpTown } from './http-town.ts';

const refusal = { status: 404 as const, vi: 'Không.', en: 'No.' };
const kept: { deviceId: string; orderId: string; bytes: number }[] = [];
let stored = Promise.resolve();
const repairs: Repairs = {
  orderService: async () => refuse({ ...refusal, code: 'x' }),
  listServices: async () => accept({ services: [], release: null }),
  deviceLog: async (_person, id) =>
    id === 'mine'
      ? accept(lines(['<script>alert(1)</script>\n', 'xong\n']))
      : refuse({ ...refusal, code: 'unknown-service' }),
  releaseFor: async () => undefined,
  mayTakeLog: async ({ deviceId }, orderId) =>
    deviceId === 'd1' && orderId === 'asked' ? accept(null) : refuse({ ...refusal, code: 'order-not-in-force' }),
  keepLog: async ({ deviceId }, { orderId, bytes }) => {
    await stored;
    kept.push({ deviceId, orderId, bytes: bytes.length });
    return bytes[0] === 0x1f ? accept(null) : refuse({ ...refusal, status: 415, code: 'log-not-gzip' });
  },
};

async function* lines(texts: string[]) {
  for (const text of texts) yield Buffer.from(text);
}

let town: HttpTown;
beforeAll(async () => {
  town = await openHttpTown({ rooms: { repairs }, settings: { limits: { ...httpLimits, logsAtOnceMax: 1 } } });
});
afterAll(() => town.close());
beforeEach(() => {
  kept.length = 0;
  stored = Promise.resolve();
});

const bearer = { authorization: `Bearer ${deviceToken}` };
const gzip = { ...bearer, 'content-type': 'application/gzip' };
const log = (bytes: number) => {
  const content = new Uint8Array(bytes);
  content.set([0x1f, 0x8b, 8].slice(0, bytes));
  return content;
};
const post = (id: string, init: RequestInit) => town.ask(doorPaths.logs(id), { method: 'POST', ...init });

async function codeOf(answer: Response): Promise<string> {
  expect(answer.headers.get('content-type')).toContain('application/problem+json');
  const problem = problemSchema.parse(await answer.json());
  expect(problem.vi.length * problem.en.length).toBeGreaterThan(0);
  return `${answer.status} ${problem.code}`;
}

/** Announces more than it sends, and tells the answer that came meanwhile. */
function announce(id: string, headers: Record<string, string | number>): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const sender = request(`${town.url}${doorPaths.logs(id)}`, { method: 'POST', headers });
    sender.on('response', (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (part: string) => {
        text += part;
      });
      answer.on('end', () => {
        sender.destroy();
        resolve({ status: answer.statusCode ?? 0, text });
      });
    });
    sender.on('error', reject);
    sender.flushHeaders();
  });
}

test('a log of the largest size is taken whole', async () => {
  const answer = await post('asked', { headers: gzip, body: log(logBytesMax) });
  expect(answer.status).toBe(201);
  expect(kept).toEqual([{ deviceId: 'd1', orderId: 'asked', bytes: logBytesMax }]);
});

test.each([
  { what: 'no token', id: 'asked', headers: { 'content-type': 'application/gzip' }, code: '401 device-token-wrong' },
  {
    what: 'a panel’s cookie',
    id: 'asked',
    headers: { 'content-type': 'application/gzip', cookie: 'loa_session=technician' },
    code: '401 device-token-wrong',
  },
  { what: 'an order that is not its own', id: 'foreign', headers: gzip, code: '404 order-not-in-force' },
  { what: 'a path for an order', id: '..%2f..%2fetc', headers: gzip, code: '404 order-not-in-force' },
  {
    what: 'JSON',
    id: 'asked',
    headers: { ...bearer, 'content-type': 'application/json' },
    code: '415 content-type-unknown',
  },
  {
    what: 'a form',
    id: 'asked',
    headers: { ...bearer, 'content-type': 'multipart/form-data; boundary=x' },
    code: '415 content-type-unknown',
  },
  { what: 'no kind', id: 'asked', headers: { ...bearer, 'content-type': '' }, code: '415 content-type-unknown' },
])('refused for $what, and nothing is handed on', async ({ id, headers, code }) => {
  expect(await codeOf(await post(id, { headers, body: '{}' }))).toBe(code);
  expect(kept).toEqual([]);
});

test('who is refused is refused before the body is sent', async () => {
  for (const [id, headers, status] of [
    ['asked', { 'content-type': 'application/gzip' }, 401],
    ['foreign', gzip, 404],
    ['asked', { ...gzip, 'content-length': logBytesMax + 1 }, 413],
  ] as const) {
    const answer = await announce(id, { 'content-length': 1_000, ...headers });
    expect(answer.status).toBe(status);
  }
  expect(kept).toEqual([]);
});

test('an endless log without a length is cut off at the bound', async () => {
  const endless = new ReadableStream({ pull: (sink) => sink.enqueue(log(64 * 1024)) });
  const init = { headers: gzip, body: endless, duplex: 'half' } as RequestInit;
  const outcome = await post('asked', init).then(codeOf, () => 'cut');
  expect(['413 body-too-large', 'cut']).toContain(outcome);
  expect(kept).toEqual([]);
});

test('what is no gzip is refused by the room, an empty body too', async () => {
  expect(await codeOf(await post('asked', { headers: gzip, body: 'text' }))).toBe('415 log-not-gzip');
  expect((await post('asked', { headers: gzip })).status).toBeGreaterThanOrEqual(400);
});

test('more at once than the bound are told to come again, and the place is free afterwards', async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  stored = promise;
  const first = post('asked', { headers: gzip, body: log(100) });
  await expect.poll(async () => (await announce('asked', { ...gzip, 'content-length': 5 })).status).toBe(503);
  resolve();
  expect((await first).status).toBe(201);
  await expect.poll(async () => (await post('asked', { headers: gzip, body: log(100) })).status).toBe(201);
});

test('other methods are told what the door takes; no other door takes gzip', async () => {
  const answer = await town.ask(doorPaths.logs('asked'), { headers: bearer });
  expect(await codeOf(answer)).toBe('405 method-not-allowed');
  expect(answer.headers.get('allow')).toBe('POST');
  const elsewhere = await town.ask(doorPaths.nonce, { method: 'POST', headers: gzip, body: log(10) });
  expect(await codeOf(elsewhere)).toBe('415 content-type-unknown');
});

test('the panel reads it as plain text that no browser takes for a page', async () => {
  const answer = await town.ask('/api/services/mine/log', { as: 'technician' });
  expect(Object.fromEntries(answer.headers)).toMatchObject({
    'content-type': 'text/plain; charset=utf-8',
    'x-content-type-options': 'nosniff',
    'cache-control': 'no-store',
  });
  expect(await answer.text()).toBe('<script>alert(1)</script>\nxong\n');
  expect(await codeOf(await town.ask('/api/services/other/log', { as: 'technician' }))).toBe('404 unknown-service');
});
