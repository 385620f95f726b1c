/** Promise: an upload of any size costs neither memory nor disk beyond its limit, and its sender learns why. */
import { readdir } from 'node:fs/promises';
import { type ClientRequest, type IncomingMessage, request } from 'node:http';
import { problemSchema } from '@loa/protocol/panel';
import { machineDisk } from '@loa/server/edges/disk.ts';
import { httpLimits } from '@loa/server/fronts/http/ports.ts';
import { afterEach, expect, test } from 'vitest';
import { type HttpTown, openHttpTown } from './http-town.ts';

const limitBytes = 20_000_000;
const limits = { ...httpLimits, uploadBytesMax: limitBytes };
const boundary = 'loa-boundary';
const partHead = `--${boundary}\r\ncontent-disposition: form-data; name="file"; filename="a.mp3"\r\ncontent-type: audio/mpeg\r\n\r\n`;

let town: HttpTown;
afterEach(() => town.close());

interface Sent {
  status: number;
  code: string;
  sentBytes: number;
  /** Resolves when the server has ended the connection. */
  ended: Promise<void>;
}

/** Sends zeros until the server answers or `bytes` are sent; goes on sending until the connection ends. */
function sendZeros(options: { bytes: number; told?: number }): Promise<Sent> {
  const chunk = Buffer.alloc(256 * 1024);
  return new Promise((resolve, reject) => {
    let sentBytes = 0;
    let isOver = false;
    const headers: Record<string, string | number> = {
      'content-type': `multipart/form-data; boundary=${boundary}`,
      'x-loa': '1',
      cookie: 'loa_session=officer',
      ...(options.told === undefined ? {} : { 'content-length': options.told }),
    };
    const sender: ClientRequest = request(`${town.url}/api/clips`, { method: 'POST', headers });
    let end = () => {};
    const ended = new Promise<void>((done) => {
      end = done;
    });
    sender.on('close', () => {
      isOver = true;
      end();
    });
    sender.on('error', (error) => {
      if (!isOver && sentBytes === 0) reject(error);
    });
    sender.on('response', (answer: IncomingMessage) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (part: string) => {
        text += part;
      });
      answer.on('end', () => {
        const { code } = problemSchema.parse(JSON.parse(text));
        resolve({ status: answer.statusCode ?? 0, code, sentBytes, ended });
      });
    });
    const pump = () => {
      while (!isOver && sentBytes < options.bytes) {
        sentBytes += chunk.length;
        if (!sender.write(chunk)) return void sender.once('drain', pump);
      }
    };
    sender.write(partHead);
    pump();
  });
}

async function leftOver(): Promise<string[]> {
  return readdir(`${town.folder}/uploads`).catch(() => []);
}

test('2 GB that are announced are refused before they are read, and the connection is ended', async () => {
  let writes = 0;
  const writeSynced: typeof machineDisk.writeSynced = (...file) => {
    writes += 1;
    return machineDisk.writeSynced(...file);
  };
  town = await openHttpTown({ settings: { limits }, rooms: { disk: { ...machineDisk, writeSynced } } });
  const sent = await sendZeros({ bytes: 2_000_000_000, told: 2_000_000_000 });
  expect(sent).toMatchObject({ status: 413, code: 'upload-too-large' });
  expect(writes).toBe(0);
  await sent.ended;
  expect(await leftOver()).toEqual([]);
  expect(town.calls).toEqual([]);
});

test('an endless upload without a length is cut off at the limit; memory stays bounded, no file stays', async () => {
  town = await openHttpTown({ settings: { limits } });
  const before = process.memoryUsage().rss;
  const sent = await sendZeros({ bytes: 2_000_000_000 });
  const grownBytes = process.memoryUsage().rss - before;
  expect(sent).toMatchObject({ status: 413, code: 'upload-too-large' });
  await sent.ended;
  expect(grownBytes).toBeLessThan(200_000_000);
  expect(await leftOver()).toEqual([]);
  expect(town.calls).toEqual([]);
});

test('a file just below the limit is taken, with its title and its temporary file handed to the desk', async () => {
  town = await openHttpTown({ settings: { limits } });
  const form = new FormData();
  form.set('file', new Blob([new Uint8Array(limitBytes)]), 'Họp thôn.mp3');
  form.set('title', '  Mời họp thôn ');
  const answer = await town.ask('/api/clips', { as: 'officer', method: 'POST', headers: { 'x-loa': '1' }, body: form });
  expect(answer.status).toBe(201);
  expect(await answer.json()).toMatchObject({ title: 'Mời họp thôn' });
  const [name] = await leftOver();
  expect(await machineDisk.sizeBytes(`${town.folder}/uploads/${name}`)).toBe(limitBytes);
  expect(town.calls).toEqual(['keepUpload']);
});

test('without a title the clip is named after its file', async () => {
  town = await openHttpTown({ settings: { limits } });
  const form = new FormData();
  form.set('file', new Blob(['x']), 'Lịch cắt điện.mp3');
  const answer = await town.ask('/api/clips', { as: 'officer', method: 'POST', headers: { 'x-loa': '1' }, body: form });
  expect(await answer.json()).toMatchObject({ title: 'Lịch cắt điện' });
});

test('a form without a file is refused', async () => {
  town = await openHttpTown({ settings: { limits } });
  const form = new FormData();
  form.set('title', 'x');
  const answer = await town.ask('/api/clips', { as: 'officer', method: 'POST', headers: { 'x-loa': '1' }, body: form });
  expect(answer.status).toBe(400);
  expect(problemSchema.parse(await answer.json())).toMatchObject({ code: 'upload-missing', field: 'file' });
});

test('JSON sent to the upload door is refused', async () => {
  town = await openHttpTown({ settings: { limits } });
  const headers = { 'content-type': 'application/json' };
  const answer = await town.ask('/api/clips', { as: 'officer', method: 'POST', headers, body: '{}' });
  expect(answer.status).toBe(415);
});

test('an upload whose sender vanishes leaves no file', async () => {
  town = await openHttpTown({ settings: { limits } });
  const headers = {
    'content-type': `multipart/form-data; boundary=${boundary}`,
    'x-loa': '1',
    cookie: 'loa_session=officer',
  };
  const sender = request(`${town.url}/api/clips`, { method: 'POST', headers });
  sender.on('error', () => {});
  sender.write(partHead);
  sender.write(Buffer.alloc(1_000_000));
  await expect.poll(async () => (await leftOver()).length, { timeout: 5_000 }).toBe(1);
  sender.destroy();
  await expect.poll(leftOver, { timeout: 5_000 }).toEqual([]);
  expect(town.calls).toEqual([]);
});

test('a disk without room refuses an upload before it is read', async () => {
  const disk = { ...machineDisk, freeBytes: async () => limits.diskReserveBytes };
  town = await openHttpTown({ settings: { limits }, rooms: { disk } });
  const form = new FormData();
  form.set('file', new Blob(['x']), 'a.mp3');
  const answer = await town.ask('/api/clips', { as: 'officer', method: 'POST', headers: { 'x-loa': '1' }, body: form });
  expect(answer.status).toBe(507);
  expect(problemSchema.parse(await answer.json()).code).toBe('disk-full');
  expect(town.calls).toEqual([]);
});
