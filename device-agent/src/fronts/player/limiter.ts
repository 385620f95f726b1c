/**
 * Keeps what is made louder below full scale: a peak limiter that looks 5 ms ahead, so that its gain is down before the
 * peak comes and nothing is ever cut. Judges the true peak, between the samples too (ITU-R BS.1770-5 annex 2: four times
 * oversampled), and leaves what stays below its threshold as it is, bit for bit. Pure but for its own state.
 */

/** Above this the gain goes down, dBFS of the true peak; half a dB of room for what lies between the looked-at places. */
export const limiterThresholdDbfs = -1.5;

/** What a limited sound of up to 20 kHz (all that Opus and MP3 carry) never exceeds, dBFS of the true peak. */
export const limiterCeilingDbfs = -1;

/** Seen ahead: 5 ms at 48 kHz. What was put in comes out when so many samples follow it. */
export const lookAheadSamples = 240;

/** Of the filter that looks between the samples: places on each side. */
const reach = 16;

/** Over so many samples the gain glides down; together with the filter's reach it fits into what is seen ahead. */
const glideSamples = lookAheadSamples - 2 * reach;

/** The gain is back after a peak to within a third in this time; shorter is heard as pumping. */
const releaseMs = 150;

/** Closer to 1 than this it is 1 again, so that what follows is left alone. */
const released = 0.9999;

/** Of the rings: what is seen ahead and the filter behind it. */
const size = lookAheadSamples + 2 * reach + 1;

const threshold = 10 ** (limiterThresholdDbfs / 20);

/** A windowed sinc for each place between two samples: a quarter, a half, three quarters. */
const phases: readonly Float64Array[] = [0.25, 0.5, 0.75].map((place) =>
  Float64Array.from({ length: 2 * reach }, (_, tap) => {
    const distance = tap - (reach - 1) - place;
    const sinc = Math.sin(Math.PI * distance) / (Math.PI * distance);
    return sinc * (0.5 + 0.5 * Math.cos((Math.PI * distance) / reach));
  }),
);

/** A limiter for one sound; samples are of full scale ±1 after their gain. */
export class Limiter {
  /** The newest samples, twice in a row so that a stretch of them never wraps. */
  readonly #recent = new Float64Array(2 * size);
  /** Gain that each sample asks for, and the least of those seen ahead as a queue of rising gains. */
  readonly #lowestGain = new Float64Array(size);
  readonly #lowestAt = new Float64Array(size);
  #lowestFirst = 0;
  #lowestCount = 0;
  readonly #glide = new Float64Array(glideSamples).fill(1);
  #glideSum = glideSamples;
  /** How many of the glide are not 1: with none the sum is exact again. */
  #glideLow = 0;
  #releasing = 1;
  #count = 0;
  /** Until then a sample loud enough to matter lies within the filter's reach. */
  #loudUntil = 0;
  readonly #releaseStep: number;

  constructor({ rateHz }: { rateHz: number }) {
    this.#releaseStep = 1 - Math.exp(-1000 / (releaseMs * rateHz));
  }

  /** Takes one sample, gives the one that was put in `lookAheadSamples` before, limited; 0 while there was none. */
  next(sample: number): number {
    const at = this.#count % size;
    this.#recent[at] = sample;
    this.#recent[at + size] = sample;
    const peak = this.#peak(at + size);
    const gain = this.#glided(this.#lowest(peak > threshold ? threshold / peak : 1));
    this.#count += 1;
    if (this.#count <= lookAheadSamples) return 0;
    const delayed = this.#recent[at + size - lookAheadSamples] ?? 0;
    return gain === 1 ? delayed : delayed * gain;
  }

  /** Highest absolute value of the newest sample and between those `reach` before it. */
  #peak(newest: number): number {
    const recent = this.#recent;
    let peak = Math.abs(recent[newest] ?? 0);
    const first = newest - 2 * reach + 1;
    // Between samples that are far below nothing can reach the threshold: the filter's taps sum up to less than 3.5.
    if (!this.#isNearThreshold(peak)) return peak;
    for (const phase of phases) {
      let between = 0;
      for (let tap = 0; tap < phase.length; tap += 1) between += (recent[first + tap] ?? 0) * (phase[tap] ?? 0);
      peak = Math.max(peak, Math.abs(between));
    }
    return peak;
  }

  #isNearThreshold(sample: number): boolean {
    if (sample > threshold / 3.5) this.#loudUntil = this.#count + 2 * reach;
    return this.#count < this.#loudUntil;
  }

  /** The least gain asked for by the samples seen ahead, this one included. */
  #lowest(gain: number): number {
    while (this.#lowestCount > 0 && (this.#lowestGain[this.#last()] ?? 0) >= gain) this.#lowestCount -= 1;
    this.#lowestCount += 1;
    const last = this.#last();
    this.#lowestGain[last] = gain;
    this.#lowestAt[last] = this.#count;
    if ((this.#lowestAt[this.#lowestFirst] ?? 0) < this.#count - lookAheadSamples) {
      this.#lowestFirst = (this.#lowestFirst + 1) % size;
      this.#lowestCount -= 1;
    }
    return this.#lowestGain[this.#lowestFirst] ?? 1;
  }

  #last(): number {
    return (this.#lowestFirst + this.#lowestCount - 1) % size;
  }

  /** Down at once and up slowly, then averaged: by the time the peak comes out, all of the average is down. */
  #glided(lowest: number): number {
    const up = this.#releasing + (1 - this.#releasing) * this.#releaseStep;
    this.#releasing = Math.min(lowest, up >= released ? 1 : up);
    const place = this.#count % glideSamples;
    const former = this.#glide[place] ?? 1;
    this.#glide[place] = this.#releasing;
    this.#glideLow += Number(this.#releasing !== 1) - Number(former !== 1);
    this.#glideSum = this.#glideLow === 0 ? glideSamples : this.#glideSum + this.#releasing - former;
    return this.#glideSum / glideSamples;
  }
}
