/**
 * Whatever is written, is only what a voice can say left over, in bounded time, and is every number said as what it is?
 * Laws for generated text; the seed is printed on failure.
 */

import { readWhole } from '@loa/server/keep/speech/spoken/cardinal.ts';
import { spokenText } from '@loa/server/keep/speech/spoken/spoken-text.ts';
import fc from 'fast-check';
import { expect, test } from 'vitest';

const SCRAPS =
  '20/11/2026 17h30 0252 3821 234 +84 1.500.000đ m³/s 50% -5°C ½ II XIV TT. P. UBND 39/2020/TT-BTTTT QĐ-UBND & / - – ( ) … • “ ” @ . , : ; ? ! ~ ≥ x 3 x a) K’Ho ngày thứ tháng quý số từ đến gọi 113 www.a.vn a@b.vn v.v. Ⅱ 😀 漢'.split(
    ' ',
  );

const notice = fc
  .array(fc.oneof(fc.constantFrom(...SCRAPS), fc.string({ unit: 'binary', maxLength: 6 }), fc.nat().map(String)), {
    maxLength: 30,
  })
  .chain((pieces) =>
    fc
      .array(fc.constantFrom(' ', '', '\n'), { minLength: pieces.length, maxLength: pieces.length })
      .map((gaps) => pieces.map((piece, at) => piece + gaps[at]).join('')),
  );

test('only words, line breaks and punctuation are left of any text', () => {
  fc.assert(
    fc.property(notice, (text) => {
      expect(spokenText(text)).toMatch(/^(?:[\p{Script=Latin}\p{M}'’ .,;:!?\n])*$/u);
      expect(spokenText(text)).not.toMatch(/ {2}|\n\n| [.,;:!?]|[,;]{2}/u);
    }),
    { numRuns: 500 },
  );
});

test('every number can be understood back from its words', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.nat({ max: 2_000 }),
        fc.nat(),
        fc.maxSafeNat().map((n) => n % 1e15),
      ),
      (value) => {
        expect(understand(readWhole(String(value)))).toBe(value);
      },
    ),
    { numRuns: 2_000 },
  );
});

test('the longest text takes no longer than its length asks for', () => {
  const text = (repeated: number) => 'Ngày 20/11/2026, 17h30, UBND 0912345678 - 1.500.000đ/hộ; '.repeat(repeated);
  const startedMs = performance.now();
  spokenText(text(350));
  const elapsedMs = performance.now() - startedMs;
  for (const hostile of [
    '-'.repeat(20_000),
    '1/'.repeat(10_000),
    '1.'.repeat(10_000),
    '0 '.repeat(10_000),
    'A-'.repeat(10_000),
    'a.'.repeat(10_000),
    '('.repeat(20_000),
    '1'.repeat(20_000),
    'I'.repeat(20_000),
    '. '.repeat(10_000),
    ',\n'.repeat(7_000),
  ]) {
    expect(typeof spokenText(hostile)).toBe('string');
  }
  console.log(`20,000 characters were put into words in ${elapsedMs.toFixed(0)} ms`);
});

/** What a listener makes of the words of a whole number. */
function understand(words: string): number {
  const units = new Map([
    ['không', 0],
    ['một', 1],
    ['mốt', 1],
    ['hai', 2],
    ['ba', 3],
    ['bốn', 4],
    ['tư', 4],
    ['năm', 5],
    ['lăm', 5],
    ['sáu', 6],
    ['bảy', 7],
    ['tám', 8],
    ['chín', 9],
  ]);
  let total = 0;
  let milliards = 0;
  let group = 0;
  let unit = 0;
  for (const word of words.split(' ')) {
    const value = units.get(word);
    if (value !== undefined) unit = value;
    else if (word === 'linh') continue;
    else if (word === 'mười') group += 10;
    else if (word === 'mươi') [group, unit] = [group + 10 * unit, 0];
    else if (word === 'trăm') [group, unit] = [group + 100 * unit, 0];
    else if (word === 'nghìn') [total, group, unit] = [total + 1e3 * (group + unit), 0, 0];
    else if (word === 'triệu') [total, group, unit] = [total + 1e6 * (group + unit), 0, 0];
    else if (word === 'tỷ') [milliards, total, group, unit] = [total + group + unit, 0, 0, 0];
    else throw new Error(`unknown word ${word}`);
  }
  return milliards * 1e9 + total + group + unit;
}
