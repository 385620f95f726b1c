/**
 * Words that are true on one day only ("hôm nay", "ngày mai"): said again next week by a repeating notice, they mislead.
 * Only finds them; whether to ask is the page's matter. Pure.
 */

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
