/**
 * A clip is fetched at once when it is needed soon, at a moment of one's own when there is time, in the cheaper hours
 * where they come first, and over the line once: what came before a break is not fetched again.
 */
import { createHash } from 'node:crypto';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { machineNetwork } from '@loa/device-agent/edges/machine-network.ts';
import { fetchClip } from '@loa/device-agent/keep/clips/fetch-clip.ts';
import { fetchFromMs, hurryMs, parseCheapHours, politeMsMax } from '@loa/device-agent/keep/clips/when-to-fetch.ts';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { simulatedDisk } from '../../harness/simulated-disk.ts';

const at = (text: string) => Date.parse(`${text}+07:00`);
const noon = at('2026-11-20T12:00:00');
const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const timeZone = 'Asia/Ho_Chi_Minh';
const night = { hours: { from: '23:00', until: '05:00' }, timeZone };

describe('a province told of one new clip', () => {
  it.each([
    ['in seven hours', 7 * hourMs, 0.02],
    ['in a little more than an hour', 61 * minuteMs, 0.09],
    ['in a quarter of an hour', 15 * minuteMs, 0.2],
  ])('that is needed %s fetches it spread out', (_name, spareMs, shareMax) => {
    const boards = 3_000;
    const downloadMs = 10_000;
    const starts = Array.from({ length: boards }, (_, board) => {
      const chance = createHash('sha256').update(`cum-${board}`).digest().readUInt32BE() / 2 ** 32;
      return fetchFromMs({ need: { emergency: false, neededMs: noon + spareMs }, sinceMs: noon, chance }) - noon;
    });
    starts.sort((a, b) => a - b);
    let done = 0;
    const peak = starts.reduce((most, start, begun) => {
      while ((starts[done] ?? start) + downloadMs <= start) done += 1;
      return Math.max(most, begun + 1 - done);
    }, 0);
    expect(peak / boards).toBeLessThanOrEqual(shareMax);
    expect(Math.max(...starts)).toBeLessThan(spareMs / 2);
  });

  it('that is needed now, or for an emergency, does not wait at all', () => {
    const chance = 0.999;
    const soon = { emergency: false, neededMs: noon + hurryMs };
    expect(fetchFromMs({ need: soon, sinceMs: noon, chance, cheap: night })).toBe(noon);
    const siren = { emergency: true, neededMs: noon + 9 * 24 * hourMs };
    expect(fetchFromMs({ need: siren, sinceMs: noon, chance, cheap: night })).toBe(noon);
  });
});

describe('cheaper hours', () => {
  it.each([
    ['needed in the window', '2026-11-20T12:00:00', '2026-11-21T04:59:00', '2026-11-20T12:07:30'],
    ['needed after the window', '2026-11-20T12:00:00', '2026-11-21T05:01:00', '2026-11-21T00:30:00'],
    ['told in the window, needed after it', '2026-11-21T01:00:00', '2026-11-21T08:00:00', '2026-11-21T02:00:00'],
    ['told in the window, needed in it', '2026-11-21T01:00:00', '2026-11-21T04:00:00', '2026-11-21T01:03:44'],
    ['told in the evening, needed next week', '2026-11-20T23:30:00', '2026-11-27T08:00:00', '2026-11-21T00:52:30'],
  ])('a clip %s', (_name, told, needed, from) => {
    const need = { emergency: false, neededMs: at(needed) };
    const start = fetchFromMs({ need, sinceMs: at(told), chance: 0.5, cheap: night });
    expect(new Date(start + 7 * hourMs).toISOString().slice(0, 19)).toBe(from);
  });

  it('never make a clip come too late, and wait only when that ends in a cheap hour', () => {
    fc.assert(
      fc.property(
        fc.nat(48 * 60),
        fc.nat(9 * 24 * 60),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        (told, spare, chance) => {
          const sinceMs = noon + told * minuteMs;
          const need = { emergency: false, neededMs: sinceMs + spare * minuteMs };
          const start = fetchFromMs({ need, sinceMs, chance, cheap: night });
          expect(start).toBeGreaterThanOrEqual(sinceMs);
          expect(start).toBeLessThanOrEqual(Math.max(sinceMs, need.neededMs - hurryMs));
          const hour = new Date(start + 7 * hourMs).getUTCHours();
          if (start - sinceMs > politeMsMax) expect(hour >= 23 || hour < 5).toBe(true);
        },
      ),
    );
  });

  it.each(['23:00-05:00', '00:30-04:00', ' 22:15-06:45 '])('%s is read', (text) => {
    expect(parseCheapHours(text)).toBeDefined();
  });
  it.each(['', '23-5', '24:00-05:00', '05:00-05:00', '5:00-6:00'])('“%s” is refused', (text) => {
    expect(parseCheapHours(text)).toBeUndefined();
  });
});

it('a download that breaks in the middle goes on there, over a real line', async () => {
  const bytes = Buffer.alloc(400_000).map((_, index) => (index * 31) % 251);
  let sent = 0;
  let answers = 0;
  const server = http.createServer((request, response) => {
    answers += 1;
    const from = Number(/bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1] ?? 0);
    const range = from > 0 ? { 'content-range': `bytes ${from}-${bytes.length - 1}/${bytes.length}` } : {};
    const piece = bytes.subarray(from, answers === 1 ? bytes.length / 2 : bytes.length);
    response.writeHead(from > 0 ? 206 : 200, { ...range, 'content-length': String(bytes.length - from) });
    sent += piece.length;
    response.write(piece, () => (answers === 1 ? setTimeout(() => response.destroy(), 50) : response.end()));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const network = machineNetwork({ serverUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
  onTestFinished(() => {
    network.close();
    server.close();
  });
  const disk = simulatedDisk({ fraction: () => 0.5, totalBytes: 1e9 });
  const rendition = {
    format: 'ogg-opus' as const,
    hash: createHash('sha256').update(bytes).digest('hex'),
    sizeBytes: bytes.length,
  };
  const bring = () =>
    fetchClip({
      disk,
      rendition,
      signal: new AbortController().signal,
      onProgress: () => undefined,
      source: async ({ fromBytes, sizeBytes, signal, onChunk }) => {
        const headers: Record<string, string> = fromBytes > 0 ? { range: `bytes=${fromBytes}-` } : {};
        const asked = { method: 'GET', path: '/clip', headers, timeoutMs: 5_000, answerBytesMax: sizeBytes } as const;
        return network.http({ ...asked, signal, onChunk });
      },
    });
  expect(await bring()).toMatchObject({ ok: false, reason: 'unreachable' });
  expect(await bring()).toEqual({ ok: true });
  expect(answers).toBe(2);
  expect(sent).toBe(bytes.length);
});
