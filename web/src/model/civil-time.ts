/**
 * Instants and spans as a person reads them, always in the installation's zone, whatever zone this computer is set to.
 * Pure; instants are epoch ms. Never uses the host's locale: an English Windows would write the month first.
 */
import { lunarDateOf, lunarWords } from '@loa/schedules';
import { languageOf, type Say, type TextKey } from '../text/say.ts';

/** ISO weekdays, Monday first. */
export const weekdayNumbers = [1, 2, 3, 4, 5, 6, 7] as const;
export type WeekdayNumber = (typeof weekdayNumbers)[number];

const weekdayKeys: readonly TextKey[] = [
  'weekday.1',
  'weekday.2',
  'weekday.3',
  'weekday.4',
  'weekday.5',
  'weekday.6',
  'weekday.7',
];
const shortWeekdayKeys: readonly TextKey[] = [
  'weekday.short.1',
  'weekday.short.2',
  'weekday.short.3',
  'weekday.short.4',
  'weekday.short.5',
  'weekday.short.6',
  'weekday.short.7',
];

/** `thứ Sáu`. */
export function weekdayWords(weekday: number, say: Say): string {
  const key = weekdayKeys[weekday - 1];
  if (key === undefined) throw new Error(`No such weekday: ${weekday}`);
  return say(key);
}

/** `T6`, for a narrow row of buttons. */
export function shortWeekdayWords(weekday: number, say: Say): string {
  const key = shortWeekdayKeys[weekday - 1];
  if (key === undefined) throw new Error(`No such weekday: ${weekday}`);
  return say(key);
}

/** The civil date of an instant. */
export function civilDateOf(atMs: number, timeZone: string): Temporal.PlainDate {
  return zoned(atMs, timeZone).toPlainDate();
}

/** `17:05`. */
export function clockWords(atMs: number, timeZone: string): string {
  return zoned(atMs, timeZone).toPlainTime().toString({ smallestUnit: 'minute' });
}

/** `thứ Sáu 27/11 (19/10 ÂL)`: every civil date with its lunar one, with the year when it is not this year's. */
export function dateWords(date: Temporal.PlainDate, input: { today: Temporal.PlainDate; say: Say }): string {
  const lunar = lunarDateWords(date, input.say);
  const civil = civilDateWords(date, input);
  return lunar === undefined ? civil : `${civil} (${lunar})`;
}

/** `19/10 ÂL`; undefined where the lunar calendar is not computed. */
export function lunarDateWords(date: Temporal.PlainDate, say: Say): string | undefined {
  const lunar = lunarDateOf(date.toString());
  return lunar === undefined ? undefined : lunarWords(lunar, languageOf(say), 'cell');
}

/** `thứ Sáu 27/11`: a date beside an hour or of a machine, where the lunar one would be in the way. */
export function civilDateWords(date: Temporal.PlainDate, input: { today: Temporal.PlainDate; say: Say }): string {
  const { say, today } = input;
  const values = { weekday: weekdayWords(date.dayOfWeek, say), day: date.day, month: date.month, year: date.year };
  return date.year === today.year ? say('date.this-year', values) : say('date.other-year', values);
}

/** `Hôm nay`, `Ngày mai`, `Hôm qua`, else the date. */
export function dayWords(date: Temporal.PlainDate, input: { today: Temporal.PlainDate; say: Say }): string {
  const days = input.today.until(date, { largestUnit: 'days' }).days;
  if (days === 0) return input.say('day.today');
  if (days === 1) return input.say('day.tomorrow');
  if (days === -1) return input.say('day.yesterday');
  return dateWords(date, input);
}

/** `14:05` on the same day, else `14:05 thứ Năm 26/11`. */
export function instantWords(atMs: number, input: { nowMs: number; timeZone: string; say: Say }): string {
  const time = clockWords(atMs, input.timeZone);
  const today = civilDateOf(input.nowMs, input.timeZone);
  const date = civilDateOf(atMs, input.timeZone);
  return date.equals(today) ? time : `${time} ${civilDateWords(date, { today, say: input.say })}`;
}

/** `45 giây`, `1 phút 20 giây`, `2 giờ 5 phút`, `3 ngày`: the two largest units, never below one second. */
export function spanWords(spanMs: number, say: Say): string {
  const seconds = Math.max(1, Math.round(spanMs / 1_000));
  const parts: [TextKey, number][] = [
    ['span.days', Math.floor(seconds / 86_400)],
    ['span.hours', Math.floor(seconds / 3_600) % 24],
    ['span.minutes', Math.floor(seconds / 60) % 60],
    ['span.seconds', seconds % 60],
  ];
  const first = parts.findIndex(([, count]) => count > 0);
  return parts
    .slice(first, first + 2)
    .filter(([, count]) => count > 0)
    .map(([key, count]) => say(key, { count }))
    .join(' ');
}

/** `0:45`, `12:07`: a position in a sound. */
export function positionWords(positionMs: number): string {
  const seconds = Math.max(0, Math.floor(positionMs / 1_000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

function zoned(atMs: number, timeZone: string): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(Math.trunc(atMs)).toZonedDateTimeISO(timeZone);
}
