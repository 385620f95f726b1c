/**
 * Can the comparison of sounds be relied on? What was put at a known place is found there, and what is not there is not.
 */
import { describe, expect, test } from 'vitest';
import {
  durationMsOf,
  excerpt,
  findOffset,
  firstAudibleMs,
  joined,
  lastAudibleMs,
  likenessOf,
  noise,
  peakDbfs,
  rmsDbfs,
  rmsEnvelope,
  silence,
  sine,
  speechLike,
  withGain,
} from '../../harness/sound.ts';

const sampleRateHz = 8000;
const speech = speechLike({ seconds: 2, sampleRateHz });
const recording = joined(
  noise({ seconds: 1.25, sampleRateHz, levelDbfs: -60 }),
  withGain(speech, -30),
  silence({ seconds: 3, sampleRateHz }),
);

describe('the comparison finds what was sent', () => {
  test('at its place to the sample, whatever its level', () => {
    const found = findOffset({ needle: speech, haystack: recording });
    expect(found.offsetSamples).toBe(10_000);
    expect(found.offsetMs).toBe(1250);
    expect(found.likeness).toBeGreaterThan(0.99);
  });

  test('a part of it, and at the very ends', () => {
    const needle = excerpt(speech, { fromMs: 500, untilMs: 900 });
    expect(findOffset({ needle, haystack: recording }).offsetMs).toBe(1750);
    expect(findOffset({ needle: speech, haystack: speech })).toMatchObject({ offsetSamples: 0 });
    const late = joined(silence({ seconds: 1, sampleRateHz }), speech);
    expect(findOffset({ needle: speech, haystack: late }).offsetMs).toBe(1000);
  });

  test('nothing where it is not', () => {
    const other = speechLike({ seconds: 2, seed: 99, sampleRateHz });
    expect(findOffset({ needle: other, haystack: recording }).likeness).toBeLessThan(0.3);
    expect(likenessOf(speech, other)).toBeLessThan(0.3);
    expect(likenessOf(speech, speech)).toBeCloseTo(1, 6);
  });

  test('levels, lengths and audible ends', () => {
    const tone = sine({ seconds: 1, hz: 1000, levelDbfs: -12 });
    expect(rmsDbfs(tone)).toBeCloseTo(-15.01, 1);
    expect(peakDbfs(tone)).toBeCloseTo(-12, 1);
    expect(durationMsOf(recording)).toBe(6250);
    const padded = joined(silence({ seconds: 0.5 }), tone, silence({ seconds: 0.25 }));
    expect(firstAudibleMs(padded)).toBeCloseTo(500, 0);
    expect(lastAudibleMs(padded)).toBeCloseTo(1500, 0);
    expect(firstAudibleMs(silence({ seconds: 1 }))).toBeUndefined();
    const envelope = rmsEnvelope(padded, { stepMs: 250 });
    expect(envelope).toHaveLength(7);
    expect(envelope[0]).toBe(0);
    expect(envelope[3]).toBeCloseTo(0.1776, 2);
  });

  test('sounds of two rates are not compared', () => {
    expect(() => findOffset({ needle: sine({ seconds: 1, hz: 440 }), haystack: recording })).toThrow(RangeError);
  });
});
