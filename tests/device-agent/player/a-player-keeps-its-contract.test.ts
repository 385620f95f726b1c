/**
 * One contract for every player: the file player with real decoding in real time, and its twin for simulated time.
 * Real ones are given ten times the room where they only have to be quick.
 */
import { mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Player, Prepared } from '@loa/device-agent/contracts.ts';
import { type Clock, machineClock } from '@loa/device-agent/edges/clock.ts';
import { runProgram } from '@loa/device-agent/edges/process.ts';
import { soundFolder } from '@loa/device-agent/edges/sound-folder.ts';
import { machineStream } from '@loa/device-agent/edges/stream.ts';
import { ffmpegDecoder } from '@loa/device-agent/fronts/player/decoder.ts';
import { fileSink } from '@loa/device-agent/fronts/player/file.ts';
import { createPlayer } from '@loa/device-agent/fronts/player/player.ts';
import { ffmpegRelay } from '@loa/device-agent/fronts/player/relay.ts';
import { silentSink } from '@loa/device-agent/fronts/player/silent.ts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { manualClock } from '../../harness/manual-clock.ts';
import { simulatedPlayer } from '../../harness/simulated-player.ts';
import { encodeFile, ffmpegForTests, speechLike, writeWav } from '../../harness/sound.ts';
import { openStation, type Station, sends } from '../../harness/station.ts';

const clipMs = 2_000;

interface Bench {
  player: Player;
  clock: Clock;
  /** Lets time pass. */
  pass(ms: number): Promise<void>;
  setPresent(isPresent: boolean): Promise<void>;
  clip: string;
}

let folder: string;
let clip: string;
let station: Station;

const nobody = 'http://127.0.0.1:9/live';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'loa-player-'));
  const wav = await writeWav(join(folder, 'clip.wav'), speechLike({ seconds: clipMs / 1000, seed: 7 }));
  clip = join(folder, 'clip.ogg');
  await encodeFile({ from: wav, to: clip, options: ['-c:a', 'libopus', '-b:a', '48k'] });
  const long = await writeWav(join(folder, 'long.wav'), speechLike({ seconds: 20, seed: 8 }));
  const sent = join(folder, 'long.mp3');
  await encodeFile({ from: long, to: sent, options: ['-c:a', 'libmp3lame', '-b:a', '64k'] });
  station = await openStation(sends({ bytes: await readFile(sent), seconds: 20, mediaType: 'audio/mpeg' }));
});
afterAll(async () => {
  await station.close();
  await rm(folder, { recursive: true, force: true });
});

async function realBench(kind: 'file' | 'silent'): Promise<Bench> {
  const { ffmpegPath } = await ffmpegForTests();
  const path = join(folder, `sound-${kind}-${Math.random()}`);
  const sink = kind === 'file' ? fileSink({ folder: soundFolder(path), clock: machineClock }) : silentSink();
  const decode = ffmpegDecoder({ ffmpegPath, run: runProgram, clock: machineClock });
  const relay = ffmpegRelay({ ffmpegPath, run: runProgram, open: machineStream(), clock: machineClock, decode });
  return {
    player: createPlayer({ sink, decode, relay, clock: machineClock, levels: { routineDb: 0, emergencyDb: 0 } }),
    clock: machineClock,
    pass: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    setPresent: (isPresent) => (isPresent ? rename(`${path}.pulled`, path) : rename(path, `${path}.pulled`)),
    clip,
  };
}

async function simulatedBench(): Promise<Bench> {
  const clock = manualClock({ wallMs: 1_800_000_000_000 });
  const player = simulatedPlayer({
    clock,
    clipAt: (path) => (path === clip ? { durationMs: clipMs } : undefined),
    stationAt: (url) => (url === station.url ? {} : undefined),
  });
  return { player, clock, pass: (ms) => clock.advance(ms), setPresent: async (is) => player.setPresent(is), clip };
}

describe.concurrent.each([
  ['file', () => realBench('file'), true],
  ['silent', () => realBench('silent'), false],
  ['simulated', simulatedBench, true],
] as const)('the %s player', (_name, open, canBePulled) => {
  async function prepared(bench: Bench, fromMs = 0): Promise<Prepared> {
    const preparing = bench.player.prepare({ path: bench.clip, fromMs, level: 'routine' });
    await bench.pass(300);
    const result = await preparing;
    if (!result.ok) throw new Error(JSON.stringify(result.evidence));
    return result.prepared;
  }

  test('starts at the given instant and plays to the end', async () => {
    const bench = await open();
    const sound = await prepared(bench);
    const atMs = bench.clock.monotonicMs() + 400;
    const playing = sound.startAt(atMs);
    await bench.pass(400 + clipMs + 500);
    const { monotonicMs } = await playing.started;
    expect(Math.abs(monotonicMs - atMs)).toBeLessThan(20);
    const end = await playing.ended;
    expect(end.how).toBe('completed');
    expect(Math.abs(end.emittedMs - clipMs)).toBeLessThan(30);
    await bench.player.close();
  });

  test('starts inside the clip', async () => {
    const bench = await open();
    const playing = (await prepared(bench, 1_500)).startAt(0);
    await bench.pass(1_000);
    const end = await playing.ended;
    expect(Math.abs(end.emittedMs - 500)).toBeLessThan(30);
    await bench.player.close();
  });

  test('is silent within 300 ms of a stop, and says how much has sounded', async () => {
    const bench = await open();
    const playing = (await prepared(bench)).startAt(0);
    await bench.pass(700);
    const askedMs = bench.clock.monotonicMs();
    const stopping = playing.stop().then((stopped) => ({ ...stopped, tookMs: bench.clock.monotonicMs() - askedMs }));
    await bench.pass(300);
    const { emittedMs, tookMs } = await stopping;
    expect(tookMs).toBeLessThan(300);
    expect(emittedMs).toBeGreaterThan(600);
    expect(emittedMs).toBeLessThan(1_100);
    expect((await playing.ended).how).toBe('stopped');
    await bench.player.close();
  });

  test('a stop before the start lets nothing leave', async () => {
    const bench = await open();
    const playing = (await prepared(bench)).startAt(bench.clock.monotonicMs() + 1_000);
    const stopping = playing.stop();
    await bench.pass(200);
    expect(await stopping).toEqual({ emittedMs: 0 });
    await bench.player.close();
  });

  test('one sound at a time, and the next one follows without overlap', async () => {
    const bench = await open();
    const [first, second, third] = [await prepared(bench), await prepared(bench), await prepared(bench)];
    const playing = first.startAt(0);
    await bench.pass(100);
    expect(() => second.startAt(0)).toThrow();
    void playing.stop();
    await bench.pass(200);
    await playing.ended;
    const next = third.startAt(0);
    await bench.pass(200);
    await next.started;
    void next.stop();
    await bench.pass(300);
    await next.ended;
    await bench.player.close();
  });

  test('a clip that is no sound is a value, not an error', async () => {
    const bench = await open();
    const preparing = bench.player.prepare({ path: join(folder, 'nothing.ogg'), fromMs: 0, level: 'routine' });
    await bench.pass(500);
    expect(await preparing).toMatchObject({ ok: false, reason: 'decoder-failed' });
    await bench.player.close();
  });

  test('is complete at the instant it is given, whatever is left', async () => {
    const bench = await open();
    const sound = await prepared(bench);
    const atMs = bench.clock.monotonicMs() + 400;
    const playing = sound.startAt(atMs, { untilMonotonicMs: atMs + 600 });
    await bench.pass(1_500);
    const end = await playing.ended;
    expect(end.how).toBe('completed');
    // A busy machine's card may run dry; it does not sound longer for that.
    expect(end.emittedMs).toBeGreaterThan(60);
    expect(end.emittedMs).toBeLessThan(630);
    await bench.player.close();
  });

  test('is silent at the length it is given, whatever is left, and says so', { concurrent: false }, async () => {
    const bench = await open();
    const playing = (await prepared(bench)).startAt(bench.clock.monotonicMs() + 200, { lengthMsMax: 600 });
    await bench.pass(1_500);
    const end = await playing.ended;
    expect(end.how).toBe('too-long');
    expect(end.emittedMs).toBeGreaterThan(60);
    expect(end.emittedMs).toBeLessThanOrEqual(600);
    await bench.player.close();
  });

  test('a station sounds until the instant it is given', async () => {
    const bench = await open();
    const relay = { url: station.url, patienceMs: 10_000 };
    const preparing = bench.player.prepare({ path: bench.clip, fromMs: 0, level: 'routine', relay });
    await bench.pass(1_000);
    const result = await preparing;
    if (!result.ok) throw new Error(JSON.stringify(result.evidence));
    const atMs = bench.clock.monotonicMs() + 100;
    const playing = result.prepared.startAt(atMs, { untilMonotonicMs: atMs + 1_000 });
    await bench.pass(1_500);
    const end = await playing.ended;
    expect(end).toMatchObject({ how: 'completed', relayed: { clipMs: 0, reconnects: 0 } });
    expect(end.relayed).not.toHaveProperty('fellBack');
    expect(end.relayed?.soundedMs).toBeGreaterThan(100);
    expect(end.relayed?.soundedMs).toBeLessThan(1_030);
    await bench.player.close();
  });

  test('a station that is away has its clip in its place, and without one is a value of its own', async () => {
    const bench = await open();
    const relay = { url: nobody, patienceMs: 300 };
    const preparing = bench.player.prepare({ path: bench.clip, fromMs: 500, level: 'routine', relay });
    const alone = bench.player.prepare({ fromMs: 0, level: 'routine', relay });
    await bench.pass(1_000);
    expect(await alone).toMatchObject({ ok: false, reason: 'relay-away' });
    const result = await preparing;
    if (!result.ok) throw new Error(JSON.stringify(result.evidence));
    const playing = result.prepared.startAt(0, { untilMonotonicMs: bench.clock.monotonicMs() + 30_000 });
    await bench.pass(2_000);
    const end = await playing.ended;
    expect(end).toMatchObject({ how: 'completed', relayed: { soundedMs: 0, reconnects: 0 } });
    expect(end.relayed?.fellBack).toBeTypeOf('string');
    expect(Math.abs((end.relayed?.clipMs ?? 0) - 1_500)).toBeLessThan(30);
    await bench.player.close();
  });

  if (!canBePulled) return;
  test('an output that is pulled fails and says so, and works again when it is back', async () => {
    const bench = await open();
    const playing = (await prepared(bench)).startAt(0);
    await bench.pass(500);
    await bench.setPresent(false);
    await bench.pass(300);
    const end = await playing.ended;
    expect(end.how).toBe('output-failed');
    expect(end.emittedMs).toBeGreaterThan(300);
    expect(end.emittedMs).toBeLessThan(1_000);
    expect((await bench.player.output()).present).toBe(false);
    const again = (await prepared(bench)).startAt(0);
    await bench.pass(300);
    expect(await again.ended).toMatchObject({ how: 'output-failed', emittedMs: 0 });
    await bench.setPresent(true);
    expect((await bench.player.output()).present).toBe(true);
    const third = (await prepared(bench, 1_500)).startAt(0);
    await bench.pass(1_000);
    expect((await third.ended).how).toBe('completed');
    await bench.player.close();
  });
});
