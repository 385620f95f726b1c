/**
 * How are quantities with a unit said? A number directly before a known unit, also "per" another one, money, and a few
 * units that stand alone. Unknown units are left to the rules for abbreviations.
 */

import { readNumber, readWhole } from './cardinal.ts';
import { anyOf, NUMBER, pattern, type SpokenRule, WORD_END } from './rule.ts';

const MEASURES: Record<string, string> = {
  km: 'ki lô mét',
  m: 'mét',
  dm: 'đề xi mét',
  cm: 'xen ti mét',
  mm: 'mi li mét',
  km2: 'ki lô mét vuông',
  'km²': 'ki lô mét vuông',
  m2: 'mét vuông',
  'm²': 'mét vuông',
  cm2: 'xen ti mét vuông',
  'cm²': 'xen ti mét vuông',
  m3: 'mét khối',
  'm³': 'mét khối',
  cm3: 'xen ti mét khối',
  'cm³': 'xen ti mét khối',
  ha: 'héc ta',
  kg: 'ki lô gam',
  Kg: 'ki lô gam',
  KG: 'ki lô gam',
  g: 'gam',
  gr: 'gam',
  mg: 'mi li gam',
  µg: 'mi crô gam',
  μg: 'mi crô gam',
  l: 'lít',
  L: 'lít',
  ml: 'mi li lít',
  mL: 'mi li lít',
  kV: 'ki lô vôn',
  KV: 'ki lô vôn',
  V: 'vôn',
  kW: 'ki lô oát',
  KW: 'ki lô oát',
  W: 'oát',
  MW: 'mê ga oát',
  kWh: 'ki lô oát giờ',
  KWh: 'ki lô oát giờ',
  kwh: 'ki lô oát giờ',
  kVA: 'ki lô vôn am pe',
  KVA: 'ki lô vôn am pe',
  MVA: 'mê ga vôn am pe',
  Hz: 'héc',
  kHz: 'ki lô héc',
  MHz: 'mê ga héc',
  dB: 'đê xi ben',
  '°C': 'độ xê',
  oC: 'độ xê',
  ºC: 'độ xê',
  '˚C': 'độ xê',
  '℃': 'độ xê',
  '°': 'độ',
  º: 'độ',
  '%': 'phần trăm',
  '‰': 'phần nghìn',
  h: 'giờ',
  s: 'giây',
  GB: 'gi ga bai',
  MB: 'mê ga bai',
  Mbps: 'mê ga bít trên giây',
};

const MONEY: Record<string, string> = {
  đ: 'đồng',
  Đ: 'đồng',
  '₫': 'đồng',
  đồng: 'đồng',
  VNĐ: 'đồng',
  vnđ: 'đồng',
  VND: 'đồng',
  trđ: 'triệu đồng',
  'tr.đ': 'triệu đồng',
  tr: 'triệu',
  k: 'nghìn',
  USD: 'đô la Mỹ',
  $: 'đô la',
  '€': 'ơ rô',
};

/** After a measure "trên" is said ("mét khối trên giây"), after money and counted things "một" ("đồng một người"). */
const DENOMINATORS: Record<string, string> = {
  ...MEASURES,
  h: 'giờ',
  giờ: 'giờ',
  s: 'giây',
  giây: 'giây',
  phút: 'phút',
  ngày: 'ngày',
  đêm: 'đêm',
  '24h': 'hai mươi bốn giờ',
  tuần: 'tuần',
  tháng: 'tháng',
  quý: 'quý',
  năm: 'năm',
  người: 'người',
  hộ: 'hộ',
  lần: 'lần',
  lượt: 'lượt',
  buổi: 'buổi',
  vụ: 'vụ',
  con: 'con',
  cháu: 'cháu',
  em: 'em',
  khẩu: 'khẩu',
  suất: 'suất',
  xe: 'xe',
  cái: 'cái',
  chiếc: 'chiếc',
  bao: 'bao',
  liều: 'liều',
  mũi: 'mũi',
  cây: 'cây',
  tấn: 'tấn',
  lít: 'lít',
  sào: 'sào',
  học: 'học',
  'học sinh': 'học sinh',
};

/** Units that no Vietnamese word resembles, so that they are said also without a number before them. */
const STANDALONE = Object.keys(MEASURES).filter((unit) => /^(?:km|k[gwvh]|[mc]m|m[l²³23]|cm|kwh|kva)/iu.test(unit));

const QUANTITY_BEFORE = /(?:nghìn|ngàn|triệu|tỷ|tỉ|trăm|chục|mươi|mỗi|một|vài|mấy|nửa|rưỡi)\s*$/iu;
const UNIT = anyOf([...Object.keys(MEASURES), ...Object.keys(MONEY)]);
const PER = `(?:\\s?/\\s?(${anyOf(Object.keys(DENOMINATORS))})${WORD_END})?`;

/** Rules for quantities. */
export const UNIT_RULES: readonly SpokenRule[] = [
  {
    starts: 'digit',
    pattern: pattern(`(\\d{1,2})m(\\d{1,2})${WORD_END}(?!/)`),
    speak: ([, metres = '', rest = '']) =>
      rest === '2' || rest === '3' ? null : `${readWhole(metres)} mét ${readWhole(rest)}`,
  },
  {
    starts: 'digit',
    pattern: pattern(`([1-9]\\d{0,2}(?:[ ]\\d{3})+|${NUMBER})\\s?(${UNIT})${WORD_END}${PER}`),
    speak: ([, number = '', unit = '', per]) => `${readNumber(number.replaceAll(' ', '.'))} ${sayUnit({ unit, per })}`,
  },
  {
    starts: 'digit',
    pattern: pattern(`(${NUMBER})\\s(\\p{L}+)\\s?/\\s?(${anyOf(Object.keys(DENOMINATORS))})${WORD_END}`),
    speak: ([, number = '', counted = '', per = '']) =>
      `${readNumber(number)} ${counted} một ${DENOMINATORS[per] ?? per}`,
  },
  {
    starts: 'sign',
    pattern: pattern(`([$€])\\s?(${NUMBER})`),
    speak: ([, unit = '', number = '']) => `${readNumber(number)} ${MONEY[unit] ?? ''}`,
  },
  {
    starts: 'letter',
    pattern: pattern(`(${anyOf(STANDALONE)})${WORD_END}${PER}`),
    speak: ([, unit = '', per]) => sayUnit({ unit, per }),
  },
  {
    starts: 'letter',
    pattern: pattern(`(${anyOf(['đ', 'ha', 'm', 'l', 'VNĐ', 'VND', 'vnđ', 'USD'])})${WORD_END}${PER}`),
    speak: ([written, unit = '', per], { before }) =>
      QUANTITY_BEFORE.test(before) || /^(?:vn|us)/iu.test(written) ? sayUnit({ unit, per }) : null,
  },
];

function sayUnit({ unit, per }: { unit: string; per: string | undefined }): string {
  const measure = MEASURES[unit];
  const said = measure ?? MONEY[unit] ?? unit;
  if (per === undefined) return said;
  return `${said} ${measure === undefined ? 'một' : 'trên'} ${DENOMINATORS[per] ?? per}`;
}
