/** Which days of the Vietnamese lunar calendar does a cell name? Monthly days, yearly feasts, ends of month and year. Pure. */
import { type LunarRule, lunarRuleRefusals } from '@loa/schedules';
import { plain } from './plain-words.ts';
import type { Cell } from './sheet.ts';
import { misread, quoted, type Understood, understood } from './understood.ts';

const numberWords: Readonly<Record<string, number>> = {
  mot: 1,
  hai: 2,
  ba: 3,
  bon: 4,
  tu: 4,
  nam: 5,
  sau: 6,
  bay: 7,
  tam: 8,
  chin: 9,
  muoi: 10,
  ram: 15,
};

const monthWords: Readonly<Record<string, number>> = {
  gieng: 1,
  'muoi mot': 11,
  'muoi hai': 12,
  chap: 12,
  ...numberWords,
};

const monthEnds = ['cuoi thang', 'ngay cuoi thang', 'month end', 'end of month', 'last day of the month'];
const yearEnds = [
  'cuoi nam',
  'tat nien',
  'giao thua',
  'ngay cuoi nam',
  '29/30 chap',
  '29 hoac 30 chap',
  'year end',
  'end of year',
];

/** The rules that a cell names: all monthly days make one, each feast of the year is its own. */
export function readLunarRules(cell: Cell): Understood<LunarRule[]> {
  if (cell.moment?.isShown === true) return madeADate(cell.text);
  const monthlyDays: number[] = [];
  const rules: LunarRule[] = [];
  for (const part of partsOf(cell.text)) {
    const rule = readRule(part);
    if (rule === undefined || lunarRuleRefusals(rule).length > 0) return notLunar(cell.text);
    if (rule.kind === 'monthly') monthlyDays.push(...rule.days);
    else rules.push(rule);
  }
  if (monthlyDays.length > 0) {
    rules.unshift({ kind: 'monthly', days: [...new Set(monthlyDays)].sort((a, b) => a - b) });
  }
  return rules.length === 0 ? notLunar(cell.text) : understood(rules);
}

/** The parts, without the words that only say that it is lunar and comes again. */
function partsOf(text: string): string[] {
  const bare = plain(text.replaceAll('\n', ';'))
    .replace(/\(?\bam lich\b\)?|\bal\b|\blunar\b/g, ' ')
    .replace(/\b(hang|moi)\s+(thang|nam)\b|\bevery (month|year)\b|\bmonthly\b|\byearly\b/g, ' ');
  return bare
    .split(/[;,&+]|\bva\b|\band\b/)
    .map((part) => part.replace(/\s+/g, ' ').trim())
    .filter((part) => part !== '');
}

function readRule(part: string): LunarRule | undefined {
  if (monthEnds.includes(part)) return { kind: 'month-end' };
  if (yearEnds.includes(part)) return { kind: 'year-end' };
  const [, dayText = '', monthText] =
    /^(\d{1,2})\s*[/-]\s*(\d{1,2})$/.exec(part) ?? /^(.+?)\s+thang\s+(.+)$/.exec(withMonth(part)) ?? [];
  const day = dayOf(dayText === '' ? part : dayText);
  if (day === undefined) return undefined;
  if (monthText === undefined) return { kind: 'monthly', days: [day] };
  const month = monthOf(monthText);
  return month === undefined ? undefined : { kind: 'yearly', month, day };
}

/** `30 Chạp` and `mùng 3 Tết` leave out the word month. */
function withMonth(part: string): string {
  return part.replace(/(?<!thang)\s+(chap|gieng)$/, ' thang $1').replace(/\s+tet$/, ' thang gieng');
}

function dayOf(text: string): number | undefined {
  const bare = text.replace(/^(ngay\s+)?(mung|mong|hom)?\s*(ngay\s+)?/, '').replace(/(st|nd|rd|th)$/, '');
  return /^\d{1,2}$/.test(bare) ? Number(bare) : numberWords[bare];
}

function monthOf(text: string): number | undefined {
  return /^\d{1,2}$/.test(text) ? Number(text) : monthWords[text];
}

function madeADate(shown: string): Understood<never> {
  return misread(
    `Excel đã tự đổi ô này thành ngày dương lịch (${quoted(shown)}). Hãy gõ bằng chữ, ví dụ: mùng 1, rằm; hoặc: 15 tháng 8.`,
    `Excel turned this cell into a date of the civil calendar (${quoted(shown)}). Write it in words, for example: mùng 1, rằm; or: 15 tháng 8.`,
  );
}

function notLunar(text: string): Understood<never> {
  return misread(
    `Không hiểu ngày âm lịch “${quoted(text)}”. Hãy ghi ví dụ: mùng 1, rằm; 1 và 15; cuối tháng; 15 tháng 8; 30 Chạp.`,
    `The lunar day “${quoted(text)}” is not understood. Write for example: mùng 1, rằm; 1 và 15; cuối tháng; 15 tháng 8; 30 Chạp.`,
  );
}
