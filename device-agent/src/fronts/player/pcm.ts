/** Samples: mono, 16 bit, 48 kHz, little endian; levels, gain and fades on them. Pure. */

/** Samples per second of everything that leaves a player. */
export const rateHz = 48_000;

/** Written at a time: long enough to be cheap, short enough to start and stop by. */
export const blockMs = 20;

/** At the start of a stop the sound fades out over this, so that it does not click. */
export const fadeMs = 5;

/** Where a sound begins in the middle of something it comes in over this; a clip's own beginning is left as it is. */
export const fadeInMs = 2;

export function samplesOf(ms: number): number {
  return Math.round((ms * rateHz) / 1000);
}

export function msOf(samples: number): number {
  return (samples * 1000) / rateHz;
}

/** The factor of a gain in dB. */
export function gainFactor(gainDb: number): number {
  return 10 ** (gainDb / 20);
}

/** Softer, or cut at full scale; the same array when the factor is 1. */
export function withGain(samples: Int16Array, factor: number): Int16Array {
  if (factor === 1) return samples;
  return samples.map((sample) => Math.max(-32_768, Math.min(32_767, Math.round(sample * factor))));
}

/** From full to silence over the whole of it. */
export function fadedOut(samples: Int16Array): Int16Array {
  return samples.map((sample, index) => Math.round(sample * (1 - (index + 1) / samples.length)));
}

/** From silence to full over the first `whole` samples of a sound, of which `done` have gone before these. */
export function fadedIn(samples: Int16Array, { done, whole }: { done: number; whole: number }): Int16Array {
  return samples.map((sample, index) =>
    done + index >= whole ? sample : Math.round((sample * (done + index)) / whole),
  );
}

/** Mean level of everything it was told. */
export class LevelMeter {
  #squares = 0;
  #samples = 0;

  add(samples: Int16Array): void {
    for (const sample of samples) this.#squares += sample * sample;
    this.#samples += samples.length;
  }

  /** RMS in dB below full scale; −120 for digital silence; undefined when it was told nothing. */
  get dbfs(): number | undefined {
    if (this.#samples === 0) return undefined;
    const rms = Math.sqrt(this.#squares / this.#samples) / 32_768;
    return Math.max(-120, 20 * Math.log10(rms));
  }
}
