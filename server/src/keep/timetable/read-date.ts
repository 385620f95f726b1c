/** Which civil dates does a cell of a date column name? Day first, as Vietnam writes; the year must be there. Pure. */
import type { Cell } from './sheet.ts';
import { misread, quoted, type Understood, understood } from './understood.ts';

/** A timetable reaches no further ahead; a later year is a slip of the pen. */
const yearsAheadMax = 10;

const monthsOfExcel = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

/** All dates of a cell, in the order they stand in; several are parted by semicolon, comma, “và” or a new line. */
export function readDates(cell: Cell, today: string): Understood<string[]> {
  if (cell.moment?.date !== undefined) return one(checked(cell.moment.date, cell.text, today));
  const dates: string[] = [];
  for (const part of withoutWeekdays(cell.text)
    .split(/[;,\n]|\s+(?:và|va|and)\s+/iu)
    .filter((each) => each.trim() !== '')) {
    const date = readDate(part.trim(), today);
    if (!date.ok) return date;
    if (!dates.includes(date.value)) dates.push(date.value);
  }
  return dates.length === 0 ? notADate(cell.text) : understood(dates);
}

/** “Thứ Sáu, 27/11/2026” without the weekday that people write before a date. */
function withoutWeekdays(text: string): string {
  return text.replace(/(^|[;,\n]\s*)(thứ\s*\p{L}+|thứ\s*\d|chủ\s*nhật|cn|t\d)\s*[,:.-]?\s+(?=\d|ngày)/giu, '$1');
}

/** The one date of a cell. */
export function readOneDate(cell: Cell, today: string): Understood<string> {
  const dates = readDates(cell, today);
  if (!dates.ok) return dates;
  const [date, second] = dates.value;
  if (date !== undefined && second === undefined) return understood(date);
  return misread(
    `“${quoted(cell.text)}”: ô này chỉ ghi một ngày, ví dụ 20/11/2026.`,
    `“${quoted(cell.text)}”: only one date may stand here, for example 20/11/2026.`,
  );
}

function readDate(text: string, today: string): Understood<string> {
  // Excel writes midnight behind a date in a CSV.
  const bare = text.replace(/[\sT]+0?0:00(:00)?(\.0+)?$/, '').replace(/^ngày\s+/iu, '');
  const iso = /^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})$/.exec(bare);
  if (iso !== null) return dateOf(iso[1], iso[2], iso[3], text, today);
  const usual =
    /^(\d{1,2})\s*[-/.]\s*(\d{1,2})\s*[-/.]\s*(\d{4}|\d{2})$/.exec(bare) ??
    /^(\d{1,2})\s+tháng\s+(\d{1,2})\s+năm\s+(\d{4})$/iu.exec(bare);
  if (usual !== null) return dateOf(fullYear(usual[3] ?? ''), usual[2], usual[1], text, today);
  const english = /^(\d{1,2})[- ]([A-Za-z]{3})[a-z]*[- ](\d{4}|\d{2})$/.exec(bare);
  const month = monthsOfExcel.indexOf((english?.[2] ?? '').toLowerCase()) + 1;
  if (english !== null && month > 0) return dateOf(fullYear(english[3] ?? ''), String(month), english[1], text, today);
  if (/^\d{1,2}\s*[-/.]\s*\d{1,2}$/.test(bare)) {
    return misread(
      `“${quoted(text)}” thiếu năm. Hãy ghi đủ ngày/tháng/năm, ví dụ 20/11/2026.`,
      `“${quoted(text)}” lacks the year. Write day/month/year, for example 20/11/2026.`,
    );
  }
  return notADate(text);
}

function dateOf(
  year: string | undefined,
  month: string | undefined,
  day: string | undefined,
  written: string,
  today: string,
): Understood<string> {
  try {
    const date = Temporal.PlainDate.from(
      { year: Number(year), month: Number(month), day: Number(day) },
      { overflow: 'reject' },
    );
    return checked(date.toString(), written, today);
  } catch {
    const isMonthFirst = Number(month) > 12 && Number(day) <= 12;
    return isMonthFirst
      ? misread(
          `“${quoted(written)}” ghi tháng trước ngày. Hãy ghi ngày/tháng/năm: ${day}/${month} không có, có phải ${month}/${day}?`,
          `“${quoted(written)}” has the month before the day. Write day/month/year: did you mean ${month}/${day}?`,
        )
      : misread(
          `Không có ngày “${quoted(written)}”. Hãy ghi ngày/tháng/năm, ví dụ 20/11/2026.`,
          `There is no date “${quoted(written)}”. Write day/month/year, for example 20/11/2026.`,
        );
  }
}

function checked(date: string, written: string, today: string): Understood<string> {
  const year = Number(date.slice(0, 4));
  const last = Number(today.slice(0, 4)) + yearsAheadMax;
  if (year >= 2000 && year <= last) return understood(date);
  return misread(
    `“${quoted(written)}” là năm ${year}. Hãy kiểm tra lại năm.`,
    `“${quoted(written)}” is in the year ${year}. Check the year.`,
  );
}

function fullYear(year: string): string {
  return year.length === 2 ? `20${year}` : year;
}

function one(date: Understood<string>): Understood<string[]> {
  return date.ok ? understood([date.value]) : date;
}

function notADate(text: string): Understood<never> {
  return misread(
    `Không hiểu ngày “${quoted(text)}”. Hãy ghi ngày/tháng/năm, ví dụ 20/11/2026.`,
    `The date “${quoted(text)}” is not understood. Write day/month/year, for example 20/11/2026.`,
  );
}
