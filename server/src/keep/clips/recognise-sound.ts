/**
 * What kind of file is this, by its first bytes? The answer names the one demuxer ffmpeg will be allowed to use, so that
 * nothing it would recognise by itself (playlists, lists of other files, session descriptions) is ever opened. File names
 * and declared types count for nothing. It judges the beginning only; whether the rest is whole is for the walks.
 */
import { type ByteWindow, numbersOf, tagAt } from './byte-window.ts';
import { findMp3Chain, skipId3 } from './mp3-frames.ts';

/** ffmpeg's names of the demuxers that may be used. */
export type Demuxer =
  | 'wav'
  | 'mp3'
  | 'ogg'
  | 'flac'
  | 'mov'
  | 'aac'
  | 'amr'
  | 'matroska'
  | 'asf'
  | 'aiff'
  | 'caf'
  | 'au'
  | 'avi';

export type Recognised =
  | { kind: 'sound'; demuxer: Demuxer }
  /** Sound without its beginning: raw samples, or an MP3 that starts inside a frame. */
  | { kind: 'headerless'; looksLike: string }
  | { kind: 'not-audio'; looksLike: string };

/** Looked at when no known beginning is found: a second of raw samples or a few MP3 frames. */
const sampleBytes = 64 * 1024;

/** Fewer raw bytes than this say nothing about what they are. */
const rawBytesMin = 1024;

/** Neighbouring samples of sound resemble each other; bytes of packed data do not (measured: speech > 0.8, zip < 0.05). */
const likenessMin = 0.5;

/** Recognises a file. Reads at most its tags and 64 KiB. */
export async function recogniseSound(file: ByteWindow): Promise<Recognised> {
  if (file.sizeBytes === 0) return { kind: 'not-audio', looksLike: 'empty file' };
  const head = Uint8Array.from(await file.at(0, 64));
  const demuxer = demuxerOf(head);
  if (demuxer !== undefined) return { kind: 'sound', demuxer };
  const known = notSoundOf(head);
  if (known !== undefined) return { kind: 'not-audio', looksLike: known };

  const afterTags = await skipId3(file, 0);
  if (afterTags > 0) {
    const next = await file.at(afterTags, 4);
    if (tagAt(next, 0) === 'fLaC') return { kind: 'sound', demuxer: 'flac' };
    return { kind: 'sound', demuxer: isAdts(next) ? 'aac' : 'mp3' };
  }
  if (isAdts(head)) return { kind: 'sound', demuxer: 'aac' };

  const sample = Uint8Array.from(await file.at(0, sampleBytes));
  const chain = findMp3Chain(sample);
  const zeros = sample.findIndex((byte) => byte !== 0);
  if (chain !== undefined && chain.offset === Math.max(0, zeros)) return { kind: 'sound', demuxer: 'mp3' };
  if (isText(sample)) return { kind: 'not-audio', looksLike: 'text' };
  if (chain !== undefined) return { kind: 'headerless', looksLike: `MP3 frames from byte ${chain.offset}` };
  if (sample.length >= rawBytesMin && looksLikeSamples(sample)) return { kind: 'headerless', looksLike: 'raw samples' };
  return { kind: 'not-audio', looksLike: 'unknown data' };
}

function demuxerOf(head: Uint8Array): Demuxer | undefined {
  const first = tagAt(head, 0);
  const second = tagAt(head, 4);
  const third = tagAt(head, 8);
  if (['RIFF', 'RF64', 'BW64'].includes(first) && third === 'WAVE') return 'wav';
  if (first === 'RIFF' && third === 'AVI ') return 'avi';
  if (first === 'OggS') return 'ogg';
  if (first === 'fLaC') return 'flac';
  if (['ftyp', 'moov', 'mdat', 'wide', 'free', 'skip'].includes(second)) return 'mov';
  if (first === 'FORM' && (third === 'AIFF' || third === 'AIFC')) return 'aiff';
  if (first === 'caff') return 'caf';
  if (first === '.snd') return 'au';
  if (first === '#!AM' && head[4] === 0x52) return 'amr';
  if (startsWith(head, [0x1a, 0x45, 0xdf, 0xa3])) return 'matroska';
  if (startsWith(head, [0x30, 0x26, 0xb2, 0x75, 0x8e, 0x66, 0xcf, 0x11])) return 'asf';
  return undefined;
}

const notSound: readonly { bytes: readonly number[]; name: string }[] = [
  { bytes: [0x50, 0x4b], name: 'zip or Office document' },
  { bytes: [0xd0, 0xcf, 0x11, 0xe0], name: 'old Office document' },
  { bytes: [0x25, 0x50, 0x44, 0x46], name: 'PDF' },
  { bytes: [0xff, 0xd8, 0xff], name: 'JPEG picture' },
  { bytes: [0x89, 0x50, 0x4e, 0x47], name: 'PNG picture' },
  { bytes: [0x47, 0x49, 0x46, 0x38], name: 'GIF picture' },
  { bytes: [0x42, 0x4d], name: 'BMP picture' },
  { bytes: [0x49, 0x49, 0x2a, 0x00], name: 'TIFF picture' },
  { bytes: [0x4d, 0x4d, 0x00, 0x2a], name: 'TIFF picture' },
  { bytes: [0x52, 0x49, 0x46, 0x46], name: 'RIFF file without sound' },
  { bytes: [0x1f, 0x8b], name: 'gzip' },
  { bytes: [0x52, 0x61, 0x72, 0x21], name: 'RAR' },
  { bytes: [0x37, 0x7a, 0xbc, 0xaf], name: '7-Zip' },
  { bytes: [0x4d, 0x5a], name: 'Windows program' },
  { bytes: [0x7f, 0x45, 0x4c, 0x46], name: 'program' },
  { bytes: [0x53, 0x51, 0x4c, 0x69], name: 'database' },
];

function notSoundOf(head: Uint8Array): string | undefined {
  return notSound.find(({ bytes }) => startsWith(head, bytes))?.name;
}

function startsWith(head: Uint8Array, bytes: readonly number[]): boolean {
  return bytes.every((byte, index) => head[index] === byte);
}

/** AAC in ADTS frames: the sync word of MPEG audio with layer 0. */
function isAdts(bytes: Uint8Array): boolean {
  return bytes[0] === 0xff && ((bytes[1] ?? 0) & 0xf6) === 0xf0;
}

/** Printable in UTF-8 or a legacy 8-bit code page, or marked as UTF-16. */
function isText(sample: Uint8Array): boolean {
  if (startsWith(sample, [0xff, 0xfe]) || startsWith(sample, [0xfe, 0xff])) return true;
  return !sample.some((byte) => byte < 0x20 && ![0x09, 0x0a, 0x0c, 0x0d, 0x1b].includes(byte));
}

function looksLikeSamples(sample: Uint8Array): boolean {
  const numbers = numbersOf(sample);
  const words = Math.floor(sample.length / 2);
  const readings = [
    Float64Array.from({ length: words }, (_, index) => numbers.getInt16(index * 2, true)),
    Float64Array.from({ length: words }, (_, index) => numbers.getInt16(index * 2, false)),
    Float64Array.from(sample),
  ];
  return readings.some((reading) => likenessOfNeighbours(reading) > likenessMin);
}

/** Correlation of each value with the next, −1…1; 0 for a constant. */
function likenessOfNeighbours(values: Float64Array): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  let products = 0;
  let squares = 0;
  for (let index = 0; index + 1 < values.length; index++) {
    const here = (values[index] ?? 0) - mean;
    products += here * ((values[index + 1] ?? 0) - mean);
    squares += here * here;
  }
  return squares === 0 ? 0 : products / squares;
}
