/**
 * When are capital letters a Roman numeral, and how is it said? After words that take one ("quý II", "thế kỷ XXI"), as a
 * heading's number, or when letters like XIII can be nothing else.
 */

import { readOrdinal, readWhole } from './cardinal.ts';
import { pattern, type SpokenRule, WORD_END } from './rule.ts';

const VALUES: Record<string, number> = { I: 1, V: 5, X: 10, L: 50, C: 100 };

const CUE =
  /(?:quý|quí|thế kỷ|thế kỉ|chương|phần|khóa|khoá|kỳ|kì|lần|thứ|mục|điều|hạng|loại|cấp|tập|đại hội|vùng|phụ lục|quân khu|bậc|khối|giai đoạn|đợt|nhóm|khu vực|số)\s+(?:[IVX]+\s*(?:,|và|đến|hoặc|[-–/&])\s*)*$/iu;

/** Letters that are a number wherever they stand: no Vietnamese word or abbreviation looks like them. */
const PLAIN_NUMERAL = /^(?:II|III|IV|VII|VIII|IX|XI{2,3}|XIV|XV|XVI{1,3}|XIX|XX|XXI)$/u;

/** Rules for Roman numerals. */
export const ROMAN_RULES: readonly SpokenRule[] = [
  {
    starts: 'letter',
    pattern: pattern(`([IVXL]{1,6}|X{0,3}C)${WORD_END}(?:/((?:19|20)\\d{2})(?!\\d))?`),
    speak: ([, letters = '', year], { before, after }) => {
      const value = readRoman(letters);
      if (value === null) return null;
      const heading = before === '' && /^(?:\.\s|\)|\s?[-–]\s)/u.test(after) && !isPlaceName({ letters, after });
      if (!CUE.test(before) && !heading && !PLAIN_NUMERAL.test(letters)) return null;
      const said = /thứ\s+$/iu.test(before) ? readOrdinal(String(value)) : readWhole(String(value));
      return year === undefined ? said : `${said} năm ${readWhole(year)}`;
    },
  },
];

/** "X. Hàm Thắng" at the start of a line is a commune; "X. KẾT LUẬN" is a heading. */
function isPlaceName({ letters, after }: { letters: string; after: string }): boolean {
  return letters === 'X' && /^\.\s?\p{Lu}\p{Ll}/u.test(after);
}

/** `null` for letters in an order that no numeral has. */
function readRoman(letters: string): number | null {
  if (!/^C{0,3}(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})$/u.test(letters)) return null;
  const values = Array.from(letters, (letter) => VALUES[letter] ?? 0);
  return values.reduce((sum, value, at) => sum + (value < (values[at + 1] ?? 0) ? -value : value), 0);
}
