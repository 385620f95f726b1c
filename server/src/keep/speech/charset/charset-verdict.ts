/**
 * In which code was this text typed: Unicode, TCVN3 or VNI? Weighs evidence word by word: a Vietnamese text makes
 * plausible syllables in its own code and hardly any in another one. Only words with a letter outside ASCII are
 * witnesses. It assumes NFC text whose soft hyphens are still there (they are a letter of TCVN3), changes nothing, and
 * says "mixed" or "unreadable" rather than guess.
 */

import { isVietnameseSyllable } from '../syllable.ts';
import { TCVN3_SIGNS, tcvn3Word } from './tcvn3.ts';
import { vniWord } from './vni.ts';

/** Codes a pasted text may be typed in. */
export type Charset = 'unicode' | 'tcvn3' | 'vni';

/** What the evidence says; `example` is a word as it stands in the text. */
export type CharsetVerdict =
  | { kind: 'charset'; charset: Charset }
  | { kind: 'lost-letters' | 'mixed' | 'unreadable'; example: string };

/** Words for the purpose of codes: letters, marks, and the signs that are letters in TCVN3. */
export const CODED_WORD = new RegExp(`[\\p{L}\\p{M}${TCVN3_SIGNS}]+`, 'gu');

/** Vietnamese letters that neither old code can produce, since both stay within Latin-1. */
const UNICODE_LETTER = /[ăđĩũơưĂĐĨŨƠƯ\u1ea0-\u1ef9]/u;
const EDGE_SIGNS = new RegExp(`^[${TCVN3_SIGNS}]+|[${TCVN3_SIGNS}]+$`, 'gu');
const SIGN_IN_WORD = new RegExp(`\\p{L}[${TCVN3_SIGNS.replace('·', '')}]\\p{L}`, 'u');
const VOWEL = /[aeiouy]/iu;

/** An old code is believed when it explains at least this share of the witnesses. Real notices reach 0.97 and more. */
const BELIEVED_SHARE = 0.85;
/** Below this share an old code explains too little for the text even to be suspected of it. */
const SUSPECTED_SHARE = 0.5;
/** As many foreign accented words may stand in a Unicode text before it is called mixed. */
const FOREIGN_WORDS_TOLERATED = 2;

type Witness = {
  written: string;
  unicode: boolean;
  plain: boolean;
  /** A syllable as it stands, with an accent: a word of Unicode, which an old code would turn into another one. */
  syllable: boolean;
  tcvn3: boolean | null;
  vni: boolean | null;
};

/** Judges the whole text. Time grows linearly with its length. */
export function judgeCharset(text: string): CharsetVerdict {
  const witnesses = readWitnesses(text);
  const plain = witnesses.filter((witness) => witness.plain);
  if (witnesses.some((witness) => witness.unicode)) return judgeUnicode(witnesses);

  for (const charset of ['tcvn3', 'vni'] as const) {
    const heard = witnesses.filter((witness) => witness[charset] !== null);
    const explained = heard.filter((witness) => witness[charset]);
    if (explained.length <= plain.length || !enough(explained)) continue;
    const share = explained.length / heard.length;
    const lost = charset === 'tcvn3' && !text.includes('\u00ad') ? heard.find(hasLostHorn) : undefined;
    if (lost !== undefined && share > SUSPECTED_SHARE) return { kind: 'lost-letters', example: lost.written };
    if (share < BELIEVED_SHARE) continue;
    const contrary = heard.find((witness) => witness.syllable && witness[charset] === false);
    if (contrary !== undefined) return { kind: 'mixed', example: contrary.written };
    return { kind: 'charset', charset };
  }

  const odd = witnesses.filter((witness) => !witness.plain);
  const signs = odd.find((witness) => SIGN_IN_WORD.test(witness.written));
  if (signs !== undefined) return { kind: 'unreadable', example: signs.written };
  const half = SUSPECTED_SHARE * witnesses.length;
  for (const charset of ['tcvn3', 'vni'] as const) {
    const explained = odd.filter((witness) => witness[charset]);
    if (explained.length > FOREIGN_WORDS_TOLERATED && explained.length > half && plain.length < half) {
      return { kind: 'unreadable', example: explained[0]?.written ?? '' };
    }
  }
  return { kind: 'charset', charset: 'unicode' };
}

function readWitnesses(text: string): Witness[] {
  const witnesses = new Map<string, Witness>();
  for (const [written] of text.matchAll(CODED_WORD)) {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: ASCII is meant whole.
    if (witnesses.has(written) || /^[\x00-\x7f]*$/.test(written)) continue;
    const core = written.replace(EDGE_SIGNS, '');
    if (core === '' && written.length === 1) continue;
    // biome-ignore lint/suspicious/noControlCharactersInRegex: ASCII is meant whole.
    const quotedPlain = core !== written && core !== '' && /^[\x00-\x7f]*$/.test(core) && /^[«]|[»]$/u.test(written);
    const unicode = UNICODE_LETTER.test(written);
    const syllable = isVietnameseSyllable(core.replaceAll('\u00ad', ''));
    witnesses.set(written, {
      written,
      unicode,
      plain: unicode || quotedPlain || syllable,
      // biome-ignore lint/suspicious/noControlCharactersInRegex: ASCII is meant whole.
      syllable: syllable && /[^\x00-\x7f]/.test(core),
      tcvn3: explains(tcvn3Word(written)),
      vni: explains(vniWord(core)),
    });
  }
  return [...witnesses.values()];
}

/** `null` for what neither speaks for nor against: an abbreviation without a vowel. */
function explains(converted: string): boolean | null {
  if (isVietnameseSyllable(converted)) return true;
  return VOWEL.test(converted.normalize('NFD')) ? false : null;
}

/** Two words, or one that no other writing produces. */
function enough(explained: readonly Witness[]): boolean {
  const [first] = explained;
  return explained.length >= 2 || (first !== undefined && !first.plain && first.written.length >= 3);
}

/** "phờng", "đợc": the letter ư of TCVN3 is a soft hyphen, which some programs drop while copying. */
function hasLostHorn(witness: Witness): boolean {
  return (
    !witness.tcvn3 &&
    /ơ(?:ng|c)$/iu.test(
      tcvn3Word(witness.written)
        .normalize('NFD')
        .replace(/[\u0300\u0301\u0303\u0309\u0323]/gu, '')
        .normalize('NFC'),
    )
  );
}

function judgeUnicode(witnesses: readonly Witness[]): CharsetVerdict {
  const foreign = witnesses.filter((witness) => !witness.plain && (witness.tcvn3 === true || witness.vni === true));
  const signed = foreign.filter((witness) => SIGN_IN_WORD.test(witness.written));
  const [example] = signed.length > 0 ? signed : foreign;
  if (example === undefined) return { kind: 'charset', charset: 'unicode' };
  const mixed = signed.length > 0 || foreign.length > FOREIGN_WORDS_TOLERATED;
  return mixed ? { kind: 'mixed', example: example.written } : { kind: 'charset', charset: 'unicode' };
}
