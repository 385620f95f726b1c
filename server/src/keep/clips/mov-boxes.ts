/**
 * Is an MP4, M4A, 3GP or MOV file whole? ISO/IEC 14496-12 §4.2: box after box, each with its size; without the `moov` box
 * nothing can be decoded, and a recorder that was cut off leaves it out.
 */
import { type ByteWindow, numbersOf, tagAt } from './byte-window.ts';
import type { Walk } from './walk.ts';

/** Fragmented recordings have two boxes a second: an hour is 7,200. */
const boxesMax = 100_000;

/** Walks the outermost boxes. The declared length is read by ffprobe. */
export async function walkBoxes(file: ByteWindow): Promise<Walk> {
  let place = 0;
  let hasIndex = false;
  for (let count = 0; count < boxesMax && place + 8 <= file.sizeBytes; count++) {
    const head = Uint8Array.from(await file.at(place, 16));
    const numbers = numbersOf(head);
    const tag = tagAt(head, 4);
    if (!/^[\x20-\x7e\xa9]{4}$/.test(tag)) {
      // Cameras and messengers append bytes of their own; the sound before them is whole once the index was seen.
      return hasIndex ? {} : fault(`no box where one belongs, at byte ${place}`);
    }
    const stated = numbers.getUint32(0);
    const long = stated === 1 && head.length === 16;
    const sizeBytes = stated === 0 ? file.sizeBytes - place : long ? Number(numbers.getBigUint64(8)) : stated;
    if (sizeBytes < 8) return fault(`box ${tag} at byte ${place} is damaged`);
    if (place + sizeBytes > file.sizeBytes) return fault(`box ${tag} at byte ${place} is cut off`);
    if (tag === 'moov') hasIndex = true;
    place += sizeBytes;
  }
  return hasIndex ? {} : fault('the index is missing');
}

function fault(detail: string): Walk {
  return { fault: { code: 'truncated', detail } };
}
