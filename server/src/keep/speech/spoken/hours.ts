/**
 * How are times of day and spans of hours said? "17h30", "7g", "17:00", "05h", "7 giờ 00", also as ends of a range.
 * Never judges whether the time makes sense beyond being one of the clock's.
 */

import { readWhole } from './cardinal.ts';
import { pattern, type SpokenRule, WORD_END } from './rule.ts';

const HOUR = '([01]?\\d|2[0-4])';
const MINUTE = '([0-5]\\d)';
const MINUTE_WORD = "(?:\\s?(?:phút|ph|p|'|’|′))?";

/** Before these a bare "7g" is a time, not seven grams. */
const TIME_BEFORE = /(?:lúc|từ|đến|tới|vào|trước|sau|khoảng|hồi|sáng|trưa|chiều|tối|đêm|:|[-–—,;(])\s*$/iu;
const RATIO_BEFORE = /(?:tỷ|tỉ)\s+(?:lệ|số)\s*$/iu;

/** Rules for hours. */
export const HOUR_RULES: readonly SpokenRule[] = [
  {
    starts: 'digit',
    pattern: pattern(`${HOUR}\\s?(?:[hHg]\\s?|giờ\\s)${MINUTE}${MINUTE_WORD}${WORD_END}`),
    speak: ([, hour = '', minute = '']) => sayHour({ hour, minute }),
  },
  {
    starts: 'digit',
    pattern: pattern(`${HOUR}:${MINUTE}(?::[0-5]\\d)?\\s?(?:giờ|h)?(?![\\p{L}\\p{N}]|:\\d)`),
    speak: ([, hour = '', minute = ''], { before }) => (RATIO_BEFORE.test(before) ? null : sayHour({ hour, minute })),
  },
  {
    starts: 'digit',
    pattern: pattern(`${HOUR}\\s?[hH]${WORD_END}`),
    speak: ([, hour = '']) => sayHour({ hour, minute: '00' }),
  },
  {
    starts: 'digit',
    pattern: pattern(`${HOUR}(\\s?)g${WORD_END}`),
    speak: ([, hour = '', gap], { before }) =>
      gap === '' || TIME_BEFORE.test(before) ? sayHour({ hour, minute: '00' }) : null,
  },
];

function sayHour({ hour, minute }: { hour: string; minute: string }): string {
  const whole = `${readWhole(hour)} giờ`;
  return Number(minute) === 0 ? whole : `${whole} ${readWhole(minute)} phút`;
}
