/**
 * The ALSA player against a real `aplay`, its card replaced by ALSA's own `file` plugin, which writes down what the
 * card was given. Where aplay is not installed this is left out, and says so.
 */
import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { machineClock as clock } from '@loa/device-agent/edges/clock.ts';
import { type Program, runProgram } from '@loa/device-agent/edges/process.ts';
import { alsaSink } from '@loa/device-agent/fronts/player/alsa.ts';
import { ffmpegDecoder } from '@loa/device-agent/fronts/player/decoder.ts';
import { createPlayer } from '@loa/device-agent/fronts/player/player.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  decodeMono,
  encodeFile,
  ffmpegForTests,
  findOffset,
  type Sound,
  speechLike,
  writeWav,
} from '../../harness/sound.ts';

const hasAplay = (() => {
  try {
    execFileSync('aplay', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    console.warn('LEFT OUT: no aplay on this machine (apt-get install alsa-utils): the ALSA player is not tested.');
    return false;
  }
})();

let folder: string;
let clip: string;
let decoded: Sound;
let captured: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'loa-alsa-'));
  captured = join(folder, 'card.raw');
  const config = join(folder, 'asound.conf');
  await writeFile(
    config,
    `pcm.recorder {\n  type file\n  slave.pcm "null"\n  file "${captured}"\n  format "raw"\n}\npcm.null { type null }\n`,
  );
  process.env.ALSA_CONFIG_PATH = config;
  const wav = await writeWav(join(folder, 'clip.wav'), speechLike({ seconds: 2, seed: 5 }));
  clip = join(folder, 'clip.ogg');
  await encodeFile({ from: wav, to: clip, options: ['-c:a', 'libopus', '-b:a', '64k'] });
  decoded = await decodeMono(clip);
});
afterAll(async () => {
  delete process.env.ALSA_CONFIG_PATH;
  await rm(folder, { recursive: true, force: true });
});

async function bench(device: string): Promise<{ player: ReturnType<typeof createPlayer>; programs: Program[] }> {
  const programs: Program[] = [];
  const { ffmpegPath } = await ffmpegForTests();
  const sink = alsaSink({
    device,
    clock,
    run: (options) => {
      const program = runProgram(options);
      programs.push(program);
      return program;
    },
  });
  const decode = ffmpegDecoder({ ffmpegPath, run: runProgram, clock });
  return { player: createPlayer({ sink, decode, clock, levels: { routineDb: 0, emergencyDb: 0 } }), programs };
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

async function played(player: ReturnType<typeof createPlayer>): Promise<string> {
  const result = await player.prepare({ path: clip, fromMs: 0, level: 'routine' });
  if (!result.ok) throw new Error(JSON.stringify(result.evidence));
  return (await result.prepared.startAt(0).ended).how;
}

async function card(): Promise<Sound> {
  const bytes = await readFile(captured);
  const samples = Float32Array.from({ length: bytes.length >> 1 }, (_, index) => bytes.readInt16LE(index * 2) / 32_768);
  return { samples, sampleRateHz: 48_000 };
}

test.runIf(hasAplay)('two clips through one long-lived aplay arrive whole and unchanged', async () => {
  const { player, programs } = await bench('recorder');
  await pause(2_000);
  expect(await player.output()).toMatchObject({ present: true });
  expect(await played(player)).toBe('completed');
  await pause(700);
  expect(await played(player)).toBe('completed');
  await pause(700);
  const whole = await card();
  for (const half of [whole.samples.subarray(0, 110_000), whole.samples.subarray(90_000)]) {
    const needle = { samples: decoded.samples.subarray(0, 80_000), sampleRateHz: 48_000 };
    const found = findOffset({ needle, haystack: { samples: half, sampleRateHz: 48_000 } });
    expect(found.likeness).toBeGreaterThan(0.999);
  }
  expect(programs).toHaveLength(1);
  await player.close();
});

test.runIf(hasAplay)('an aplay that dies is started again; a card that is not there is missing', async () => {
  const { player, programs } = await bench('recorder');
  await pause(1_700);
  programs[0]?.kill();
  await pause(200);
  expect(await player.output()).toMatchObject({ present: false });
  expect(await played(player)).toBe('output-failed');
  await pause(4_000);
  expect(programs).toHaveLength(2);
  expect(await player.output()).toMatchObject({ present: true });
  expect(await played(player)).toBe('completed');
  await player.close();
  const nowhere = await bench('nowhere');
  await pause(1_800);
  expect(await nowhere.player.output()).toMatchObject({ present: false });
  await nowhere.player.close();
});
