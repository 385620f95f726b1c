/**
 * How are written dates said? Days with month and year in the ways offices write them, ranges of days, months with a
 * year, ISO 8601. A pair like 20/11 is a date only where the words around it or its own values say so; what is no
 * possible date is left to other rules.
 */

import { readOrdinal, readWhole } from './cardinal.ts';
import { type Around, DASH, pattern, type SpokenRule, WORD_END } from './rule.ts';

const DAY = '(0?[1-9]|[12]\\d|3[01])';
const MONTH = '(0?[1-9]|1[0-2])';
const YEAR = '((?:19|20)\\d{2})';
const SHORT_OR_LONG_YEAR = '((?:19|20)\\d{2}|[2-4]\\d)';
const END = `(?![\\p{L}\\p{N}]|[/.-]\\d)`;

/** Words that announce a date, so that "20-11" or "20.11" is one. */
const ANNOUNCED = /(?:ngày|hôm|sáng|trưa|chiều|tối|đêm|mùng|mồng)\s*(?:qua|nay|mai)?,?\s*\(?$/iu;
const AFTER_DAY_WORD = /(?:ngày|mùng|mồng|rằm)\s*$/iu;
const STREET_BEFORE = /(?:đường|phố)\s+$/iu;
/** Occasions that are named by their date, and results that only look like one. */
const OCCASION_BEFORE =
  /(?:lễ|dịp|mừng|kỷ niệm|quốc khánh|phụ nữ|nhà giáo|giải phóng|lao động|thương binh|thầy thuốc)(?:\s+\p{L}+){0,3}\s*\(?$/iu;
const SCORE_BEFORE = /(?:thắng|thua|hòa|hoà|tỷ số|tỉ số|kết quả|dẫn|lớp)\s*$/iu;
const LUNAR = /^\s*\(?(?:năm\s+\p{L}+\s+\p{L}+\s+)?(?:âm lịch|ÂL|al\b)/iu;

/** Pairs that are parts of a whole (and "24/7") rather than dates when nothing announces a date. */
const COMMON_FRACTION = new Set(['1/2', '1/3', '2/3', '1/4', '3/4', '24/7']);
const SHARE_BEFORE = /(?:hơn|khoảng|gần|được|đạt|chiếm|tỷ lệ|tỉ lệ|phần|nhà|hẻm|ngõ|ngách|kiệt|số|bằng|có|với)\s*$/iu;
const SHARE_AFTER =
  /^\s*(?:số|dân|lượng|diện|hộ|người|thôn|xã|em|cháu|điểm|tổng|tiêu chí|chỉ tiêu|khu|tổ|cụm|trường|giờ|học sinh|thành viên|phường|tỉnh|đơn vị|gia đình|ca|phiếu|ý kiến|đại biểu|cán bộ|loa|trạm|hồ|nhà)/iu;

type SaidDate = { day?: string; month: string; year?: string | undefined; around: Around };

/** Rules for dates, most specific first. */
export const DATE_RULES: readonly SpokenRule[] = [
  {
    starts: 'digit',
    pattern: pattern(`${YEAR}-(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])(?:T(?=\\d)|(?![\\p{L}\\p{N}]))`),
    speak: ([, year, month = '', day = ''], around) => `${sayDate({ day, month, year, around })}, `,
  },
  {
    starts: 'digit',
    pattern: pattern(`${DAY}([/.])${MONTH}(?:\\2${YEAR})?${DASH}(?=${DAY}\\2${MONTH}(?:\\2${YEAR})?${END})`),
    speak: ([, day = '', , month = '', year], around) => `${sayDate({ day, month, year, around })} đến `,
  },
  {
    starts: 'digit',
    pattern: pattern(`${DAY}${DASH}(?=${DAY}([/.])${MONTH}(?:\\3${YEAR})?${END})`),
    speak: ([, first = '', last = ''], { before }) =>
      Number(first) < Number(last) ? `${AFTER_DAY_WORD.test(before) ? '' : 'ngày '}${readWhole(first)} đến ` : null,
  },
  {
    starts: 'digit',
    pattern: pattern(`${DAY}\\s?([/.-])\\s?${MONTH}\\s?\\2\\s?${SHORT_OR_LONG_YEAR}${END}`),
    speak: ([, day = '', , month = '', year = ''], around) =>
      sayDate({ day, month, year: year.length === 2 ? `20${year}` : year, around }),
  },
  {
    starts: 'digit',
    pattern: pattern(`${MONTH}(?:${DASH}${MONTH})?[/-]${YEAR}${END}`),
    speak: ([, first = '', last, year], around) => {
      if (/số\s*$/iu.test(around.before)) return null;
      if (/(?:quý|quí|kỳ|kì|đợt|khóa|khoá)\s*$/iu.test(around.before)) {
        return last === undefined ? `${readOrdinal(first)} năm ${readWhole(year ?? '')}` : null;
      }
      if (last === undefined) return sayDate({ month: first, year, around });
      return `${sayDate({ month: first, around })} đến ${sayDate({ month: last, year, around: { ...around, before: '' } })}`;
    },
  },
  {
    starts: 'digit',
    pattern: pattern(`${DAY}([/.-])${MONTH}${END}`),
    speak: (match, around) => (isDayAndMonth(match, around) ? sayPair(match, around) : null),
  },
  {
    starts: 'digit',
    pattern: pattern(`0?4${WORD_END}`),
    speak: (_, { before }) => (/tháng\s*$/iu.test(before) ? 'tư' : null),
  },
  {
    starts: 'letter',
    pattern: pattern(`T\\.?${MONTH}/${YEAR}${END}`),
    speak: ([, month = '', year], around) => sayDate({ month, year, around }),
  },
];

function sayPair([, day = '', , month = '']: RegExpExecArray, around: Around): string {
  return sayDate({ day, month, around });
}

function isDayAndMonth([pair, day = '', separator, month = '']: RegExpExecArray, { before, after }: Around): boolean {
  const announced = ANNOUNCED.test(before);
  if (announced) return separator !== '-' || !/^\s*tháng/iu.test(after);
  if (separator === '.' || SCORE_BEFORE.test(before)) return false;
  if (separator === '-' && OCCASION_BEFORE.test(before)) return true;
  if (separator === '-') return Number(day) > Number(month) && !/^\s*(?:%|\p{L}|°)/u.test(after);
  return !COMMON_FRACTION.has(pair) && !SHARE_BEFORE.test(before) && !SHARE_AFTER.test(after);
}

function sayDate({ day, month, year, around }: SaidDate): string {
  const lunar = LUNAR.test(around.after);
  const said: string[] = [];
  if (day !== undefined) {
    if (!AFTER_DAY_WORD.test(around.before) && !STREET_BEFORE.test(around.before)) said.push('ngày');
    said.push(lunar && Number(day) <= 10 && !/(?:mùng|mồng)\s*$/iu.test(around.before) ? 'mùng' : '', readWhole(day));
  }
  if (day !== undefined || !/tháng\s*$/iu.test(around.before)) said.push('tháng');
  said.push(sayMonth(Number(month), lunar));
  if (year !== undefined) said.push('năm', readWhole(year));
  return said.filter((word) => word !== '').join(' ');
}

function sayMonth(month: number, lunar: boolean): string {
  if (lunar && month === 1) return 'giêng';
  if (lunar && month === 12) return 'chạp';
  return month === 4 ? 'tư' : readWhole(String(month));
}
