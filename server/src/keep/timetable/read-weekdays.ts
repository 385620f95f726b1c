/** On which days of the week does a cell ask to be aired? In Vietnam Monday is the second day (thứ hai). Pure. */
import type { Weekday } from '@loa/schedules';
import { plain } from './plain-words.ts';
import type { Cell } from './sheet.ts';
import { misread, quoted, type Understood, understood } from './understood.ts';

const everyDay: readonly Weekday[] = [1, 2, 3, 4, 5, 6, 7];

const everyDayNames = [
  'hang ngay',
  'moi ngay',
  'ca tuan',
  'tat ca cac ngay',
  'cac ngay trong tuan',
  'tat ca cac ngay trong tuan',
  'daily',
  'every day',
  'everyday',
  'all week',
  'all',
];

/** As `plain` words, `thứ` taken away. */
const dayNames: Readonly<Record<string, Weekday>> = {
  '2': 1,
  hai: 1,
  mon: 1,
  monday: 1,
  '3': 2,
  ba: 2,
  tue: 2,
  tues: 2,
  tuesday: 2,
  '4': 3,
  tu: 3,
  bon: 3,
  wed: 3,
  wednesday: 3,
  '5': 4,
  nam: 4,
  thu: 4,
  thurs: 4,
  thursday: 4,
  '6': 5,
  sau: 5,
  fri: 5,
  friday: 5,
  '7': 6,
  bay: 6,
  sat: 6,
  saturday: 6,
  cn: 7,
  chunhat: 7,
  sun: 7,
  sunday: 7,
};

/** The days in the order of the week, each once. */
export function readWeekdays(cell: Cell): Understood<Weekday[]> {
  if (cell.moment?.isShown === true) return madeADate(cell.text);
  const written = plain(cell.text)
    .replace(/\s*\([^)]*\)?$/, '')
    .replace(/^cac\s+(?=thu|ngay)/, '')
    .replace(/\s*\b(hang|moi) tuan$|\s*\bevery week$/, '')
    .replace(/^tu\s+(?=(thu|t?\d).*(-|\bden\b))/, '');
  if (everyDayNames.includes(written)) return understood([...everyDay]);
  if (written === 'cuoi tuan' || written === 'weekend') return understood([6, 7]);
  // `thứ tư` is Wednesday, `từ thứ …` is `from`; both lose their mark.
  const bare = written
    .replace(/chu nhat/g, 'chunhat')
    .replace(/\bthu\s*(?=\d|(hai|ba|tu|bon|nam|sau|bay)\b)/g, '')
    .replace(/\bt\s*(?=\d)/g, '');
  const days = new Set<Weekday>();
  for (const part of partsOf(bare)) {
    const found = daysOfPart(part);
    if (found === undefined) return notWeekdays(cell.text);
    for (const day of found) days.add(day);
  }
  return days.size === 0 ? notWeekdays(cell.text) : understood([...days].sort());
}

/** What people part days by. `2-4-6` is a list of three, `2-6` a span. */
function partsOf(bare: string): string[] {
  return bare
    .replace(/\s*(-|\bden\b|\bto\b|\bthrough\b)\s*/g, '-')
    .split(/[;,.&+/\n ]+|\bva\b|\band\b/)
    .filter((part) => part !== '')
    .flatMap((part) => (part.split('-').length > 2 ? part.split('-') : [part]));
}

function daysOfPart(part: string): Weekday[] | undefined {
  const [first, last, ...more] = part.split('-').map((name) => dayNames[name]);
  if (more.length > 0 || first === undefined) return undefined;
  if (!part.includes('-')) return [first];
  if (last === undefined || last <= first) return undefined;
  return everyDay.filter((day) => day >= first && day <= last);
}

function madeADate(shown: string): Understood<never> {
  return misread(
    `Excel đã tự đổi ô này thành ngày (${quoted(shown)}). Hãy gõ lại có chữ T, ví dụ: T2-T6 hoặc T2, T4.`,
    `Excel turned this cell into a date (${quoted(shown)}). Type it again with letters, for example Mon-Fri.`,
  );
}

function notWeekdays(text: string): Understood<never> {
  return misread(
    `Không hiểu thứ “${quoted(text)}”. Hãy ghi ví dụ: T2-T6; T2, T4, CN; hoặc hằng ngày.`,
    `The weekday “${quoted(text)}” is not understood. Write for example Mon-Fri; Mon, Wed, Sun; or daily.`,
  );
}
