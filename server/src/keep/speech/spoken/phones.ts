/**
 * How are telephone numbers said? Digit by digit in groups, as the writer grouped them or as Vietnamese numbers are
 * usually grouped. Short emergency numbers are telephone numbers only where the words before them say so.
 */

import { readDigits } from './cardinal.ts';
import { pattern, type SpokenRule } from './rule.ts';

const GAP = '[\\s.-]?';
const END = '(?![\\p{L}\\p{N}]|[.-]\\d)';

/** Longest run of digits said in one breath. */
const LONGEST_GROUP = 4;

/** Words that make "114" a number to call. */
const CALLED =
  /(?:gọi|điện thoại|đt|sđt|hotline|đường dây nóng|tổng đài|liên hệ|số máy|cấp cứu|cảnh sát|cứu hỏa|cứu hoả|công an|số|báo)(?:[\s:,;.()]|số|ngay|theo|và|hoặc|hay|cho|tới|đến|máy|1\d{2,3})*$/iu;

/** Rules for telephone numbers. */
export const PHONE_RULES: readonly SpokenRule[] = [
  {
    starts: 'sign',
    pattern: pattern(`\\+84${GAP}(?:\\(0\\)|0)?(?:${GAP}\\d){8,10}${END}`),
    speak: ([written]) => `cộng ${sayPhone(written)}`,
  },
  { starts: 'digit', pattern: pattern(`0[1-9](?:${GAP}\\d){8}${END}`), speak: ([written]) => sayPhone(written) },
  { starts: 'digit', pattern: pattern(`02(?:${GAP}\\d){8,9}${END}`), speak: ([written]) => sayPhone(written) },
  {
    starts: 'digit',
    pattern: pattern(`0\\d{1,3}\\)\\s?\\d(?:${GAP}\\d){5,7}${END}`),
    speak: ([written]) => sayPhone(written),
  },
  { starts: 'digit', pattern: pattern(`1[89]00(?:${GAP}\\d){4,6}${END}`), speak: ([written]) => sayPhone(written) },
  {
    starts: 'digit',
    pattern: pattern(
      `(?:11[1-9]|10[28]\\d|18[01]\\d{2,3})(?![\\p{L}\\p{N}]|[/.,]\\d|\\s?(?:người|hộ|đồng|triệu|nghìn|ngàn|km|m|ha|kg|%))`,
    ),
    speak: ([written], { before }) => (CALLED.test(before) ? readDigits([written]) : null),
  },
];

function sayPhone(written: string): string {
  const groups = written.match(/\d+/gu) ?? [];
  return readDigits(groups.flatMap((group, at) => breathGroups({ group, leading: at === 0 })));
}

function breathGroups({ group, leading }: { group: string; leading: boolean }): string[] {
  if (group.length <= LONGEST_GROUP) return [group];
  const head =
    leading && (/^1[89]00/u.test(group) || group.length >= 9)
      ? 4
      : group.length % 3 === 1 && group.length < 8
        ? group.length - 4
        : 3;
  return [group.slice(0, head), ...breathGroups({ group: group.slice(head), leading: false })];
}
