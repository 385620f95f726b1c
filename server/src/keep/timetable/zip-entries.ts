/**
 * What does a zip file hold, and how is one of its files unpacked within a stated size? Reads the directory at the end
 * (APPNOTE 6.3.10 §4.3.12, with the sizes of zip64) and unpacks only what is asked for. Nothing that the file declares is
 * believed: the unpacked size is bounded while unpacking, and checksums are compared. No clock, no disk.
 */
import { crc32, inflateRawSync } from 'node:zlib';
import { SheetRefused } from './timetable-refusals.ts';

/** Files in one workbook; a large one of an office has some dozens. */
const entriesMax = 1_000;
/** Longest comment at the end of a zip (a 16-bit length). */
const commentBytesMax = 65_535;

interface ZipEntry {
  name: string;
  isEncrypted: boolean;
  isDeflated: boolean;
  crc: number;
  packedBytes: number;
  sizeBytes: number;
  headerAt: number;
}

/** An opened zip. */
export interface ZipFile {
  has(name: string): boolean;
  /** The unpacked file, or undefined when there is none of that name. Throws `SheetRefused`. */
  unpack(name: string): Uint8Array | undefined;
}

/** Opens a zip whose unpacked files, all together, may take `unpackedBytesMax`. Throws `SheetRefused`. */
export function openZip(bytes: Uint8Array, unpackedBytesMax: number): ZipFile {
  const entries = readDirectory(bytes);
  let leftBytes = unpackedBytesMax;
  return {
    has: (name) => entries.has(name),
    unpack(name) {
      const entry = entries.get(name);
      if (entry === undefined) return undefined;
      if (entry.isEncrypted) throw new SheetRefused('timetable-password');
      if (entry.sizeBytes > leftBytes) throw new SheetRefused('timetable-unpacks-too-large');
      const unpacked = unpackEntry(bytes, entry, leftBytes);
      leftBytes -= unpacked.byteLength;
      return unpacked;
    },
  };
}

function readDirectory(bytes: Uint8Array): Map<string, ZipEntry> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  try {
    const end = findEnd(view);
    const count = view.getUint16(end + 10, true);
    if (count > entriesMax) throw new SheetRefused('timetable-unpacks-too-large');
    const entries = new Map<string, ZipEntry>();
    let at = view.getUint32(end + 16, true);
    for (let turn = 0; turn < count; turn += 1) {
      if (view.getUint32(at, true) !== 0x02014b50) throw new SheetRefused('timetable-damaged');
      const entry = readEntry(view, at);
      // Of two with one name a program may take either: such a file is made to be read in two ways.
      if (entries.has(entry.name)) throw new SheetRefused('timetable-damaged');
      entries.set(entry.name, entry);
      at += 46 + view.getUint16(at + 28, true) + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
    }
    return entries;
  } catch (error) {
    throw refusalOf(error);
  }
}

function findEnd(view: DataView): number {
  const first = Math.max(0, view.byteLength - 22 - commentBytesMax);
  for (let at = view.byteLength - 22; at >= first; at -= 1) {
    if (view.getUint32(at, true) === 0x06054b50) return at;
  }
  throw new SheetRefused('timetable-damaged');
}

function readEntry(view: DataView, at: number): ZipEntry {
  const method = view.getUint16(at + 10, true);
  const nameBytes = view.getUint16(at + 28, true);
  const extraBytes = view.getUint16(at + 30, true);
  const name = new TextDecoder().decode(bytesOf(view, at + 46, nameBytes)).replaceAll('\\', '/');
  const wide = readWideSizes(view, at + 46 + nameBytes, extraBytes);
  const size = (offset: number) => {
    const narrow = view.getUint32(at + offset, true);
    return narrow === 0xffffffff ? (wide.shift() ?? narrow) : narrow;
  };
  if (method !== 0 && method !== 8) throw new SheetRefused('timetable-damaged');
  return {
    name,
    isEncrypted: (view.getUint16(at + 8, true) & 1) === 1,
    isDeflated: method === 8,
    crc: view.getUint32(at + 16, true),
    // In this order the wide sizes stand.
    sizeBytes: size(24),
    packedBytes: size(20),
    headerAt: size(42),
  };
}

/** The 64-bit sizes (extra field 0x0001) that some programs write for small files too. */
function readWideSizes(view: DataView, from: number, lengthBytes: number): number[] {
  const until = from + lengthBytes;
  for (let at = from; at + 4 <= until; ) {
    const bodyBytes = view.getUint16(at + 2, true);
    if (view.getUint16(at, true) === 0x0001 && at + 4 + bodyBytes <= until) {
      return Array.from({ length: Math.min(3, Math.floor(bodyBytes / 8)) }, (_, index) =>
        Number(view.getBigUint64(at + 4 + 8 * index, true)),
      );
    }
    at += 4 + bodyBytes;
  }
  return [];
}

function unpackEntry(bytes: Uint8Array, entry: ZipEntry, sizeBytesMax: number): Uint8Array {
  try {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const at = entry.headerAt;
    if (view.getUint32(at, true) !== 0x04034b50) throw new SheetRefused('timetable-damaged');
    const from = at + 30 + view.getUint16(at + 26, true) + view.getUint16(at + 28, true);
    const packed = bytesOf(view, from, entry.packedBytes);
    if (packed.byteLength > sizeBytesMax) throw new SheetRefused('timetable-unpacks-too-large');
    const unpacked = entry.isDeflated ? inflateRawSync(packed, { maxOutputLength: Math.max(1, sizeBytesMax) }) : packed;
    if (crc32(unpacked) !== entry.crc) throw new SheetRefused('timetable-damaged');
    return unpacked;
  } catch (error) {
    throw refusalOf(error);
  }
}

function bytesOf(view: DataView, at: number, lengthBytes: number): Uint8Array {
  return new Uint8Array(view.buffer, view.byteOffset + at, boundedLength(view, at, lengthBytes));
}

/** Throws as every other read beyond the end of the file does. */
function boundedLength(view: DataView, at: number, lengthBytes: number): number {
  if (at + lengthBytes > view.byteLength) throw new RangeError('beyond the end of the file');
  return lengthBytes;
}

function refusalOf(error: unknown): unknown {
  if (error instanceof SheetRefused) return error;
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ERR_BUFFER_TOO_LARGE') return new SheetRefused('timetable-unpacks-too-large');
  if (error instanceof RangeError || (typeof code === 'string' && code.startsWith('Z_'))) {
    return new SheetRefused('timetable-damaged');
  }
  return error;
}
