/**
 * A station taken over by the real player: its sound leaves from the planned instant to the planned end, never more
 * than seconds old; whatever it does instead of sounding, the clip sounds, once, and nothing else is ever opened. Real
 * HTTP, real ffmpeg, real time; limits that depend on the machine are ten times what they should be.
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readRun, readRuns } from '@loa/demo/emitted.ts';
import type { PlayEnd, Player, SoundAsked } from '@loa/device-agent/contracts.ts';
import { machineClock as clock } from '@loa/device-agent/edges/clock.ts';
import { runProgram } from '@loa/device-agent/edges/process.ts';
import { soundFolder } from '@loa/device-agent/edges/sound-folder.ts';
import { machineStream } from '@loa/device-agent/edges/stream.ts';
import { ffmpegDecoder } from '@loa/device-agent/fronts/player/decoder.ts';
import { fileSink } from '@loa/device-agent/fronts/player/file.ts';
import { behindMsMax } from '@loa/device-agent/fronts/player/live.ts';
import { createPlayer } from '@loa/device-agent/fronts/player/player.ts';
import { ffmpegRelay, type RelayFigures } from '@loa/device-agent/fronts/player/relay.ts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  amplitudeOf,
  encodeFile,
  excerpt,
  ffmpegForTests,
  joined,
  rmsDbfs,
  type Sound,
  silence,
  sine,
  writeWav,
} from '../../harness/sound.ts';
import { type Behaviour, openStation, type Programme, type Station, sends } from '../../harness/station.ts';

const clipHz = 1_500;
const clipMs = 1_500;
const levelDbfs = -12;
/** RMS of a tone of that peak. */
const toneDbfs = levelDbfs - 3.01;
const hzAt = (second: number) => 300 + 40 * second;

const encodings = {
  mp3: {
    mediaType: 'audio/mpeg',
    options: ['-c:a', 'libmp3lame', '-b:a', '64k', '-write_xing', '0', '-id3v2_version', '0'],
    extension: 'mp3',
  },
  aac: { mediaType: 'audio/aac', options: ['-c:a', 'aac', '-b:a', '64k'], extension: 'aac' },
  opus: { mediaType: 'application/ogg', options: ['-c:a', 'libopus', '-b:a', '64k', '-vbr', 'off'], extension: 'ogg' },
} as const;

let folder: string;
let clip: string;
const programmes = new Map<string, Programme>();
const stations: Station[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'loa-relay-'));
  clip = await writeWav(join(folder, 'clip.wav'), sine({ seconds: clipMs / 1000, hz: clipHz, levelDbfs }));
  // A tone of its own for each second tells how old a sample is.
  const steps = Array.from({ length: 24 }, (_, second) => sine({ seconds: 1, hz: hzAt(second), levelDbfs }));
  await encoded('steps', joined(...steps), Object.keys(encodings));
  await encoded('silence', silence({ seconds: 20 }), ['mp3']);
});
afterAll(async () => {
  for (const station of stations) await station.close();
  await rm(folder, { recursive: true, force: true });
});

async function encoded(name: string, sound: Sound, kinds: readonly string[]): Promise<void> {
  const wav = await writeWav(join(folder, `${name}.wav`), sound);
  for (const [kind, { mediaType, options, extension }] of Object.entries(encodings)) {
    if (!kinds.includes(kind)) continue;
    const to = join(folder, `${name}.${extension}`);
    await encodeFile({ from: wav, to, options });
    const seconds = sound.samples.length / sound.sampleRateHz;
    programmes.set(`${name} ${kind}`, { bytes: await readFile(to), seconds, mediaType });
  }
}

function programme(name: string): Programme {
  const found = programmes.get(name);
  if (found === undefined) throw new Error(`No programme ${name}`);
  return found;
}

async function station(behave: Behaviour, options: { path?: string } = {}): Promise<Station> {
  const opened = await openStation(behave, options);
  stations.push(opened);
  return opened;
}

let opened = 0;

async function bench(figures: Partial<RelayFigures> = {}): Promise<{ player: Player; path: string }> {
  opened += 1;
  const path = join(folder, `sound-${opened}`);
  const { ffmpegPath } = await ffmpegForTests();
  const decode = ffmpegDecoder({ ffmpegPath, run: runProgram, clock });
  const relay = ffmpegRelay({ ffmpegPath, run: runProgram, open: machineStream(), clock, decode, figures });
  const sink = fileSink({ folder: soundFolder(path), clock });
  return { player: createPlayer({ sink, decode, relay, clock, levels: { routineDb: 0, emergencyDb: 0 } }), path };
}

interface Take {
  end: PlayEnd;
  sound: Sound;
  /** The planned instant, on the monotonic clock. */
  atMs: number;
  /** Of the first sample, against the planned instant. */
  offMs: number;
  /** From the planned instant to the last sample. */
  tookMs: number;
}

/** Prepared, started 300 ms later, and over `lengthMs` after that. */
async function taken(
  { player, path }: { player: Player; path: string },
  asked: Partial<SoundAsked> & { url: string; lengthMs: number; patienceMs?: number; beforeMs?: number },
): Promise<Take> {
  const { url, lengthMs, patienceMs = 20_000, beforeMs = 300, ...rest } = asked;
  const prepared = await player.prepare({
    path: clip,
    fromMs: 0,
    level: 'routine',
    relay: { url, patienceMs },
    ...rest,
  });
  if (!prepared.ok) throw new Error(JSON.stringify(prepared));
  const atMs = clock.monotonicMs() + beforeMs;
  const atWallMs = clock.wallMs() + beforeMs;
  const end = await prepared.prepared.startAt(atMs, { untilMonotonicMs: atMs + lengthMs }).ended;
  const tookMs = clock.monotonicMs() - atMs;
  return {
    end,
    sound: await emitted(path),
    atMs,
    tookMs,
    offMs: ((await readRuns(path))[0]?.atMs ?? Number.NaN) - atWallMs,
  };
}

async function emitted(path: string): Promise<Sound> {
  const parts = await Promise.all((await readRuns(path)).map((run) => readRun(path, run)));
  return {
    samples: Float32Array.from(parts.flatMap((part) => Array.from(part, (sample) => sample / 32_768))),
    sampleRateHz: 48_000,
  };
}

/** Frequency of a tone, by its zero crossings. */
function hzOf({ samples, sampleRateHz }: Sound): number {
  let crossings = 0;
  for (let index = 1; index < samples.length; index += 1)
    if ((samples[index - 1] ?? 0) < 0 && (samples[index] ?? 0) >= 0) crossings += 1;
  return (crossings * sampleRateHz) / samples.length;
}

/** Which second of the programme sounds around a place in the record; `clip` where the clip does. */
function secondAt(sound: Sound, ms: number): number | 'clip' | 'silence' {
  const stretch = excerpt(sound, { fromMs: ms, untilMs: ms + 200 });
  if (rmsDbfs(stretch) < -50) return 'silence';
  const hz = hzOf(stretch);
  return Math.abs(hz - clipHz) < 60 ? 'clip' : Math.round((hz - hzAt(0)) / 40);
}

/** Writes the same bytes for ever, as fast as they are taken. */
function endless(
  response: { write(piece: Buffer): boolean; once(event: 'drain' | 'close', run: () => void): unknown },
  bytes: Buffer,
): void {
  let isClosed = false;
  response.once('close', () => {
    isClosed = true;
  });
  const go = () => {
    while (!isClosed && response.write(bytes));
    if (!isClosed) response.once('drain', go);
  };
  go();
}

describe.concurrent('a station', () => {
  test.each(Object.keys(encodings))(
    'in %s sounds from the planned instant to the planned end, as it was sent',
    async (kind) => {
      const live = await station(sends(programme(`steps ${kind}`)));
      const { end, sound, offMs, tookMs } = await taken(await bench(), { url: live.url, lengthMs: 3_000 });
      expect(end).toMatchObject({ how: 'completed', relayed: { reconnects: 0, clipMs: 0 } });
      expect(end.relayed?.fellBack).toBeUndefined();
      expect(end.relayed?.soundedMs).toBeGreaterThan(2_000);
      console.log(`${kind}: first sample ${offMs.toFixed(1)} ms from its instant, over after ${tookMs.toFixed(0)} ms`);
      expect(Math.abs(offMs)).toBeLessThan(1_000);
      expect(Math.abs(tookMs - 3_000)).toBeLessThan(1_000);
      expect(Math.abs(rmsDbfs(excerpt(sound, { fromMs: 200, untilMs: 2_000 })) - toneDbfs)).toBeLessThan(0.5);
      const seconds = [0, 500, 1_000, 1_500].map((ms) => secondAt(sound, ms));
      expect(seconds.every((second, index) => index === 0 || second >= (seconds[index - 1] ?? 0))).toBe(true);
      expect(seconds.every((second) => typeof second === 'number' && second >= 0 && second < 24)).toBe(true);
    },
  );

  test('that was called long before its instant, and sent much at once, is joined where it is', async () => {
    const burstSeconds = 8;
    let calledMs = Number.NaN;
    const live = await station((...call) => {
      calledMs = clock.monotonicMs();
      sends(programme('steps mp3'), { burstSeconds })(...call);
    });
    const { sound, atMs } = await taken(await bench(), { url: live.url, lengthMs: 3_000, beforeMs: 4_000 });
    const sentSeconds = burstSeconds + (atMs - calledMs) / 1_000;
    const second = secondAt(sound, 50);
    console.log(`sent ${sentSeconds.toFixed(1)} s, sounding second ${second}`);
    expect(typeof second === 'number' && (sentSeconds - second) * 1_000).toBeLessThan(behindMsMax);
  });

  test('that sends faster than anybody listens is read no faster than that', async () => {
    const { bytes, mediaType } = programme('steps mp3');
    let taken: () => number = () => 0;
    const live = await station((_call, response) => {
      const { socket } = response;
      taken = () => socket?.bytesWritten ?? 0;
      endless(response.writeHead(200, { 'content-type': mediaType }), bytes);
    });
    const { player } = await bench();
    const result = await player.prepare({ fromMs: 0, level: 'routine', relay: { url: live.url, patienceMs: 20_000 } });
    if (!result.ok) throw new Error(result.reason);
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    console.log(`${(taken() / 1_048_576).toFixed(1)} MB taken`);
    // What the sockets themselves hold, and the burst that is let through.
    expect(taken()).toBeLessThan(16 * 1_048_576);
    result.prepared.discard();
  });

  test('that breaks off is called again and sounds on, until the planned end', async () => {
    const first = sends(programme('steps mp3'), { endSeconds: 4 });
    const again = sends({
      ...programme('steps mp3'),
      bytes: programme('steps mp3').bytes.subarray(80_000),
      seconds: 14,
    });
    const live = await station((call, ...rest) => (call === 1 ? first : again)(call, ...rest));
    const { end, sound } = await taken(await bench(), { url: live.url, lengthMs: 8_000 });
    expect(end).toMatchObject({ how: 'completed', relayed: { reconnects: 1, clipMs: 0 } });
    expect(live.calls()).toBe(2);
    expect(secondAt(sound, 500)).toBeLessThan(5);
    expect(secondAt(sound, end.emittedMs - 500)).toBeGreaterThan(9);
  });

  test('that breaks off for good gives way to the clip, from its beginning, once, within the time that is left', async () => {
    const live = await station((call, response, request) => {
      if (call === 1) sends(programme('steps mp3'), { endSeconds: 4 })(call, response, request);
      else response.writeHead(404).end();
    });
    const { end, sound, tookMs } = await taken(await bench({ awayMsMax: 2_000 }), { url: live.url, lengthMs: 30_000 });
    expect(end).toMatchObject({ how: 'completed', relayed: { fellBack: 'refused', said: 'HTTP 404' } });
    expect(end.relayed?.soundedMs).toBeGreaterThan(1_500);
    expect(end.relayed?.clipMs).toBeCloseTo(clipMs, 0);
    expect(tookMs).toBeLessThan(29_000);
    expect(live.calls()).toBeGreaterThan(2);
    expect(secondAt(sound, end.emittedMs - clipMs + 100)).toBe('clip');
    expect(secondAt(sound, end.emittedMs - clipMs - 300)).not.toBe('clip');
  });

  test('whose clip has no more time sounds no longer than planned', async () => {
    const live = await station((_call, response) => response.writeHead(503).end());
    const { end, tookMs } = await taken(await bench(), { url: live.url, lengthMs: 700, patienceMs: 500 });
    expect(end.how).toBe('completed');
    expect(end.emittedMs).toBeGreaterThan(100);
    expect(end.emittedMs).toBeLessThan(721);
    expect(tookMs).toBeLessThan(5_000);
  });

  test('that sends silence is given up', async () => {
    const live = await station(sends(programme('silence mp3')));
    const { end } = await taken(await bench({ silentMsMax: 3_000 }), { url: live.url, lengthMs: 20_000 });
    expect(end).toMatchObject({ how: 'completed', relayed: { fellBack: 'silent' } });
    expect(end.relayed?.clipMs).toBeCloseTo(clipMs, 0);
  });

  test('an emergency silences it, is not made softer, and the station is joined again where it is', async () => {
    const live = await station(sends(programme('steps mp3')));
    const { player, path } = await bench();
    const asked = {
      path: clip,
      fromMs: 0,
      level: 'routine',
      gainDb: -12,
      relay: { url: live.url, patienceMs: 20_000 },
    } as const;
    const first = await player.prepare(asked);
    if (!first.ok) throw new Error(first.reason);
    const sounding = first.prepared.startAt(0, { untilMonotonicMs: clock.monotonicMs() + 60_000 });
    await sounding.started;
    await new Promise((resolve) => setTimeout(resolve, 800));
    const stopped = await sounding.stop();
    const alarm = await player.prepare({ path: clip, fromMs: 0, level: 'emergency' });
    if (!alarm.ok) throw new Error(alarm.reason);
    const alarmed = await alarm.prepared.startAt(0).ended;
    const second = await player.prepare(asked);
    if (!second.ok) throw new Error(second.reason);
    const again = await second.prepared.startAt(0, { untilMonotonicMs: clock.monotonicMs() + 1_000 }).ended;
    const sound = await emitted(path);
    const alarmMs = stopped.emittedMs + 100;
    expect(secondAt(sound, alarmMs)).toBe('clip');
    expect(rmsDbfs(excerpt(sound, { fromMs: alarmMs, untilMs: alarmMs + 1_000 }))).toBeCloseTo(toneDbfs, 1);
    for (const fromMs of [100, stopped.emittedMs + alarmed.emittedMs + 100])
      expect(Math.abs(rmsDbfs(excerpt(sound, { fromMs, untilMs: fromMs + 500 })) - (toneDbfs - 12))).toBeLessThan(0.5);
    expect(again).toMatchObject({ how: 'completed', relayed: { clipMs: 0 } });
    expect(live.calls()).toBe(2);
  });

  test('a recording behind the address sounds from its beginning, and is not begun again', async () => {
    const { bytes, mediaType } = programme('steps mp3');
    const part = bytes.subarray(0, 24_000);
    const live = await station((_call, response) => {
      response.writeHead(200, { 'content-type': mediaType, 'content-length': part.length }).end(part);
    });
    const { end, sound } = await taken(await bench(), { url: live.url, lengthMs: 30_000, beforeMs: 2_000 });
    expect(live.calls()).toBe(1);
    expect([300, 1_300].map((ms) => secondAt(sound, ms))).toEqual([0, 1]);
    expect(end.relayed).toMatchObject({ fellBack: 'ended', reconnects: 0 });
    expect(end.relayed?.soundedMs).toBeGreaterThan(2_700);
    expect(end.relayed?.soundedMs).toBeLessThan(3_300);
  });
});

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

test('a clip that is to sound softer is softer by exactly that, and the next one is not', async () => {
  const { player, path } = await bench();
  for (const gainDb of [0, -12, undefined]) {
    const result = await player.prepare({ path: clip, fromMs: 0, level: 'routine', gainDb });
    if (!result.ok) throw new Error(result.reason);
    await result.prepared.startAt(0).ended;
  }
  const alarm = await player.prepare({ path: clip, fromMs: 0, level: 'emergency', gainDb: -12 });
  if (!alarm.ok) throw new Error(alarm.reason);
  await alarm.prepared.startAt(0).ended;
  const sound = await emitted(path);
  const levels = [0, 1, 2, 3].map((place) =>
    rmsDbfs(excerpt(sound, { fromMs: place * clipMs, untilMs: (place + 1) * clipMs })),
  );
  for (const [place, offDb] of [0, -12, 0, 0].entries())
    expect(Math.abs((levels[place] ?? 0) - toneDbfs - offDb)).toBeLessThan(0.5);
  expect(amplitudeOf(-12)).toBeCloseTo(0.2512, 3);
});
