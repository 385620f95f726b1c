/** The comparison that the rounds of chaos rest on finds each sample's place, and every sample that nobody sent. */
import { expect, test } from 'vitest';
import { layRecord } from '../../chaos/captured.ts';
import { speechLike } from '../../harness/sound-signals.ts';

const clipOf = (id: string, seed: number) => ({
  id,
  samples: Int16Array.from(speechLike({ seconds: 1, seed }).samples, (sample) => Math.round(sample * 32_767)),
});
const [one, two] = [clipOf('one', 1), clipOf('two', 2)];

const joined = (...parts: Int16Array[]) => Int16Array.from(parts.flatMap((part) => [...part]));
const fadedIn = (part: Int16Array) =>
  part.map((sample, index) => (index < 96 ? Math.round((sample * index) / 96) : sample));
const fadedOut = (part: Int16Array) =>
  part.map((sample, index) => {
    const left = part.length - index - 1;
    return left < 240 ? Math.round((sample * left) / 240) : sample;
  });
const brief = (pcm: Int16Array) => {
  const { stretches, strangeSamples } = layRecord({ pcm, told: [] }, [one, two]);
  return {
    stretches: stretches.map(({ clipId, fromSample, samples }) => [clipId, fromSample, samples]),
    strangeSamples,
  };
};

test.each([
  [
    'whole clips',
    joined(one.samples, two.samples),
    [
      ['one', 0, 48_000],
      ['two', 0, 48_000],
    ],
    0,
  ],
  [
    'cut off by a kill',
    joined(one.samples.slice(0, 9_600), two.samples),
    [
      ['one', 0, 9_600],
      ['two', 0, 48_000],
    ],
    0,
  ],
  [
    'stopped, and gone on with',
    joined(fadedOut(one.samples.slice(0, 12_240)), two.samples, fadedIn(one.samples.slice(12_240))),
    [
      ['one', 0, 12_240],
      ['two', 0, 48_000],
      ['one', 12_240, 35_760],
    ],
    0,
  ],
  [
    'begun again',
    joined(one.samples.slice(0, 20_160), one.samples),
    [
      ['one', 0, 20_160],
      ['one', 0, 48_000],
    ],
    0,
  ],
  [
    'noise behind it',
    joined(
      one.samples,
      Int16Array.from({ length: 7 }, () => 32_000),
    ),
    [['one', 0, 48_000]],
    7,
  ],
  ['a clip at another gain', two.samples.map((sample) => Math.round(sample / 2)).slice(0, 9_600), [], 9_600],
] as const)('%s', (_name, pcm, stretches, strangeSamples) => {
  const found = brief(pcm);
  expect(found.stretches).toEqual(stretches);
  expect(found.strangeSamples).toBe(strangeSamples);
});
