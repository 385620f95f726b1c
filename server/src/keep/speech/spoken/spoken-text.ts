/**
 * How would a person read this notice aloud? Walks the text once from left to right and lets the first rule that fits
 * say each written piece; what no rule takes is an ordinary word. The result has only words, line breaks and the
 * punctuation a voice pauses at: no digit, no sign. Pure; the time it takes is linear in the text. It never judges whether
 * the text is readable at all (that is `pasted-text.ts`).
 */

import { AMBIGUOUS_RULES } from './ambiguous.ts';
import { DATE_RULES } from './dates.ts';
import { FIGURE_RULES } from './figures.ts';
import { HOUR_RULES } from './hours.ts';
import { LAW_NUMBER_RULES } from './law-numbers.ts';
import { spokenLines } from './lines.ts';
import { LOAN_WORD_RULES } from './loan-words.ts';
import { PHONE_RULES } from './phones.ts';
import { ROMAN_RULES } from './roman-numerals.ts';
import { LOOK_AROUND_CHARACTERS, type SpokenRule } from './rule.ts';
import { SIGN_RULES } from './signs.ts';
import { UNIT_RULES } from './units.ts';
import { ADDRESS_RULES } from './web-addresses.ts';
import { WORD_RULES } from './words.ts';

/** One written piece and the words said for it. */
export type Reading = { written: string; spoken: string };

/** Readings beyond this many would not be looked at by anybody. */
const READINGS_LIMIT = 500;

/** In the order in which they are asked. */
const RULES: readonly SpokenRule[] = [
  ...ADDRESS_RULES,
  ...DATE_RULES,
  ...LAW_NUMBER_RULES,
  ...PHONE_RULES,
  ...HOUR_RULES,
  ...UNIT_RULES,
  ...LOAN_WORD_RULES,
  ...ROMAN_RULES,
  ...AMBIGUOUS_RULES,
  ...FIGURE_RULES,
  ...WORD_RULES,
  ...SIGN_RULES,
];

const RULES_BY_START = Map.groupBy(RULES, (rule) => rule.starts);

/** Roman numerals of their own and full-width signs, said like their plain forms. */
const COMPATIBLE = /[\u2160-\u217f\uff01-\uff5e]/gu;

const WORD = /(?:\p{Script=Latin}\p{M}*)+(?:['’](?:\p{Script=Latin}\p{M}*)+)*/uy;

/** The text as it is to be spoken: lines parted by `\n`, nothing left that a voice would stumble over. May be empty. */
export function spokenText(text: string): string {
  return readAloud(text).spoken;
}

/**
 * What will be said differently from what is written, each once, in order of appearance, at most 500. For the panel, so
 * that the writer sees "17h30 → mười bảy giờ ba mươi phút" before anybody hears it.
 */
export function explainSpokenText(text: string): Reading[] {
  return readAloud(text).readings;
}

function readAloud(text: string): { spoken: string; readings: Reading[] } {
  const readings = new Map<string, Reading>();
  const spoken = spokenLines(
    text
      .normalize('NFC')
      .replace(COMPATIBLE, (sign) => sign.normalize('NFKC'))
      .replace(/[^\S\r\n\u2028\u2029]+/gu, ' '),
  )
    .map((line) =>
      readLine(line, (reading) => {
        if (readings.size < READINGS_LIMIT) readings.set(`${reading.written}\n${reading.spoken}`, reading);
      }),
    )
    .filter((line) => /\p{L}/u.test(line))
    .join('\n');
  return { spoken, readings: [...readings.values()] };
}

function readLine(line: string, explain: (reading: Reading) => void): string {
  let said = '';
  let at = 0;
  while (at < line.length) {
    const match = applyRules(line, at);
    if (match !== null) {
      const spoken = tidy(match.spoken);
      if (/\p{L}/u.test(spoken) && spoken !== match.written.toLowerCase())
        explain({ written: match.written.trim(), spoken });
      said += ` ${match.spoken} `;
      at += match.written.length;
      continue;
    }
    WORD.lastIndex = at;
    const word = WORD.exec(line)?.[0];
    const piece = word ?? line.slice(at, at + 1);
    if (word !== undefined || /[.,;:!?\s]/u.test(piece)) said += piece;
    at += piece.length;
  }
  const tidied = tidy(said);
  return /[.!?:;]$/u.test(tidied) ? tidied : `${tidied.replace(/,$/u, '')}.`;
}

function applyRules(line: string, at: number): { written: string; spoken: string } | null {
  const first = line.slice(at, at + 1);
  const starts = /\p{L}/u.test(first) ? 'letter' : /\d/u.test(first) ? 'digit' : 'sign';
  const before = line.slice(Math.max(0, at - LOOK_AROUND_CHARACTERS), at);
  for (const rule of RULES_BY_START.get(starts) ?? []) {
    rule.pattern.lastIndex = at;
    const match = rule.pattern.exec(line);
    if (match === null || match[0] === '') continue;
    const end = at + match[0].length;
    const spoken = rule.speak(match, { before, after: line.slice(end, end + LOOK_AROUND_CHARACTERS) });
    if (spoken !== null) return { written: match[0], spoken };
  }
  return null;
}

/** One space between words, none before punctuation, no two pauses in a row, none at the beginning. */
function tidy(said: string): string {
  return said
    .replace(/\s+/gu, ' ')
    .replace(/\s+(?=[.,;:!?])/gu, '')
    .replace(/([.,;:!?])[.,;:!?\s]*(?=[.,;:!?])/gu, '$1')
    .replace(/[.,;:!?]*([.!?:;])[.,;:!?]*/gu, '$1')
    .replace(/,+/gu, ',')
    .replace(/([.,;:!?])(?=[^\s])/gu, '$1 ')
    .replace(/^[\s.,;:!?]+/u, '')
    .trim();
}
