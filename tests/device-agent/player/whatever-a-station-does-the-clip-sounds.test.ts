/**
 * Whatever a station does instead of sounding, the clip sounds, once, the reason is told, and nothing else is ever
 * opened. Real HTTP, real ffmpeg, real time.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { rmsDbfs } from '../../harness/sound.ts';
import { type Behaviour, endless, openStation, sends } from '../../harness/station.ts';
import {
  bench,
  clip,
  clipMs,
  closeRelayBench,
  openRelayBench,
  programme,
  secondAt,
  station,
  taken,
  toneDbfs,
} from './relay-bench.ts';

beforeAll(openRelayBench);
afterAll(closeRelayBench);

describe.concurrent('instead of a station that', () => {
  const noise = Buffer.from(Array.from({ length: 400_000 }, (_, index) => (index * 7_919 + (index >> 3) * 31) % 251));
  const playlist = '#EXTM3U\n#EXT-X-TARGETDURATION:5\n#EXTINF:5,\nELSEWHERE\n#EXT-X-ENDLIST\n';

  test.each<[string, string, (elsewhere: string) => Behaviour]>([
    ['is not there', 'refused', () => (_call, response) => response.writeHead(404).end()],
    ['never answers', 'no-answer', () => () => undefined],
    [
      'answers and sends nothing',
      'no-answer',
      () => (_call, response) => response.writeHead(200, { 'content-type': 'audio/mpeg' }).flushHeaders(),
    ],
    [
      'sends garbage without end',
      'not-sound',
      () => (_call, response) => endless(response.writeHead(200, { 'content-type': 'audio/mpeg' }), noise),
    ],
    [
      'sends a page',
      'not-sound',
      () => (_call, response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<p>Đài</p>'),
    ],
    [
      'sends headers without end',
      'no-connection',
      () => (_call, response) => {
        const { socket } = response;
        socket?.write('HTTP/1.1 200 OK\r\n');
        if (socket !== null)
          endless(
            {
              write: (piece) => socket.write(`icy-x: ${piece.subarray(0, 4_000).toString('base64')}\r\n`),
              once: (event, run) => socket.once(event, run),
            },
            noise,
          );
      },
    ],
    [
      'sends a playlist',
      'not-sound',
      (elsewhere) => (_call, response) =>
        response
          .writeHead(200, { 'content-type': 'application/vnd.apple.mpegurl' })
          .end(playlist.replace('ELSEWHERE', elsewhere)),
    ],
    [
      'sends a playlist as if it were sound',
      'not-sound',
      (elsewhere) => (_call, response) =>
        response.writeHead(200, { 'content-type': 'audio/mpeg' }).end(playlist.replace('ELSEWHERE', elsewhere)),
    ],
    [
      'leads to a file',
      'redirected-elsewhere',
      () => (_call, response) => response.writeHead(302, { location: `file://${clip}` }).end(),
    ],
    [
      'leads to another host',
      'redirected-elsewhere',
      (elsewhere) => (_call, response) =>
        response.writeHead(302, { location: elsewhere.replace('127.0.0.1', 'localhost') }).end(),
    ],
    [
      'leads in circles',
      'redirected-elsewhere',
      () => (_call, response) => response.writeHead(302, { location: '/live' }).end(),
    ],
  ])('%s the clip sounds', async (_name, why, behave) => {
    const elsewhere = await station(sends(programme('steps mp3')));
    const live = await station(behave(elsewhere.url));
    const bytesBefore = process.memoryUsage().rss;
    const { end, sound } = await taken(await bench({ stuckMs: 1_000 }), {
      url: live.url,
      lengthMs: 20_000,
      patienceMs: 2_500,
    });
    const grownMb = (process.memoryUsage().rss - bytesBefore) / 1_048_576;
    expect(end).toMatchObject({ how: 'completed', relayed: { fellBack: why, soundedMs: 0 } });
    expect(end.relayed?.clipMs).toBeCloseTo(clipMs, 0);
    expect(secondAt(sound, 500)).toBe('clip');
    expect(Math.abs(rmsDbfs(sound) - toneDbfs)).toBeLessThan(0.5);
    expect(elsewhere.calls()).toBe(0);
    expect(grownMb).toBeLessThan(300);
  });

  test('takes no connection the clip sounds', async () => {
    const live = await openStation(() => undefined);
    await live.close();
    const { end } = await taken(await bench(), { url: live.url, lengthMs: 20_000, patienceMs: 1_000 });
    expect(end).toMatchObject({ how: 'completed', relayed: { fellBack: 'no-connection' } });
  });

  test('is away, without a clip, there is a reason and no fault of the decoder', async () => {
    const live = await station((_call, response) => response.writeHead(404).end());
    const { player } = await bench();
    const asked = { fromMs: 0, level: 'routine', relay: { url: live.url, patienceMs: 500 } } as const;
    expect(await player.prepare(asked)).toMatchObject({
      ok: false,
      reason: 'relay-away',
      evidence: { relay: 'refused: HTTP 404' },
    });
  });

  test('leads on within its own host, that is taken', async () => {
    const live = await station((call, response, request) => {
      if (request.url === '/live') response.writeHead(302, { location: '/mount' }).end();
      else sends(programme('steps mp3'))(call, response, request);
    });
    const { end } = await taken(await bench(), { url: live.url, lengthMs: 1_000 });
    expect(end.relayed).toMatchObject({ clipMs: 0, reconnects: 0 });
  });
});
