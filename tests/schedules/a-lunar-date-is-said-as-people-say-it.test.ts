/** Words for lunar dates in both languages and every form, and the names of the cycle of sixty years. */
import { expect, test } from 'vitest';
import { canChiYear, type LunarForm, lunarWords, lunarYearWords } from '../../schedules/src/lunar/index.ts';

type Row = [day: number, month: number, isLeapMonth: boolean, form: LunarForm, vi: string, en: string];
test.each<Row>([
  [1, 10, false, 'cell', '1/10 ÂL', 'lunar 1/10'],
  [1, 6, true, 'cell', '1/6N ÂL', 'lunar 1/6 leap'],
  [15, 7, false, 'numeric', '15/7 âm lịch', 'lunar 15/7'],
  [15, 6, true, 'numeric', '15/6 nhuận âm lịch', 'lunar 15/6 leap'],
  [1, 1, false, 'long', 'mùng 1 tháng Giêng', '1st of the 1st lunar month'],
  [10, 3, false, 'long', 'mùng 10 tháng Ba', '10th of the 3rd lunar month'],
  [15, 7, false, 'long', 'rằm tháng Bảy', '15th of the 7th lunar month'],
  [15, 12, false, 'long', 'rằm tháng Chạp', '15th of the 12th lunar month'],
  [23, 12, false, 'long', '23 Chạp', '23rd of the 12th lunar month'],
  [29, 12, false, 'long', '29 Chạp', '29th of the 12th lunar month'],
  [8, 12, false, 'long', 'mùng 8 tháng Chạp', '8th of the 12th lunar month'],
  [11, 11, false, 'long', '11 tháng Mười một', '11th of the 11th lunar month'],
  [22, 6, true, 'long', '22 tháng Sáu nhuận', '22nd of the leap 6th lunar month'],
  [1, 1, false, 'dated', 'mùng 1 tháng Giêng năm Bính Ngọ', '1st of the 1st lunar month, year of the Horse (Bính Ngọ)'],
])('%i/%i leap %s, %s: %s', (day, month, isLeapMonth, form, vi, en) => {
  const date = { year: 2026, month, isLeapMonth, day };
  expect(lunarWords(date, 'vi', form)).toBe(vi);
  expect(lunarWords(date, 'en', form)).toBe(en);
});

test.each([
  [1968, 'Mậu Thân'],
  [1984, 'Giáp Tý'],
  [1985, 'Ất Sửu'],
  [2023, 'Quý Mão'],
  [2025, 'Ất Tỵ'],
  [2026, 'Bính Ngọ'],
  [2044, 'Giáp Tý'],
])('%i is %s', (year, name) => {
  expect(canChiYear(year)).toBe(name);
});

test('the cycle has sixty names, and Vietnam has a Cat', () => {
  expect(new Set(Array.from({ length: 300 }, (_, index) => canChiYear(1900 + index))).size).toBe(60);
  expect(lunarYearWords(2023, 'en')).toBe('year of the Cat (Quý Mão)');
  expect(lunarYearWords(2021, 'vi')).toBe('năm Tân Sửu');
});
