/** Promise: a device fetches a clip, plan body or release by hash in any number of pieces; a preview can be sought in. */
import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { doorPaths } from '@loa/protocol/device';
import { problemSchema } from '@loa/protocol/panel';
import { judgeRange } from '@loa/server/fronts/http/byte-range.ts';
import { accept, refuse } from '@loa/server/refusal.ts';
import type { Repairs } from '@loa/server/work/contracts.ts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { clipId, deviceToken, type HttpTown, openHttpTown, quietDesk } from './http-town.ts';

const content = randomBytes(300_000);
const hash = createHash('sha256').update(content).digest('hex');
const body = JSON.stringify({ clips: [], items: [], ghi: 'chú' });
const bearer = { authorization: `Bearer ${deviceToken}` };
const etag = `"${hash}"`;

/** Only fetches here. */
const no = async () => refuse({ code: 'x', status: 409, vi: 'Không.', en: 'No.' });
const quietRepairs: Repairs = {
  orderService: no,
  listServices: no,
  deviceLog: no,
  mayTakeLog: no,
  keepLog: no,
  releaseFor: async () => undefined,
};

let town: HttpTown;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'loa-clips-'));
  const path = join(folder, hash);
  await writeFile(path, content);
  town = await openHttpTown({
    rooms: {
      repairs: {
        ...quietRepairs,
        releaseFor: async (device, wanted) =>
          device.deviceId === 'd1' && wanted === hash
            ? { kind: 'path', path, sizeBytes: content.length, mimeType: 'application/gzip' }
            : undefined,
      },
      desk: {
        ...quietDesk,
        previewOf: async () => accept({ path, rendition: { format: 'mp3', hash, sizeBytes: content.length } }),
        fileFor: async (_device, wanted) => {
          if (wanted.kind === 'body') return { kind: 'text', text: body };
          if (wanted.hash !== hash) return undefined;
          return { kind: 'path', path, sizeBytes: content.length, mimeType: 'audio/ogg' };
        },
      },
    },
  });
});
afterAll(async () => {
  await town.close();
  await rm(folder, { recursive: true });
});

async function bytesOf(answer: Response): Promise<Buffer> {
  return Buffer.from(await answer.arrayBuffer());
}

test('a whole clip is immutable, carries its hash as tag and says that it can be resumed', async () => {
  const answer = await town.ask(doorPaths.clip(hash), { headers: bearer });
  expect(answer.status).toBe(200);
  expect(Object.fromEntries(answer.headers)).toMatchObject({
    etag,
    'accept-ranges': 'bytes',
    'content-type': 'audio/ogg',
    'content-length': String(content.length),
  });
  expect(answer.headers.get('cache-control')).toContain('immutable');
  expect((await bytesOf(answer)).equals(content)).toBe(true);
});

test('an interrupted download goes on where it stopped', async () => {
  const first = await town.ask(doorPaths.clip(hash), { headers: { ...bearer, range: 'bytes=0-99999' } });
  const rest = await town.ask(doorPaths.clip(hash), {
    headers: { ...bearer, range: 'bytes=100000-', 'if-range': etag },
  });
  expect([first.status, rest.status]).toEqual([206, 206]);
  expect(rest.headers.get('content-range')).toBe(`bytes 100000-299999/300000`);
  expect(Buffer.concat([await bytesOf(first), await bytesOf(rest)]).equals(content)).toBe(true);
});

test('a resume of other bytes gets the whole, a range behind the end is refused', async () => {
  const other = await town.ask(doorPaths.clip(hash), { headers: { ...bearer, range: 'bytes=10-', 'if-range': '"x"' } });
  expect(other.status).toBe(200);
  await other.body?.cancel();
  const behind = await town.ask(doorPaths.clip(hash), { headers: { ...bearer, range: 'bytes=300000-' } });
  expect(behind.status).toBe(416);
  expect(behind.headers.get('content-range')).toBe('bytes */300000');
});

test('an interrupted release goes on where it stopped', async () => {
  const path = doorPaths.release(hash);
  const first = await town.ask(path, { headers: { ...bearer, range: 'bytes=0-99999' } });
  const rest = await town.ask(path, { headers: { ...bearer, range: 'bytes=100000-', 'if-range': etag } });
  expect([first.status, rest.status]).toEqual([206, 206]);
  expect(first.headers.get('content-type')).toBe('application/gzip');
  expect(Buffer.concat([await bytesOf(first), await bytesOf(rest)]).equals(content)).toBe(true);
});

test('a plan body comes byte for byte', async () => {
  const answer = await town.ask(doorPaths.body(hash), { headers: bearer });
  expect(await answer.text()).toBe(body);
  const part = await town.ask(doorPaths.body(hash), { headers: { ...bearer, range: 'bytes=-5' } });
  expect(await bytesOf(part)).toEqual(Buffer.from(body).subarray(-5));
});

describe.each(['clip', 'release'] as const)('a %s', (door) => {
  test.each([
    { what: 'no token', headers: {}, wanted: hash, status: 401, code: 'device-token-wrong' },
    {
      what: 'a wrong token',
      headers: { authorization: 'Bearer x' },
      wanted: hash,
      status: 401,
      code: 'device-token-wrong',
    },
    {
      what: 'a panel’s cookie',
      headers: { cookie: 'loa_session=department' },
      wanted: hash,
      status: 401,
      code: 'device-token-wrong',
    },
    { what: 'another hash', headers: bearer, wanted: '0'.repeat(64), status: 404, code: 'not-found' },
    { what: 'a path for a hash', headers: bearer, wanted: '..%2f..%2fetc', status: 404, code: 'not-found' },
  ])('is not given for $what', async ({ headers, wanted, status, code }) => {
    const answer = await town.ask(doorPaths[door](wanted), { headers });
    expect(answer.status).toBe(status);
    expect(problemSchema.parse(await answer.json()).code).toBe(code);
  });
});

test('a browser seeks in a preview', async () => {
  const path = `/api/clips/${clipId}/preview`;
  const answer = await town.ask(path, { as: 'officer', headers: { range: 'bytes=1000-1999' } });
  expect(answer.status).toBe(206);
  expect(answer.headers.get('content-type')).toBe('audio/mpeg');
  expect((await bytesOf(answer)).equals(content.subarray(1000, 2000))).toBe(true);
});

describe('which bytes a Range header means (RFC 9110 §14.1.2)', () => {
  test.each([
    { range: undefined, wanted: { kind: 'whole' } },
    { range: 'bytes=0-0', wanted: { kind: 'part', startByte: 0, lastByte: 0 } },
    { range: 'bytes=5-', wanted: { kind: 'part', startByte: 5, lastByte: 9 } },
    { range: 'bytes=5-100', wanted: { kind: 'part', startByte: 5, lastByte: 9 } },
    { range: 'bytes=-3', wanted: { kind: 'part', startByte: 7, lastByte: 9 } },
    { range: 'bytes=-30', wanted: { kind: 'part', startByte: 0, lastByte: 9 } },
    { range: 'bytes=-0', wanted: { kind: 'unsatisfiable' } },
    { range: 'bytes=10-', wanted: { kind: 'unsatisfiable' } },
    { range: 'bytes=5-4', wanted: { kind: 'whole' } },
    { range: 'bytes=0-1,3-4', wanted: { kind: 'whole' } },
    { range: 'bytes=-', wanted: { kind: 'whole' } },
    { range: 'rows=1-2', wanted: { kind: 'whole' } },
  ])('$range', ({ range, wanted }) => {
    expect(judgeRange({ range, ifRange: undefined, etag: '"x"', sizeBytes: 10 })).toEqual(wanted);
  });
});
