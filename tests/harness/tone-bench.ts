/**
 * The real player on a clock moved by hand, its decoder and its card replaced: sounds are made by a function of the
 * sample's place, and what the card was given is kept with its instants.
 */
import type { Clock } from '@loa/device-agent/edges/clock.ts';
import type { Decode } from '@loa/device-agent/fronts/player/decoder.ts';
import { createPlayer, type Levels } from '@loa/device-agent/fronts/player/player.ts';
import type { Sink } from '@loa/device-agent/fronts/player/sink.ts';

export interface CapturedBlock {
  monotonicMs: number;
  samples: Int16Array;
}

export interface ToneBench {
  player: ReturnType<typeof createPlayer>;
  captured: CapturedBlock[];
  /** The samples of a stretch of monotonic time; silence where nothing was written. */
  between(fromMs: number, untilMs: number): Int16Array;
}

/** A clip of `samples` samples, each the value of `sampleAt`; endless by default. */
export function toneDecoder(
  sampleAt: (index: number, path: string) => number,
  samples = Number.POSITIVE_INFINITY,
): Decode {
  return ({ path, fromMs }) => {
    let next = Math.round(fromMs * 48);
    let isStopped = false;
    return {
      ready: Promise.resolve(true),
      take(count) {
        const first = next;
        const taken = Math.max(0, Math.min(count, samples - next));
        next += taken;
        return Int16Array.from({ length: taken }, (_, index) => sampleAt(first + index, path));
      },
      state: () => (next < samples && !isStopped ? 'running' : 'ended'),
      said: () => '',
      stop: () => {
        isStopped = true;
      },
    };
  };
}

export function toneBench(parts: { clock: Clock; decode: Decode; levels?: Levels }): ToneBench {
  const captured: CapturedBlock[] = [];
  const sink: Sink = {
    name: 'captured',
    startLeadMs: 0,
    write: (block, { monotonicMs }) => void captured.push({ monotonicMs, samples: block.slice() }),
    rest: () => undefined,
    output: () => ({ present: true, evidence: {} }),
    close: () => undefined,
  };
  return {
    player: createPlayer({ sink, levels: { routineDb: 0, emergencyDb: 0 }, ...parts }),
    captured,
    between(fromMs, untilMs) {
      const stretch = new Int16Array(Math.round((untilMs - fromMs) * 48));
      for (const { monotonicMs, samples } of captured) {
        const place = Math.round((monotonicMs - fromMs) * 48);
        for (const [index, sample] of samples.entries()) {
          if (place + index >= 0 && place + index < stretch.length) stretch[place + index] = sample;
        }
      }
      return stretch;
    },
  };
}

/** RMS of samples, dBFS; −120 for silence. */
export function levelOf(samples: Int16Array): number {
  let squares = 0;
  for (const sample of samples) squares += sample * sample;
  return Math.max(-120, 10 * Math.log10(squares / Math.max(1, samples.length) / 32_768 ** 2));
}
