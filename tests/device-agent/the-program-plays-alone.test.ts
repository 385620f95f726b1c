/**
 * The real program, as a board starts it: with no server in reach and a kept clock it plays what it holds (P4), says
 * what happened, ends when told; and says in one line what is wrong when it is told wrongly.
 */
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readRuns } from '@loa/demo/emitted.ts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { encodeFile, speechLike, writeWav } from '../harness/sound.ts';
import { openStation, sends } from '../harness/station.ts';
import { heldBoard, heldClipSeconds } from './held-board.ts';
import { deviceId } from './installation.ts';

const main = join(import.meta.dirname, '../../device-agent/src/main.ts');
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'loa-program-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

interface Run {
  pid: number;
  said: () => string;
  kill: (signal: NodeJS.Signals) => void;
  ended: Promise<number | null>;
}

function start(args: readonly string[], env: Record<string, string>): Run {
  const { NODE_COMPILE_CACHE: _outer, NODE_OPTIONS: _options, ...outer } = process.env;
  const child = spawn(process.execPath, [main, ...args], { env: { ...outer, ...env } });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (piece) => (said += piece.toString()));
  return {
    pid: child.pid ?? 0,
    said: () => said,
    kill: (signal) => void child.kill(signal),
    ended: new Promise((resolve) => child.on('close', resolve)),
  };
}

async function until(isSo: () => Promise<boolean> | boolean, withinMs: number): Promise<boolean> {
  const endMs = performance.now() + withinMs;
  while (performance.now() < endMs) {
    if (await isSo()) return true;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return false;
}

test('a board without server or network plays its plan at its instant, hears itself, and ends when told', async () => {
  const atMs = Math.ceil(Date.now() / 1_000) * 1_000 + 9_000;
  const dir = await heldBoard(folder, { name: 'held', atMs });
  const agent = start([], {
    LOA_SERVER_URL: 'http://127.0.0.1:9',
    LOA_AGENT_DIR: dir,
    LOA_AGENT_PLAYER: 'file',
    LOA_AGENT_PROBES: 'loopback',
    LOA_AGENT_CLOCK: 'kept',
  });
  const reports = async () => (await readFile(join(dir, 'outbox'), 'utf8').catch(() => '')).includes('"ended"');
  const isTold = await until(reports, 40_000);
  expect(isTold, agent.said()).toBe(true);
  const runs = await readRuns(join(dir, 'sound'));
  const offMs = (runs[0]?.atMs ?? 0) - atMs;
  console.log(`first sample ${offMs.toFixed(1)} ms from its instant`);
  expect(Math.abs(offMs)).toBeLessThan(1_000);
  expect(runs.reduce((sum, run) => sum + run.samples, 0)).toBe(heldClipSeconds * 48_000);
  expect(await readFile(join(dir, 'outbox'), 'utf8')).toContain('"outcome":"confirmed"');

  const status = start(['status'], { LOA_AGENT_DIR: dir });
  expect(await status.ended).toBe(0);
  expect(status.said()).toContain(`Device ${deviceId}`);

  const resident = /VmRSS:\s+(\d+)/.exec(await readFile(`/proc/${agent.pid}/status`, 'utf8').catch(() => ''))?.[1];
  console.log(`resident ${Math.round(Number(resident ?? 0) / 1_024)} MB`);
  agent.kill('SIGTERM');
  expect(await agent.ended).toBe(0);
});

test('a board takes over its station from its instant to its planned end, and tells what became of it', async () => {
  const wav = await writeWav(join(folder, 'station.wav'), speechLike({ seconds: 40, seed: 22 }));
  const mp3 = join(folder, 'station.mp3');
  await encodeFile({ from: wav, to: mp3, options: ['-c:a', 'libmp3lame', '-b:a', '64k'] });
  const station = await openStation(sends({ bytes: await readFile(mp3), seconds: 40, mediaType: 'audio/mpeg' }));
  const atMs = Math.ceil(Date.now() / 1_000) * 1_000 + 9_000;
  const more = { relay: { url: station.url, lengthMs: 4_000 } };
  const dir = await heldBoard(folder, { name: 'held-relay', atMs, more });
  const agent = start([], {
    LOA_SERVER_URL: 'http://127.0.0.1:9',
    LOA_AGENT_DIR: dir,
    LOA_AGENT_PLAYER: 'file',
    LOA_AGENT_CLOCK: 'kept',
  });
  const outbox = () => readFile(join(dir, 'outbox'), 'utf8').catch(() => '');
  expect(await until(async () => (await outbox()).includes('"ended"'), 40_000), agent.said()).toBe(true);
  const runs = await readRuns(join(dir, 'sound'));
  expect(Math.abs((runs[0]?.atMs ?? 0) - atMs)).toBeLessThan(1_000);
  const samples = runs.reduce((sum, run) => sum + run.samples, 0);
  expect(samples).toBeGreaterThan(2 * 48_000);
  // Its end is the server's instant, and the rate of a clock that was heard for seconds is known to some 0.1 %.
  expect(samples).toBeLessThanOrEqual(4.005 * 48_000);
  expect(await outbox()).toMatch(/"outcome":"played".*"relayMs":\d{4}/);
  agent.kill('SIGTERM');
  expect(await agent.ended).toBe(0);
  await station.close();
});

describe('told wrongly, it says in one line what is wrong and ends with 2', () => {
  test.each<[string, readonly string[], Record<string, string>, string]>([
    ['an unknown command', ['play'], {}, 'Not understood: play'],
    ['a wrong player', [], { LOA_AGENT_PLAYER: 'radio' }, 'LOA_AGENT_PLAYER must be one of: alsa, file, silent'],
    ['an address that is none', [], { LOA_SERVER_URL: 'loa.example' }, 'LOA_SERVER_URL must be an address'],
    ['no server', [], { LOA_AGENT_PLAYER: 'silent' }, 'LOA_SERVER_URL is missing'],
    ['no claim code', [], { LOA_AGENT_PLAYER: 'silent', LOA_SERVER_URL: 'http://127.0.0.1:9' }, 'Not enrolled'],
    [
      'an impossible claim code',
      ['enrol', 'x'],
      { LOA_AGENT_PLAYER: 'silent', LOA_SERVER_URL: 'http://127.0.0.1:9' },
      'ten letters and digits',
    ],
  ])('%s', async (_name, args, env, said) => {
    const run = start(args, { LOA_AGENT_DIR: join(folder, 'wrong'), ...env });
    expect(await run.ended).toBe(2);
    expect(run.said()).toContain(said);
    expect(run.said().trim().split('\n')).toHaveLength(1);
  });

  test('--help tells every setting', async () => {
    const run = start(['--help'], {});
    expect(await run.ended).toBe(0);
    expect(run.said()).toContain('LOA_AGENT_PLAYER');
  });
});

test('a folder that cannot be used is said to be that', async () => {
  const file = join(folder, 'a-file');
  await writeFile(file, '');
  const run = start([], {
    LOA_AGENT_DIR: file,
    LOA_AGENT_PLAYER: 'silent',
    LOA_SERVER_URL: 'http://127.0.0.1:9',
  });
  expect(await run.ended).toBe(2);
  expect(run.said()).toMatch(/^The folder .*a-file cannot be used: .*\n$/);
});
