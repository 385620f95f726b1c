/**
 * How are numbers said that are no date, time, telephone, quantity or document number? Fractions, ranges, negatives,
 * ordinals, dotted section numbers, plates, numbers with a letter, and every other number. The last rule takes any
 * digits, so no digit is ever left unsaid.
 */

import { ABBREVIATIONS } from './abbreviations.ts';
import { inThrees, readDigits, readNumber, readOrdinal, readWhole } from './cardinal.ts';
import { spell } from './letters.ts';
import { DASH, NUMBER, pattern, type SpokenRule, WORD_END } from './rule.ts';

const VULGAR: Record<string, string> = {
  '½': '1/2',
  '¼': '1/4',
  '¾': '3/4',
  '⅓': '1/3',
  '⅔': '2/3',
  '⅛': '1/8',
  '⅕': '1/5',
};
const VULGAR_SIGN = `([${Object.keys(VULGAR).join('')}])`;

const PART_OF_WHOLE_BEFORE =
  /(?:hơn|khoảng|gần|được|đạt|chiếm|tỷ lệ|tỉ lệ|phần|bằng|có|còn|giảm|tăng|mất|ít nhất|quá)\s*$/iu;
const PART_OF_WHOLE_AFTER = /^\s*(?:số|dân|lượng|diện|tổng|trong|quãng|tháng|ngày|giờ|thời|mức|chiều|bề|mặt)/iu;

/** A score is two numbers, not a range. */
const SCORE_BEFORE = /(?:thắng|thua|hòa|hoà|tỷ số|tỉ số|dẫn)\s*$/iu;
const CLASS_BEFORE = /lớp\s*$/iu;

/** Roads of three digits are said digit by digit: "đường tỉnh bảy một một". */
const ROAD_BEFORE = /(?:ĐT|đường tỉnh|tỉnh lộ|TL)[.\s]*$/iu;

/** Rules for numbers, most specific first. */
export const FIGURE_RULES: readonly SpokenRule[] = [
  {
    starts: 'digit',
    pattern: pattern(`(\\d+)\\s?${VULGAR_SIGN}`),
    speak: ([, whole = '', sign = '']) => `${readNumber(whole)} và ${sayVulgar(sign)}`,
  },
  { starts: 'sign', pattern: pattern(VULGAR_SIGN), speak: ([, sign = '']) => sayVulgar(sign) },
  {
    starts: 'sign',
    pattern: pattern(`[-–−](?=\\d)`),
    speak: (_, { before }) => (/(?:^|[\s(:])$/u.test(before) && !/\d\s*$|âm\s$/u.test(before) ? 'âm' : null),
  },
  {
    starts: 'digit',
    pattern: pattern(`(\\d{2})(\\p{Lu}{1,2}\\d?)[-\\s](\\d{3})\\.?(\\d{1,2})${WORD_END}`),
    speak: ([, area = '', series = '', head = '', tail = '']) =>
      `${readDigits([area])} ${sayMixed(series)}, ${readDigits([head, tail])}`,
  },
  {
    starts: 'digit',
    pattern: pattern(`(?!\\d{1,3}(?:\\.\\d{3})+${WORD_END})\\d{1,4}(?:\\.\\d{1,4}){2,5}${WORD_END}`),
    speak: ([written]) => written.split('.').map(readWhole).join(' chấm '),
  },
  {
    starts: 'digit',
    pattern: pattern(`(?!\\d{1,3}(?:\\.\\d{3})+${WORD_END})\\d{1,15}(?:\\.\\d{1,15}){2,6}${WORD_END}`),
    speak: ([written]) =>
      readDigits(written.split('.').flatMap((group) => (group.length > 4 ? inThrees(group) : [group]))),
  },
  {
    starts: 'digit',
    pattern: pattern(`(\\d{1,2})${WORD_END}`),
    speak: ([, digits = ''], { before }) =>
      /(?:^|\s|\()(?:lần\s+)?thứ\s+$/iu.test(before) ? readOrdinal(digits) : null,
  },
  {
    starts: 'digit',
    pattern: pattern(`(\\d{3})${WORD_END}`),
    speak: ([, digits = ''], { before }) => (ROAD_BEFORE.test(before) ? readDigits([digits]) : null),
  },
  {
    starts: 'digit',
    pattern: pattern(`(\\d{1,6})\\s?/\\s?(\\d{1,6})(?![\\p{L}\\p{N}]|[/]\\d)`),
    speak: ([, part = '', whole = ''], { before, after }) => {
      const fraction =
        Number(part) < Number(whole) && Number(whole) <= 10 && Number(part) > 0 && !CLASS_BEFORE.test(before);
      const ofWhole =
        PART_OF_WHOLE_BEFORE.test(before) ||
        PART_OF_WHOLE_AFTER.test(after) ||
        /^[1-3]\/[2-4]$/u.test(`${part}/${whole}`);
      return `${readNumber(part)} ${fraction && ofWhole ? 'phần' : 'trên'} ${fraction && ofWhole && whole === '4' ? 'tư' : readNumber(whole)}`;
    },
  },
  {
    starts: 'digit',
    pattern: pattern(`(\\d{1,2})${DASH}(\\d{1,2})${WORD_END}`),
    speak: ([, own = '', other = ''], { before }) =>
      SCORE_BEFORE.test(before) ? `${readWhole(own)}, ${readWhole(other)}` : null,
  },
  {
    starts: 'digit',
    pattern: pattern(`(${NUMBER})${DASH}(?=\\d)(?!\\d+${DASH}\\d)`),
    speak: ([, low = '']) => `${readNumber(low)} đến `,
  },
  {
    starts: 'digit',
    pattern: pattern(`(\\d{1,4})(?![xX]\\d)(\\p{L})(\\d{0,3})${WORD_END}`),
    speak: ([, head = '', letter = '', tail = '']) =>
      `${readNumber(head)} ${spell(letter)}${tail === '' ? '' : ` ${readNumber(tail)}`}`,
  },
  {
    starts: 'letter',
    pattern: pattern('[xX×]\\s?(?=\\d)'),
    speak: (_, { before }) => (/\d\s*\p{L}{0,6}\s*$/u.test(before) ? 'nhân' : null),
  },
  {
    starts: 'letter',
    pattern: pattern(
      `(\\p{Lu}{1,5}|\\p{L}{1,2}|Covid|covid)[-.]?(\\d{1,4}(?!\\d|[.,]\\d))((?:\\p{L}\\d{0,3}){0,3})${WORD_END}`,
    ),
    speak: ([, head = '', digits = '', tail = '']) =>
      [sayHead(head), digits.length === 3 ? readDigits([digits]) : readNumber(digits), sayMixed(tail)].join(' '),
  },
  { starts: 'digit', pattern: pattern(NUMBER), speak: ([written]) => readNumber(written) },
  { starts: 'digit', pattern: pattern('\\d+'), speak: ([written]) => readDigits(inThrees(written)) },
];

function sayVulgar(sign: string): string {
  const [part = '', whole = ''] = (VULGAR[sign] ?? '').split('/');
  return `${readWhole(part)} phần ${whole === '4' ? 'tư' : readWhole(whole)}`;
}

function sayHead(letters: string): string {
  return ABBREVIATIONS[letters] ?? ABBREVIATIONS[letters.toUpperCase()] ?? spell(letters);
}

function sayMixed(series: string): string {
  return Array.from(series, (sign) => (/\d/u.test(sign) ? readDigits([sign]) : spell(sign))).join(' ');
}
