/**
 * Are all words of a text in its parts, once and in order, and all samples of its parts in the file? Laws for generated
 * text, and WAV headers as programs that write into a pipe leave them.
 */

import { speechParts } from '@loa/server/keep/speech/speech-parts.ts';
import { joinWav, readWav } from '@loa/server/keep/speech/wav.ts';
import fc from 'fast-check';
import { expect, test } from 'vitest';

const words = fc.array(fc.constantFrom('xin', 'chào', 'bà', 'con.', 'thôn,', 'họp!', 'mời:', '\n', 'a'.repeat(900)), {
  maxLength: 600,
});

test('every word is in one part, in order, and no part or phrase is too long', () => {
  fc.assert(
    fc.property(words, (list) => {
      const text = list.join(' ');
      const parts = speechParts(text);
      const phrases = parts.flat();
      expect(
        phrases
          .map((phrase) => phrase.text)
          .join('')
          .replace(/\s/gu, ''),
      ).toBe(text.replace(/\s/gu, ''));
      for (const part of parts)
        expect(part.reduce((sum, phrase) => sum + phrase.text.length, 0)).toBeLessThanOrEqual(1_500);
      for (const phrase of phrases) expect(phrase.text.length).toBeLessThanOrEqual(400);
    }),
    { numRuns: 300 },
  );
});

test('sentences and lines are followed by a pause, and words are not cut', () => {
  expect(speechParts('Một. Hai!\nBa')).toEqual([
    [
      { text: 'Một.', pauseMs: 700 },
      { text: 'Hai!', pauseMs: 1_100 },
      { text: 'Ba', pauseMs: 1_100 },
    ],
  ]);
  const [cut] = speechParts('đèn điện '.repeat(60).trim());
  expect(cut?.map((phrase) => phrase.text).every((text) => /^(?:đèn|điện).*(?:đèn|điện)$/u.test(text))).toBe(true);
});

test('joined sound is the samples of all parts under one true header', () => {
  const sound = (samples: number[]) => ({
    sampleRateHz: 22_050,
    channels: 1,
    samples: new Uint8Array(Int16Array.from(samples).buffer),
  });
  const joined = Buffer.concat(joinWav([sound([1, -2]), sound([]), sound([3])]) ?? []);
  expect(joined.readUInt32LE(4)).toBe(joined.length - 8);
  expect(readWav(joined)).toMatchObject({ sampleRateHz: 22_050, channels: 1 });
  expect(readWav(joined)?.samples).toEqual(Buffer.from(sound([1, -2, 3]).samples));
  expect(joinWav([sound([1]), { ...sound([2]), sampleRateHz: 16_000 }])).toBeNull();
  expect(joinWav([])).toBeNull();
});

test('a header that does not know the length is read to the end of the file, and nonsense is refused', () => {
  const samples = new Uint8Array(Int16Array.from([5, 6, 7]).buffer);
  const file = Buffer.concat(joinWav([{ sampleRateHz: 22_050, channels: 1, samples }]) ?? []);
  file.writeUInt32LE(0x7ffff000, 40);
  expect(readWav(file)?.samples).toEqual(Buffer.from(samples));
  expect(readWav(file.subarray(0, file.length - 1))?.samples).toEqual(Buffer.from(samples).subarray(0, 4));
  file.writeUInt16LE(3, 20);
  expect(readWav(file)).toBeNull();
  expect(readWav(Buffer.from('RIFF'))).toBeNull();
  expect(readWav(Buffer.alloc(100))).toBeNull();
});
