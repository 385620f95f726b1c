/**
 * What did an office mean by its timetable? Bytes of a spreadsheet become entries, row by row, and mistakes each with row
 * and column. Nothing is kept and no clock is read. Work and memory are bounded by `timetableBytesMax`,
 * `unpackedBytesMax` and `timetableRowsMax`, whatever the file holds.
 */
import {
  type TimetableEntry,
  type TimetableMistake,
  type TimetableRead,
  timetableBytesMax,
  timetableMistakesMax,
  timetableRowsMax,
} from '@loa/protocol/panel';
import { accept, type Result } from '../../refusal.ts';
import { decodeText, type ReadText, readCsvSheet } from './csv-sheet.ts';
import { type Column, columnName, countHeadings, findHeadings, type Headings, isHeadingAgain } from './headings.ts';
import { type Place, placeReader } from './read-places.ts';
import { type RowContext, readRow } from './read-row.ts';
import { recogniseFile } from './recognise-file.ts';
import { missingColumn, moreMistakes, sameAs } from './row-mistakes.ts';
import type { Row } from './sheet.ts';
import { inUnicode } from './sheet-letters.ts';
import { refuseTimetable, SheetRefused } from './timetable-refusals.ts';
import { readXlsxSheets, unpackedBytesMax } from './xlsx-sheets.ts';

/** Sheets of one workbook in which a heading is looked for. */
const sheetsMax = 10;

/** Each needs one of its columns. */
const neededColumns: readonly (readonly [Column, ...Column[]])[] = [
  ['title'],
  ['text', 'clip'],
  ['date', 'weekday', 'lunar', 'from'],
  ['time', 'slot'],
];

/** What is read, for whom, and on which day. */
export interface TimetableSource {
  bytes: Uint8Array;
  /** Areas that the person may address. */
  areas: readonly Place[];
  /** Where a row without a place is aired; “toàn xã”. */
  defaultAreaId: string;
  /** IANA zone of the installation. */
  timeZone: string;
  /** Civil date of the person's day, ISO. */
  today: string;
  /** Puts pasted text into Unicode: `readPastedText` of the room `speech`. */
  readText: ReadText;
}

/** The entries and mistakes of a file, or why it is none. Never throws for what a file holds. */
export function readTimetable(source: TimetableSource): Result<TimetableRead> {
  const { bytes } = source;
  if (bytes.byteLength > timetableBytesMax) return refuseTimetable('timetable-too-large');
  if (bytes.byteLength === 0) return refuseTimetable('timetable-empty');
  try {
    const once = { ...source, readText: readOnce(source.readText) };
    const sheet = findSheet(once);
    if (sheet === undefined) return refuseTimetable('timetable-no-heading');
    return accept(readRows(sheet.rows, sheet.headings, once));
  } catch (error) {
    if (error instanceof SheetRefused) return refuseTimetable(error.code);
    throw error;
  }
}

/** The same text is judged once, however many cells hold it. */
function readOnce(readText: ReadText): ReadText {
  const answers = new Map<string, ReturnType<ReadText>>();
  return (raw) => {
    const answer = answers.get(raw) ?? readText(raw);
    answers.set(raw, answer);
    return answer;
  };
}

/** The first sheet with a heading; undefined when there is content, but no heading. */
function findSheet(source: TimetableSource): { rows: Row[]; headings: Headings } | undefined {
  let hasContent = false;
  let turn = 0;
  for (const sheet of sheetsOf(source)) {
    const rows = inUnicode(sheet, source.readText);
    hasContent ||= rows.length > 0;
    const headings = findHeadings(rows);
    if (headings !== undefined) return { rows, headings };
    turn += 1;
    if (turn === sheetsMax) break;
  }
  if (!hasContent) throw new SheetRefused('timetable-empty');
  return undefined;
}

function* sheetsOf({ bytes, readText }: TimetableSource): Generator<Row[]> {
  const file = recogniseFile(bytes, unpackedBytesMax);
  if (file.kind === 'xlsx') {
    yield* readXlsxSheets(file.zip);
    return;
  }
  const text = decodeText(bytes, readText);
  if (text === undefined) throw new SheetRefused('timetable-not-a-sheet');
  yield readCsvSheet(text, countHeadings);
}

function readRows(rows: readonly Row[], headings: Headings, source: TimetableSource): TimetableRead {
  const mistakes: TimetableMistake[] = headings.mistakes.map((mistake) => ({ row: headings.row, ...mistake }));
  const missing = neededColumns.filter((columns) => !columns.some((column) => headings.columns.has(column)));
  for (const columns of missing) {
    const { vi, en } = missingColumn(columns.map((column) => `“${columnName(column)}”`).join(' / '));
    mistakes.push({ row: headings.row, column: columnName(columns[0]), vi, en });
  }
  if (missing.length > 0) return { entries: [], mistakes: cut(mistakes) };

  const filled = rows.filter((row) => row.number > headings.row && isFilled(row, headings));
  if (filled.length > timetableRowsMax) throw new SheetRefused('timetable-too-many-rows');
  if (filled.length === 0) throw new SheetRefused('timetable-empty');
  const context: RowContext = {
    headings,
    readPlaces: placeReader(source.areas, source.defaultAreaId),
    readText: source.readText,
    timeZone: source.timeZone,
    today: source.today,
  };
  const entries: TimetableEntry[] = [];
  const seen = new Map<string, number>();
  for (const row of filled) {
    const read = readRow(row, context);
    if ('mistakes' in read) {
      mistakes.push(...read.mistakes);
      continue;
    }
    const { row: number, ...asked } = read.entry;
    const key = JSON.stringify(asked);
    const earlier = seen.get(key);
    if (earlier === undefined) {
      seen.set(key, number);
      entries.push(read.entry);
    } else {
      const { vi, en } = sameAs(earlier);
      mistakes.push({ row: number, vi, en });
    }
  }
  return { entries, mistakes: cut(mistakes) };
}

/** It says something in a column that counts, and does not only name the columns again. */
function isFilled(row: Row, headings: Headings): boolean {
  const hasContent = [...headings.columns.values()].some(({ at }) => row.cells.has(at));
  return hasContent && !isHeadingAgain(row, headings);
}

/** What is beyond the bound is counted in the last line. */
function cut(mistakes: TimetableMistake[]): TimetableMistake[] {
  if (mistakes.length <= timetableMistakesMax) return mistakes;
  const told = mistakes.slice(0, timetableMistakesMax - 1);
  const { vi, en } = moreMistakes(mistakes.length - told.length);
  return [...told, { row: mistakes[told.length]?.row ?? 1, vi, en }];
}
