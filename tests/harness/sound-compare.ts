/**
 * Is this the sound that was sent, where does it start, and is all of it there? Pure: samples in, numbers out. For
 * minutes of recording decode at 8 kHz: places are then known to 0.125 ms and the search stays quick.
 */
import type { Sound } from './sound-signals.ts';

/** Where something was found. `likeness` is the normalised correlation there: 1 the same, 0 nothing in common. */
export interface Found {
  offsetSamples: number;
  offsetMs: number;
  likeness: number;
}

/**
 * Finds where `needle` fits best inside `haystack`, whatever its level (a reversed polarity counts as unlike). Both of
 * one rate; the needle not longer than the haystack and not silent.
 */
export function findOffset({ needle, haystack }: { needle: Sound; haystack: Sound }): Found {
  requireOneRate(needle, haystack);
  const places = haystack.samples.length - needle.samples.length + 1;
  if (needle.samples.length === 0 || places < 1) throw new RangeError('The needle must fit into the haystack');
  const products = crossCorrelation(haystack.samples, needle.samples, places);
  const needleEnergy = energyOf(needle.samples);
  if (needleEnergy === 0) throw new RangeError('Silence is found everywhere');
  // Stretches far below the needle's own level are silence: rounding there looks like anything.
  const energyFloor = needleEnergy * 1e-9;
  let windowEnergy = energyOf(haystack.samples.subarray(0, needle.samples.length));
  let best = { offsetSamples: 0, likeness: -Infinity };
  for (let place = 0; place < places; place++) {
    const likeness = windowEnergy > energyFloor ? (products[place] ?? 0) / Math.sqrt(windowEnergy * needleEnergy) : 0;
    if (likeness > best.likeness) best = { offsetSamples: place, likeness };
    windowEnergy += (haystack.samples[place + needle.samples.length] ?? 0) ** 2 - (haystack.samples[place] ?? 0) ** 2;
  }
  return { ...best, offsetMs: (best.offsetSamples * 1000) / haystack.sampleRateHz };
}

/** How alike two sounds are from sample 0 on, over the shorter of both: normalised correlation, −1…1. */
export function likenessOf(one: Sound, other: Sound): number {
  requireOneRate(one, other);
  const count = Math.min(one.samples.length, other.samples.length);
  const [a, b] = [one.samples.subarray(0, count), other.samples.subarray(0, count)];
  let products = 0;
  for (let index = 0; index < count; index++) products += (a[index] ?? 0) * (b[index] ?? 0);
  const energies = Math.sqrt(energyOf(a) * energyOf(b));
  return energies === 0 ? 0 : products / energies;
}

/** A part of a sound, by time; to the end when `untilMs` is left out. Shares memory with it. */
export function excerpt(sound: Sound, { fromMs, untilMs }: { fromMs: number; untilMs?: number }): Sound {
  const at = (ms: number) => Math.max(0, Math.round((ms * sound.sampleRateHz) / 1000));
  return {
    samples: sound.samples.subarray(at(fromMs), untilMs === undefined ? undefined : at(untilMs)),
    sampleRateHz: sound.sampleRateHz,
  };
}

/** Length of a sound in milliseconds. */
export function durationMsOf(sound: Sound): number {
  return (sound.samples.length * 1000) / sound.sampleRateHz;
}

/** When the first (or last) sample louder than `aboveDbfs` (default −50) sounds, in ms; undefined when none does. */
export function firstAudibleMs(sound: Sound, { aboveDbfs = -50 } = {}): number | undefined {
  const floor = 10 ** (aboveDbfs / 20);
  const index = sound.samples.findIndex((value) => Math.abs(value) > floor);
  return index < 0 ? undefined : (index * 1000) / sound.sampleRateHz;
}

/** See `firstAudibleMs`. */
export function lastAudibleMs(sound: Sound, { aboveDbfs = -50 } = {}): number | undefined {
  const floor = 10 ** (aboveDbfs / 20);
  const index = sound.samples.findLastIndex((value) => Math.abs(value) > floor);
  return index < 0 ? undefined : (index * 1000) / sound.sampleRateHz;
}

/** Root mean square of each stretch of `stepMs` (default 10), linear; the last stretch may be shorter. */
export function rmsEnvelope(sound: Sound, { stepMs = 10 } = {}): Float32Array {
  const step = Math.max(1, Math.round((stepMs * sound.sampleRateHz) / 1000));
  return Float32Array.from({ length: Math.ceil(sound.samples.length / step) }, (_, index) => {
    const stretch = sound.samples.subarray(index * step, (index + 1) * step);
    return Math.sqrt(energyOf(stretch) / stretch.length);
  });
}

/** Root mean square of the whole in dBFS; −∞ for silence. */
export function rmsDbfs(sound: Sound): number {
  return 10 * Math.log10(energyOf(sound.samples) / sound.samples.length);
}

/** Highest sample in dBFS (not the true peak); −∞ for silence. */
export function peakDbfs(sound: Sound): number {
  return 20 * Math.log10(sound.samples.reduce((most, value) => Math.max(most, Math.abs(value)), 0));
}

function requireOneRate(one: Sound, other: Sound): void {
  if (one.sampleRateHz !== other.sampleRateHz) throw new RangeError('Compare only sounds of one rate');
}

function energyOf(samples: Float32Array): number {
  let sum = 0;
  for (const value of samples) sum += value * value;
  return sum;
}

/** Sum of products for each place of the needle in the haystack, by one transform of both together. */
function crossCorrelation(haystack: Float32Array, needle: Float32Array, places: number): Float64Array {
  const size = 2 ** Math.ceil(Math.log2(haystack.length + needle.length));
  const real = new Float64Array(size);
  const imaginary = new Float64Array(size);
  real.set(haystack);
  imaginary.set(needle);
  transform(real, imaginary);
  // Both signals are real: their spectra are the even and odd parts of the joint one. H · conj(N), conjugated to
  // invert with the forward transform.
  const productReal = new Float64Array(size);
  const productImaginary = new Float64Array(size);
  for (let index = 0; index < size; index++) {
    const mirror = (size - index) % size;
    const [ar, ai] = [real[index] ?? 0, imaginary[index] ?? 0];
    const [br, bi] = [real[mirror] ?? 0, imaginary[mirror] ?? 0];
    const [hr, hi] = [(ar + br) / 2, (ai - bi) / 2];
    const [nr, ni] = [(ai + bi) / 2, (br - ar) / 2];
    productReal[index] = hr * nr + hi * ni;
    productImaginary[index] = -(hi * nr - hr * ni);
  }
  transform(productReal, productImaginary);
  return productReal.subarray(0, places).map((value) => value / size);
}

/** Discrete Fourier transform in place, radix 2; the length is a power of two. */
function transform(real: Float64Array, imaginary: Float64Array): void {
  const size = real.length;
  for (let index = 1, reversed = 0; index < size; index++) {
    let bit = size >> 1;
    for (; (reversed & bit) !== 0; bit >>= 1) reversed ^= bit;
    reversed ^= bit;
    if (index < reversed) {
      [real[index], real[reversed]] = [real[reversed] ?? 0, real[index] ?? 0];
      [imaginary[index], imaginary[reversed]] = [imaginary[reversed] ?? 0, imaginary[index] ?? 0];
    }
  }
  const { cosines, sines } = rootsOf(size);
  // Those of one stage stand side by side, or most of the time would go by waiting for memory.
  const stageCosines = new Float64Array(size / 2);
  const stageSines = new Float64Array(size / 2);
  for (let half = 1; half < size; half *= 2) {
    const stride = size / (half * 2);
    for (let index = 0; index < half; index++) {
      stageCosines[index] = cosines[index * stride] as number;
      stageSines[index] = sines[index * stride] as number;
    }
    for (let block = 0; block < size; block += half * 2) {
      for (let index = 0; index < half; index++) {
        const upper = block + index;
        const lower = upper + half;
        const wr = stageCosines[index] as number;
        const wi = stageSines[index] as number;
        const lr = real[lower] as number;
        const li = imaginary[lower] as number;
        const tr = lr * wr - li * wi;
        const ti = lr * wi + li * wr;
        const ur = real[upper] as number;
        const ui = imaginary[upper] as number;
        real[lower] = ur - tr;
        imaginary[lower] = ui - ti;
        real[upper] = ur + tr;
        imaginary[upper] = ui + ti;
      }
    }
  }
}

interface Roots {
  cosines: Float64Array;
  sines: Float64Array;
}

/** The last asked for: recordings of one test are of one length. */
let lastRoots: { size: number; roots: Roots } | undefined;

/** The roots of unity of a transform. */
function rootsOf(size: number): Roots {
  if (lastRoots?.size !== size) {
    const cosines = new Float64Array(size / 2);
    const sines = new Float64Array(size / 2);
    for (let index = 0; index < size / 2; index++) {
      cosines[index] = Math.cos((2 * Math.PI * index) / size);
      sines[index] = -Math.sin((2 * Math.PI * index) / size);
    }
    lastRoots = { size, roots: { cosines, sines } };
  }
  return lastRoots.roots;
}
