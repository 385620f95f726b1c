/**
 * One contract for every player: the file player with real decoding in real time, and its twin for simulated time.
 * Real ones are given ten times the room where they only have to be quick.
 */
import { mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Player, Prepared } from '@loa/device-agent/contracts.ts';
import { type Clock, machineClock } from '@loa/device-agent/edges/clock.ts';
import { runProgram } from '@loa/device-agent/edges/process.ts';
import { soundFolder } from '@loa/device-agent/edges/sound-folder.ts';
import { ffmpegDecoder } from '@loa/device-agent/fronts/player/decoder.ts';
import { fileSink } from '@loa/device-agent/fronts/player/file.ts';
import { createPlayer } from '@loa/device-agent/fronts/player/player.ts';
import { silentSink } from '@loa/device-agent/fronts/player/silent.ts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { manualClock } from '../../harness/manual-clock.ts';
import { simulatedPlayer } from '../../harness/simulated-player.ts';
import { encodeFile, ffmpegForTests, speechLike, writeWav } from '../../harness/sound.ts';

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

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'loa-player-'));
  const wav = await writeWav(join(folder, 'clip.wav'), speechLike({ seconds: clipMs / 1000, seed: 7 }));
  clip = join(folder, 'clip.ogg');
  await encodeFile({ from: wav, to: clip, options: ['-c:a', 'libopus', '-b:a', '48k'] });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function realBench(kind: 'file' | 'silent'): Promise<Bench> {
  const { ffmpegPath } = await ffmpegForTests();
  const path = join(folder, `sound-${kind}-${Math.random()}`);
  const sink = kind === 'file' ? fileSink({ folder: soundFolder(path), clock: machineClock }) : silentSink();
  const decode = ffmpegDecoder({ ffmpegPath, run: runProgram, clock: machineClock });
  return {
    player: createPlayer({ sink, decode, clock: machineClock, levels: { routineDb: 0, emergencyDb: 0 } }),
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
