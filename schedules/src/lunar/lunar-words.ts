/**
 * How is a lunar date said? In Vietnamese as an almanac and an officer say it, in English for readers who do not know
 * the names. Pure text, no zone, no locale of the host; the numbers stand day before month in both languages.
 */
import type { LunarDate } from './lunar-date.ts';

/** The panel's languages. */
export type LunarLanguage = 'vi' | 'en';

/**
 * cell: for the corner of a calendar day, `1/10 ÂL`, `1/6N ÂL` in a leap month;
 * numeric: `15/7 âm lịch`; long: `rằm tháng Bảy`; dated: `rằm tháng Bảy năm Bính Ngọ`.
 */
export type LunarForm = 'cell' | 'numeric' | 'long' | 'dated';

const monthNames = [
  'Giêng',
  'Hai',
  'Ba',
  'Tư',
  'Năm',
  'Sáu',
  'Bảy',
  'Tám',
  'Chín',
  'Mười',
  'Mười một',
  'Chạp',
] as const;

const stems = ['Giáp', 'Ất', 'Bính', 'Đinh', 'Mậu', 'Kỷ', 'Canh', 'Tân', 'Nhâm', 'Quý'] as const;

/** The twelve branches with the animal that Vietnam gives each: Buffalo and Cat where China has Ox and Rabbit. */
const branches = [
  { vi: 'Tý', en: 'Rat' },
  { vi: 'Sửu', en: 'Buffalo' },
  { vi: 'Dần', en: 'Tiger' },
  { vi: 'Mão', en: 'Cat' },
  { vi: 'Thìn', en: 'Dragon' },
  { vi: 'Tỵ', en: 'Snake' },
  { vi: 'Ngọ', en: 'Horse' },
  { vi: 'Mùi', en: 'Goat' },
  { vi: 'Thân', en: 'Monkey' },
  { vi: 'Dậu', en: 'Rooster' },
  { vi: 'Tuất', en: 'Dog' },
  { vi: 'Hợi', en: 'Pig' },
] as const;

/** A lunar date in words, `long` by default. Assumes a date that `lunarDateOf` gave. */
export function lunarWords(date: LunarDate, language: LunarLanguage, form: LunarForm = 'long'): string {
  if (form === 'cell' || form === 'numeric') return language === 'vi' ? numbersVi(date, form) : numbersEn(date);
  const day = language === 'vi' ? dayVi(date) : dayEn(date);
  if (form === 'long') return day;
  return language === 'vi' ? `${day} năm ${canChiYear(date.year)}` : `${day}, ${lunarYearWords(date.year, 'en')}`;
}

/** The year's name in the cycle of sixty (can chi), `Bính Ngọ` for 2026. */
export function canChiYear(year: number): string {
  return `${stems[modulo(year - 4, 10)]} ${branches[modulo(year - 4, 12)]?.vi}`;
}

/** `năm Bính Ngọ`, `year of the Horse (Bính Ngọ)`. */
export function lunarYearWords(year: number, language: LunarLanguage): string {
  const name = canChiYear(year);
  return language === 'vi' ? `năm ${name}` : `year of the ${branches[modulo(year - 4, 12)]?.en} (${name})`;
}

/** `tháng Giêng`, `tháng Sáu nhuận`; `1st lunar month`, `leap 6th lunar month`. */
export function lunarMonthWords(month: { month: number; isLeapMonth: boolean }, language: LunarLanguage): string {
  if (language === 'vi') return `tháng ${monthNames[month.month - 1]}${month.isLeapMonth ? ' nhuận' : ''}`;
  return `${month.isLeapMonth ? 'leap ' : ''}${ordinal(month.month)} lunar month`;
}

/** The day alone as it is said: `mùng 1`, `rằm`, `23`; `1st`, `15th`. */
export function lunarDayWords(day: number, language: LunarLanguage): string {
  if (language === 'en') return ordinal(day);
  if (day === 15) return 'rằm';
  return day <= 10 ? `mùng ${day}` : String(day);
}

function numbersVi({ day, month, isLeapMonth }: LunarDate, form: 'cell' | 'numeric'): string {
  if (form === 'cell') return `${day}/${month}${isLeapMonth ? 'N' : ''} ÂL`;
  return `${day}/${month}${isLeapMonth ? ' nhuận' : ''} âm lịch`;
}

function numbersEn({ day, month, isLeapMonth }: LunarDate): string {
  return `lunar ${day}/${month}${isLeapMonth ? ' leap' : ''}`;
}

/** From the 11th on, the twelfth month is said without "tháng": 23 Chạp, 29 Chạp. */
function dayVi(date: LunarDate): string {
  const isShort = date.month === 12 && !date.isLeapMonth && date.day > 10 && date.day !== 15;
  return `${lunarDayWords(date.day, 'vi')} ${isShort ? 'Chạp' : lunarMonthWords(date, 'vi')}`;
}

function dayEn(date: LunarDate): string {
  return `${lunarDayWords(date.day, 'en')} of the ${lunarMonthWords(date, 'en')}`;
}

function ordinal(number: number): string {
  const isTeen = number >= 11 && number <= 13;
  const ending = isTeen ? undefined : ['th', 'st', 'nd', 'rd'][number % 10];
  return `${number}${ending ?? 'th'}`;
}

function modulo(value: number, base: number): number {
  return ((value % base) + base) % base;
}
