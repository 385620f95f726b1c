/**
 * What a card is really given through `aplay`, sample by sample: levels, the limiter, the end of a stop; and an `aplay`
 * that hangs is found, killed, told and replaced. The card is ALSA's `file` plugin; no decoder is needed. Where aplay is
 * not installed this is left out, and says so.
 */
import { execFileSync } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Playing, SoundAsked } from '@loa/device-agent/contracts.ts';
import { machineClock as clock } from '@loa/device-agent/edges/clock.ts';
import { runProgram } from '@loa/device-agent/edges/process.ts';
import { alsaSink } from '@loa/device-agent/fronts/player/alsa.ts';
import type { Decode } from '@loa/device-agent/fronts/player/decoder.ts';
import { levelled } from '@loa/device-agent/fronts/player/levelled.ts';
import { gainFactor, withGain } from '@loa/device-agent/fronts/player/pcm.ts';
import { createPlayer, type Levels } from '@loa/device-agent/fronts/player/player.ts';
import { type OutputAnswer, watchOutput } from '@loa/device-agent/fronts/probes/output.ts';
import { judgeOutput } from '@loa/device-agent/work/faults/judge-output.ts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { speechLike } from '../../harness/sound.ts';
import { toneDecoder } from '../../harness/tone-bench.ts';

const hasAplay = (() => {
  try {
    execFileSync('aplay', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    console.warn('LEFT OUT: no aplay on this machine (apt-get install alsa-utils): the ALSA player is not tested.');
    return false;
  }
})();

const cards = ['soft', 'loud', 'cut', 'hung'] as const;
const speech = Int16Array.from(speechLike({ seconds: 1, seed: 12, levelDbfs: -3 }).samples, (one) =>
  Math.round(one * 32_767),
);
const said = toneDecoder((index) => speech[index] ?? 0, speech.length);
const endless = toneDecoder((index) => Math.round(12_000 * Math.sin(index / 9)));
/** ALSA's file plugin keeps a buffer's worth back until more comes: this comes behind what is compared. */
const silence = toneDecoder(() => 0, 9_600);

let folder: string;
let former: string | undefined;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'loa-card-'));
  const config = join(folder, 'asound.conf');
  const pcms = cards.map((card) => {
    const captured = join(folder, `${card}.raw`);
    return `pcm.${cardName(card)} {\n  type file\n  slave.pcm "null"\n  file "${captured}"\n  format "raw"\n}\n`;
  });
  await writeFile(config, `${pcms.join('')}pcm.null { type null }\n`);
  former = process.env.ALSA_CONFIG_PATH;
  process.env.ALSA_CONFIG_PATH = config;
});
afterAll(async () => {
  if (former === undefined) delete process.env.ALSA_CONFIG_PATH;
  else process.env.ALSA_CONFIG_PATH = former;
  await rm(folder, { recursive: true, force: true });
});

/** A name that no other run on this machine uses, so that its aplay can be told from others. */
function cardName(card: string): string {
  return `loa_${card}_${process.pid}`;
}

function open(card: (typeof cards)[number], decode: Decode, levels: Levels = { routineDb: 0, emergencyDb: 0 }) {
  const sink = alsaSink({ device: cardName(card), run: runProgram, clock });
  const player = createPlayer({
    sink,
    decode: (asked) => (asked.path === 'silence' ? silence : decode)(asked),
    clock,
    levels,
  });
  return {
    player,
    async start(level: SoundAsked['level'] = 'routine', path = 'sound'): Promise<Playing> {
      const result = await player.prepare({ path, fromMs: 0, level });
      if (!result.ok) throw new Error(JSON.stringify(result.evidence));
      return result.prepared.startAt(0);
    },
  };
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

async function heard(card: (typeof cards)[number]): Promise<Int16Array> {
  const bytes = await readFile(join(folder, `${card}.raw`));
  return Int16Array.from({ length: bytes.length >> 1 }, (_, index) => bytes.readInt16LE(index * 2));
}

async function until<T>(found: () => Promise<T | undefined>, withinMs: number): Promise<T | undefined> {
  for (const endMs = clock.monotonicMs() + withinMs; clock.monotonicMs() < endMs; await pause(20)) {
    const one = await found();
    if (one !== undefined) return one;
  }
  return undefined;
}

/** The aplay that feeds this card. */
async function aplayOf(card: string): Promise<number | undefined> {
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const line = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    if (line.startsWith('aplay\0') && line.includes(`\0${cardName(card)}\0`)) return Number(pid);
  }
  return undefined;
}

describe.runIf(hasAplay)('through aplay', { concurrent: true }, () => {
  /** Waits until all of it has come out behind what was played. */
  async function heardBehind(card: 'soft' | 'loud' | 'cut', bench: ReturnType<typeof open>): Promise<Int16Array> {
    await (await bench.start('routine', 'silence')).ended;
    await pause(300);
    return heard(card);
  }

  test('a softer level arrives exact', async () => {
    const bench = open('soft', said, { routineDb: -10, emergencyDb: 0 });
    expect((await (await bench.start()).ended).how).toBe('completed');
    const all = await heardBehind('soft', bench);
    expect(all.subarray(0, speech.length)).toEqual(withGain(speech, gainFactor(-10)));
    await bench.player.close();
  });

  test('a louder one arrives limited as computed, below full scale', async () => {
    const bench = open('loud', said, { routineDb: 0, emergencyDb: 9 });
    expect((await (await bench.start('emergency')).ended).how).toBe('completed');
    const expected = levelled(said({ path: 'x', fromMs: 0 }), { factor: gainFactor(9), fadesIn: false }).take(48_000);
    const all = await heardBehind('loud', bench);
    expect(all.subarray(0, speech.length)).toEqual(expected);
    expect(all.reduce((most, one) => Math.max(most, Math.abs(one)), 0)).toBeLessThanOrEqual(32_768 * 10 ** (-1 / 20));
    await bench.player.close();
  });

  test('is silent within 300 ms of a stop, ends in a fade, and keeps nothing of it for the next sound', async () => {
    const bench = open('cut', endless);
    const playing = await bench.start();
    const { monotonicMs } = await playing.started;
    await pause(700);
    const stoppedMs = clock.monotonicMs();
    const { emittedMs } = await playing.stop();
    // The instant at which the last sample written leaves a card that plays on time.
    const silentAfterMs = monotonicMs + emittedMs - stoppedMs;
    console.log(`silent ${silentAfterMs.toFixed(0)} ms after the stop`);
    expect(silentAfterMs).toBeLessThan(300);
    const given = Math.round(emittedMs * 48);
    await pause(500);
    // What stands in ALSA's own buffer has sounded on a card; the whole of the rest must be out by itself.
    expect((await stat(join(folder, 'cut.raw'))).size / 2).toBeGreaterThanOrEqual(given - 80 * 48);
    const all = await heardBehind('cut', bench);
    expect(all[given - 1]).toBe(0);
    expect(all.subarray(given - 240, given).some((one) => Math.abs(one) > 500)).toBe(true);
    expect(all.subarray(given).every((one) => one === 0)).toBe(true);
    await bench.player.close();
  });

  test('an aplay that hangs is found, killed, told, and the next one sounds', async () => {
    const bench = open('hung', endless);
    const told: OutputAnswer[] = [];
    const watch = watchOutput({ clock, player: bench.player, everyMs: 200, onAnswer: (answer) => told.push(answer) });
    const playing = await bench.start();
    await playing.started;
    const hung = await until(() => aplayOf('hung'), 5_000);
    if (hung === undefined) throw new Error('No aplay found');
    await until(async () => ((await heard('hung').catch(() => [])).length > 0 ? true : undefined), 5_000);
    process.kill(hung, 'SIGSTOP');
    const stoppedMs = clock.monotonicMs();
    expect((await playing.ended).how).toBe('output-failed');
    console.log(`a hung aplay is given up after ${(clock.monotonicMs() - stoppedMs).toFixed(0)} ms`);
    expect(clock.monotonicMs() - stoppedMs).toBeLessThan(10_000);
    const next = await until(async () => {
      const pid = await aplayOf('hung');
      return pid === hung ? undefined : pid;
    }, 10_000);
    expect(next).toBeDefined();
    const state = await bench.player.output();
    expect(state.stuck).toMatchObject({ count: 1, evidence: { reason: 'The sound card takes no sound' } });
    await pause(500);
    watch.stop();
    expect(told.filter(({ wasStuck }) => wasStuck)).toHaveLength(1);
    // From its first start to its second it was one fault: nobody called it missing.
    expect(told.flatMap(judgeOutput).filter(({ code, bad }) => code === 'output-missing' && bad)).toEqual([]);
    const again = await bench.start();
    await again.started;
    await pause(300);
    await again.stop();
    expect((await again.ended).how).toBe('stopped');
    await bench.player.close();
  });
});
