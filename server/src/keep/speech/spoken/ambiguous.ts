/**
 * Which meaning has an abbreviation that offices use for several things? Each rule looks at the words around it: a place
 * name, a number, a title. In a heading in capitals a syllable that merely looks like one of them stays a word.
 */

import { spell } from './letters.ts';
import { type Around, pattern, type SpokenRule, WORD_END } from './rule.ts';

/** The stop of an abbreviation in the middle of a line; at its end the stop closes the sentence. */
const STOP = '(?:\\.(?=\\s?\\p{L}))?';
const NAME_AHEAD = "(?=\\p{Lu}[\\p{Ll}’'])";
const NAME_OR_NUMBER_AHEAD = `(?=\\p{Lu}[\\p{L}’']|\\d)`;
const CENTRE_AHEAD =
  /^\.?\s*(?:y tế|văn hóa|văn hoá|hành chính|phục vụ|giáo dục|học tập|dịch vụ|khuyến|chính trị|GDTX|GDNN|VH|kiểm soát|dạy nghề|hội nghị|bồi dưỡng|điều hành|chỉ huy)/iu;
const PERSON_BEFORE = /(?:^|\s)\p{Lu}\p{Ll}+\s$/u;
const OFFICE_BEFORE = /(?:^|\s)(?:Đoàn|Hội|Chợ|Trường|Đường|Trạm|Ban|Đội|Phòng|Chi bộ|Đảng bộ)\s$/u;
const COMMAND_AHEAD =
  /^\s*(?:PCTT|PTDS|PCLB|TKCN|PCCC|CHQS|QS|phòng|quân sự|chiến dịch|công trường|thống nhất|bảo vệ)/iu;
const POLICE_AHEAD =
  /^\s*(?:xã|phường|tỉnh|thị|huyện|thành phố|TP|TX|TT|[xp]\.|viên|các|khu|địa phương|cơ sở|[XP]\.)/iu;
const POLICE_BEFORE = /(?:trưởng|phó|đội|cán bộ|lực lượng|chiến sĩ|đồng chí)\s$/iu;
const SUNDAY_BEFORE = /(?:thứ\s+\p{L}+|thứ\s*\d|T\d|ngày|sáng|trưa|chiều|tối|đêm|và|,|;|\(|đến|[-–&])\s*$/iu;

/** Place words written with a stop before their name or number: "P. Phú Trinh", "P.12". */
const PLACES: Record<string, string> = {
  p: 'phường',
  q: 'quận',
  h: 'huyện',
  x: 'xã',
  t: 'tỉnh',
  đ: 'đường',
  tx: 'thị xã',
  tp: 'thành phố',
  tt: 'thị trấn',
  kp: 'khu phố',
  tdp: 'tổ dân phố',
};

const TITLES: Record<string, string> = {
  ts: 'tiến sĩ',
  bs: 'bác sĩ',
  ths: 'thạc sĩ',
  gs: 'giáo sư',
  pgs: 'phó giáo sư',
  ks: 'kỹ sư',
  ls: 'luật sư',
  ds: 'dược sĩ',
  đd: 'điều dưỡng',
  nsưt: 'nghệ sĩ ưu tú',
  nsnd: 'nghệ sĩ nhân dân',
};

/** Rules for ambiguous abbreviations. */
export const AMBIGUOUS_RULES: readonly SpokenRule[] = [
  {
    starts: 'letter',
    pattern: pattern(`TT${WORD_END}\\.?(?=\\s?(?:Đảng ủy|Đảng uỷ|ĐU|HĐND|UBND|UBMTTQ|MTTQ|[Hh]uyện ủy|[Tt]ỉnh ủy))`),
    speak: () => 'thường trực',
  },
  {
    starts: 'letter',
    pattern: pattern(`CN${WORD_END}`),
    speak: (_, { before }) => (before === '' || SUNDAY_BEFORE.test(before) ? 'chủ nhật' : null),
  },
  { starts: 'letter', pattern: pattern(`TT(?=\\s*(?:số\\s*)?\\d)`), speak: () => 'thông tư' },
  {
    starts: 'letter',
    pattern: pattern(`TT${WORD_END}${STOP}`),
    speak: (_, { after }) => (CENTRE_AHEAD.test(after) ? 'trung tâm' : null),
  },
  { starts: 'letter', pattern: pattern('Q\\.\\s?(?=chủ tịch|giám đốc|trưởng)', 'i'), speak: () => 'quyền' },
  {
    starts: 'letter',
    pattern: pattern(`([PQHXTĐpqhxt])\\.\\s?${NAME_OR_NUMBER_AHEAD}`),
    speak: ([, letter = ''], around) => (isInitial(around) ? spell(letter) : (PLACES[letter.toLowerCase()] ?? null)),
  },
  {
    starts: 'letter',
    pattern: pattern(`(TX|TP|TT|Tx|Tp|Tt|tx|tp|tt|KP|TDP|kp|tdp)(?:\\.\\s?|\\s)${NAME_OR_NUMBER_AHEAD}`),
    speak: ([, letters = '']) => PLACES[letters.toLowerCase()] ?? null,
  },
  {
    starts: 'letter',
    pattern: pattern(`(TX|TP|TT|tp)${WORD_END}${STOP}`),
    speak: ([, letters = '']) => PLACES[letters.toLowerCase()] ?? null,
  },
  {
    starts: 'letter',
    pattern: pattern(`([PQ])(?=\\d{1,2}${WORD_END})`),
    speak: ([, letter = '']) => PLACES[letter.toLowerCase()] ?? null,
  },
  {
    starts: 'letter',
    pattern: pattern(
      `(TS|BS|Ths|ThS|ThS|THS|GS|PGS|KS|LS|DS|ĐD|Ts|Bs|Gs|NSƯT|NSND)(?:CK\\s?I{1,2}|CK\\d)?(?:\\.\\s?|\\s)(?:${NAME_AHEAD}|(?=(?:TS|BS|ThS)${WORD_END}))`,
    ),
    speak: ([, title = '']) => TITLES[title.toLowerCase()] ?? null,
  },
  { starts: 'letter', pattern: pattern(`TS${WORD_END}(?=[\\s:=]*\\d)`), speak: () => 'tổng số' },
  { starts: 'letter', pattern: pattern(`TS${WORD_END}${STOP}`), speak: () => 'tiến sĩ' },
  { starts: 'letter', pattern: pattern(`BS${WORD_END}${STOP}`), speak: () => 'bác sĩ' },
  {
    starts: 'letter',
    pattern: pattern(`CA${WORD_END}`),
    speak: (_, around) =>
      POLICE_AHEAD.test(around.after) || POLICE_BEFORE.test(around.before) || !isHeading(around) ? 'công an' : 'ca',
  },
  {
    starts: 'letter',
    pattern: pattern(`BCH${WORD_END}`),
    speak: (_, { after }) => (COMMAND_AHEAD.test(after) ? 'ban chỉ huy' : 'ban chấp hành'),
  },
  {
    starts: 'letter',
    pattern: pattern(`ĐT${WORD_END}(?=[:.\\s]*(?:\\(?0\\d|\\+84|1[89]00|:))`),
    speak: () => 'điện thoại',
  },
  { starts: 'letter', pattern: pattern(`ĐT[.\\s]?(?=\\d{3}${WORD_END})`), speak: () => 'đường tỉnh' },
  { starts: 'letter', pattern: pattern(`ĐT${WORD_END}`), speak: () => 'điện thoại' },
  {
    starts: 'letter',
    pattern: pattern(`T([2-7])\\s?[-–]\\s?(?=(?:T[3-7]|CN)${WORD_END})`),
    speak: ([, day = '']) => `${WEEKDAYS[day] ?? ''} đến `,
  },
  {
    starts: 'letter',
    pattern: pattern(`T([2-7])${WORD_END}(?=[\\s,(]*(?:ngày\\s*)?\\d{1,2}[/-]\\d)`),
    speak: ([, day = '']) => WEEKDAYS[day] ?? null,
  },
  {
    starts: 'letter',
    pattern: pattern(`T([2-7])${WORD_END}(?=\\s*(?:[,&]|đến|và|hoặc)\\s*(?:T[3-7]|CN)${WORD_END})`),
    speak: ([, day = '']) => WEEKDAYS[day] ?? null,
  },
  {
    starts: 'letter',
    pattern: pattern(`T([2-7])${WORD_END}`),
    speak: ([, day = ''], { before }) =>
      /(?:T[2-6]|CN|sáng|chiều|tối|trưa)\s*(?:[-–,&]|đến|và|hoặc)?\s*$/u.test(before) ? (WEEKDAYS[day] ?? null) : null,
  },
  { starts: 'letter', pattern: pattern(`(?:QĐ|Qđ)${WORD_END}(?=\\s*số)`), speak: () => 'quyết định' },
  { starts: 'letter', pattern: pattern(`CN\\.\\s?${NAME_AHEAD}`), speak: () => 'cử nhân' },
  { starts: 'letter', pattern: pattern(`CN${WORD_END}(?=\\s${NAME_AHEAD})`), speak: () => 'chi nhánh' },
  { starts: 'letter', pattern: pattern(`CN${WORD_END}`), speak: () => 'công nghiệp' },
  { starts: 'letter', pattern: pattern('QL(?=[.\\s]?\\d)\\.?'), speak: () => 'quốc lộ' },
  { starts: 'letter', pattern: pattern(`QL${WORD_END}`), speak: () => 'quản lý' },
  { starts: 'letter', pattern: pattern('TL(?=[.\\s]?\\d)\\.?'), speak: () => 'tỉnh lộ' },
  {
    starts: 'letter',
    pattern: pattern(`CT${WORD_END}(?=[\\s.]*(?:UBND|HĐND|UBMTTQ|MTTQ|[Hh]ội|xã|tỉnh))`),
    speak: () => 'chủ tịch',
  },
  {
    starts: 'letter',
    pattern: pattern(`CT${WORD_END}`),
    speak: (_, { before }) => (/phó\s$/iu.test(before) ? 'chủ tịch' : null),
  },
  { starts: 'letter', pattern: pattern(`KT${WORD_END}(?=[-–\\s,]*(?:XH|VH))`), speak: () => 'kinh tế' },
  {
    starts: 'letter',
    pattern: pattern(`CĐ${WORD_END}`),
    speak: (_, { before }) => (/(?:trường|bậc|hệ|ĐH\s?[,-]|học,?)\s*$/iu.test(before) ? 'cao đẳng' : 'công đoàn'),
  },
  {
    starts: 'letter',
    pattern: pattern(`TH${WORD_END}`),
    speak: (_, { before, after }) =>
      /(?:trường|bậc|cấp)\s*$/iu.test(before) || /^\s*(?:[&,-]|và)\s*(?:THCS|MN|MG)/u.test(after) ? 'tiểu học' : null,
  },
];

const WEEKDAYS: Record<string, string> = {
  2: 'thứ hai',
  3: 'thứ ba',
  4: 'thứ tư',
  5: 'thứ năm',
  6: 'thứ sáu',
  7: 'thứ bảy',
};

/** "Nguyễn H. Nam": a letter after a name is a person's initial, not a district. */
function isInitial({ before }: Around): boolean {
  return PERSON_BEFORE.test(before) && !OFFICE_BEFORE.test(before);
}

/** The words around are in capitals, so capitals do not mark an abbreviation. */
export function isHeading({ before, after }: Around): boolean {
  const beside = `${before} ${after}`;
  const small = beside.match(/\p{Ll}/gu)?.length ?? 0;
  const capital = beside.match(/\p{Lu}/gu)?.length ?? 0;
  return capital >= 4 && small <= capital / 4;
}
