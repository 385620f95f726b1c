/**
 * Which row names the columns, and which column is which? Knows the headings as offices write them, with or without
 * marks, in any case, in Vietnamese and English; a heading nobody knows is told with the nearest known one. Pure.
 */
import { nearest, plain } from './plain-words.ts';
import { columnLetters, type Row } from './sheet.ts';
import { quoted } from './understood.ts';

/** Rows in which the heading is looked for: above it stand the names of the office and of the table. */
const headingRowsMax = 30;

/** Columns by meaning, each first by its usual name. Compared as `plain` words. */
const names = {
  date: ['Ngày', 'Ngày phát', 'Ngày tháng', 'Ngày tháng năm', 'Ngày phát sóng', 'Date', 'Day and date'],
  weekday: ['Thứ', 'Thứ trong tuần', 'Các thứ', 'Ngày trong tuần', 'Weekday', 'Weekdays', 'Day', 'Days', 'Day of week'],
  time: ['Giờ', 'Giờ phát', 'Thời gian', 'Thời gian phát', 'Giờ phát sóng', 'Khung giờ', 'Thời điểm', 'Time', 'Start'],
  slot: ['Buổi', 'Buổi phát', 'Session', 'Part of day', 'Slot'],
  title: [
    'Tiêu đề',
    'Nội dung phát',
    'Nội dung',
    'Tên bản tin',
    'Tên thông báo',
    'Tên chương trình',
    'Chương trình',
    'Bản tin',
    'Thông báo',
    'Tên bài',
    'Title',
    'Programme',
    'Program',
    'Notice',
  ],
  text: ['Văn bản', 'Nội dung đọc', 'Nội dung văn bản', 'Nội dung chi tiết', 'Lời đọc', 'Bài đọc', 'Text', 'Script'],
  clip: [
    'Tệp âm thanh',
    'File âm thanh',
    'Tệp ghi âm',
    'File ghi âm',
    'Bản ghi âm',
    'Ghi âm',
    'Âm thanh',
    'Audio file',
    'Audio',
    'Sound file',
    'Sound',
    'Recording',
    'Clip',
  ],
  place: [
    'Nơi phát',
    'Địa điểm',
    'Địa điểm phát',
    'Địa bàn',
    'Địa bàn phát',
    'Khu vực',
    'Phạm vi',
    'Place',
    'Places',
    'Area',
    'Areas',
    'Where',
  ],
  from: ['Từ ngày', 'Ngày bắt đầu', 'Bắt đầu', 'Bắt đầu từ ngày', 'From', 'From date', 'Start date'],
  until: ['Đến ngày', 'Ngày kết thúc', 'Kết thúc', 'Đến hết ngày', 'Until', 'To', 'To date', 'Until date', 'End date'],
  lunar: ['Âm lịch', 'Ngày âm lịch', 'Ngày âm', 'Lịch âm', 'Lunar', 'Lunar day', 'Lunar days', 'Lunar date'],
  repeat: ['Số lần', 'Số lần phát', 'Số lần đọc', 'Lần', 'Lặp lại', 'Repeat', 'Repeats', 'Repeat count', 'Times'],
  class: ['Loại', 'Loại tin', 'Loại bản tin', 'Mức độ', 'Class', 'Type', 'Kind'],
} as const satisfies Record<string, readonly [string, ...string[]]>;

/** Meanings of columns. */
export type Column = keyof typeof names;

/** Columns that offices keep for themselves: known, and left aside. */
const leftAside = [
  'STT',
  'TT',
  'Số TT',
  'Số thứ tự',
  'Ghi chú',
  'Thời lượng',
  'Người đọc',
  'Người thực hiện',
  'Người duyệt',
  'Phụ trách',
  'No',
  'Note',
  'Notes',
  'Remark',
  'Remarks',
  'Duration',
  'Length',
  'Reader',
].map(plain);

const columns = Object.keys(names).filter((name): name is Column => name in names);
const byName = new Map<string, Column>(columns.flatMap((column) => names[column].map((name) => [plain(name), column])));

/** What was found out about the columns. */
export interface Headings {
  row: number;
  /** Where each meaning stands, and how the office calls it. */
  columns: ReadonlyMap<Column, { at: number; name: string }>;
  /** Headings that are not known, or stand twice. */
  mistakes: readonly HeadingMistake[];
}

export interface HeadingMistake {
  column: string;
  vi: string;
  en: string;
}

/** The usual name of a column. */
export function columnName(column: Column): string {
  return names[column][0];
}

/** How many cells of a row name a known column. */
export function countHeadings(texts: readonly string[]): number {
  return texts.filter((text) => columnNamed(text) !== undefined).length;
}

/**
 * The headings of a sheet, or undefined when no row names two columns. The first row that names three is taken, or the
 * one right below it, which is the finer one of a heading in two lines; a later row never, or those between were lost.
 */
export function findHeadings(rows: readonly Row[]): Headings | undefined {
  const counted = rows.slice(0, headingRowsMax).map((row) => ({
    row,
    count: countHeadings([...row.cells.values()].map(({ text }) => text)),
  }));
  const first = counted.find(({ count }) => count >= 3) ?? counted.find(({ count }) => count === 2);
  if (first === undefined) return undefined;
  const below = counted.find(({ row }) => row.number === first.row.number + 1);
  return readHeadings(below !== undefined && below.count >= first.count ? below.row : first.row, rows);
}

/** True for a row that only says again what the columns are called, as on each printed page. */
export function isHeadingAgain(row: Row, headings: Headings): boolean {
  const named = [...headings.columns].filter(
    ([column, { at }]) => columnNamed(row.cells.get(at)?.text ?? '') === column,
  );
  return named.length >= 2;
}

function readHeadings(row: Row, rows: readonly Row[]): Headings {
  const found = new Map<Column, { at: number; name: string }>();
  const mistakes: HeadingMistake[] = [];
  for (const [at, { text }] of [...row.cells].sort(([a], [b]) => a - b)) {
    const name = quoted(text);
    const column = columnNamed(text);
    const earlier = column === undefined ? undefined : found.get(column);
    if (earlier !== undefined && isPlainContent(text) && !isTextNamed(row)) {
      found.set('text', { at, name });
      continue;
    }
    if (earlier !== undefined) mistakes.push(twice(name, earlier.name));
    else if (column !== undefined) found.set(column, { at, name });
    else if (!isLeftAside(text)) mistakes.push(unknown(name));
  }
  for (const at of columnsWithoutHeading(row, rows)) mistakes.push(unnamed(columnLetters(at)));
  return { row: row.number, columns: found, mistakes };
}

/** Beside a title “Nội dung” is what is read aloud; where it stands alone it is what people call the notice. */
function isPlainContent(text: string): boolean {
  return plain(text) === 'noi dung';
}

function isTextNamed(row: Row): boolean {
  return [...row.cells.values()].some(({ text }) => columnNamed(text) === 'text');
}

/** A heading as a whole, without what stands in brackets, or what stands in them. */
function columnNamed(text: string): Column | undefined {
  return spellings(text)
    .map((spelling) => byName.get(spelling))
    .find((column) => column !== undefined);
}

function isLeftAside(text: string): boolean {
  return spellings(text).some((spelling) => leftAside.includes(spelling));
}

function spellings(text: string): string[] {
  if (text.length > 100) return [];
  const inner = /\(([^)]*)\)/.exec(text)?.[1] ?? '';
  return [text, text.replace(/\([^)]*\)/g, ''), inner].map(plain).filter((spelling) => spelling !== '');
}

function columnsWithoutHeading(row: Row, rows: readonly Row[]): number[] {
  const below = rows.filter(({ number }) => number > row.number);
  const used = new Set(below.flatMap(({ cells }) => [...cells.keys()]));
  return [...used].filter((at) => !row.cells.has(at)).sort((a, b) => a - b);
}

function twice(name: string, earlier: string): HeadingMistake {
  return {
    column: name,
    vi: `Cột “${name}” trùng ý với cột “${earlier}” đứng trước. Hãy chỉ để một cột.`,
    en: `The column “${name}” means the same as “${earlier}” before it. Keep only one of them.`,
  };
}

function unknown(name: string): HeadingMistake {
  const near = nearest(
    name,
    columns.flatMap((column) => names[column]),
  );
  const all = columns.map(columnName).join(', ');
  return near === undefined
    ? {
        column: name,
        vi: `Không hiểu cột “${name}”. Hãy xóa cột này, hoặc dùng một trong các tên: ${all}.`,
        en: `The column “${name}” is not known. Delete it, or use one of these names: ${all}.`,
      }
    : {
        column: name,
        vi: `Không hiểu cột “${name}”. Có phải là “${near}”? Hãy sửa lại tên cột.`,
        en: `The column “${name}” is not known. Did you mean “${near}”? Correct the name of the column.`,
      };
}

function unnamed(letters: string): HeadingMistake {
  return {
    column: letters,
    vi: `Cột ${letters} có nội dung nhưng chưa có tên cột. Hãy ghi tên cột, hoặc xóa nội dung của cột này.`,
    en: `Column ${letters} has content but no name. Name the column, or delete what is in it.`,
  };
}
