/**
 * A spreadsheet made by hand, part by part, so that a test can make each part wrong; and a reader for the person of these
 * tests: an officer of Hàm Liêm on Monday, 23 November 2026.
 */
import { crc32, deflateRawSync } from 'node:zlib';
import { type TimetableEntry, type TimetableMistake, timetableReadSchema } from '@loa/protocol/panel';
import { readPastedText } from '@loa/server/keep/speech/pasted-text.ts';
import { readTimetable, type TimetableSource } from '@loa/server/keep/timetable/read-timetable.ts';

/** Beside the commune: villages, one name in two villages, a former commune. */
export const areas: TimetableSource['areas'] = [
  { id: 'c23095', name: 'Xã Hàm Liêm', kind: 'commune', code: '23095' },
  { id: 't3', name: 'Thôn 3', kind: 'village' },
  { id: 't5', name: 'Thôn 5', kind: 'village' },
  { id: 'phu-lap', name: 'Thôn Phú Lập', kind: 'village' },
  { id: 'phu-lap-khu', name: 'Khu phố Phú Lập', kind: 'village' },
  { id: 'g2', name: 'Địa bàn Hàm Chính (cũ)', kind: 'group' },
];

export const today = '2026-11-23';

export function read(file: Uint8Array | string) {
  const bytes = typeof file === 'string' ? Buffer.from(file) : file;
  return readTimetable({
    bytes,
    areas,
    defaultAreaId: 'c23095',
    timeZone: 'Asia/Ho_Chi_Minh',
    today,
    readText: readPastedText,
  });
}

/** What was read, held against the panel's schema; fails for a file that is refused as a whole. */
export function readWell(file: Uint8Array | string): { entries: TimetableEntry[]; mistakes: TimetableMistake[] } {
  const result = read(file);
  if (!result.ok) throw new Error(`${result.refusal.code}: ${result.refusal.en}`);
  return timetableReadSchema.parse(result.value);
}

/** Code of the refusal of a whole file. */
export function refusalOf(file: Uint8Array | string): string | undefined {
  const result = read(file);
  return result.ok ? undefined : result.refusal.code;
}

/** One notice, all of whose cells are right but for those given. */
export function oneRow(cells: Readonly<Record<string, string>>): string {
  const all: Record<string, string> = { 'Tiêu đề': 'Họp thôn', 'Văn bản': 'Mời bà con đến họp.', ...cells };
  const escaped = (texts: string[]) => texts.map((text) => `"${text.replaceAll('"', '""')}"`).join(',');
  return `${escaped(Object.keys(all))}\n${escaped(Object.values(all))}\n`;
}

/** A part of a zip, and what its directory shall say otherwise than the truth. */
export interface Part {
  name: string;
  body: Uint8Array | string;
  /** Stands in the file instead of the deflated body. */
  packed?: Buffer;
  declaredBytes?: number;
  isEncrypted?: boolean;
  crc?: number;
  /** Sizes in the 64-bit field, as some programs write them. */
  isWide?: boolean;
}

/** A zip file of the parts, deflated. */
export function zipOf(parts: readonly Part[]): Buffer {
  const locals: Buffer[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  for (const part of parts) {
    const body = Buffer.from(part.body);
    const packed = part.packed ?? deflateRawSync(body);
    const name = Buffer.from(part.name);
    const flags = part.isEncrypted === true ? 1 : 0;
    const crc = part.crc ?? crc32(body);
    const size = part.declaredBytes ?? body.byteLength;
    const local = Buffer.alloc(30);
    local.writeUInt32LE(0x04034b50, 0);
    local.writeUInt16LE(flags, 6);
    local.writeUInt16LE(8, 8);
    local.writeUInt32LE(crc, 14);
    local.writeUInt32LE(packed.byteLength, 18);
    local.writeUInt32LE(size, 22);
    local.writeUInt16LE(name.byteLength, 26);
    const wide = part.isWide === true ? Buffer.alloc(20) : Buffer.alloc(0);
    if (part.isWide === true) {
      wide.writeUInt16LE(1, 0);
      wide.writeUInt16LE(16, 2);
      wide.writeBigUInt64LE(BigInt(size), 4);
      wide.writeBigUInt64LE(BigInt(packed.byteLength), 12);
    }
    const entry = Buffer.alloc(46);
    entry.writeUInt32LE(0x02014b50, 0);
    entry.writeUInt16LE(flags, 8);
    entry.writeUInt16LE(8, 10);
    entry.writeUInt32LE(crc, 16);
    entry.writeUInt32LE(part.isWide === true ? 0xffffffff : packed.byteLength, 20);
    entry.writeUInt32LE(part.isWide === true ? 0xffffffff : size, 24);
    entry.writeUInt16LE(name.byteLength, 28);
    entry.writeUInt16LE(wide.byteLength, 30);
    entry.writeUInt32LE(at, 42);
    locals.push(local, name, packed);
    directory.push(entry, name, wide);
    at += 30 + name.byteLength + packed.byteLength;
  }
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(parts.length, 8);
  end.writeUInt16LE(parts.length, 10);
  end.writeUInt32LE(Buffer.concat(directory).byteLength, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...locals, ...directory, end]);
}

const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const office = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const packaged = 'http://schemas.openxmlformats.org/package/2006/relationships';

/** What a workbook made by hand holds; each part is XML within its root element, or a whole part. */
export interface Workbook {
  /** Inside `sheetData`. */
  rows: string;
  /** After `sheetData`. */
  merges?: string;
  sharedTexts?: readonly string[];
  /** Inside `styleSheet`. */
  styles?: string;
  workbookPr?: string;
  /** Attributes of the first of two sheets; the rows are in the second one then. */
  firstSheet?: string;
  /** Parts that replace those of the same name, or stand beside them. */
  parts?: readonly Part[];
}

/** The parts of a workbook, as Excel names them. */
export function workbookParts(workbook: Workbook): Part[] {
  const { rows, merges = '', sharedTexts = [], styles = '', workbookPr = '', firstSheet } = workbook;
  const relation = (id: string, type: string, target: string) =>
    `<Relationship Id="${id}" Type="${office}/${type}" Target="${target}"/>`;
  const sheets = `${firstSheet === undefined ? '' : `<sheet name="A" sheetId="1" ${firstSheet} r:id="r1"/>`}<sheet name="B" sheetId="2" r:id="r2"/>`;
  const sheet = (inner: string) => `<worksheet xmlns="${main}">${inner}</worksheet>`;
  const own: Part[] = [
    { name: '[Content_Types].xml', body: '<Types/>' },
    {
      name: '_rels/.rels',
      body: `<Relationships xmlns="${packaged}">${relation('r1', 'officeDocument', 'xl/workbook.xml')}</Relationships>`,
    },
    {
      name: 'xl/workbook.xml',
      body: `<workbook xmlns="${main}" xmlns:r="${office}"><workbookPr ${workbookPr}/><sheets>${sheets}</sheets></workbook>`,
    },
    {
      name: 'xl/_rels/workbook.xml.rels',
      body: `<Relationships xmlns="${packaged}">${relation('r1', 'worksheet', 'worksheets/sheet1.xml')}${relation('r2', 'worksheet', '/xl/worksheets/sheet2.xml')}${relation('r3', 'styles', 'styles.xml')}${relation('r4', 'sharedStrings', 'sharedStrings.xml')}</Relationships>`,
    },
    { name: 'xl/styles.xml', body: `<styleSheet xmlns="${main}">${styles}</styleSheet>` },
    {
      name: 'xl/sharedStrings.xml',
      body: `<sst xmlns="${main}">${sharedTexts.map((text) => `<si>${text}</si>`).join('')}</sst>`,
    },
    {
      name: 'xl/worksheets/sheet1.xml',
      body: sheet('<sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>Hướng dẫn</t></is></c></row></sheetData>'),
    },
    { name: 'xl/worksheets/sheet2.xml', body: sheet(`<sheetData>${rows}</sheetData>${merges}`) },
  ];
  const given = workbook.parts ?? [];
  return [...own.filter(({ name }) => !given.some((part) => part.name === name)), ...given];
}

export function workbookOf(workbook: Workbook): Buffer {
  return zipOf(workbookParts(workbook));
}

/** A row of texts; `undefined` leaves the cell out, and what begins with `<` is the cell itself. */
export function sheetRow(number: number, cells: readonly (string | undefined)[]): string {
  const all = cells.map((cell, index) => {
    if (cell === undefined) return '';
    const at = `${String.fromCharCode(65 + index)}${number}`;
    if (cell.startsWith('<')) return cell.replace('<c', `<c r="${at}"`);
    return `<c r="${at}" t="inlineStr"><is><t>${cell}</t></is></c>`;
  });
  return `<row r="${number}">${all.join('')}</row>`;
}
