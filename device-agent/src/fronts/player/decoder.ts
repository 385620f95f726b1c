/**
 * Turns a clip's file into samples by a spawned ffmpeg, a few seconds ahead and no further, from an exact sample on.
 * Stuck or broken decoding ends as a value; nothing it starts outlives it.
 */
import type { Relayed } from '../../contracts.ts';
import type { Cancel, Clock } from '../../edges/clock.ts';
import type { Program, RunProgram } from '../../edges/process.ts';
import { rateHz, samplesOf } from './pcm.ts';
import { SampleQueue } from './sample-queue.ts';

/** Decoded ahead: rides out a busy board, holds 384 kB. */
const aheadSamplesMax = 4 * rateHz;

/** A decoder that gives nothing for so long is stuck. */
const stuckMs = 5_000;

/** A clip is ready to start with this much decoded, or all of it. */
const readySamples = samplesOf(400);

export interface Decoding {
  /** False when it failed before anything could sound. */
  readonly ready: Promise<boolean>;
  /** Up to `count` samples; fewer when no more are decoded yet, or at the end. */
  take(count: number): Int16Array;
  /**
   * `ended`: everything has been taken. `failed`: no more will come, though there should be more. Of a relay:
   * `waiting`, its station is called again; `away`, it stays away and no clip steps in.
   */
  state(): 'running' | 'waiting' | 'ended' | 'failed' | 'away';
  /** Why it failed, for the technician. */
  said(): string;
  /** What became of a relay so far; absent for a clip. */
  relayed?(): Relayed;
  stop(): void;
}

export type Decode = (options: { path: string; fromMs: number }) => Decoding;

/** Decoding by the ffmpeg at `ffmpegPath`; without one every clip fails with a reason. */
export function ffmpegDecoder(parts: { ffmpegPath: string | undefined; run: RunProgram; clock: Clock }): Decode {
  return (options) => startDecoding({ ...parts, ...options });
}

function startDecoding(options: {
  ffmpegPath: string | undefined;
  run: RunProgram;
  clock: Clock;
  path: string;
  fromMs: number;
}): Decoding {
  const { clock } = options;
  const queue = new SampleQueue();
  let skipSamples = samplesOf(options.fromMs);
  let end: { ok: boolean; said: string } | undefined;
  let program: Program | undefined;
  let isPaused = false;
  let gaveAny = false;
  let watch: Cancel = () => undefined;
  let tellReady: (isReady: boolean) => void = () => undefined;
  const ready = new Promise<boolean>((resolve) => {
    tellReady = resolve;
  });

  function finish(outcome: { ok: boolean; said: string }): void {
    if (end !== undefined) return;
    end = outcome;
    watch();
    tellReady(outcome.ok || queue.length > 0);
  }

  function rearm(): void {
    watch();
    if (end !== undefined || isPaused) return;
    watch = clock.setTimer(() => {
      program?.kill();
      finish({ ok: false, said: `The decoder gave nothing for ${stuckMs / 1000} s` });
    }, stuckMs);
  }

  function onOutput(piece: Buffer): void {
    if (end !== undefined) return;
    gaveAny = true;
    skipSamples -= queue.add(piece, skipSamples).skipped;
    if (queue.length >= readySamples) tellReady(true);
    isPaused = queue.length >= aheadSamplesMax;
    if (isPaused) program?.pause();
    rearm();
  }

  function onEnd({ exitCode, said }: { exitCode: number | null; said: string }): void {
    if (exitCode === 0 && gaveAny) finish({ ok: true, said });
    else finish({ ok: false, said: said === '' ? `The decoder ended with ${exitCode}, without sound` : said });
  }

  if (options.ffmpegPath === undefined) {
    finish({ ok: false, said: 'No ffmpeg: install it, or name it in FFMPEG_PATH' });
  } else {
    const input = ['-nostdin', '-hide_banner', '-v', 'error', '-threads', '1', '-i', `file:${options.path}`];
    const output = ['-map', '0:a:0', '-ac', '1', '-ar', String(rateHz), '-f', 's16le', 'pipe:1'];
    program = options.run({ command: options.ffmpegPath, args: [...input, ...output], onOutput, onEnd });
    rearm();
  }

  return {
    ready,
    take(count) {
      const taken = queue.take(count);
      if (isPaused && queue.length < aheadSamplesMax / 2) {
        isPaused = false;
        program?.resume();
        rearm();
      }
      return taken;
    },
    state() {
      if (queue.length > 0 || end === undefined) return 'running';
      return end.ok ? 'ended' : 'failed';
    },
    said: () => end?.said ?? '',
    stop() {
      program?.kill();
      finish({ ok: false, said: 'stopped' });
      queue.clear();
    },
  };
}
