/**
 * The limiter, measured by another ear than its own: the true peak by a far longer filter at eight places between the
 * samples. And what needs no limiting leaves as it came, bit for bit.
 */
import type { Decoding } from '@loa/device-agent/fronts/player/decoder.ts';
import { levelled } from '@loa/device-agent/fronts/player/levelled.ts';
import { limiterCeilingDbfs, limiterThresholdDbfs } from '@loa/device-agent/fronts/player/limiter.ts';
import { fadedIn, gainFactor, withGain } from '@loa/device-agent/fronts/player/pcm.ts';
import { describe, expect, test } from 'vitest';
import { noise, peakDbfs, type Sound, seededRandom, sine, speechLike } from '../../harness/sound.ts';

const seconds = 0.6;

function pcm({ samples }: Sound): Int16Array {
  return Int16Array.from(samples, (value) => Math.max(-32_768, Math.min(32_767, Math.round(value * 32_767))));
}

function decodingOf(samples: Int16Array, options: { starvesAt?: number } = {}): Decoding & { feed(): void } {
  let next = 0;
  let isFed = options.starvesAt === undefined;
  return {
    ready: Promise.resolve(true),
    take(count) {
      const last = isFed ? samples.length : Math.min(samples.length, options.starvesAt ?? 0);
      const taken = samples.slice(next, Math.min(last, next + count));
      next += taken.length;
      return taken;
    },
    state: () => (next < samples.length ? 'running' : 'ended'),
    said: () => '',
    stop: () => undefined,
    feed: () => {
      isFed = true;
    },
  };
}

/** Takes everything in pieces of odd sizes, as a pacer may. */
function taken(sound: Decoding): Int16Array {
  const random = seededRandom(4);
  const all: number[] = [];
  for (let empty = 0; empty < 2; ) {
    const piece = sound.take(1 + Math.floor(random() * 1_900));
    all.push(...piece);
    empty = piece.length === 0 ? empty + 1 : 0;
  }
  return Int16Array.from(all);
}

const reach = 48;
const places = 8;
const filters = Array.from({ length: places }, (_, place) =>
  Float64Array.from({ length: 2 * reach }, (_unused, tap) => {
    const distance = tap - (reach - 1) - place / places;
    const sinc = distance === 0 ? 1 : Math.sin(Math.PI * distance) / (Math.PI * distance);
    return sinc * (0.5 + 0.5 * Math.cos((Math.PI * distance) / reach));
  }),
);

/** Highest value at eight places between each two samples, dBFS. Looks only where something is loud enough. */
function truePeakDbfs(samples: Int16Array): number {
  let peak = 0;
  for (let index = reach; index < samples.length - reach; index += 1) {
    if (Math.abs(samples[index] ?? 0) < 6_000 && Math.abs(samples[index + 1] ?? 0) < 6_000) continue;
    for (const filter of filters) {
      let value = 0;
      for (let tap = 0; tap < filter.length; tap += 1)
        value += (samples[index - reach + 1 + tap] ?? 0) * (filter[tap] ?? 0);
      peak = Math.max(peak, Math.abs(value));
    }
  }
  return 20 * Math.log10(peak / 32_768);
}

function clicks(): Sound {
  const random = seededRandom(9);
  const samples = Float32Array.from({ length: 28_800 }, () => (random() < 0.002 ? (random() < 0.5 ? -1 : 1) : 0));
  return { samples, sampleRateHz: 48_000 };
}

function square(hz: number): Sound {
  const samples = Float32Array.from({ length: 28_800 }, (_, i) =>
    Math.floor((2 * i * hz) / 48_000) % 2 === 0 ? 0.9 : -0.9,
  );
  return { samples, sampleRateHz: 48_000 };
}

/** A quarter of the rate, an eighth of a turn on: its samples lie 3 dB below its peaks. */
function betweenSamples(): Sound {
  const samples = Float32Array.from({ length: 28_800 }, (_, i) => 0.65 * Math.sin((Math.PI * i) / 2 + Math.PI / 4));
  return { samples, sampleRateHz: 48_000 };
}

/** Noise as a codec leaves it: nothing above 20 kHz. */
function codedNoise(): Sound {
  const { samples } = noise({ seconds: 0.6, levelDbfs: 0 });
  const taps = Float64Array.from({ length: 129 }, (_, tap) => {
    const distance = tap - 64;
    const sinc = distance === 0 ? 20 / 24 : Math.sin((Math.PI * distance * 20) / 24) / (Math.PI * distance);
    return sinc * (0.5 + 0.5 * Math.cos((Math.PI * distance) / 65));
  });
  const passed = samples.map((_, index) =>
    taps.reduce((sum, tap, place) => sum + tap * (samples[index - place] ?? 0), 0),
  );
  return { samples: passed, sampleRateHz: 48_000 };
}

describe('the true peak of what is made louder stays below its ceiling', () => {
  const signals: [string, Sound][] = [
    ['speech', speechLike({ seconds, seed: 3, levelDbfs: -1 })],
    ['noise', codedNoise()],
    ['a low tone', sine({ seconds, hz: 97, levelDbfs: 0 })],
    ['a high tone', sine({ seconds, hz: 11_987, levelDbfs: 0 })],
    ['peaks between the samples', betweenSamples()],
    ['clicks', clicks()],
    ['a square', square(313)],
  ];
  test.each(signals)('%s, by 1 to 12 dB', (name, sound) => {
    for (const gainDb of [1, 6, 12]) {
      const loud = taken(levelled(decodingOf(pcm(sound)), { factor: gainFactor(gainDb), fadesIn: false }));
      const peak = truePeakDbfs(loud);
      console.log(`${name} +${gainDb} dB: true peak ${peak.toFixed(2)} dBFS`);
      expect(peak).toBeLessThanOrEqual(limiterCeilingDbfs);
      expect(loud.length).toBe(pcm(sound).length);
    }
  });

  test('noise up to the very half of the rate, which no codec carries, stays below full scale too', () => {
    const loud = taken(levelled(decodingOf(pcm(noise({ seconds, levelDbfs: 0 }))), { factor: 4, fadesIn: false }));
    expect(truePeakDbfs(loud)).toBeLessThanOrEqual(-0.5);
    expect(peakDbfs({ samples: Float32Array.from(loud, (s) => s / 32_768), sampleRateHz: 48_000 })).toBeLessThan(-1);
  });

  test('and it is really louder: twelve more on soft speech are twelve more', () => {
    const soft = pcm(speechLike({ seconds, seed: 3, levelDbfs: -20 }));
    const loud = taken(levelled(decodingOf(soft), { factor: gainFactor(12), fadesIn: false }));
    const at = (samples: Int16Array) =>
      peakDbfs({ samples: Float32Array.from(samples, (s) => s / 32_768), sampleRateHz: 48_000 });
    expect(at(loud) - at(soft)).toBeCloseTo(12, 1);
  });
});

describe('below the threshold nothing is done', () => {
  test('speech made louder to just below it is the same, sample by sample, at its places', () => {
    const sound = pcm(speechLike({ seconds, seed: 6, levelDbfs: limiterThresholdDbfs - 0.8 - 9 }));
    const factor = gainFactor(9);
    expect(taken(levelled(decodingOf(sound), { factor, fadesIn: false }))).toEqual(withGain(sound, factor));
  });

  test('softer and unchanged sound knows no limiter', () => {
    const sound = pcm(noise({ seconds, levelDbfs: 0 }));
    expect(taken(levelled(decodingOf(sound), { factor: 1, fadesIn: false }))).toEqual(sound);
    const factor = gainFactor(-7);
    expect(taken(levelled(decodingOf(sound), { factor, fadesIn: false }))).toEqual(withGain(sound, factor));
  });

  test('half a second after a peak the gain is back', () => {
    const quiet = pcm(sine({ seconds: 2, hz: 440, levelDbfs: -20 }));
    const sound = quiet.slice();
    sound.fill(32_000, 4_800, 4_900);
    const factor = gainFactor(6);
    const loud = taken(levelled(decodingOf(sound), { factor, fadesIn: false }));
    const plain = withGain(quiet, factor);
    const ratioAt = (place: number) => {
      const [a, b] = [loud, plain].map((all) => Math.max(...all.subarray(place, place + 480)));
      return 20 * Math.log10((a ?? 0) / (b ?? 1));
    };
    expect(ratioAt(5_500)).toBeLessThan(-1);
    expect(Math.abs(ratioAt(4_900 + 24_000))).toBeLessThan(0.35);
    expect(Math.abs(ratioAt(4_900 + 72_000))).toBeLessThan(0.01);
  });
});

test('a decoder that runs dry for a while loses and shifts nothing behind the limiter', () => {
  const sound = pcm(speechLike({ seconds, seed: 8, levelDbfs: -20 }));
  const source = decodingOf(sound, { starvesAt: 10_000 });
  const loud = levelled(source, { factor: 2, fadesIn: false });
  const before = taken(loud);
  expect(before.length).toBe(10_000 - 240);
  expect(loud.state()).toBe('running');
  source.feed();
  const after = taken(loud);
  expect(Int16Array.from([...before, ...after])).toEqual(withGain(sound, 2));
  expect(loud.state()).toBe('ended');
});

test('what begins in the middle comes in over 2 ms, and is whole afterwards', () => {
  const sound = new Int16Array(2_000).fill(10_000);
  const eased = taken(levelled(decodingOf(sound), { factor: 1, fadesIn: true }));
  expect(eased[0]).toBe(0);
  expect(eased[48]).toBe(5_000);
  expect(eased.subarray(96)).toEqual(sound.subarray(96));
  expect(fadedIn(sound, { done: 96, whole: 96 })).toEqual(sound);
});
