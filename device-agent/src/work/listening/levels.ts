/**
 * Short-term levels of a sound: all that the agent ever keeps of what it sent or heard. Samples come in, levels of 50 ms
 * stay, the samples do not. Pure but for its own state; the instants are the caller's.
 */
import { Biquad, highPass, lowPass } from './biquad.ts';

/** One figure per feature and this long; short enough for syllables. */
export const frameMs = 50;

/** Ten minutes: of a longer play the last ten minutes are judged. 12,000 frames of five figures, 240 kB. */
export const framesMax = 12_000;

/** What a horn reproduces, and wind does not: below it a street's rumble, above it little. */
const bandHz = { from: 300, to: 3_400 };

/** What people do not notice from a horn: below its cut-off, and above most hearing. */
export const pilotHz = { low: 40, high: 18_500 };

/** Takes away what lies below some 15 Hz at 48 kHz; a pilot at 40 Hz passes. */
const offsetKept = 0.998;

/** Of a frame so much must be there; the first and last of a recording are torn. */
const wholeShareMin = 0.9;

/** Frames in order from `fromFrame` on; mean squares (full scale 1), NaN where nothing is known. */
export interface Levels {
  /** Number of the first frame: its instant divided by `frameMs`. */
  fromFrame: number;
  /** Everything. */
  full: Float32Array;
  /** 300–3,400 Hz. */
  band: Float32Array;
  /** Highest square of everything. */
  peak: Float32Array;
  /** At the two pilot frequencies. */
  low: Float32Array;
  high: Float32Array;
}

const features = ['full', 'band', 'peak', 'low', 'high'] as const;
type Feature = (typeof features)[number];

export function frameAt(monotonicMs: number): number {
  return Math.floor(monotonicMs / frameMs);
}

/** Level of a mean square, dB below full scale; −120 at least. */
export function dbOf(meanSquare: number): number {
  return Math.max(-120, 10 * Math.log10(Math.max(meanSquare, 1e-12)));
}

/**
 * Levels by instant. `absent`: what stands where nothing was added: of what was sent nothing is silence, of what was
 * recorded it is not known.
 */
export class LevelTrack {
  readonly #rateHz: number;
  readonly #absent: number;
  readonly #ring: Record<Feature, Float32Array>;
  readonly #stamps: Float64Array;
  #filters: readonly Biquad[];
  readonly #tones: readonly Tone[];
  #lastValue = 0;
  #steady = 0;
  #frame = Number.NEGATIVE_INFINITY;
  #count = 0;
  #full = 0;
  #band = 0;
  #peak = 0;

  constructor({ rateHz, absent }: { rateHz: number; absent: 'silence' | 'unknown' }) {
    this.#rateHz = rateHz;
    this.#absent = absent === 'silence' ? 0 : Number.NaN;
    const blank = () => new Float32Array(framesMax);
    this.#ring = { full: blank(), band: blank(), peak: blank(), low: blank(), high: blank() };
    this.#stamps = new Float64Array(framesMax).fill(Number.NaN);
    this.#filters = bandOf(rateHz);
    this.#tones = tonesOf(rateHz);
  }

  /** The first sample belongs to `monotonicMs`. `isContiguous`: it follows the former without a gap. */
  add(samples: Int16Array, at: { monotonicMs: number; isContiguous: boolean }): void {
    if (!at.isContiguous) {
      this.#filters = bandOf(this.#rateHz);
      this.#lastValue = 0;
      this.#steady = 0;
      this.#close();
    }
    let done = 0;
    while (done < samples.length) {
      const nowMs = at.monotonicMs + (done * 1000) / this.#rateHz;
      // Half a sample of room, so that rounding does not leave one sample to a frame of its own.
      const frame = Math.floor((nowMs + 500 / this.#rateHz) / frameMs);
      const left = Math.round((((frame + 1) * frameMs - nowMs) * this.#rateHz) / 1000);
      const until = Math.min(samples.length, done + Math.max(1, left));
      if (frame !== this.#frame) this.#open(frame);
      this.#take(samples, done, until);
      done = until;
    }
    for (const filter of this.#filters) filter.settle();
    if (Math.abs(this.#steady) < 1e-20) this.#steady = 0;
  }

  /** Nothing follows for now: the last frame is over. */
  rest(): void {
    this.#close();
  }

  /** Everything is forgotten. */
  clear(): void {
    this.#frame = Number.NEGATIVE_INFINITY;
    this.#count = 0;
    this.#stamps.fill(Number.NaN);
  }

  /** Frames of these instants, as far as they are remembered. */
  slice(fromMs: number, untilMs: number): Levels {
    const fromFrame = frameAt(fromMs);
    const length = Math.max(0, Math.min(framesMax, frameAt(untilMs) - fromFrame + 1));
    const cut = (feature: Feature) =>
      Float32Array.from({ length }, (_, index) => {
        const place = (((fromFrame + index) % framesMax) + framesMax) % framesMax;
        return this.#stamps[place] === fromFrame + index ? (this.#ring[feature][place] ?? this.#absent) : this.#absent;
      });
    return { fromFrame, full: cut('full'), band: cut('band'), peak: cut('peak'), low: cut('low'), high: cut('high') };
  }

  #open(frame: number): void {
    this.#close();
    this.#frame = frame;
    for (const tone of this.#tones) tone.clear();
  }

  #take(samples: Int16Array, from: number, until: number): void {
    const [below, above] = this.#filters;
    const [low, high] = this.#tones;
    if (below === undefined || above === undefined || low === undefined || high === undefined) return;
    for (let index = from; index < until; index += 1) {
      const given = (samples[index] ?? 0) / 32_768;
      // A cheap microphone's constant offset is no sound.
      const value = given - this.#lastValue + offsetKept * this.#steady;
      this.#lastValue = given;
      this.#steady = value;
      const inBand = above.pass(below.pass(value));
      const square = value * value;
      this.#full += square;
      this.#band += inBand * inBand;
      if (square > this.#peak) this.#peak = square;
      low.add(value);
      high.add(value);
    }
    this.#count += until - from;
  }

  #close(): void {
    const whole = (frameMs * this.#rateHz) / 1000;
    const isKnown = this.#absent === 0 || this.#count >= whole * wholeShareMin;
    if (this.#count > 0 && isKnown) {
      const place = ((this.#frame % framesMax) + framesMax) % framesMax;
      // What was not sent of a frame was silent; what was not recorded of one is taken to be like the rest of it.
      const span = this.#absent === 0 ? whole : this.#count;
      this.#stamps[place] = this.#frame;
      this.#ring.full[place] = this.#full / span;
      this.#ring.band[place] = this.#band / span;
      this.#ring.peak[place] = this.#peak;
      this.#ring.low[place] = this.#tones[0]?.meanSquare(span) ?? 0;
      this.#ring.high[place] = this.#tones[1]?.meanSquare(span) ?? 0;
    }
    this.#frame = Number.NEGATIVE_INFINITY;
    this.#count = 0;
    this.#full = 0;
    this.#band = 0;
    this.#peak = 0;
  }
}

function bandOf(rateHz: number): readonly Biquad[] {
  return [new Biquad(highPass(bandHz.from, rateHz)), new Biquad(lowPass(bandHz.to, rateHz))];
}

function tonesOf(rateHz: number): readonly Tone[] {
  return [new Tone(pilotHz.low, rateHz), new Tone(pilotHz.high, rateHz)];
}

/** Goertzel: the part of one frequency. Above half the rate there is none. */
class Tone {
  readonly #factor: number;
  readonly #isAudible: boolean;
  #last = 0;
  #beforeLast = 0;

  constructor(hz: number, rateHz: number) {
    this.#factor = 2 * Math.cos((2 * Math.PI * hz) / rateHz);
    this.#isAudible = hz < rateHz / 2;
  }

  clear(): void {
    this.#last = 0;
    this.#beforeLast = 0;
  }

  add(value: number): void {
    const next = value + this.#factor * this.#last - this.#beforeLast;
    this.#beforeLast = this.#last;
    this.#last = next;
  }

  meanSquare(count: number): number {
    if (!this.#isAudible) return 0;
    const power = this.#last ** 2 + this.#beforeLast ** 2 - this.#factor * this.#last * this.#beforeLast;
    return Math.max(0, (2 * power) / count ** 2);
  }
}
