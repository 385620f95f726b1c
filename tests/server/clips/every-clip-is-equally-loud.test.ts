/**
 * Is every clip at −16 LUFS ±1 with a true peak of at most −1.5 dBTP, whatever came in? Both renditions are decoded and
 * measured by a meter the preparation does not use.
 */
import { nextGain } from '@loa/server/keep/clips/level.ts';
import { describe, expect, test } from 'vitest';
import { isFull } from '../../harness/full.ts';
import { joined, noise, type Sound, secondOpinion, silence, sine, speechLike, withGain } from '../../harness/sound.ts';
import { openWorkshop } from './workshop.ts';

const workshop = await openWorkshop();

const channels = (count: number): Sound[] =>
  Array.from({ length: count }, (_, index) => speechLike({ seconds: 3, seed: index + 1 }));
const reversed = (sound: Sound): Sound => ({ ...sound, samples: sound.samples.map((value) => -value) });

const sources: Record<string, Sound | readonly Sound[]> = {
  'a pure tone': sine({ seconds: 3, hz: 440 }),
  'a shrill tone': sine({ seconds: 2, hz: 9000, levelDbfs: -1 }),
  'a hum': sine({ seconds: 2, hz: 60, levelDbfs: -1 }),
  'half a second': speechLike({ seconds: 0.5 }),
  'three seconds of speech': speechLike({ seconds: 3 }),
  'a whole notice': withGain(speechLike({ seconds: isFull ? 60 : 12 }), 10),
  'very quiet, −50 LUFS': speechLike({ seconds: 3, levelDbfs: -34 }),
  'barely there': sine({ seconds: 3, hz: 500, levelDbfs: -57 }),
  'clipped and loud': withGain(speechLike({ seconds: 3 }), 30),
  'white noise': noise({ seconds: 3 }),
  'a soft voice with one bang': joined(
    speechLike({ seconds: 3, levelDbfs: -45 }),
    noise({ seconds: 0.1, levelDbfs: 0 }),
    speechLike({ seconds: 3, levelDbfs: -35, seed: 2 }),
  ),
  'soft, loud, soft': joined(
    speechLike({ seconds: 2, levelDbfs: -40 }),
    speechLike({ seconds: 2, levelDbfs: -1 }),
    speechLike({ seconds: 2, levelDbfs: -30 }),
  ),
  'a word after long silence': joined(silence({ seconds: 3 }), speechLike({ seconds: 1 }), silence({ seconds: 3 })),
  stereo: channels(2),
  'stereo whose channels cancel': [speechLike({ seconds: 3 }), reversed(speechLike({ seconds: 3 }))],
  'stereo with one side silent': [speechLike({ seconds: 3 }), silence({ seconds: 3 })],
  'five channels and one for bass': channels(6),
  'eleven channels without a layout': channels(11),
  'telephone, 8 kHz': speechLike({ seconds: 3, sampleRateHz: 8000 }),
  'studio, 96 kHz': speechLike({ seconds: 3, sampleRateHz: 96_000 }),
};

/** What offices send, and what is hardest; the others are proven by `npm run test:full`, and counted as skipped before. */
const everyday = [
  'half a second',
  'a whole notice',
  'very quiet, −50 LUFS',
  'clipped and loud',
  'a soft voice with one bang',
  'stereo whose channels cancel',
  'telephone, 8 kHz',
];
const rarer = Object.keys(sources).filter((name) => !everyday.includes(name));

describe('every clip is equally loud', () => {
  test.concurrent.each(everyday)('%s', expectLevel);
  (isFull ? test.concurrent : test.skip).each(rarer)('%s', expectLevel);

  async function expectLevel(name: string): Promise<void> {
    const source = sources[name] ?? [];
    const { clip, files } = await workshop.prepared(await workshop.wav(`${name}.wav`, source));
    const opinions = [await secondOpinion(files.ogg), await secondOpinion(files.mp3)];
    for (const { loudnessLufs, truePeakDbtp } of opinions) {
      expect(loudnessLufs).toBeGreaterThanOrEqual(-17);
      expect(loudnessLufs).toBeLessThanOrEqual(-15);
      expect(truePeakDbtp).toBeLessThanOrEqual(-1.45);
    }
    expect(Math.abs(clip.loudnessLufs - (opinions[0]?.loudnessLufs ?? 0))).toBeLessThan(0.6);
    expect(clip.source.channels).toBe('samples' in source ? 1 : source.length);
  }

  test('the loudness and peak of the source are told as they were', async () => {
    const { clip } = await workshop.prepared(await workshop.wav('told.wav', channels(2)));
    const told = await secondOpinion(workshop.path('told.wav'));
    expect(Math.abs(clip.source.loudnessLufs - told.loudnessLufs)).toBeLessThan(0.5);
    expect(Math.abs(clip.source.truePeakDbtp - told.truePeakDbtp)).toBeLessThan(0.5);
  });

  test('the search for a gain follows the slope, stays in its bracket and never leaps', () => {
    expect(nextGain([{ gainDb: 3, loudnessLufs: -18 }], -16)).toBe(5);
    expect(nextGain([{ gainDb: 3, loudnessLufs: -Infinity }], -16)).toBe(15);
    expect(
      nextGain(
        [
          { gainDb: 3, loudnessLufs: -18 },
          { gainDb: 5, loudnessLufs: -17 },
        ],
        -16,
      ),
    ).toBe(7);
    expect(
      nextGain(
        [
          { gainDb: 3, loudnessLufs: -18 },
          { gainDb: 6, loudnessLufs: -15 },
          { gainDb: 4, loudnessLufs: -18 },
        ],
        -16,
      ),
    ).toBe(5);
  });
});

describe('every clip is small', () => {
  const dear: [string, Sound][] = [
    ['speech', speechLike({ seconds: 20 })],
    ['a steady tone, the dearest there is', sine({ seconds: 20, hz: 440 })],
  ];
  if (isFull) dear.push(['noise', noise({ seconds: 20 })]);
  test.concurrent.each(dear)('%s takes 24 to 32 kbit/s on the way to the boards', async (name, source) => {
    const { clip } = await workshop.prepared(await workshop.wav(`small ${name}.wav`, source));
    const opus = clip.renditions.find(({ format }) => format === 'ogg-opus');
    const kbits = ((opus?.sizeBytes ?? 0) * 8) / clip.durationMs;
    expect(kbits).toBeGreaterThanOrEqual(24);
    expect(kbits).toBeLessThanOrEqual(32);
  });
});
