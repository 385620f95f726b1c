/**
 * What does an MPEG audio frame header say, and is the chain of frames whole? ISO/IEC 11172-3 §2.4.1.3 and 13818-3.
 * A whole MP3 is frame after frame from its tags to its end, so a walk over the headers finds a missing beginning, a
 * damaged middle and a missing end without decoding.
 */
import { type ByteWindow, numbersOf, tagAt } from './byte-window.ts';
import type { Walk } from './length-claim.ts';
import { judgeLengthClaim } from './length-claim.ts';

/** One frame header. */
export interface Mp3Header {
  lengthBytes: number;
  samples: number;
  sampleRateHz: number;
  mono: boolean;
  /** Version and layer bits: constant through one recording. */
  kind: number;
}

/** Frames in a row that are not chance. */
const chainFrames = 4;

/** After damage, how far the next frames are looked for. */
const resyncBytes = 64 * 1024;

/** Players and taggers leave small unknown remains at the end; more than this is lost sound. */
const remainsBytesMax = 4096;

const bitratesKbit = {
  v1: {
    1: [0, 32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448],
    2: [0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384],
    3: [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320],
  },
  v2: {
    1: [0, 32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256],
    2: [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
    3: [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
  },
} as const;

/** Reads a frame header; undefined when these four bytes are none (or of free bit rate, which nobody uses). */
export function readMp3Header(bytes: Uint8Array, offset = 0): Mp3Header | undefined {
  const [a, b, c, d] = [bytes[offset], bytes[offset + 1], bytes[offset + 2], bytes[offset + 3]];
  if (a !== 0xff || b === undefined || c === undefined || d === undefined || (b & 0xe0) !== 0xe0) return undefined;
  const version = (b >> 3) & 3; // 0: 2.5, 2: 2, 3: 1
  const layer = 4 - ((b >> 1) & 3);
  const rateIndex = (c >> 2) & 3;
  if (version === 1 || (layer !== 1 && layer !== 2 && layer !== 3) || rateIndex === 3) return undefined;
  const bitrate = bitratesKbit[version === 3 ? 'v1' : 'v2'][layer][c >> 4];
  if (bitrate === undefined || bitrate === 0) return undefined;
  const sampleRateHz = ([44100, 48000, 32000][rateIndex] ?? 0) / (version === 3 ? 1 : version === 2 ? 2 : 4);
  const padding = (c >> 1) & 1;
  const samples = layer === 1 ? 384 : layer === 3 && version !== 3 ? 576 : 1152;
  const lengthBytes =
    layer === 1
      ? (Math.floor((12_000 * bitrate) / sampleRateHz) + padding) * 4
      : Math.floor((samples * 125 * bitrate) / sampleRateHz) + padding;
  return { lengthBytes, samples, sampleRateHz, mono: d >> 6 === 3, kind: (version << 2) | layer };
}

/** The first place in these bytes from which several alike frames follow one another. */
export function findMp3Chain(bytes: Uint8Array, kind?: number): { offset: number; header: Mp3Header } | undefined {
  for (let offset = 0; offset + 4 <= bytes.length; offset++) {
    if (bytes[offset] !== 0xff) continue;
    const header = readMp3Header(bytes, offset);
    if (header !== undefined && (kind === undefined || header.kind === kind) && isChain(bytes, offset, header)) {
      return { offset, header };
    }
  }
  return undefined;
}

function isChain(bytes: Uint8Array, offset: number, first: Mp3Header): boolean {
  let place = offset;
  for (let count = 0; count < chainFrames; count++) {
    // A very short recording ends before the chain is full; its last frame then ends with the file or is cut.
    if (place + 4 > bytes.length) return count > 1;
    const header = readMp3Header(bytes, place);
    if (header === undefined || header.kind !== first.kind || header.sampleRateHz !== first.sampleRateHz) return false;
    place += header.lengthBytes;
  }
  return true;
}

/** The offset after any ID3v2 tags at `offset` (id3.org/id3v2.4.0-structure §3.1). */
export async function skipId3(file: ByteWindow, offset: number): Promise<number> {
  let place = offset;
  for (;;) {
    const head = await file.at(place, 10);
    if (head.length < 10 || tagAt(head, 0).slice(0, 3) !== 'ID3') return place;
    const size = [6, 7, 8, 9].reduce((sum, index) => sum * 128 + ((head[index] ?? 0) & 0x7f), 0);
    place += 10 + size + (((head[5] ?? 0) & 0x10) !== 0 ? 10 : 0);
  }
}

/** Walks all frames of an MP3. The declared length is that of a Xing, Info or VBRI header, where there is one. */
export async function walkMp3(file: ByteWindow): Promise<Walk> {
  const start = await skipId3(file, 0);
  if (start >= file.sizeBytes) return { fault: { code: 'truncated', detail: 'ends inside its ID3 tag' } };
  const beginning = findMp3Chain(Uint8Array.from(await file.at(start, resyncBytes)));
  if (beginning === undefined) return { fault: { code: 'truncated', detail: 'no frames after the ID3 tag' } };
  const { header: first } = beginning;
  const firstFrame = start + beginning.offset;
  const declaredFrames = await readDeclaredFrames(file, firstFrame, first);
  const frameMs = (first.samples * 1000) / first.sampleRateHz;
  const declared = declaredFrames === undefined ? {} : { declaredMs: declaredFrames * frameMs };

  let place = firstFrame;
  let frames = declaredFrames === undefined ? 0 : -1; // the header frame carries no sound
  while (place < file.sizeBytes) {
    const header = readMp3Header(await file.at(place, 4));
    if (header !== undefined && header.kind === first.kind) {
      if (place + header.lengthBytes > file.sizeBytes) {
        if (declaredFrames !== undefined && frames >= declaredFrames) break;
        const detail = `frame at byte ${place} is cut off`;
        return { ...declared, fault: { code: lost({ frames, declaredFrames, frameMs }) ?? 'truncated', detail } };
      }
      frames++;
      place += header.lengthBytes;
      continue;
    }
    const next = await skipId3(file, place);
    if (next !== place) {
      place = next;
      continue;
    }
    if (await isEndTag(file, place)) break;
    const ahead = Uint8Array.from(await file.at(place, resyncBytes));
    const again = findMp3Chain(ahead, first.kind);
    if (again === undefined && file.sizeBytes - place <= remainsBytesMax) break;
    if (again !== undefined && ahead.subarray(0, again.offset).every((byte) => byte === 0)) {
      place += again.offset;
      continue;
    }
    return { ...declared, fault: { code: 'truncated', detail: `no frame where one belongs, at byte ${place}` } };
  }
  const code = lost({ frames, declaredFrames, frameMs });
  return code === undefined
    ? { ...declared, understated: declaredFrames !== undefined && frames > declaredFrames + 1 }
    : { ...declared, fault: { code, detail: `${frames} of ${declaredFrames} frames` } };
}

/** Encoders differ by one frame in what they count. */
function lost(count: { frames: number; declaredFrames: number | undefined; frameMs: number }) {
  const { frames, declaredFrames, frameMs } = count;
  if (declaredFrames === undefined) return undefined;
  return judgeLengthClaim({ declaredMs: declaredFrames * frameMs, presentMs: frames * frameMs, toleranceMs: frameMs });
}

async function isEndTag(file: ByteWindow, place: number): Promise<boolean> {
  const text = String.fromCharCode(...(await file.at(place, 11)));
  return ['TAG', 'APETAGEX', 'LYRICSBEGIN', '3DI'].some((mark) => text.startsWith(mark));
}

async function readDeclaredFrames(file: ByteWindow, place: number, header: Mp3Header): Promise<number | undefined> {
  const bytes = await file.at(place, Math.min(header.lengthBytes, 200));
  const sideBytes = (header.kind & 0xc) === 0xc ? (header.mono ? 17 : 32) : header.mono ? 9 : 17;
  const xing = 4 + sideBytes;
  const numbers = numbersOf(bytes);
  if (bytes.length >= xing + 12 && ['Xing', 'Info'].includes(tagAt(bytes, xing))) {
    return (numbers.getUint32(xing + 4) & 1) === 1 ? numbers.getUint32(xing + 8) : undefined;
  }
  if (bytes.length >= 54 && tagAt(bytes, 36) === 'VBRI') return numbers.getUint32(50);
  return undefined;
}
