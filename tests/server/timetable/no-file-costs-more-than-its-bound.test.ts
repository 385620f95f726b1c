/**
 * Is a file that is no timetable, or one made to hurt, refused by name, early, and without unpacking it? Memory is measured
 * around the worst ones; time is asserted only far beyond what they take.
 */
import { deflateRawSync } from 'node:zlib';
import { timetableBytesMax } from '@loa/protocol/panel';
import { timetableReader } from '@loa/server/work/timetables/read-aside.ts';
import { describe, expect, test } from 'vitest';
import {
  areas,
  oneRow,
  read,
  readWell,
  refusalOf,
  sheetRow,
  today,
  workbookOf,
  workbookParts,
  zipOf,
} from './workbook.ts';

const headings = ['Tiêu đề', 'Văn bản', 'Thứ', 'Giờ'];
const rows = sheetRow(1, headings) + sheetRow(2, ['Họp', 'Mời họp.', 'T2', '5h']);
const sheet2 = 'xl/worksheets/sheet2.xml';
const mebibyte = 1024 * 1024;
const good = workbookOf({ rows });

test('the workbook that the others are made from is read', () => {
  expect(readWell(good).entries).toHaveLength(1);
});

describe('not a timetable', () => {
  const zipWith = (...names: string[]) => zipOf(names.map((name) => ({ name, body: '<x/>' })));
  const compound = (name: string) =>
    Buffer.concat([
      Buffer.from('d0cf11e0a1b11ae1', 'hex'),
      Buffer.alloc(1_000),
      Buffer.from(name, 'utf16le'),
      Buffer.alloc(500),
    ]);
  test.each<[string, Uint8Array | string, string]>([
    ['nothing', '', 'timetable-empty'],
    ['blanks only', ' \n ,,, \n', 'timetable-empty'],
    ['headings only', 'Tiêu đề,Văn bản,Thứ,Giờ\n', 'timetable-empty'],
    ['an empty sheet', workbookOf({ rows: '' }), 'timetable-empty'],
    ['rows without headings', 'Họp,Mời họp,T2,5h\nRác,Thu rác,T3,6h\n', 'timetable-no-heading'],
    ['a sheet without headings', workbookOf({ rows: sheetRow(1, ['Họp', 'T2']) }), 'timetable-no-heading'],
    ['an old Excel file', compound('Workbook'), 'timetable-old-excel'],
    ['an encrypted workbook', compound('EncryptedPackage'), 'timetable-password'],
    ['an old Word file', compound('WordDocument'), 'timetable-document'],
    ['a Word file', zipWith('[Content_Types].xml', 'word/document.xml'), 'timetable-document'],
    ['slides', zipWith('[Content_Types].xml', 'ppt/presentation.xml'), 'timetable-document'],
    ['a binary workbook', zipWith('[Content_Types].xml', 'xl/workbook.bin'), 'timetable-other-sheet'],
    ['an OpenDocument sheet', zipWith('mimetype', 'content.xml'), 'timetable-other-sheet'],
    ['a zip of photos', zipWith('anh1.jpg', 'anh2.jpg'), 'timetable-not-a-sheet'],
    ['a PDF', '%PDF-1.7\n1 0 obj', 'timetable-document'],
    ['rich text', '{\\rtf1\\ansi}', 'timetable-document'],
    ['a web page', '<!DOCTYPE html><html><table></table></html>', 'timetable-document'],
    ['XML of Excel 2003', '<?xml version="1.0"?><Workbook/>', 'timetable-other-sheet'],
    ['a photo', Buffer.from('ffd8ffe000104a46494600010100000100010000', 'hex'), 'timetable-not-a-sheet'],
    ['zeros', Buffer.alloc(10_000), 'timetable-not-a-sheet'],
  ])('%s', (_, file, code) => {
    expect(refusalOf(file)).toBe(code);
  });

  test('each refusal says what to do, in both languages', () => {
    const result = read(compound('Workbook'));
    expect(result.ok === false && result.refusal.vi).toMatch(/\.xlsx/);
    expect(result.ok === false && result.refusal.en).toMatch(/\.xlsx/);
  });
});

describe('damaged', () => {
  const parts = workbookParts({ rows });
  const altered = (name: string, change: object) =>
    zipOf(parts.map((part) => (part.name === name ? { ...part, ...change } : part)));

  test.each([0.1, 0.5, 0.9, 0.999])('cut off at %d of its length', (share) => {
    expect(refusalOf(good.subarray(0, Math.floor(good.byteLength * share)))).toBe('timetable-damaged');
  });

  test.each<[string, Uint8Array, string]>([
    ['a wrong checksum', altered(sheet2, { crc: 1 }), 'timetable-damaged'],
    ['a part with a password', altered(sheet2, { isEncrypted: true }), 'timetable-password'],
    ['XML that is none', altered(sheet2, { body: '<worksheet><sheetData><row' }), 'timetable-damaged'],
    ['a part that is missing', zipOf(parts.filter(({ name }) => name !== sheet2)), 'timetable-damaged'],
    ['two parts of one name', zipOf([...parts, { name: sheet2, body: '<x/>' }]), 'timetable-damaged'],
  ])('%s', (_, file, code) => {
    expect(refusalOf(file)).toBe(code);
  });

  test('whatever byte is wrong, it is read, or refused, and nothing is thrown', () => {
    for (let at = 0; at < good.byteLength; at += 7) {
      const file = Buffer.from(good);
      file[at] = (file[at] ?? 0) ^ 0xff;
      const result = read(file);
      if (!result.ok) expect(result.refusal.code).toMatch(/^timetable-/);
    }
  });

  test('a quote in a CSV that is never closed', () => {
    expect(refusalOf('Tiêu đề,Văn bản,Thứ,Giờ\n"Họp,Mời họp,T2,5h\n')).toBe('timetable-open-quote');
  });
});

describe('made to hurt', () => {
  test('ten megabytes are refused before a byte is looked at', () => {
    const file = new Proxy(new Uint8Array(0), {
      get: (_, name) => {
        if (name === 'byteLength') return 10 * mebibyte;
        throw new Error(`${String(name)} was looked at`);
      },
    });
    expect(refusalOf(file)).toBe('timetable-too-large');
    expect(refusalOf(Buffer.alloc(timetableBytesMax + 1, 'a'))).toBe('timetable-too-large');
  });

  test('a megabyte that unpacks to a gigabyte is refused by what it declares, and by what it is when it lies', () => {
    const bomb = gigabyteOfBlanks();
    expect(bomb.packed.byteLength).toBeLessThan(timetableBytesMax);
    for (const declaredBytes of [bomb.sizeBytes, 1_000]) {
      const file = withPackedSheet(bomb.packed, declaredBytes);
      const before = process.memoryUsage().rss;
      const startMs = performance.now();
      expect(refusalOf(file)).toBe('timetable-unpacks-too-large');
      expect(performance.now() - startMs).toBeLessThan(5_000);
      expect(process.memoryUsage().rss - before).toBeLessThan(150 * mebibyte);
    }
  });

  test('many parts that are each below the bound are refused together', () => {
    const blanks = ' '.repeat(7 * mebibyte);
    const file = workbookOf({
      rows,
      parts: [
        { name: 'xl/styles.xml', body: `<styleSheet>${blanks}</styleSheet>` },
        { name: 'xl/sharedStrings.xml', body: `<sst>${blanks}</sst>` },
      ],
    });
    expect(refusalOf(file)).toBe('timetable-unpacks-too-large');
  });

  test('more parts than any workbook has', () => {
    const parts = Array.from({ length: 1_001 }, (_, index) => ({ name: `p${index}`, body: '' }));
    expect(refusalOf(zipOf(parts))).toBe('timetable-unpacks-too-large');
  });

  const lol = Array.from({ length: 9 }, (_, n) => `<!ENTITY l${n + 1} "${`&l${n};`.repeat(10)}">`).join('');
  const deep = '<a>'.repeat(100_000) + '</a>'.repeat(100_000);
  const attributes = Array.from({ length: 100_000 }, (_, n) => `a${n}="1"`).join(' ');
  test.each<[string, string]>([
    ['entities in entities', `<!DOCTYPE w [<!ENTITY l0 "lol">${lol}]><worksheet>&l9;</worksheet>`],
    ['an entity of another file', '<!DOCTYPE w [<!ENTITY x SYSTEM "file:///etc/passwd">]><worksheet>&x;</worksheet>'],
    ['elements in elements', `<worksheet>${deep}</worksheet>`],
    ['an element of attributes', `<worksheet><sheetData ${attributes}/></worksheet>`],
  ])('%s', (_, body) => {
    const startMs = performance.now();
    expect(refusalOf(workbookOf({ rows, parts: [{ name: sheet2, body }] }))).toBe('timetable-damaged');
    expect(performance.now() - startMs).toBeLessThan(5_000);
  });

  test('a hundred thousand rows, full or empty', () => {
    const full = Array.from({ length: 100_000 }, (_, n) => `<row r="${n + 2}"><c><v>${n}</v></c></row>`).join('');
    expect(refusalOf(workbookOf({ rows: sheetRow(1, headings) + full }))).toBe('timetable-too-many-rows');
    const empty = Array.from({ length: 100_000 }, (_, n) => `<row r="${n + 3}"><c s="1"/></row>`).join('');
    expect(readWell(workbookOf({ rows: rows + empty })).entries).toHaveLength(1);
    expect(refusalOf(`Tiêu đề,Văn bản,Thứ,Giờ\n${'Họp,Mời họp.,T2,5h\n'.repeat(80_000)}`)).toBe(
      'timetable-too-many-rows',
    );
    expect(refusalOf('\n'.repeat(mebibyte))).toBe('timetable-too-many-rows');
  });

  test('five hundred rows are read, one more is not', () => {
    const lines = (count: number) => Array.from({ length: count }, (_, n) => `Tin ${n},Nội dung.,T2,5h\n`).join('');
    expect(readWell(`${headings.join(',')}\n${lines(500)}`).entries).toHaveLength(500);
    expect(refusalOf(`${headings.join(',')}\n${lines(501)}`)).toBe('timetable-too-many-rows');
  });

  test('ten thousand columns', () => {
    const wide = Array.from({ length: 10_000 }, (_, n) => `c${n}`);
    expect(refusalOf(`${[...headings, ...wide].join(',')}\n`)).toBe('timetable-too-many-columns');
    const cells = wide.map((text) => `<c t="inlineStr"><is><t>${text}</t></is></c>`).join('');
    expect(refusalOf(workbookOf({ rows: `<row r="1">${cells}</row>` }))).toBe('timetable-too-many-columns');
  });

  test('a cell of a megabyte is told, and the other rows are read', () => {
    const long = 'a'.repeat(mebibyte);
    const sheet =
      rows + sheetRow(3, [long, 'Mời họp.', 'T2', '5h']) + sheetRow(4, ['<c t="s"><v>0</v></c>', 'x', 'T2', '5h']);
    const { entries, mistakes } = readWell(workbookOf({ rows: sheet, sharedTexts: [`<t>${long}</t>`] }));
    expect(entries).toHaveLength(1);
    expect(mistakes.map(({ row, column }) => [row, column])).toEqual([
      [3, 'Tiêu đề'],
      [4, 'Tiêu đề'],
    ]);
  });
});

describe('read aside', () => {
  const source = { areas, defaultAreaId: 'c23095', timeZone: 'Asia/Ho_Chi_Minh', today };

  test('the thread answers as the reader itself, and a third at once is asked to wait', async () => {
    const readAside = timetableReader();
    const csv = Buffer.from(oneRow({ Thứ: 'T2', Giờ: '5h' }));
    const answers = await Promise.all([1, 2, 3].map(() => readAside({ ...source, bytes: csv })));
    expect(answers.slice(0, 2)).toEqual([read(csv), read(csv)]);
    expect(answers[2]).toMatchObject({ ok: false, refusal: { code: 'timetable-busy', status: 503 } });
    expect(await readAside({ ...source, bytes: good })).toEqual(read(good));
  });
});

/** Deflate of one gigabyte of blanks, made by repeating a flushed block of a megabyte. */
function gigabyteOfBlanks(): { packed: Buffer; sizeBytes: number } {
  const megabyte = Buffer.alloc(mebibyte, ' ');
  const block = deflateRawSync(megabyte, { finishFlush: 2 });
  return {
    packed: Buffer.concat([...Array.from({ length: 1_024 }, () => block), deflateRawSync('')]),
    sizeBytes: 1_024 * mebibyte,
  };
}

/** The workbook whose sheet has these packed bytes, and declares this size. */
function withPackedSheet(packed: Buffer, declaredBytes: number): Buffer {
  return zipOf(
    workbookParts({ rows }).map((part) => (part.name === sheet2 ? { ...part, packed, declaredBytes } : part)),
  );
}
