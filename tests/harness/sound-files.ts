/**
 * Sound to and from files, with the ffmpeg that is at hand (FFMPEG_PATH, the system's, else the development packages').
 * WAV is written by hand, so that a test may also write it wrong.
 */
import { spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { runProcess } from '@loa/server/edges/process.ts';
import { type FfmpegTools, locateFfmpeg } from '@loa/server/keep/clips/locate-ffmpeg.ts';
import type { Sound } from './sound-signals.ts';

let located: Promise<FfmpegTools> | undefined;

/** Where ffmpeg and ffprobe are for tests. Rejects with what to install when there are none. */
export function ffmpegForTests(): Promise<FfmpegTools> {
  located ??= locateFfmpeg({ env: process.env, production: false, runProcess }).then((found) => {
    if (!found.ok) throw new Error(found.reason);
    return found.tools;
  });
  return located;
}

/** Runs ffmpeg to its end and gives its standard output. Rejects with its complaints when it fails. */
export async function runFfmpeg(args: readonly string[]): Promise<Buffer> {
  return (await spawnFfmpeg(['-v', 'error', ...args])).output;
}

/** Loudness and true peak of a file by ffmpeg's other meter, loudnorm: a second opinion on what ebur128 says. */
export async function secondOpinion(path: string): Promise<{ loudnessLufs: number; truePeakDbtp: number }> {
  const { said } = await spawnFfmpeg(['-i', `file:${path}`, '-af', 'loudnorm=print_format=json', '-f', 'null', '-']);
  const figure = (name: string) => Number(new RegExp(`"${name}"\\s*:\\s*"(-?[\\d.]+|-?inf)"`).exec(said)?.[1]);
  return { loudnessLufs: figure('input_i'), truePeakDbtp: figure('input_tp') };
}

async function spawnFfmpeg(args: readonly string[]): Promise<{ output: Buffer; said: string }> {
  const { ffmpegPath } = await ffmpegForTests();
  return new Promise((resolve, reject) => {
    const child = spawn(ffmpegPath, ['-nostdin', '-hide_banner', '-nostats', ...args]);
    const output: Buffer[] = [];
    let said = '';
    child.stdout.on('data', (chunk: Buffer) => output.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => {
      said = (said + chunk.toString()).slice(-4000);
    });
    child.on('error', reject);
    child.on('close', (exitCode) =>
      exitCode === 0
        ? resolve({ output: Buffer.concat(output), said })
        : reject(new Error(`ffmpeg ended with ${exitCode}: ${said}`)),
    );
  });
}

/** The first audio stream of any file as mono samples. Default rate 48 kHz; 8 kHz is enough to find where things are. */
export async function decodeMono(path: string, { sampleRateHz = 48_000 } = {}): Promise<Sound> {
  const target = ['-map', '0:a:0', '-ac', '1', '-ar', String(sampleRateHz), '-f', 'f32le', 'pipe:1'];
  const bytes = await runFfmpeg(['-i', `file:${path}`, ...target]);
  return { samples: new Float32Array(Uint8Array.from(bytes).buffer), sampleRateHz };
}

/** Encodes a WAV into another format, by ffmpeg's output options; the extension of `to` chooses the container. */
export async function encodeFile({
  from,
  to,
  options = [],
}: {
  from: string;
  to: string;
  options?: readonly string[];
}) {
  await runFfmpeg(['-i', `file:${from}`, '-y', ...options, `file:${to}`]);
}

/** How a WAV is written; all channels of one length and rate. */
export interface WavShape {
  /** Declared size of the samples in bytes, when it shall differ from the real one. */
  declaredDataBytes?: number;
}

/** A 16-bit PCM WAV of one or more channels. */
export function wavBytes(channels: readonly Sound[], shape: WavShape = {}): Buffer {
  const [first] = channels;
  if (first === undefined) throw new RangeError('A WAV has at least one channel');
  const frameBytes = channels.length * 2;
  const dataBytes = first.samples.length * frameBytes;
  const bytes = Buffer.alloc(44 + dataBytes);
  const declared = shape.declaredDataBytes ?? dataBytes;
  bytes.write('RIFF', 0);
  bytes.writeUInt32LE((36 + declared) >>> 0, 4);
  bytes.write('WAVEfmt ', 8);
  bytes.writeUInt32LE(16, 16);
  bytes.writeUInt16LE(1, 20);
  bytes.writeUInt16LE(channels.length, 22);
  bytes.writeUInt32LE(first.sampleRateHz, 24);
  bytes.writeUInt32LE(first.sampleRateHz * frameBytes, 28);
  bytes.writeUInt16LE(frameBytes, 32);
  bytes.writeUInt16LE(16, 34);
  bytes.write('data', 36);
  bytes.writeUInt32LE(declared, 40);
  channels.forEach((channel, number) => {
    channel.samples.forEach((value, index) => {
      const word = Math.max(-32768, Math.min(32767, Math.round(value * 32767)));
      bytes.writeInt16LE(word, 44 + index * frameBytes + number * 2);
    });
  });
  return bytes;
}

/** Writes a 16-bit WAV and gives its path back. */
export async function writeWav(
  path: string,
  channels: Sound | readonly Sound[],
  shape: WavShape = {},
): Promise<string> {
  await writeFile(path, wavBytes('samples' in channels ? [channels] : channels, shape));
  return path;
}
