/**
 * What does a text pasted from an office document really say? Takes whatever the clipboard gave and returns Unicode in
 * normal form C, with line breaks kept and invisible characters gone; text in the old TCVN3 and VNI codes, and text whose
 * UTF-8 bytes were misread, is converted. What cannot be read for certain is refused with a reason, so that nothing is
 * ever spoken as garbage. Pure; the time it takes is bounded by the length it accepts.
 */

import { type Charset, type CharsetVerdict, CODED_WORD, judgeCharset } from './charset/charset-verdict.ts';
import { hasUtf8Trace, mendUtf8 } from './charset/mojibake.ts';
import { tcvn3CapitalWord, tcvn3Word } from './charset/tcvn3.ts';
import { vniWord } from './charset/vni.ts';
import { isVietnameseSyllable } from './syllable.ts';

/** Longest text accepted, in characters after tidying: about 25 minutes of speech, more than any session holds. */
export const TEXT_LIMIT_CHARACTERS = 20_000;

/** A character may arrive as a letter and two marks, or with invisible company; beyond this it is refused unread. */
const RAW_LIMIT_CODE_UNITS = 5 * TEXT_LIMIT_CHARACTERS;

/** With more than this share of letters from other scripts a text is not Vietnamese with a foreign name in it. */
const FOREIGN_SCRIPT_SHARE = 0.1;

/** The text, or why not. `code` is stable; `vi` and `en` tell the person what to do. */
export type PastedText =
  | {
      ok: true;
      /** Unicode NFC, lines parted by `\n`, no invisible characters, not empty. */
      text: string;
      /** The code it was typed in. */
      charset: Charset;
      /** True when letters were changed, so that the person should look at the result. */
      converted: boolean;
    }
  | { ok: false; code: PastedTextRefusal; vi: string; en: string };

/** Reasons for refusing a pasted text. */
export type PastedTextRefusal =
  | 'empty-text'
  | 'text-too-long'
  | 'lost-letters'
  | 'mixed-charset'
  | 'unreadable-charset'
  | 'foreign-script';

/** Reads one pasted text. Never throws. */
export function readPastedText(raw: string): PastedText {
  if (raw.length > RAW_LIMIT_CODE_UNITS) return tooLong(raw.length);
  const lines = toNormalForm(toPlainLines(raw));
  if (!/[\p{L}\p{N}]/u.test(lines)) return empty();

  const mended = mendMisreadBytes(lines);
  const visible = mended ?? lines;
  const loss = findLoss(visible);
  if (loss !== null) return lostLetters(loss);
  if (foreignScriptShare(visible) > FOREIGN_SCRIPT_SHARE) return foreignScript();

  const verdict = judgeCharset(visible);
  if (verdict.kind !== 'charset') return refuseCharset(verdict);
  const text = tidy(toUnicode(visible, verdict.charset));
  if (!/[\p{L}\p{N}]/u.test(text)) return empty();
  const characters = [...text].length;
  if (characters > TEXT_LIMIT_CHARACTERS) return tooLong(characters);
  return { ok: true, text, charset: verdict.charset, converted: mended !== null || verdict.charset !== 'unicode' };
}

/** One kind of line break; letters of symbol fonts (private use F0xx) back at their codes; invisible characters gone. */
function toPlainLines(raw: string): string {
  return raw
    .replace(/\r\n?|[\u2028\u2029\v\f]/gu, '\n')
    .replace(/^[ \t]*[\uf000-\uf0ff](?=\s)/gmu, '-')
    .replace(/[\uf020-\uf0ff]/gu, (letter) => String.fromCharCode(letter.charCodeAt(0) - 0xf000))
    .replace(/[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]|[\ufe00-\ufe0f]/gu, '');
}

/** NFC, also for marks typed in the wrong order (tone before circumflex), which Unicode alone does not compose. */
function toNormalForm(text: string): string {
  return text
    .normalize('NFD')
    .replace(/([\u0300\u0301\u0303\u0309])([\u0302\u0306\u031b])/gu, '$2$1')
    .normalize('NFC');
}

/** Line by line, since one pasted text may come from two places. `null` when nothing was misread. */
function mendMisreadBytes(text: string): string | null {
  let mendedAny = false;
  const lines = text.split('\n').map((line) => {
    if (!hasUtf8Trace(line) && !/Ã /u.test(line)) return line;
    // The second byte of "à" is a no-break space, which often arrives as a plain one.
    const mended = mendUtf8(line.replaceAll('Ã ', 'Ã\u00a0'));
    if (mended === null || plausibleWords(mended) <= plausibleWords(line)) return line;
    mendedAny = true;
    return toNormalForm(mended);
  });
  return mendedAny ? lines.join('\n') : null;
}

function plausibleWords(text: string): number {
  const words = text.match(/[\p{L}\p{M}]*[^\p{ASCII}\s][\p{L}\p{M}]*/gu) ?? [];
  return words.filter((word) => isVietnameseSyllable(word)).length / Math.max(1, words.length);
}

/** A letter that was already lost before pasting: U+FFFD, or question marks inside words ("Th?ng b?o"). */
function findLoss(text: string): string | null {
  const replaced = text.match(/\S{0,12}\ufffd\S{0,12}/u);
  if (replaced !== null) return replaced[0];
  const questioned = text.match(/(?<!\S)\p{L}+\?\p{L}+(?=[\s.,;:!]|$)/gmu) ?? [];
  return questioned.length >= 2 ? (questioned[0] ?? null) : null;
}

function foreignScriptShare(text: string): number {
  const letters = text.match(/\p{L}/gu)?.length ?? 0;
  const foreign = text.match(/(?!\p{Script=Latin}|[µªº])\p{L}/gu)?.length ?? 0;
  return letters === 0 ? 0 : foreign / letters;
}

function toUnicode(text: string, charset: Charset): string {
  if (charset === 'vni') return text.replace(CODED_WORD, vniWord);
  if (charset === 'tcvn3') return text.split('\n').map(tcvn3Line).join('\n');
  // Some typing programs write the Icelandic letters that look like Đ and đ.
  return text.replace(/[\u00d0\u0189]/gu, 'Đ').replace(/ð/gu, 'đ');
}

function tcvn3Line(line: string): string {
  const words = [...line.matchAll(CODED_WORD)].map((match) => ({ at: match.index, written: match[0] }));
  const converted = words.map((word) => tcvn3Word(word.written));
  const capital = converted.map((word) => /\p{Lu}{2}/u.test(word) && word === word.toUpperCase());
  let text = '';
  let end = 0;
  words.forEach((word, index) => {
    const besideCapitals = capital[index - 1] === true || capital[index + 1] === true;
    const mended = tcvn3CapitalWord({ written: word.written, converted: converted[index] ?? '', besideCapitals });
    text += line.slice(end, word.at) + mended;
    end = word.at + word.written.length;
  });
  return text + line.slice(end);
}

function tidy(text: string): string {
  return (
    text
      // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is removed.
      .replace(/[\u00ad\u0000-\u0008\u000e-\u001f\u007f-\u009f]/gu, '')
      .replace(/[^\S\n]+/gu, ' ')
      .replace(/ ?\n ?/gu, '\n')
      .replace(/\n{3,}/gu, '\n\n')
      .normalize('NFC')
      .trim()
  );
}

function empty(): PastedText {
  return {
    ok: false,
    code: 'empty-text',
    vi: 'Chưa có nội dung: hãy nhập ít nhất một từ.',
    en: 'There is nothing to read: enter at least one word.',
  };
}

function tooLong(characters: number): PastedText {
  return {
    ok: false,
    code: 'text-too-long',
    vi: `Nội dung quá dài (${characters} ký tự; nhiều nhất ${TEXT_LIMIT_CHARACTERS}). Hãy rút gọn hoặc chia thành nhiều bản tin.`,
    en: `The text is too long (${characters} characters; at most ${TEXT_LIMIT_CHARACTERS}). Shorten it or split it into several bulletins.`,
  };
}

function lostLetters(example: string): PastedText {
  return {
    ok: false,
    code: 'lost-letters',
    vi: `Một số chữ đã bị mất khi sao chép (ví dụ: “${example}”). Hãy mở lại văn bản gốc và sao chép lại.`,
    en: `Some letters were lost while copying (for example “${example}”). Open the original document and copy again.`,
  };
}

function foreignScript(): PastedText {
  return {
    ok: false,
    code: 'foreign-script',
    vi: 'Nội dung không phải chữ tiếng Việt nên máy không đọc được. Hãy dùng bản ghi âm.',
    en: 'The text is not in the Vietnamese alphabet, so it cannot be read aloud. Use a recording instead.',
  };
}

function refuseCharset(verdict: Exclude<CharsetVerdict, { kind: 'charset' }>): PastedText {
  const example = verdict.example.replaceAll('\u00ad', '');
  if (verdict.kind === 'lost-letters') return lostLetters(example);
  if (verdict.kind === 'mixed') {
    return {
      ok: false,
      code: 'mixed-charset',
      vi: `Văn bản lẫn hai bảng mã chữ (ví dụ: “${example}”). Hãy dán từng phần, hoặc chuyển cả văn bản sang Unicode.`,
      en: `The text mixes two letter codes (for example “${example}”). Paste it part by part, or convert it to Unicode first.`,
    };
  }
  return {
    ok: false,
    code: 'unreadable-charset',
    vi: `Không nhận ra bảng mã chữ (ví dụ: “${example}”). Hãy chuyển văn bản sang Unicode rồi dán lại.`,
    en: `The letter code was not recognised (for example “${example}”). Convert the text to Unicode and paste again.`,
  };
}
