/**
 * On which days does a row ask to be aired? One of Ngày, Thứ and Âm lịch says so, or Từ ngày and Đến ngày alone (every
 * day between them). Each answer stands with its column, so that the person finds the cell. Pure.
 */
import type { When } from '@loa/schedules';
import { readDates, readOneDate } from './read-date.ts';
import { readLunarRules } from './read-lunar.ts';
import { readWeekdays } from './read-weekdays.ts';
import type { Cell } from './sheet.ts';
import { type Misread, misread, understood } from './understood.ts';

/** The cells of a row that speak of days. */
export interface DayCells {
  date?: Cell | undefined;
  weekday?: Cell | undefined;
  lunar?: Cell | undefined;
  from?: Cell | undefined;
  until?: Cell | undefined;
}

/** The days of a when, its time still open. */
export type Days = (time: string) => When;

type ReadDays = { ok: true; value: Days[] } | (Misread & { column: keyof DayCells });

/** The days of a row; a rule that comes again begins today where no other day is given. */
export function readDays(cells: DayCells, today: string): ReadDays {
  const { date, weekday, lunar, from, until } = cells;
  if (lunar !== undefined && (date ?? weekday) !== undefined) return at('lunar', twoCalendars);
  if (date !== undefined) {
    if ((from ?? until) !== undefined) return at(from === undefined ? 'until' : 'from', datesAndSpan);
    return readOnce(date, weekday, today);
  }
  const span = readSpan(from, until, today);
  if (!span.ok) return span;
  if (weekday !== undefined) {
    const weekdays = readWeekdays(weekday);
    if (!weekdays.ok) return at('weekday', weekdays);
    return understood([
      weekdays.value.length === 7
        ? (time) => ({ kind: 'daily', ...span.value, time })
        : (time) => ({ kind: 'weekly', ...span.value, weekdays: weekdays.value, time }),
    ]);
  }
  if (lunar !== undefined) {
    const rules = readLunarRules(lunar);
    if (!rules.ok) return at('lunar', rules);
    return understood(
      rules.value.map((rule) => (time: string) => ({ kind: 'lunar' as const, ...span.value, rule, time })),
    );
  }
  if (from !== undefined && until !== undefined) {
    return understood([(time) => ({ kind: 'daily', ...span.value, time })]);
  }
  return at('date', noDays);
}

function readOnce(date: Cell, weekday: Cell | undefined, today: string): ReadDays {
  const dates = readDates(date, today);
  if (!dates.ok) return at('date', dates);
  const past = dates.value.find((each) => each < today);
  if (past !== undefined) return at('date', isPast(past));
  if (weekday !== undefined) {
    const weekdays = readWeekdays(weekday);
    if (!weekdays.ok) return at('weekday', weekdays);
    const other = dates.value.find((each) => !weekdays.value.includes(weekdayOf(each)));
    if (other !== undefined) return at('weekday', otherWeekday(other));
  }
  return understood(dates.value.map((each) => (time: string) => ({ kind: 'once' as const, date: each, time })));
}

function readSpan(
  from: Cell | undefined,
  until: Cell | undefined,
  today: string,
): { ok: true; value: { from: string; until?: string } } | (Misread & { column: keyof DayCells }) {
  const first = from === undefined ? understood(today) : readOneDate(from, today);
  if (!first.ok) return at('from', first);
  if (until === undefined) return understood({ from: first.value });
  const last = readOneDate(until, today);
  if (!last.ok) return at('until', last);
  if (last.value < today) return at('until', isPast(last.value));
  if (last.value < first.value) return at('until', untilBeforeFrom);
  return understood({ from: first.value, until: last.value });
}

function at(column: keyof DayCells, wrong: Misread): Misread & { column: keyof DayCells } {
  return { ...wrong, column };
}

function weekdayOf(date: string): 1 | 2 | 3 | 4 | 5 | 6 | 7 {
  const weekdays = [1, 2, 3, 4, 5, 6, 7] as const;
  return weekdays[Temporal.PlainDate.from(date).dayOfWeek - 1] ?? 1;
}

function vietnamese(date: string): string {
  const [year, month, day] = date.split('-');
  return `${day}/${month}/${year}`;
}

function isPast(date: string): Misread {
  return misread(
    `Ngày ${vietnamese(date)} đã qua. Hãy ghi ngày từ hôm nay trở đi, hoặc xóa dòng này.`,
    `${vietnamese(date)} (day/month/year) is over. Write a day from today on, or delete this row.`,
  );
}

function otherWeekday(date: string): Misread {
  const names = [
    ['thứ Hai', 'a Monday'],
    ['thứ Ba', 'a Tuesday'],
    ['thứ Tư', 'a Wednesday'],
    ['thứ Năm', 'a Thursday'],
    ['thứ Sáu', 'a Friday'],
    ['thứ Bảy', 'a Saturday'],
    ['Chủ nhật', 'a Sunday'],
  ] as const;
  const [vi, en] = names[weekdayOf(date) - 1] ?? names[0];
  return misread(
    `Ngày ${vietnamese(date)} là ${vi}. Hãy sửa lại ngày hoặc thứ cho khớp.`,
    `${vietnamese(date)} (day/month/year) is ${en}. Correct the date or the weekday.`,
  );
}

const twoCalendars = misread(
  'Dòng này vừa có ngày âm lịch vừa có ngày hoặc thứ. Chỉ ghi một cột; muốn phát cả hai thì chép thành hai dòng.',
  'This row has a lunar day beside a date or a weekday. Fill in one of them; to air on both, copy it into two rows.',
);
const datesAndSpan = misread(
  'Đã ghi Ngày thì không ghi Từ ngày, Đến ngày. Muốn phát lặp lại thì ghi Thứ thay cho Ngày.',
  'With a date, leave the columns from and until empty. To air repeatedly, write weekdays instead of the date.',
);
const untilBeforeFrom = misread(
  'Đến ngày đứng trước Từ ngày. Hãy sửa lại hai ngày này.',
  'The last day lies before the first. Correct the two days.',
);
const noDays = misread(
  'Chưa ghi ngày phát. Hãy ghi một trong các cột: Ngày, Thứ, hoặc Âm lịch.',
  'The days are missing. Fill in one of the columns: Date, Weekday or Lunar.',
);
