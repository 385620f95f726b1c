/**
 * What is one rule of reading aloud? A pattern that may begin at the start of a written piece, and the words to say for
 * what it matched. Rules are pure, know only the text around them, and may decline, in which case the next one is asked.
 */

/** How far a rule may look to either side, in characters: a clause, so that reading stays linear in the text. */
export const LOOK_AROUND_CHARACTERS = 64;

/** The text beside a match, at most `LOOK_AROUND_CHARACTERS` each, on the same line. */
export type Around = { before: string; after: string };

/** One rule. */
export type SpokenRule = {
  /** With which kind of character the written piece begins. Letters and digits are tried only where a word begins. */
  starts: 'letter' | 'digit' | 'sign';
  /** Sticky and Unicode-aware; see `pattern`. */
  pattern: RegExp;
  /** The words for the match, or `null` to decline. An empty text is said as nothing. */
  speak: (match: RegExpExecArray, around: Around) => string | null;
};

/** Nothing that belongs to the same word follows. */
export const WORD_END = '(?![\\p{L}\\p{M}\\p{N}])';

/** A written number: dots part thousands, a comma parts decimals; other uses are sorted out by `readNumber`. */
export const NUMBER = '\\d{1,3}(?:[.,]\\d{3})+(?:[.,]\\d{1,2})?(?![.,]?\\d)|\\d+(?:[.,]\\d+)?';

/** Dashes that part the ends of a range. */
export const DASH = '\\s?[-–—]\\s?';

/** Compiles the source of a rule. */
export function pattern(source: string, flags = ''): RegExp {
  return new RegExp(source, `uy${flags}`);
}

/** Longest first, so that `km/h` is met before `km`; all signs taken literally. */
export function anyOf(words: Iterable<string>): string {
  return [...words]
    .sort((one, other) => other.length - one.length)
    .map((word) => word.replace(/[.*+?^${}()|[\]\\/]/gu, '\\$&'))
    .join('|');
}
