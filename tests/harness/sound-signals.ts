/**
 * Signals made by code: the same arguments give the same samples on every machine. Nothing here reads or writes a file.
 */

/** Mono samples, full scale ±1, with their rate. */
export interface Sound {
  samples: Float32Array;
  sampleRateHz: number;
}

const defaultRateHz = 48_000;

/** A pure tone. `levelDbfs` is its peak; default −12. */
export function sine(shape: { seconds: number; hz: number; levelDbfs?: number; sampleRateHz?: number }): Sound {
  const sampleRateHz = shape.sampleRateHz ?? defaultRateHz;
  const peak = amplitudeOf(shape.levelDbfs ?? -12);
  return made(shape.seconds, sampleRateHz, (index) => peak * Math.sin((2 * Math.PI * shape.hz * index) / sampleRateHz));
}

/** Digital silence. */
export function silence(shape: { seconds: number; sampleRateHz?: number }): Sound {
  return made(shape.seconds, shape.sampleRateHz ?? defaultRateHz, () => 0);
}

/** White noise. `levelDbfs` is its peak; default −12. */
export function noise(shape: { seconds: number; levelDbfs?: number; seed?: number; sampleRateHz?: number }): Sound {
  const random = seededRandom(shape.seed ?? 1);
  const peak = amplitudeOf(shape.levelDbfs ?? -12);
  return made(shape.seconds, shape.sampleRateHz ?? defaultRateHz, () => peak * (random() * 2 - 1));
}

/**
 * Noise with the bands, syllables and pauses of speech: never twice the same stretch, so that its place in a recording
 * is unmistakable. It sounds from the first to the last sample. `levelDbfs` is its peak; default −6.
 */
export function speechLike(shape: {
  seconds: number;
  levelDbfs?: number;
  seed?: number;
  sampleRateHz?: number;
}): Sound {
  const sampleRateHz = shape.sampleRateHz ?? defaultRateHz;
  const random = seededRandom(shape.seed ?? 1);
  const formants = [resonator(500, sampleRateHz), resonator(1400, sampleRateHz)];
  const count = Math.round(shape.seconds * sampleRateHz);
  const samples = new Float32Array(count);
  let syllableEnds = 0;
  let loudness = 0;
  let syllableStart = 0;
  for (let index = 0; index < count; index++) {
    if (index >= syllableEnds) {
      syllableStart = index;
      syllableEnds = index + Math.round((0.08 + 0.22 * random()) * sampleRateHz);
      const outermost = index === 0 || syllableEnds >= count;
      loudness = !outermost && random() < 0.2 ? 0.01 : 0.3 + 0.7 * random();
    }
    const breath = random() * 2 - 1;
    const voiced = formants.reduce((sum, formant) => sum + formant(breath), 0);
    const rise = Math.min(1, (index - syllableStart + 1) / (0.005 * sampleRateHz));
    samples[index] = voiced * loudness * rise;
  }
  return { samples: scaledToPeak(samples, amplitudeOf(shape.levelDbfs ?? -6)), sampleRateHz };
}

/** One after the other; all of one rate. */
export function joined(...sounds: readonly Sound[]): Sound {
  const [first] = sounds;
  if (first === undefined) throw new RangeError('Nothing to join');
  const samples = new Float32Array(sounds.reduce((sum, sound) => sum + sound.samples.length, 0));
  let place = 0;
  for (const sound of sounds) {
    if (sound.sampleRateHz !== first.sampleRateHz) throw new RangeError('Join only sounds of one rate');
    samples.set(sound.samples, place);
    place += sound.samples.length;
  }
  return { samples, sampleRateHz: first.sampleRateHz };
}

/** Louder or softer, hard-clipped at full scale as a recorder would. */
export function withGain(sound: Sound, gainDb: number): Sound {
  const factor = amplitudeOf(gainDb);
  return { ...sound, samples: sound.samples.map((value) => Math.max(-1, Math.min(1, value * factor))) };
}

/** Repeatable numbers from 0 to 1 (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Amplitude of a level in dBFS: 0 → 1, −6 → 0.501. */
export function amplitudeOf(levelDbfs: number): number {
  return 10 ** (levelDbfs / 20);
}

function made(seconds: number, sampleRateHz: number, valueAt: (index: number) => number): Sound {
  return {
    samples: Float32Array.from({ length: Math.round(seconds * sampleRateHz) }, (_, i) => valueAt(i)),
    sampleRateHz,
  };
}

function scaledToPeak(samples: Float32Array, peak: number): Float32Array {
  const highest = samples.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  return highest === 0 ? samples : samples.map((value) => (value * peak) / highest);
}

/** A two-pole band-pass of 200 Hz width. */
function resonator(centreHz: number, sampleRateHz: number): (input: number) => number {
  const radius = Math.exp((-Math.PI * 200) / sampleRateHz);
  const feedback = 2 * radius * Math.cos((2 * Math.PI * centreHz) / sampleRateHz);
  let last = 0;
  let beforeLast = 0;
  return (input) => {
    const output = input * (1 - radius) + feedback * last - radius * radius * beforeLast;
    beforeLast = last;
    last = output;
    return output;
  };
}
