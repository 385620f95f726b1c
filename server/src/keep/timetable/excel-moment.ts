/**
 * Which civil date and time of day does a number in a spreadsheet mean? Excel counts days from 1900 and believes that
 * 29 February 1900 existed (ECMA-376 Part 1 §18.17.4.1), or from 1904 in workbooks that came from an old Macintosh; the
 * part behind the point is the time of day. Pure.
 */
import type { Moment } from './sheet.ts';

const secondsOfDay = 86_400;
/** Excel's number of the day that never was. */
const leapBugDay = 60;
/** 31 December 2199: nothing of a timetable lies later. */
const lastDay = 109_573;

/** Number of days since the epoch as date and time; undefined where it is neither. Rounded to a second. */
export function momentOf(serial: number, options: { is1904: boolean; isShown: boolean }): Moment | undefined {
  if (!Number.isFinite(serial) || serial < 0 || serial > lastDay) return undefined;
  const seconds = Math.round(serial * secondsOfDay);
  const day = Math.floor(seconds / secondsOfDay);
  const second = seconds % secondsOfDay;
  const date = options.is1904 ? dateAfter('1904-01-01', day) : dateOf1900(day);
  return {
    // Day 0 is a time of day alone, in either epoch.
    date: day === 0 ? undefined : date,
    time: Number.isInteger(serial) && day !== 0 ? undefined : timeOf(second),
    isShown: options.isShown,
  };
}

/** A format's code shows a date or a time: a letter of one outside quotes, brackets and escapes. */
export function showsMoment(formatCode: string): boolean {
  const [positive = ''] = formatCode.split(';');
  if (/\[(h+|m+|s+)\]/i.test(positive)) return true;
  const bare = positive.replace(/"[^"]*"|\[[^\]]*\]|\\.|_.|\*./g, '');
  return !/general/i.test(bare) && /[dmyhs]/i.test(bare);
}

/** Formats without a code in the file that show a date or a time (ECMA-376 Part 1 §18.8.30, East Asian ones included). */
export function isMomentFormat(formatId: number): boolean {
  const spans: readonly (readonly [number, number])[] = [
    [14, 22],
    [27, 36],
    [45, 47],
    [50, 58],
  ];
  return spans.some(([first, last]) => formatId >= first && formatId <= last);
}

function dateOf1900(day: number): string | undefined {
  if (day === leapBugDay) return undefined;
  return dateAfter(day < leapBugDay ? '1899-12-31' : '1899-12-30', day);
}

function dateAfter(epoch: string, days: number): string {
  return Temporal.PlainDate.from(epoch).add({ days }).toString();
}

function timeOf(second: number): string {
  const parts = [Math.floor(second / 3_600), Math.floor(second / 60) % 60, second % 60];
  const [hour, minute, rest] = parts.map((part) => String(part).padStart(2, '0'));
  return rest === '00' ? `${hour}:${minute}` : `${hour}:${minute}:${rest}`;
}
