/**
 * The file player's record, listened to: complete, exact in its instants, faded at a stop, pre-empted in time, bounded.
 * Real ffmpeg, real time; limits that depend on the machine are ten times what they should be.
 */
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readRun, readRuns } from '@loa/demo/emitted.ts';
import type { Prepared } from '@loa/device-agent/contracts.ts';
import { machineClock as clock } from '@loa/device-agent/edges/clock.ts';
import { runProgram } from '@loa/device-agent/edges/process.ts';
import { type SoundFolder, soundFolder } from '@loa/device-agent/edges/sound-folder.ts';
import { ffmpegDecoder } from '@loa/device-agent/fronts/player/decoder.ts';
import { type FileSink, fileSink } from '@loa/device-agent/fronts/player/file.ts';
import { createPlayer, type Levels } from '@loa/device-agent/fronts/player/player.ts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { manualClock } from '../../harness/manual-clock.ts';
import { heardBetween, soundingsOf } from '../../harness/pole.ts';
import {
  decodeMono,
  encodeFile,
  ffmpegForTests,
  likenessOf,
  rmsDbfs,
  type Sound,
  speechLike,
  writeWav,
} from '../../harness/sound.ts';

const seconds = 4;
let folder: string;
let clip: string;
let decoded: Sound;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'loa-emitted-'));
  const wav = await writeWav(join(folder, 'clip.wav'), speechLike({ seconds, seed: 11 }));
  clip = join(folder, 'clip.ogg');
  await encodeFile({ from: wav, to: clip, options: ['-c:a', 'libopus', '-b:a', '64k'] });
  decoded = await decodeMono(clip);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

let opened = 0;

async function bench(options: { levels?: Levels; samplesMax?: number } = {}): Promise<{
  path: string;
  sink: FileSink;
  prepare: (given?: { fromMs?: number; level?: 'routine' | 'emergency' }) => Promise<Prepared>;
}> {
  opened += 1;
  const path = join(folder, `sound-${opened}`);
  const sink = fileSink({
    folder: soundFolder(path),
    clock,
    ...(options.samplesMax === undefined ? {} : { samplesMax: options.samplesMax }),
  });
  const { ffmpegPath } = await ffmpegForTests();
  const decode = ffmpegDecoder({ ffmpegPath, run: runProgram, clock });
  const player = createPlayer({ sink, decode, clock, levels: options.levels ?? { routineDb: 0, emergencyDb: 0 } });
  return {
    path,
    sink,
    async prepare({ fromMs = 0, level = 'routine' } = {}) {
      const result = await player.prepare({ path: clip, fromMs, level });
      if (!result.ok) throw new Error(JSON.stringify(result.evidence));
      return result.prepared;
    },
  };
}

async function emitted(path: string): Promise<Sound> {
  const parts = await Promise.all((await readRuns(path)).map((run) => readRun(path, run)));
  const samples = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    samples.set(
      Array.from(part, (sample) => sample / 32_768),
      at,
    );
    at += part.length;
  }
  return { samples, sampleRateHz: 48_000 };
}

describe('the record, compared', () => {
  test('holds every sample that was decoded, from the instant that was asked for', async () => {
    const { path, prepare } = await bench();
    const prepared = await prepare();
    const atMonotonicMs = clock.monotonicMs() + 500;
    const atWallMs = clock.wallMs() + (atMonotonicMs - clock.monotonicMs());
    const playing = prepared.startAt(atMonotonicMs);
    const end = await playing.ended;
    const sound = await emitted(path);
    expect(sound.samples.length).toBe(decoded.samples.length);
    expect(likenessOf(sound, decoded)).toBeGreaterThan(0.9999);
    expect(end.sentDbfs).toBeCloseTo(rmsDbfs(decoded), 1);
    const [first] = await readRuns(path);
    console.log(`first sample ${((first?.atMs ?? 0) - atWallMs).toFixed(1)} ms from its instant`);
    expect(Math.abs((first?.atMs ?? 0) - atWallMs)).toBeLessThan(200);
    const heard = await heardBetween(path, { fromMs: atWallMs - 500, untilMs: atWallMs + seconds * 1_000 + 500 });
    const soundings = soundingsOf(decoded, heard);
    expect(soundings).toHaveLength(1);
    expect(Math.abs((soundings[0]?.startedMs ?? 0) - atWallMs)).toBeLessThan(200);
  });
});

describe.concurrent('the record', () => {
  test('takes as long as the sound: paced like a card, without adding up errors', async () => {
    const { prepare } = await bench();
    const prepared = await prepare();
    const playing = prepared.startAt(0);
    const { monotonicMs } = await playing.started;
    await playing.ended;
    const tookMs = clock.monotonicMs() - monotonicMs;
    expect(Math.abs(tookMs - (decoded.samples.length * 1_000) / 48_000)).toBeLessThan(2_000);
  });

  test('goes on inside a clip at the very sample', async () => {
    const { path, prepare } = await bench();
    const fromMs = 1_234;
    await (await prepare({ fromMs })).startAt(0).ended;
    const sound = await emitted(path);
    const skipped = Math.round((fromMs * 48_000) / 1_000);
    expect(sound.samples.length).toBe(decoded.samples.length - skipped);
    expect(Math.abs((sound.samples[100] ?? 9) - (decoded.samples[skipped + 100] ?? 0))).toBeLessThan(0.001);
  });

  test('fades out over 5 ms at a stop instead of breaking off', async () => {
    const { path, prepare } = await bench();
    const playing = (await prepare()).startAt(0);
    await playing.started;
    await new Promise((resolve) => setTimeout(resolve, 500));
    await playing.stop();
    const { samples } = await emitted(path);
    expect(Math.abs(samples.at(-1) ?? 1)).toBeLessThan(0.001);
    const faded = samples.subarray(-240);
    const ratio = (index: number) => {
      const original = decoded.samples[samples.length - 240 + index] ?? 0;
      return Math.abs(original) < 0.01 ? undefined : (faded[index] ?? 0) / original;
    };
    for (const index of [40, 120, 200]) {
      const found = ratio(index);
      if (found !== undefined) expect(Math.abs(found - (1 - index / 240))).toBeLessThan(0.1);
    }
  });

  test('shows an emergency within 500 ms after what it interrupted was stopped', async () => {
    const { path, prepare } = await bench({ levels: { routineDb: -20, emergencyDb: 0 } });
    const routine = (await prepare()).startAt(0);
    await routine.started;
    await new Promise((resolve) => setTimeout(resolve, 400));
    const orderedMs = clock.wallMs();
    const preparing = prepare({ level: 'emergency' });
    await routine.stop();
    const end = await (await preparing).startAt(0).ended;
    const runs = await readRuns(path);
    const sound = await emitted(path);
    const alarmSamples = Math.round(end.emittedMs * 48);
    let before = 0;
    const firstRun = runs.find((run) => {
      before += run.samples;
      return before > sound.samples.length - alarmSamples;
    });
    const tookMs = (firstRun?.atMs ?? 0) - orderedMs;
    console.log(`emergency: ${tookMs.toFixed(0)} ms from order to first sample`);
    expect(tookMs).toBeLessThan(5_000);
    const quiet = { samples: sound.samples.subarray(0, 12_000), sampleRateHz: 48_000 };
    const loud = { samples: sound.samples.subarray(-alarmSamples), sampleRateHz: 48_000 };
    expect(rmsDbfs(loud) - rmsDbfs(decoded)).toBeCloseTo(0, 0);
    expect(rmsDbfs(quiet)).toBeLessThan(rmsDbfs(loud) - 12);
  });

  test('is read back by the loopback as what was sent, and as silence when the file says so', async () => {
    const { path, sink, prepare } = await bench();
    const playing = (await prepare()).startAt(0);
    const { monotonicMs } = await playing.started;
    const end = await playing.ended;
    const stretch = { fromMonotonicMs: monotonicMs, untilMonotonicMs: clock.monotonicMs() + 5 };
    const found = await sink.readBack(stretch);
    expect(Math.abs(found.foundMs - end.emittedMs)).toBeLessThan(20);
    expect(found.dbfs).toBeCloseTo(end.sentDbfs ?? 0, 1);
    const { size } = await stat(join(path, 'emitted.pcm'));
    await writeFile(join(path, 'emitted.pcm'), Buffer.alloc(size));
    expect((await sink.readBack(stretch)).dbfs).toBe(-120);
  });
});

test('the record is bounded: the full pair becomes the one previous pair', () => {
  const manual = manualClock({ wallMs: 1_800_000_000_000 });
  const files = new Map<string, Buffer>();
  const memory: SoundFolder = {
    make: () => undefined,
    lacking: () => undefined,
    append(name, piece) {
      const before = files.get(name) ?? Buffer.alloc(0);
      files.set(name, Buffer.concat([before, Buffer.from(piece as Uint8Array)]));
      return before.length;
    },
    read: () => Buffer.alloc(0),
    rename(from, to) {
      files.set(to, files.get(from) ?? Buffer.alloc(0));
      files.delete(from);
    },
    remove: (name) => void files.delete(name),
  };
  const sink = fileSink({ folder: memory, clock: manual, samplesMax: 48_000 });
  for (let block = 0; block < 500; block += 1)
    sink.write(new Int16Array(960), { monotonicMs: block * 20, isContiguous: block > 0 });
  expect([...files.keys()].sort()).toEqual([
    'emitted.jsonl',
    'emitted.pcm',
    'emitted.previous.jsonl',
    'emitted.previous.pcm',
  ]);
  for (const name of ['emitted.pcm', 'emitted.previous.pcm'])
    expect(files.get(name)?.length).toBeLessThanOrEqual((48_000 + 24_000) * 2);
});

test('a decoder that gives nothing is given up, and killed', async () => {
  const stuck = join(folder, 'stuck.sh');
  await writeFile(stuck, '#!/bin/sh\nsleep 60\n', { mode: 0o755 });
  const manual = manualClock({ wallMs: 0 });
  let isKilled = false;
  const decode = ffmpegDecoder({
    ffmpegPath: stuck,
    clock: manual,
    run: (options) => {
      const program = runProgram(options);
      return {
        ...program,
        kill: () => {
          isKilled = true;
          program.kill();
        },
      };
    },
  });
  const decoding = decode({ path: clip, fromMs: 0 });
  await manual.advance(5_001);
  expect(await decoding.ready).toBe(false);
  expect(isKilled).toBe(true);
});

test('decoding runs ahead no more than four seconds', async () => {
  const wav = await writeWav(join(folder, 'long.wav'), speechLike({ seconds: 30, seed: 3 }));
  const { ffmpegPath } = await ffmpegForTests();
  let bytes = 0;
  const decode = ffmpegDecoder({
    ffmpegPath,
    clock,
    run: (options) =>
      runProgram({
        ...options,
        onOutput: (piece) => {
          bytes += piece.length;
          options.onOutput?.(piece);
        },
      }),
  });
  const decoding = decode({ path: wav, fromMs: 0 });
  await decoding.ready;
  await new Promise((resolve) => setTimeout(resolve, 700));
  expect(bytes / 96).toBeGreaterThan(3_900);
  expect(bytes / 96).toBeLessThan(4_000 + 2_000);
  let taken = 0;
  while (decoding.state() === 'running') {
    taken += decoding.take(96_000).length;
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(decoding.state()).toBe('ended');
  expect(taken).toBe(30 * 48_000);
});

test('a line is told at least every half second, so that a killed agent leaves a record', async () => {
  const { path, prepare } = await bench();
  const playing = (await prepare()).startAt(0);
  await playing.started;
  await new Promise((resolve) => setTimeout(resolve, 1_200));
  const text = await readFile(join(path, 'emitted.jsonl'), 'utf8');
  expect(text.trim().split('\n').length).toBeGreaterThanOrEqual(2);
  await playing.stop();
});
