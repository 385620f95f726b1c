/**
 * Keeps one sound at its place while it leaves: asks where the next sample belongs and what the card needs, and fits
 * each block. Measures nothing itself; `drift.ts` judges.
 */
import { nextSlew, noSlew, type Slew, stretched } from './drift.ts';
import { msOf, samplesOf } from './pcm.ts';
import type { Sink } from './sink.ts';

/** Shorter blocks (a fade, a last piece) are left as they are. */
const fittedSamplesMin = samplesOf(10);

/**
 * So much of a sound leaves sample by sample as it was made: in that time no clock drifts by what a person hears, and a
 * late start would be caught up by half a minute's 30 ms at most.
 */
export const exactForMs = 30_000;

export interface Steady {
  /**
   * The block as it is written when its first sample sounds at `nextMs`, and how much of the monotonic clock it takes:
   * the card's share changes the samples only, for the card's own rate makes up for it.
   */
  fit(block: Int16Array, nextMs: number): { fitted: Int16Array; lastsMs: number };
}

/** `monotonicAt`: where the sample so many ms into the sound belongs; while it says nothing, its place is right. */
export function keepSteady(parts: {
  sink: Pick<Sink, 'nextForCard'>;
  monotonicAt?: ((soundMs: number) => number | undefined) | undefined;
}): Steady {
  let givenSamples = 0;
  let slew: Slew = noSlew;
  return {
    fit(block, nextMs) {
      const soundMs = msOf(givenSamples);
      givenSamples += block.length;
      if (block.length < fittedSamplesMin) return { fitted: block, lastsMs: msOf(block.length) };
      const wantedMs = soundMs < exactForMs ? undefined : parts.monotonicAt?.(soundMs);
      const next = wantedMs === undefined ? { slew, samples: 0 } : nextSlew(slew, nextMs - wantedMs);
      slew = next.slew;
      const forCard = parts.sink.nextForCard?.(nextMs) ?? 0;
      return { fitted: stretched(block, next.samples + forCard), lastsMs: msOf(block.length + next.samples) };
    },
  };
}
