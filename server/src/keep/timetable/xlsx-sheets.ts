/**
 * What do the visible sheets of an .xlsx workbook show? Reads cached values only: formulas, macros, links to other files,
 * pictures and hidden sheets are never looked at. Numbers shown as dates or times come out as such. Throws `SheetRefused`.
 */
import { timetableRowsMax } from '@loa/protocol/panel';
import { momentOf } from './excel-moment.ts';
import { type Cell, cellCharactersMax, columnOf, columnsMax, type Row } from './sheet.ts';
import { SheetRefused } from './timetable-refusals.ts';
import {
  readRelations,
  readSharedTexts,
  readStyles,
  readWorkbook,
  textCollector,
  unescapeText,
} from './workbook-parts.ts';
import { walkXml } from './xml-events.ts';
import type { ZipFile } from './zip-entries.ts';

/** All parts that are read, unpacked: ten times what the largest timetable that is taken needs. */
export const unpackedBytesMax = 12 * 1024 * 1024;
/** Rows with content of one sheet: those of a timetable and what may stand above its heading. */
export const sheetRowsMax = timetableRowsMax + 50;
/** Merged cells that are looked at. */
const mergesMax = 2_000;

const fallbackWorkbook = 'xl/workbook.xml';

interface Workbook {
  is1904: boolean;
  styles: readonly boolean[];
  texts: readonly string[];
}

/** The rows of each visible sheet, one sheet at a time, so that nothing is unpacked that is not asked for. */
export function* readXlsxSheets(zip: ZipFile): Generator<Row[]> {
  const workbookName = nameOfWorkbook(zip);
  const folder = workbookName.slice(0, workbookName.lastIndexOf('/') + 1);
  const part = zip.unpack(workbookName);
  const relationsPart = zip.unpack(`${folder}_rels/${workbookName.slice(folder.length)}.rels`);
  if (part === undefined || relationsPart === undefined) throw new SheetRefused('timetable-damaged');
  const relations = readRelations(relationsPart, workbookName);
  const partOf = (kind: string) => {
    const relation = [...relations.values()].find(({ type }) => type.endsWith(`/${kind}`));
    return relation === undefined ? undefined : zip.unpack(relation.target);
  };
  const { is1904, relationIds } = readWorkbook(part);
  const styles = partOf('styles');
  const texts = partOf('sharedStrings');
  const workbook: Workbook = {
    is1904,
    styles: styles === undefined ? [] : readStyles(styles),
    texts: texts === undefined ? [] : readSharedTexts(texts),
  };
  for (const id of relationIds) {
    const relation = relations.get(id);
    // Sheets that are only a chart hold no rows.
    if (relation === undefined || !relation.type.endsWith('/worksheet')) continue;
    const sheet = zip.unpack(relation.target);
    if (sheet === undefined) throw new SheetRefused('timetable-damaged');
    yield readSheet(sheet, workbook);
  }
}

function nameOfWorkbook(zip: ZipFile): string {
  const part = zip.unpack('_rels/.rels');
  if (part === undefined) return fallbackWorkbook;
  const relation = [...readRelations(part, '').values()].find(({ type }) => type.endsWith('/officeDocument'));
  return relation?.target ?? fallbackWorkbook;
}

interface OpenCell {
  column: number;
  type: string;
  style: number;
  value: string;
  hasFormula: boolean;
}

function readSheet(bytes: Uint8Array, workbook: Workbook): Row[] {
  const rows: { number: number; cells: Map<number, Cell> }[] = [];
  const merges: string[] = [];
  const inline = textCollector();
  let rowNumber = 0;
  let cells = new Map<number, Cell>();
  let cell: OpenCell | undefined;
  let nextColumn = 0;
  let isValue = false;
  walkXml(bytes, {
    open(name, { r, t, s, ref }) {
      if (name === 'row') {
        rowNumber = wholeOf(r) ?? rowNumber + 1;
        cells = new Map();
        nextColumn = 0;
      } else if (name === 'c') {
        const column = (r === undefined ? undefined : columnOf(r)) ?? nextColumn;
        nextColumn = column + 1;
        cell = { column, type: t ?? 'n', style: wholeOf(s) ?? 0, value: '', hasFormula: false };
        inline.begin();
      } else if (name === 'mergeCell' && ref !== undefined && merges.length < mergesMax) merges.push(ref);
      else if (name === 'v') isValue = true;
      else if (name === 'f' && cell !== undefined) cell.hasFormula = true;
      inline.open(name);
    },
    text(text) {
      if (isValue && cell !== undefined && cell.value.length <= cellCharactersMax) cell.value += text;
      if (cell?.type === 'inlineStr') inline.text(text);
    },
    close(name) {
      inline.close(name);
      if (name === 'v') isValue = false;
      if (name === 'c' && cell !== undefined) {
        if (cell.type === 'inlineStr') cell.value = inline.end();
        const read = readCell(cell, workbook);
        if (read !== undefined && cell.column >= columnsMax) throw new SheetRefused('timetable-too-many-columns');
        if (read !== undefined) cells.set(cell.column, read);
        cell = undefined;
      }
      if (name === 'row' && cells.size > 0) rows.push({ number: rowNumber, cells });
      if (rows.length > sheetRowsMax) throw new SheetRefused('timetable-too-many-rows');
    },
  });
  for (const ref of merges) spreadDown(rows, ref);
  return rows;
}

function readCell(cell: OpenCell, workbook: Workbook): Cell | undefined {
  const { value, type } = cell;
  if (type === 'e') return { text: value, problem: 'formula-error' };
  if (value === '' && type !== 'inlineStr')
    return cell.hasFormula ? { text: '', problem: 'not-calculated' } : undefined;
  if (type === 'n')
    return numberCell(value, { is1904: workbook.is1904, isShown: workbook.styles[cell.style] === true });
  if (type === 'd') return { text: value.replace('T', ' ').replace(/ 00:00:00(\.0+)?$/, '') };
  if (type === 'b') return { text: value === '1' ? 'TRUE' : 'FALSE' };
  const text =
    type === 's' ? (workbook.texts[wholeOf(value) ?? -1] ?? '') : type === 'str' ? unescapeText(value) : value;
  if (text.length > cellCharactersMax) return { text: text.slice(0, 40), problem: 'too-long' };
  return text.trim() === '' ? undefined : { text };
}

function numberCell(value: string, options: { is1904: boolean; isShown: boolean }): Cell {
  const number = Number(value);
  const moment = momentOf(number, options);
  // Binary fractions (0.30000000000000004) as a person sees them.
  const plain = Number.isFinite(number) ? String(Number(number.toPrecision(12))) : value;
  if (moment === undefined) return { text: plain };
  const shown = [moment.date, moment.time].filter((part) => part !== undefined).join(' ');
  return { text: options.isShown && shown !== '' ? shown : plain, moment };
}

/**
 * Cells merged over several rows say the same in each of them, which is how offices write one date for a whole day. Rows
 * without other content stay absent.
 */
function spreadDown(rows: readonly { number: number; cells: Map<number, Cell> }[], ref: string): void {
  const [from = '', until = ''] = ref.split(':');
  const column = columnOf(from);
  const first = wholeOf(/\d+$/.exec(from)?.[0]);
  const last = wholeOf(/\d+$/.exec(until)?.[0]);
  if (column === undefined || first === undefined || last === undefined || first === last) return;
  const cell = rows.find(({ number }) => number === first)?.cells.get(column);
  if (cell === undefined) return;
  for (const row of rows) if (row.number > first && row.number <= last) row.cells.set(column, cell);
}

function wholeOf(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : undefined;
}
