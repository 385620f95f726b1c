/**
 * Which kind of file is it, by its content and never by its name? Spreadsheets that are not read, and documents that are
 * none, each get the advice that helps. Throws `SheetRefused`.
 */

import { SheetRefused } from './timetable-refusals.ts';
import { openZip, type ZipFile } from './zip-entries.ts';

/** A workbook, or what may be text; everything else is refused. */
export function recogniseFile(
  bytes: Uint8Array,
  unpackedBytesMax: number,
): { kind: 'xlsx'; zip: ZipFile } | { kind: 'text' } {
  if (startsWith(bytes, 'PK\u0003\u0004') || startsWith(bytes, 'PK\u0005\u0006')) {
    const zip = openZip(bytes, unpackedBytesMax);
    if (zip.has('word/document.xml') || zip.has('ppt/presentation.xml')) throw new SheetRefused('timetable-document');
    if (zip.has('xl/workbook.bin') || zip.has('content.xml')) throw new SheetRefused('timetable-other-sheet');
    if (!zip.has('[Content_Types].xml')) throw new SheetRefused('timetable-not-a-sheet');
    return { kind: 'xlsx', zip };
  }
  if (startsWith(bytes, '\u00d0\u00cf\u0011\u00e0')) throw new SheetRefused(kindOfCompound(bytes));
  const start = new TextDecoder('windows-1252').decode(bytes.subarray(0, 1_024)).replace(/^\s+|^ï»¿\s*/, '');
  if (/^%PDF|^\{\\rtf|^<!doctype html|^<html/i.test(start)) throw new SheetRefused('timetable-document');
  if (/^<\?xml|^<workbook|^<table/i.test(start)) throw new SheetRefused('timetable-other-sheet');
  return { kind: 'text' };
}

/** The old container of Office files ([MS-CFB]) names its streams in UTF-16: they say what is inside. */
function kindOfCompound(bytes: Uint8Array): 'timetable-password' | 'timetable-document' | 'timetable-old-excel' {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const names = (name: string) => buffer.includes(Buffer.from(name, 'utf16le'));
  if (names('EncryptedPackage')) return 'timetable-password';
  return names('WordDocument') ? 'timetable-document' : 'timetable-old-excel';
}

function startsWith(bytes: Uint8Array, letters: string): boolean {
  return [...letters].every((letter, index) => bytes[index] === letter.charCodeAt(0));
}
