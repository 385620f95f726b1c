/**
 * Is an Ogg file whole? RFC 3533 §6: page after page, each with its size and a checksum. A missing last page mark is
 * taken: recorders that are switched off leave it out; a page that breaks off or fails its checksum is not.
 */
import { type ByteWindow, numbersOf, tagAt } from './byte-window.ts';
import type { Walk } from './length-claim.ts';

/** Remains after the last page: up to this much is somebody's tag. */
const remainsBytesMax = 4096;

/** Walks the pages of an Ogg file. Its declared length is the decoder's affair. */
export async function walkOgg(file: ByteWindow): Promise<Walk> {
  let place = 0;
  while (place < file.sizeBytes) {
    const head = Uint8Array.from(await file.at(place, 27));
    if (head.length < 4 || tagAt(head, 0) !== 'OggS') {
      if (place > 0 && file.sizeBytes - place <= remainsBytesMax && !(await hasPageMark(file, place))) return {};
      return fault(`no page where one belongs, at byte ${place}`);
    }
    const segments = head[26] ?? 0;
    const table = await file.at(place + 27, segments);
    const lengthBytes = 27 + segments + table.reduce((sum, size) => sum + size, 0);
    if (head.length < 27 || table.length < segments || place + lengthBytes > file.sizeBytes) {
      return fault(`page at byte ${place} is cut off`);
    }
    const page = await file.at(place, lengthBytes);
    if (checksum(page) !== numbersOf(head).getUint32(22, true)) return fault(`page at byte ${place} is damaged`);
    place += lengthBytes;
  }
  return {};
}

function fault(detail: string): Walk {
  return { fault: { code: 'truncated', detail } };
}

async function hasPageMark(file: ByteWindow, place: number): Promise<boolean> {
  const rest = await file.at(place, remainsBytesMax);
  return String.fromCharCode(...rest).includes('OggS');
}

const polynomial = 0x04c11db7;

const remainders = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte << 24;
  for (let bit = 0; bit < 8; bit++) value = value & 0x80000000 ? (value << 1) ^ polynomial : value << 1;
  return value;
});

/** CRC-32 without reflection, the page's own checksum field (bytes 22 to 25) counted as zero. */
function checksum(page: Uint8Array): number {
  let value = 0;
  for (let index = 0; index < page.length; index++) {
    const byte = index >= 22 && index < 26 ? 0 : (page[index] ?? 0);
    value = (value << 8) ^ (remainders[((value >>> 24) ^ byte) & 0xff] ?? 0);
  }
  return value >>> 0;
}
