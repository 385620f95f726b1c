/**
 * A sound at its level: what a decoder gives, made softer by a factor or louder behind the limiter, and let in over 2 ms
 * where it begins in the middle of something. Takes nothing away and adds no delay: as many samples come out as went in,
 * at their places.
 */
import type { Decoding } from './decoder.ts';
import { Limiter, lookAheadSamples } from './limiter.ts';
import { fadedIn, fadeInMs, rateHz, samplesOf, withGain } from './pcm.ts';

/** `decoding` at a level. A factor up to 1 is exact; above it the limiter keeps the peaks below full scale. */
export function levelled(decoding: Decoding, { factor, fadesIn }: { factor: number; fadesIn: boolean }): Decoding {
  const sound = factor > 1 ? limited(decoding, factor) : softer(decoding, factor);
  return fadesIn ? letIn(sound) : sound;
}

function softer(decoding: Decoding, factor: number): Decoding {
  return { ...decoding, take: (count) => withGain(decoding.take(count), factor) };
}

function limited(decoding: Decoding, factor: number): Decoding {
  const limiter = new Limiter({ rateHz });
  let taken = 0;
  let pushed = 0;
  let given = 0;

  /** Nothing more will come: silence pushes out what the limiter still holds. */
  const isFinal = () => ['ended', 'failed', 'away'].includes(decoding.state());

  return {
    ...decoding,
    take(count) {
      const fresh = decoding.take(count + lookAheadSamples - (taken - given));
      taken += fresh.length;
      const ready = isFinal() ? taken - given : taken - given - lookAheadSamples;
      const out = new Int16Array(Math.max(0, Math.min(count, ready)));
      let filled = 0;
      for (let index = 0; index < fresh.length || filled < out.length; index += 1) {
        const sample = limiter.next(((fresh[index] ?? 0) / 32_768) * factor);
        pushed += 1;
        if (pushed > lookAheadSamples) {
          out[filled] = Math.round(sample * 32_768);
          filled += 1;
        }
      }
      given += out.length;
      return out;
    },
    state: () => (taken > given && isFinal() ? 'running' : decoding.state()),
  };
}

function letIn(sound: Decoding): Decoding {
  let done = 0;
  const whole = samplesOf(fadeInMs);
  return {
    ...sound,
    take(count) {
      const taken = sound.take(count);
      if (done >= whole) return taken;
      const faded = fadedIn(taken, { done, whole });
      done += taken.length;
      return faded;
    },
  };
}
