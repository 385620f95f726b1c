/**
 * How far apart boards on one LAN sound, beside Snapcast's: `node tests/bench/sync.ts`. Three of our players and three of
 * its clients on this machine, one after the other, what each would give its card heard through a pipe and found by
 * cross-correlation. Prints; never judges. Where Snapcast is not installed (Debian: snapserver, snapclient) it says so and
 * prints ours.
 */
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WebSocketServer } from 'ws';
import { z } from 'zod';
import { type Sound, speechLike, writeWav } from '../harness/sound.ts';
import { type Capture, captureOf, captureRateHz, programs } from './captured-stream.ts';

const boards = 3;
const sounds = 6;
const everyMs = 3_000;
const clipSeconds = 1;
/** From the beginning to the first sound: programs start, clocks are learned. */
const settleMs = 20_000;
/** Snapcast's ports, away from its usual ones. */
const snapcastPorts = { stream: 17_04 + 20_000, control: 17_05 + 20_000 };

export interface Spread {
  /** Between the first and the last of the boards, each sound, ms. */
  spreadsMs: number[];
  /** Sounds that not every board had. */
  lost: number;
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

function isInstalled(command: string): boolean {
  return spawnSync(command, ['--version'], { stdio: 'ignore' }).error === undefined;
}

/** When each of the sounds was planned. */
function instantsFrom(firstMs: number): number[] {
  return Array.from({ length: sounds }, (_, index) => firstMs + index * everyMs);
}

function spreadOf(captures: readonly Capture[], clip: Sound, instants: readonly number[]): Spread {
  const spreadsMs: number[] = [];
  for (const atMs of instants) {
    // Snapcast sounds a second later than it is fed.
    const span = { fromMs: atMs - 500, untilMs: atMs + everyMs - 500 };
    const found = captures.map((capture) => capture.soundedMs(clip, span)).filter((ms) => ms !== undefined);
    if (found.length === captures.length) spreadsMs.push(Math.max(...found) - Math.min(...found));
  }
  return { spreadsMs, lost: instants.length - spreadsMs.length };
}

/** Ours. */
export async function measureOurs(): Promise<Spread> {
  const folder = await mkdtemp(join(tmpdir(), 'loa-sync-'));
  const running = programs();
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  try {
    await once(server, 'listening');
    answerTime(server);
    const clip = speechLike({ seconds: clipSeconds, seed: 77 });
    const path = await writeWav(join(folder, 'clip.wav'), clip);
    const instants = instantsFrom(Date.now() + settleMs);
    const url = `ws://127.0.0.1:${portOf(server.address())}`;
    const program = join(import.meta.dirname, 'sync-player.ts');
    const captures = Array.from({ length: boards }, () => {
      const { stdout } = running.run(process.execPath, [program, url, path, instants.join(',')]);
      if (stdout === null) throw new Error('No pipe');
      return captureOf(stdout, 1);
    });
    await pause((instants.at(-1) ?? 0) + everyMs - Date.now());
    return spreadOf(captures, clip, instants);
  } finally {
    running.end();
    server.close();
    await rm(folder, { recursive: true, force: true });
  }
}

const timeRequest = z.object({ kind: z.literal('time-request'), sentMs: z.number() });

function answerTime(server: WebSocketServer): void {
  server.on('connection', (socket) => {
    socket.on('message', (text) => {
      const receivedMs = Date.now();
      const { sentMs } = timeRequest.parse(JSON.parse(String(text)));
      socket.send(JSON.stringify({ kind: 'time-answer', sentMs, receivedMs, answeredMs: Date.now() }));
    });
  });
}

function portOf(address: string | AddressInfo | null): number {
  if (address === null || typeof address === 'string') throw new Error('Not listening');
  return address.port;
}

/** Snapcast's: a server and as many clients with its file player; undefined where it is not installed. */
export async function measureSnapcast(): Promise<Spread | undefined> {
  if (!isInstalled('snapserver') || !isInstalled('snapclient')) return undefined;
  const folder = await mkdtemp(join(tmpdir(), 'loa-snapcast-'));
  const running = programs();
  try {
    const fifo = join(folder, 'feed');
    spawnSync('mkfifo', [fifo]);
    const config = join(folder, 'snapserver.conf');
    const source = `pipe://${fifo}?name=bench&mode=read&sampleformat=${captureRateHz}:16:2&codec=pcm`;
    const { stream, control } = snapcastPorts;
    await writeFile(
      config,
      [
        `[server]\ndatadir = ${folder}`,
        '[http]\nenabled = false',
        `[tcp]\nenabled = true\nport = ${control}`,
        `[stream]\nport = ${stream}\nsource = ${source}`,
        '[logging]\nsink = null',
      ].join('\n\n'),
    );
    running.run('snapserver', ['--config', config]).stdout?.resume();
    await pause(1_500);
    const captures: Capture[] = [];
    for (let board = 1; board <= boards; board += 1) {
      const own = ['--hostID', `bench-${board}`, '--instance', String(board), '--logsink', 'null'];
      const { stdout } = running.run('snapclient', [
        ...['--host', '127.0.0.1', '--port', String(stream)],
        ...['--player', 'file:filename=stdout', ...own],
      ]);
      if (stdout === null) throw new Error('No pipe');
      captures.push(captureOf(stdout, 2));
    }
    const clip = speechLike({ seconds: clipSeconds, seed: 77 });
    const instants = instantsFrom(Date.now() + settleMs);
    await feed(fifo, clip, instants);
    await pause(1_500);
    return spreadOf(captures, clip, instants);
  } finally {
    running.end();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Silence, and the clip at each instant, in real time. */
async function feed(fifo: string, clip: Sound, instants: readonly number[]): Promise<void> {
  const pipe = createWriteStream(fifo, { flags: 'a' });
  const beganMs = Date.now();
  const untilMs = (instants.at(-1) ?? 0) + everyMs - 1_500;
  const blockSamples = captureRateHz / 50;
  for (let block = 0; beganMs + block * 20 < untilMs; block += 1) {
    const bytes = Buffer.alloc(blockSamples * 4);
    for (let index = 0; index < blockSamples; index += 1) {
      const at = block * blockSamples + index;
      const sample = instants
        .map((ms) => clip.samples[at - Math.round(((ms - beganMs) / 1_000) * captureRateHz)] ?? 0)
        .reduce((sum, value) => sum + value, 0);
      bytes.writeInt16LE(Math.round(sample * 32_000), index * 4);
      bytes.writeInt16LE(Math.round(sample * 32_000), index * 4 + 2);
    }
    pipe.write(bytes);
    await pause(Math.max(0, beganMs + (block + 1) * 20 - Date.now()));
  }
  pipe.end();
}

/** Lines for a person: what, how much. */
export async function syncLines(): Promise<string[]> {
  const ours = await measureOurs();
  const theirs = await measureSnapcast();
  return [
    `spread of ${boards} of our players on this machine, ${sounds} starts: ${wordsOf(ours)} (limit 20)`,
    `spread of ${boards} Snapcast clients on this machine through its file player, which writes 50 ms at a time, ${sounds} sounds: ${
      theirs === undefined ? 'left out, Snapcast is not installed' : wordsOf(theirs)
    }`,
  ];
}

function wordsOf({ spreadsMs, lost }: Spread): string {
  const sorted = spreadsMs.toSorted((a, b) => a - b);
  const median = sorted[sorted.length >> 1] ?? Number.NaN;
  const worst = sorted.at(-1) ?? Number.NaN;
  const missing = lost === 0 ? '' : `; ${lost} not heard from all`;
  return `median ${median.toFixed(1)} ms, worst ${worst.toFixed(1)} ms${missing}`;
}

if (import.meta.main) for (const line of await syncLines()) console.log(line);
