/**
 * How are the numbers of decrees, circulars and letters said? As a clerk would tell them: number, year, whose they are
 * ("số ba mươi chín, năm hai nghìn không trăm hai mươi, của …"), without repeating a kind or an authority that the
 * sentence names anyway. Unknown codes are spelled.
 */

import { ABBREVIATIONS } from './abbreviations.ts';
import { readDigits, readWhole } from './cardinal.ts';
import { spell } from './letters.ts';
import { type Around, anyOf, pattern, type SpokenRule, WORD_END } from './rule.ts';

const KINDS: Record<string, string> = {
  QĐ: 'quyết định',
  NĐ: 'nghị định',
  TT: 'thông tư',
  NQ: 'nghị quyết',
  TB: 'thông báo',
  KH: 'kế hoạch',
  CT: 'chỉ thị',
  CV: 'công văn',
  BC: 'báo cáo',
  TTr: 'tờ trình',
  TTR: 'tờ trình',
  GM: 'giấy mời',
  HD: 'hướng dẫn',
  PA: 'phương án',
  CĐ: 'công điện',
  QC: 'quy chế',
  QyĐ: 'quy định',
  CTr: 'chương trình',
  CTR: 'chương trình',
  TTLT: 'thông tư liên tịch',
  VBHN: 'văn bản hợp nhất',
  PL: 'pháp lệnh',
  L: 'luật',
  BB: 'biên bản',
  KL: 'kết luận',
  TM: 'thư mời',
  ĐA: 'đề án',
  UQ: 'ủy quyền',
  GGT: 'giấy giới thiệu',
};

const ISSUERS: Record<string, string> = {
  CP: 'chính phủ',
  TTg: 'thủ tướng chính phủ',
  TTG: 'thủ tướng chính phủ',
  CTN: 'chủ tịch nước',
  UBTVQH: 'ủy ban thường vụ quốc hội',
  BTTTT: 'bộ thông tin và truyền thông',
  BNV: 'bộ nội vụ',
  BTC: 'bộ tài chính',
  BYT: 'bộ y tế',
  BGDĐT: 'bộ giáo dục và đào tạo',
  BCA: 'bộ công an',
  BQP: 'bộ quốc phòng',
  BTNMT: 'bộ tài nguyên và môi trường',
  BNNPTNT: 'bộ nông nghiệp và phát triển nông thôn',
  BNNMT: 'bộ nông nghiệp và môi trường',
  BKHCN: 'bộ khoa học và công nghệ',
  BVHTTDL: 'bộ văn hóa, thể thao và du lịch',
  BXD: 'bộ xây dựng',
  BCT: 'bộ công thương',
  BTP: 'bộ tư pháp',
  BLĐTBXH: 'bộ lao động, thương binh và xã hội',
  BGTVT: 'bộ giao thông vận tải',
  BKHĐT: 'bộ kế hoạch và đầu tư',
  BCH: 'ban chỉ huy',
  PCTT: 'phòng, chống thiên tai',
  VPCP: 'văn phòng chính phủ',
  VP: 'văn phòng',
  STTTT: 'sở thông tin và truyền thông',
  SVHTTDL: 'sở văn hóa, thể thao và du lịch',
  SYT: 'sở y tế',
  SNNMT: 'sở nông nghiệp và môi trường',
  SKHCN: 'sở khoa học và công nghệ',
  ĐU: 'đảng ủy',
  TU: 'tỉnh ủy',
  HU: 'huyện ủy',
  TW: 'trung ương',
  TƯ: 'trung ương',
  MTTQ: 'mặt trận tổ quốc',
  ĐTN: 'đoàn thanh niên',
  CA: 'công an',
  CAX: 'công an xã',
  ĐL: 'điện lực',
  TYT: 'trạm y tế',
};

const PART = '\\p{Lu}[\\p{L}&]{0,9}\\d{0,2}';
const CODE = `(${PART}(?:\\s?[-–/]\\s?${PART}){0,4})`;
const KIND = anyOf(Object.keys(KINDS));
/** "… ngày 20/11/2026 của UBND tỉnh": the sentence itself names the authority. */
const ISSUER_NAMED_AHEAD = /^[^.,;\n]{0,60}?\scủa\s/u;

/** Rules for the numbers of documents. */
export const LAW_NUMBER_RULES: readonly SpokenRule[] = [
  {
    starts: 'digit',
    pattern: pattern(`(\\d{1,5})[a-z]?/((?:19|20)\\d{2})/${CODE}${WORD_END}`),
    speak: ([, number = '', year, code = ''], around) => sayLawNumber({ number, year, code, around }),
  },
  {
    starts: 'digit',
    pattern: pattern(`(\\d{1,5})\\s?[/-]\\s?((?:${KIND})(?:\\s?[-–/]\\s?${PART}){0,4})${WORD_END}`),
    speak: ([, number = '', code = ''], around) => sayLawNumber({ number, year: undefined, code, around }),
  },
  {
    starts: 'letter',
    pattern: pattern(`(${KIND})-(${PART}(?:[-/]${PART}){0,3})${WORD_END}`),
    speak: ([code = ''], around) => {
      const said = sayCode(code.split(/[-/]/u), around);
      return said === null ? null : said.join(' ');
    },
  },
  {
    starts: 'letter',
    pattern: pattern(`(TCVN|QCVN)\\s?(\\d+)(?:-(\\d+))?(?::((?:19|20)\\d{2}))?(?:/${PART})?${WORD_END}`),
    speak: ([, kind, number = '', part, year]) =>
      [
        kind === 'TCVN' ? 'tiêu chuẩn Việt Nam' : 'quy chuẩn Việt Nam',
        sayNumber(number),
        part === undefined ? '' : `phần ${readWhole(part)}`,
        year === undefined ? '' : `năm ${readWhole(year)}`,
      ]
        .filter((words) => words !== '')
        .join(' '),
  },
];

type LawNumber = { number: string; year: string | undefined; code: string; around: Around };

function sayLawNumber({ number, year, code, around }: LawNumber): string {
  const said = [sayNumber(number)];
  if (year !== undefined) said.push(`năm ${readWhole(year)}`);
  const parts = code.split(/\s?[-–/]\s?/u);
  said.push(...(sayCode(parts, around) ?? [parts.map((part) => spell(part)).join(', ')]));
  return said.filter((words) => words !== '').join(', ');
}

/** Kind and authority as separate phrases; `null` when a part of the code is unknown. */
function sayCode(parts: readonly string[], { before, after }: Around): string[] | null {
  const [first = '', ...rest] = parts;
  const kind = KINDS[first];
  const issuers = (kind === undefined ? parts : rest).map(sayIssuer);
  if (issuers.some((issuer) => issuer === null)) return null;
  const kindNamed =
    kind !== undefined && new RegExp(`(?:${kind}|(?<!\\p{L})${first})\\s*(?:số)?[\\s:]*$`, 'iu').test(before);
  const said = kind === undefined || kindNamed ? [] : [kind];
  if (issuers.length > 0 && !ISSUER_NAMED_AHEAD.test(after)) said.push(`của ${issuers.join(' ')}`);
  return said;
}

function sayIssuer(code: string): string | null {
  const term = /^QH(\d{1,2})$/u.exec(code);
  if (term !== null) return `quốc hội khóa ${readWhole(term[1] ?? '')}`;
  return ISSUERS[code] ?? ABBREVIATIONS[code] ?? null;
}

function sayNumber(number: string): string {
  return number.startsWith('0') ? readDigits([number]) : readWhole(number);
}
