/**
 * How are written words said that need more than their letters? Known abbreviations, unknown ones letter by letter,
 * words in capitals as words, single consonants by their names. Ordinary words are left alone.
 */

import { isVietnameseSyllable } from '../syllable.ts';
import { ABBREVIATIONS } from './abbreviations.ts';
import { isHeading } from './ambiguous.ts';
import { spell } from './letters.ts';
import { anyOf, pattern, type SpokenRule, WORD_END } from './rule.ts';

/** From this length on a word in capitals that is no Vietnamese syllable is taken for a name, if it can be said. */
const SHORTEST_NAME_IN_CAPITALS = 5;

const SMALL_ABBREVIATIONS = new Map(
  Object.entries(ABBREVIATIONS)
    .filter(([written]) => /^\p{L}{3,}$/u.test(written) && !isVietnameseSyllable(written))
    .map(([written, said]) => [written.toLowerCase(), said]),
);

const KNOWN = anyOf(Object.keys(ABBREVIATIONS));

/** Rules for abbreviations and capitals. */
export const WORD_RULES: readonly SpokenRule[] = [
  { starts: 'letter', pattern: pattern('và\\s?/\\s?hoặc'), speak: () => 'và hoặc' },
  {
    starts: 'letter',
    pattern: pattern(`(${KNOWN})(?:(?<=\\.)|${WORD_END})`),
    speak: ([, written = '']) => ABBREVIATIONS[written] ?? null,
  },
  {
    starts: 'letter',
    pattern: pattern(`\\p{Ll}{3,}${WORD_END}`),
    speak: ([written]) => SMALL_ABBREVIATIONS.get(written) ?? null,
  },
  {
    starts: 'letter',
    pattern: pattern(`\\p{Lu}{2,}${WORD_END}`),
    speak: ([written], around) => {
      const small = written.toLowerCase();
      if (isVietnameseSyllable(small)) return small;
      const sayable = /[aeiouyăâêôơư]/u.test(small.normalize('NFC')) && !/[^aeiouyăâêôơư]{3}/u.test(small);
      const longName = small.length >= SHORTEST_NAME_IN_CAPITALS && sayable;
      return longName || (sayable && isHeading(around) && small.length > 3) ? small : spell(small);
    },
  },
  {
    starts: 'letter',
    pattern: pattern(`[B-DF-HJ-NP-TV-XZĐb-df-hj-np-tv-xzđ]${WORD_END}(?!['’])`),
    speak: ([letter]) => spell(letter),
  },
  {
    starts: 'letter',
    pattern: pattern(`\\p{Ll}{2,5}${WORD_END}`),
    speak: ([written]) => (/[aeiouy]/u.test(written.normalize('NFD')) ? null : spell(written)),
  },
];
