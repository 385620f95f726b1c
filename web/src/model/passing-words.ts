/**
 * Words that are true on one day only ("hôm nay", "ngày mai"): said again next week by a repeating notice, they mislead.
 * Only finds them; whether to ask is the page's matter. Pure.
 */
import type { TimetableEntry, WhenForm } from '@loa/protocol/panel';

/** As people write them, one spelling each; how many spaces stand between does not matter. */
const passing = [
  'hôm nay',
  'hôm qua',
  'hôm kia',
  'ngày mai',
  'ngày kia',
  'ngày mốt',
  'sáng nay',
  'trưa nay',
  'chiều nay',
  'tối nay',
  'đêm nay',
  'sáng mai',
  'trưa mai',
  'chiều mai',
  'tối mai',
  'tuần này',
  'tuần sau',
  'tuần tới',
  'tháng này',
  'tháng sau',
  'tháng tới',
  'today',
  'tomorrow',
  'tonight',
  'yesterday',
  'next week',
] as const;

const pattern = new RegExp(
  `(?<![\\p{L}\\p{N}])(?:${passing.map((words) => words.replaceAll(' ', '\\s+')).join('|')})(?![\\p{L}\\p{N}])`,
  'giu',
);

/** The passing words of a text as they stand there, each once, in order. */
export function passingWordsIn(text: string): string[] {
  const found = text.normalize('NFC').match(pattern) ?? [];
  return [...new Set(found.map((words) => words.toLowerCase().replace(/\s+/g, ' ')))];
}

/** True when the whens name more than one day. */
export function namesManyDays(whens: readonly WhenForm[]): boolean {
  const dates = new Set(whens.flatMap((when) => (when.kind === 'once' ? [when.date] : [])));
  return dates.size > 1 || whens.some(({ kind }) => kind !== 'now' && kind !== 'once');
}

/** The rows of a spreadsheet that say such words on more than one day, with all the words found, each once. */
export function passingRows(entries: readonly Pick<TimetableEntry, 'row' | 'title' | 'text' | 'whens'>[]): {
  rows: number[];
  words: string[];
} {
  const found = entries
    .filter(({ whens }) => namesManyDays(whens))
    .map(({ row, title, text }) => ({ row, words: passingWordsIn(text ?? title) }))
    .filter(({ words }) => words.length > 0);
  return { rows: found.map(({ row }) => row), words: [...new Set(found.flatMap(({ words }) => words))] };
}
