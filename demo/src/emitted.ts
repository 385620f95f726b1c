/**
 * What a demo cluster really emitted, as a WAV to listen to: reads the record the file player leaves (16-bit mono
 * PCM at 48 kHz and one JSON line per contiguous run). Never writes.
 */
import { open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

/** Samples per second of the record. */
export const emittedRateHz = 48_000;

const runSchema = z.object({ atMs: z.number(), offsetSamples: z.int().min(0), samples: z.int().min(0) });
/** One contiguous run of sound: the instant of its first sample and where it stands in the record. */
export type EmittedRun = z.infer<typeof runSchema>;

/** The runs of a record, oldest first; empty when nothing was emitted. A torn last line is left out. */
export async function readRuns(soundDir: string): Promise<EmittedRun[]> {
  const text = await readFile(join(soundDir, 'emitted.jsonl'), 'utf8').catch(() => '');
  return text.split('\n').flatMap((line) => {
    const run = parseRun(line);
    return run === undefined ? [] : [run];
  });
}

/** The samples of one run. */
export async function readRun(soundDir: string, run: EmittedRun): Promise<Int16Array> {
  const file = await open(join(soundDir, 'emitted.pcm'), 'r');
  try {
    const bytes = Buffer.alloc(run.samples * 2);
    const { bytesRead } = await file.read(bytes, 0, bytes.length, run.offsetSamples * 2);
    return new Int16Array(bytes.buffer, bytes.byteOffset, bytesRead >> 1);
  } finally {
    await file.close();
  }
}

/** The last `lastMs` of a record as one WAV, silences between runs cut to a second; undefined when it holds no sound. */
export async function emittedWav(soundDir: string, lastMs: number, nowMs: number): Promise<Buffer | undefined> {
  const runs = (await readRuns(soundDir)).filter(
    (run) => run.atMs + (run.samples / emittedRateHz) * 1000 > nowMs - lastMs,
  );
  if (runs.length === 0) return undefined;
  const parts: Buffer[] = [];
  let endMs = runs[0]?.atMs ?? nowMs;
  for (const run of runs) {
    const gapMs = Math.min(1_000, Math.max(0, run.atMs - endMs));
    parts.push(Buffer.alloc(2 * Math.round((gapMs / 1000) * emittedRateHz)));
    const samples = await readRun(soundDir, run);
    parts.push(Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength));
    endMs = run.atMs + (run.samples / emittedRateHz) * 1000;
  }
  return wav(Buffer.concat(parts));
}

function parseRun(line: string): EmittedRun | undefined {
  try {
    return runSchema.parse(JSON.parse(line));
  } catch {
    return undefined;
  }
}

function wav(pcm: Buffer): Buffer {
  const head = Buffer.alloc(44);
  head.write('RIFF', 0);
  head.writeUInt32LE(36 + pcm.length, 4);
  head.write('WAVEfmt ', 8);
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(1, 20);
  head.writeUInt16LE(1, 22);
  head.writeUInt32LE(emittedRateHz, 24);
  head.writeUInt32LE(emittedRateHz * 2, 28);
  head.writeUInt16LE(2, 32);
  head.writeUInt16LE(16, 34);
  head.write('data', 36);
  head.writeUInt32LE(pcm.length, 40);
  return Buffer.concat([head, pcm]);
}
