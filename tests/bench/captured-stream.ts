/**
 * Sound as it arrives at the far end of a pipe, each piece with the instant it came: what a program sounded, judged from
 * outside it and by one clock for all. Two programs are compared by the same reckoning, so what a pipe holds back from
 * each does not count.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import { findOffset, type Sound } from '../harness/sound.ts';

export const captureRateHz = 48_000;

interface Piece {
  atMs: number;
  samples: Float32Array;
}

/** What is searched for, from its beginning: so little that a player which catches up meanwhile is still recognised. */
const neededSeconds = 0.2;

export interface Capture {
  /** When the first sample of `clip` sounded between two instants (epoch ms); undefined when it is not found. */
  soundedMs(clip: Sound, span: { fromMs: number; untilMs: number }): number | undefined;
}

/** Listens to 16 bit samples; of several channels the first is kept. */
export function captureOf(stream: Readable, channels: number): Capture {
  const pieces: Piece[] = [];
  const frameBytes = 2 * channels;
  let rest = Buffer.alloc(0);
  stream.on('data', (data: Buffer) => {
    const atMs = performance.timeOrigin + performance.now();
    const bytes = Buffer.concat([rest, data]);
    const count = Math.floor(bytes.length / frameBytes);
    rest = Buffer.from(bytes.subarray(count * frameBytes));
    const samples = Float32Array.from({ length: count }, (_, index) => bytes.readInt16LE(index * frameBytes) / 32_768);
    pieces.push({ atMs, samples });
  });
  return {
    soundedMs(clip, { fromMs, untilMs }) {
      const own = pieces.filter(({ atMs }) => atMs >= fromMs && atMs < untilMs);
      const samples = new Float32Array(own.reduce((sum, piece) => sum + piece.samples.length, 0));
      let count = 0;
      // A piece can come late, never early: the least delayed one tells when the stretch began.
      let beganMs = Number.POSITIVE_INFINITY;
      for (const piece of own) {
        samples.set(piece.samples, count);
        beganMs = Math.min(beganMs, piece.atMs - (count * 1_000) / captureRateHz);
        count += piece.samples.length;
      }
      const needle = { ...clip, samples: clip.samples.subarray(0, neededSeconds * captureRateHz) };
      if (samples.length < needle.samples.length) return undefined;
      const found = findOffset({ needle, haystack: { samples, sampleRateHz: captureRateHz } });
      return found.likeness > 0.7 ? beganMs + found.offsetMs : undefined;
    },
  };
}

/** Programs of one measurement; `end` ends exactly those. */
export function programs(): {
  run(command: string, args: readonly string[], env?: NodeJS.ProcessEnv): ChildProcess;
  end(): void;
} {
  const running: ChildProcess[] = [];
  return {
    run(command, args, env) {
      const stdio = ['ignore', 'pipe', 'inherit'] as const;
      const child = spawn(command, [...args], { stdio: [...stdio], env: env ?? process.env });
      running.push(child);
      return child;
    },
    end() {
      for (const child of running) child.kill('SIGKILL');
    },
  };
}
