/**
 * Is a WAV file whole? RIFF (and RF64, EBU Tech 3306) declares the size of every chunk; the samples stand in `data`. A
 * size of 0 or 0xFFFFFFFF there is the custom of programs that write to a pipe and means "until the end".
 */
import { type ByteWindow, numbersOf, tagAt } from './byte-window.ts';
import type { Walk } from './length-claim.ts';
import { judgeLengthClaim } from './length-claim.ts';

/** Chunks walked before giving up: real files have under twenty. */
const chunksMax = 1000;

/** Remains after the samples that are no chunks: up to this much is a tag or padding, more is undeclared sound. */
const undeclaredMsMax = 50;

/** Walks the chunks of a WAV file. It is judged by bytes: the rate a compressed WAV states is only about right. */
export async function walkWav(file: ByteWindow): Promise<Walk> {
  let place = 12;
  let bytesPerSecond: number | undefined;
  let longDataBytes: number | undefined;
  for (let count = 0; count < chunksMax && place + 8 <= file.sizeBytes; count++) {
    const head = Uint8Array.from(await file.at(place, 8));
    const tag = tagAt(head, 0);
    const sizeBytes = numbersOf(head).getUint32(4, true);
    if (tag === 'fmt ') {
      const format = await file.at(place + 8, 16);
      if (format.length === 16) bytesPerSecond = numbersOf(format).getUint32(8, true);
    }
    if (tag === 'ds64') {
      const sizes = await file.at(place + 8, 16);
      if (sizes.length === 16) longDataBytes = Number(numbersOf(sizes).getBigUint64(8, true));
    }
    if (tag === 'data') return judgeData(file, { place: place + 8, sizeBytes, longDataBytes, bytesPerSecond });
    place += 8 + sizeBytes + (sizeBytes % 2);
  }
  return { fault: { code: 'truncated', detail: 'no samples in the file' } };
}

interface DataChunk {
  place: number;
  sizeBytes: number;
  longDataBytes: number | undefined;
  bytesPerSecond: number | undefined;
}

async function judgeData(file: ByteWindow, chunk: DataChunk): Promise<Walk> {
  const { place, bytesPerSecond } = chunk;
  const untilEnd = chunk.longDataBytes === undefined && (chunk.sizeBytes === 0 || chunk.sizeBytes === 0xffffffff);
  if (untilEnd || !bytesPerSecond) return {};
  const declaredBytes = chunk.sizeBytes === 0xffffffff ? (chunk.longDataBytes ?? 0) : chunk.sizeBytes;
  const presentBytes = file.sizeBytes - place;
  const declaredMs = (declaredBytes / bytesPerSecond) * 1000;
  const presentMs = (presentBytes / bytesPerSecond) * 1000;
  const code = judgeLengthClaim({ declaredMs, presentMs, toleranceMs: 0 });
  if (code !== undefined) {
    return { fault: { code, detail: `${presentBytes} of ${declaredBytes} bytes of samples` } };
  }
  const strayBytes = await undeclaredBytes(file, place + declaredBytes + (declaredBytes % 2));
  if ((strayBytes / bytesPerSecond) * 1000 > undeclaredMsMax) {
    return { fault: { code: 'length-mismatch', detail: `${strayBytes} bytes after the declared end` } };
  }
  return {};
}

async function undeclaredBytes(file: ByteWindow, offset: number): Promise<number> {
  let place = offset;
  for (let count = 0; count < chunksMax && place + 8 <= file.sizeBytes; count++) {
    const head = await file.at(place, 8);
    const sizeBytes = numbersOf(head).getUint32(4, true);
    if (!/^[\x20-\x7e]{4}$/.test(tagAt(head, 0)) || place + 8 + sizeBytes > file.sizeBytes) break;
    place += 8 + sizeBytes + (sizeBytes % 2);
  }
  return Math.max(0, file.sizeBytes - place);
}
