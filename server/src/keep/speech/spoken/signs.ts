/**
 * What becomes of signs? Some are words (≥, &, ~), some are pauses (brackets, dashes between phrases), a dash between
 * numbers is "đến", a slash after a counted thing is "một"; the rest is silence.
 */

import { pattern, type SpokenRule } from './rule.ts';

const WORDS: Record<string, string> = {
  '&': 'và',
  '≥': 'lớn hơn hoặc bằng',
  '≤': 'nhỏ hơn hoặc bằng',
  '≈': 'khoảng',
  '~': 'khoảng',
  '±': 'cộng trừ',
  '×': 'nhân',
  '=': 'bằng',
  '%': 'phần trăm',
  '‰': 'phần nghìn',
  '°': 'độ',
  '₫': 'đồng',
  '№': 'số',
  $: 'đô la',
  '€': 'ơ rô',
};

const PER =
  /^(?:ngày|người|hộ|tháng|năm|lần|giờ|tuần|buổi|kg|ha|con|lượt|suất|đợt|xe|vụ|quý|đêm|vé|trẻ|cháu|cây|sào|tấn|lít|mũi|liều)(?!\p{L})/u;
const COUNTED_BEFORE = /\d(?:\s*\p{L}+){1,3}(?:\/\p{L}+)?\s?$/u;
const PHONE_BEFORE = /\d{2,}[\d\s.]{5,}$/u;

/** Rules for signs; the last one silences what no other took. */
export const SIGN_RULES: readonly SpokenRule[] = [
  { starts: 'sign', pattern: pattern(`[${Object.keys(WORDS).join('')}]`), speak: ([sign]) => WORDS[sign] ?? null },
  { starts: 'sign', pattern: pattern('>\\s?(?=\\d)'), speak: () => 'trên' },
  { starts: 'sign', pattern: pattern('<\\s?(?=\\d)'), speak: () => 'dưới' },
  {
    starts: 'sign',
    pattern: pattern('\\+(?=\\s?\\d)'),
    speak: (_, { before }) => (before.trim() === '' ? null : 'cộng'),
  },
  {
    starts: 'sign',
    pattern: pattern('/\\s?'),
    speak: (_, { before, after }) =>
      PER.test(after) && COUNTED_BEFORE.test(before)
        ? 'một'
        : /\d\s?$/u.test(before) && /^\d/u.test(after)
          ? 'trên'
          : ',',
  },
  {
    starts: 'sign',
    pattern: pattern('[-–—÷→]+(\\s?)'),
    speak: ([, gapAfter], { before, after }) => {
      if (PHONE_BEFORE.test(before)) return ',';
      if (/(?:^|\s)\d[\p{L}\d²³°%.,:/]*\s?$/u.test(before) && /^\d/u.test(after)) return 'đến';
      return gapAfter === '' && !/\s$/u.test(before) ? ' ' : ',';
    },
  },
  {
    starts: 'sign',
    pattern: pattern('\\.{2,}|…+'),
    speak: (_, { after }) => (/^\s*(?:$|\p{Lu})/u.test(after) ? '.' : ','),
  },
  { starts: 'sign', pattern: pattern('[()\\[\\]{}]'), speak: () => ',' },
  { starts: 'sign', pattern: pattern('[^.,;:!?\\s]'), speak: () => ' ' },
];
