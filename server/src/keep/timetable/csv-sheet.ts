/**
 * What does a CSV file show? Finds out how its letters are coded (UTF-8, UTF-16, or one of the old Windows codes that
 * fonts of TCVN3 and VNI were typed in) and what parts its cells (comma, semicolon, tab). Throws `SheetRefused`.
 */
import { CsvError, parse } from 'csv-parse/sync';
import { type Cell, cellCharactersMax, columnsMax, type Row } from './sheet.ts';
import { SheetRefused } from './timetable-refusals.ts';
import { sheetRowsMax } from './xlsx-sheets.ts';

/** Lines looked at, empty ones among them: more is not a timetable but a list of something else. */
const linesMax = 5_000;
/** Lines by which the separator is chosen. */
const sampleLines = 25;
const sampleCharacters = 128 * 1024;
/** Rows of different length, and quotes in the midst of a cell. */
const asOfficesWrite = { relax_column_count: true, relax_quotes: true } as const;

/** How a text is judged and put into Unicode; the part of `readPastedText` that is needed here. */
export type ReadText = (
  raw: string,
) => { ok: true; text: string; charset: string; converted: boolean } | { ok: false; vi: string; en: string };

/** The text of a file, or undefined when it is not text. */
export function decodeText(bytes: Uint8Array, readText: ReadText): string | undefined {
  const text = decodeLetters(bytes, readText);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these betray a file that is not text.
  return text === undefined || /[\u0000-\u0008\u000e-\u001a]/.test(text) ? undefined : text;
}

/** The rows of a CSV text. `countHeadings` says how many cells of a row name a known column. */
export function readCsvSheet(text: string, countHeadings: (texts: readonly string[]) => number): Row[] {
  const told = /^sep=(.)\r?\n/.exec(text);
  const body = told === null ? text : text.slice(told[0].length);
  const separator = told?.[1] ?? separatorOf(body, countHeadings);
  const records = parseLines(body, separator);
  if (records.length >= linesMax) throw new SheetRefused('timetable-too-many-rows');
  const firstNumber = told === null ? 1 : 2;
  const rows = records
    .map((texts, index) => ({ number: index + firstNumber, cells: cellsOf(texts) }))
    .filter(({ cells }) => cells.size > 0);
  if (rows.length > sheetRowsMax) throw new SheetRefused('timetable-too-many-rows');
  return rows;
}

function decodeLetters(bytes: Uint8Array, readText: ReadText): string | undefined {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder('utf-16be').decode(bytes);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    // Not UTF-8: an old Windows code.
  }
  if (bytes.subarray(0, 4_096).includes(0)) return undefined;
  // Old fonts are typed in Western letters; Windows in Vietnamese has a code of its own for Unicode letters.
  const western = new TextDecoder('windows-1252').decode(bytes);
  const read = readText(western.slice(0, 15_000));
  return read.ok && read.charset !== 'unicode'
    ? western
    : new TextDecoder('windows-1258').decode(bytes).normalize('NFC');
}

function separatorOf(body: string, countHeadings: (texts: readonly string[]) => number): string {
  const sample = body.slice(0, sampleCharacters);
  const scored = [',', ';', '\t'].map((separator) => ({ separator, score: scoreOf(sample, separator, countHeadings) }));
  return scored.reduce((best, each) => (each.score > best.score ? each : best)).separator;
}

/** Known headings count most, then columns. */
function scoreOf(sample: string, separator: string, countHeadings: (texts: readonly string[]) => number): number {
  const records: string[][] = [];
  try {
    parse(sample, {
      ...asOfficesWrite,
      delimiter: separator,
      to: sampleLines,
      on_record: (record) => {
        records.push(record);
        return null;
      },
    });
  } catch (error) {
    // The sample may end in the midst of quotes; what stands before that tells enough.
    if (!(error instanceof CsvError)) throw error;
  }
  const headings = Math.max(0, ...records.map((record) => countHeadings(record.slice(0, columnsMax))));
  const columns = Math.max(0, ...records.map((record) => record.length));
  return headings * 10_000 + Math.min(columns, 9_999);
}

function parseLines(body: string, delimiter: string): string[][] {
  try {
    return parse(body, { ...asOfficesWrite, delimiter, to: linesMax });
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw new SheetRefused(error.code === 'CSV_QUOTE_NOT_CLOSED' ? 'timetable-open-quote' : 'timetable-damaged');
  }
}

function cellsOf(texts: readonly string[]): Map<number, Cell> {
  const cells = new Map<number, Cell>();
  texts.forEach((text, column) => {
    if (text.trim() === '') return;
    if (column >= columnsMax) throw new SheetRefused('timetable-too-many-columns');
    cells.set(column, text.length > cellCharactersMax ? { text: text.slice(0, 40), problem: 'too-long' } : { text });
  });
  return cells;
}
