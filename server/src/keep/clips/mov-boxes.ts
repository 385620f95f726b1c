/**
 * Is an MP4, M4A, 3GP or MOV file whole? ISO/IEC 14496-12 §4.2: box after box, each with its size; without the `moov` box
 * nothing can be decoded, and a recorder that was cut off leaves it out. Lengths are stated in several places: what shall
 * be played (`mvhd`, `tkhd`, after edits) is held against the sound that is decoded, what was recorded (`mdhd`) against
 * the table of samples, since a trimmed recording honestly differs between the two.
 */
import { type ByteWindow, numbersOf, tagAt } from './byte-window.ts';
import type { Walk } from './length-claim.ts';
import { judgeLengthClaim } from './length-claim.ts';

/** Fragmented recordings have two boxes a second: an hour is 7,200. */
const boxesMax = 100_000;

/** Entries of a sample table that are summed; sound at a constant rate has one or two. */
const tableEntriesMax = 50_000;

/** Tables count whole frames; the stated length may leave out their padding. */
const tableToleranceMs = 250;

interface Box {
  tag: string;
  /** Where its content begins and where the next box does. */
  content: number;
  end: number;
}

/** Walks the boxes. */
export async function walkBoxes(file: ByteWindow): Promise<Walk> {
  let index: Box | undefined;
  let place = 0;
  for (let count = 0; count < boxesMax && place + 8 <= file.sizeBytes; count++) {
    const box = await boxAt(file, place, file.sizeBytes);
    if (box === undefined) {
      // Cameras and messengers append bytes of their own; the sound before them is whole once the index was seen.
      return index === undefined ? fault(`no box where one belongs, at byte ${place}`) : readClaims(file, index);
    }
    if (box.end > file.sizeBytes) return fault(`box ${box.tag} at byte ${place} is cut off`);
    if (box.tag === 'moov') index = box;
    place = box.end;
  }
  return index === undefined ? fault('the index is missing') : readClaims(file, index);
}

function fault(detail: string): Walk {
  return { fault: { code: 'truncated', detail } };
}

/** The box at a place; undefined where there is none. */
async function boxAt(file: ByteWindow, place: number, until: number): Promise<Box | undefined> {
  const head = Uint8Array.from(await file.at(place, 16));
  if (head.length < 8) return undefined;
  const numbers = numbersOf(head);
  const tag = tagAt(head, 4);
  const stated = numbers.getUint32(0);
  const long = stated === 1 && head.length === 16;
  const sizeBytes = stated === 0 ? until - place : long ? Number(numbers.getBigUint64(8)) : stated;
  if (!/^[\x20-\x7e\xa9]{4}$/.test(tag) || sizeBytes < 8) return undefined;
  return { tag, content: place + (long ? 16 : 8), end: place + sizeBytes };
}

async function boxesIn(file: ByteWindow, parent: Box): Promise<Box[]> {
  const boxes: Box[] = [];
  let place = parent.content;
  while (place + 8 <= parent.end && boxes.length < boxesMax) {
    const box = await boxAt(file, place, parent.end);
    if (box === undefined || box.end > parent.end) break;
    boxes.push(box);
    place = box.end;
  }
  return boxes;
}

async function childOf(file: ByteWindow, parent: Box | undefined, ...path: string[]): Promise<Box | undefined> {
  let found = parent;
  for (const tag of path) found = found && (await boxesIn(file, found)).find((box) => box.tag === tag);
  return found;
}

async function readClaims(file: ByteWindow, index: Box): Promise<Walk> {
  const movie = await readTimes(file, await childOf(file, index, 'mvhd'));
  const tracks = (await boxesIn(file, index)).filter((box) => box.tag === 'trak');
  const sounds: Box[] = [];
  for (const track of tracks) {
    const handler = await childOf(file, track, 'mdia', 'hdlr');
    if (handler !== undefined && tagAt(await file.at(handler.content + 8, 4), 0) === 'soun') sounds.push(track);
  }
  const [sound] = sounds;
  if (sound === undefined || movie === undefined || sounds.length > 1) return {};
  const media = await readTimes(file, await childOf(file, sound, 'mdia', 'mdhd'));
  const tableUnits = await sumSampleTable(file, await childOf(file, sound, 'mdia', 'minf', 'stbl', 'stts'));
  if (media !== undefined && tableUnits > 0) {
    const presentMs = (tableUnits * 1000) / media.unitsPerSecond;
    const code = judgeLengthClaim({ declaredMs: media.durationMs, presentMs, toleranceMs: tableToleranceMs });
    if (code !== undefined) {
      return { fault: { code, detail: `${presentMs} ms in the table of ${media.durationMs} ms` } };
    }
  }
  const track = await readTrackLength(file, await childOf(file, sound, 'tkhd'), movie.unitsPerSecond);
  // Beside pictures the movie may be longer than its sound.
  const declaredMs = tracks.length === 1 ? Math.max(track ?? 0, movie.durationMs) : (track ?? 0);
  return declaredMs > 0 ? { declaredMs } : {};
}

/** Time scale and length of an `mvhd` or `mdhd`: version 0 has 32-bit times, version 1 64-bit ones. All ones: unknown. */
async function readTimes(file: ByteWindow, box: Box | undefined) {
  const bytes = box && Uint8Array.from(await file.at(box.content, 32));
  if (bytes === undefined || bytes.length < 32) return undefined;
  const numbers = numbersOf(bytes);
  const long = bytes[0] === 1;
  const unitsPerSecond = numbers.getUint32(long ? 20 : 12);
  const units = long ? Number(numbers.getBigUint64(24)) : numbers.getUint32(16);
  const unknown = long ? units >= 2 ** 63 : units === 0xffffffff;
  if (unitsPerSecond === 0) return undefined;
  return { unitsPerSecond, durationMs: unknown ? 0 : (units * 1000) / unitsPerSecond };
}

async function readTrackLength(file: ByteWindow, box: Box | undefined, unitsPerSecond: number) {
  const bytes = box && Uint8Array.from(await file.at(box.content, 36));
  if (bytes === undefined || bytes.length < 36) return undefined;
  const numbers = numbersOf(bytes);
  const long = bytes[0] === 1;
  const units = long ? Number(numbers.getBigUint64(28)) : numbers.getUint32(20);
  return units >= (long ? 2 ** 63 : 0xffffffff) ? undefined : (units * 1000) / unitsPerSecond;
}

async function sumSampleTable(file: ByteWindow, box: Box | undefined): Promise<number> {
  if (box === undefined) return 0;
  const head = Uint8Array.from(await file.at(box.content, 8));
  const entries = head.length < 8 ? 0 : numbersOf(head).getUint32(4);
  let units = 0;
  for (let entry = 0; entry < Math.min(entries, tableEntriesMax); entry++) {
    const bytes = await file.at(box.content + 8 + entry * 8, 8);
    if (bytes.length < 8) break;
    const numbers = numbersOf(bytes);
    units += numbers.getUint32(0) * numbers.getUint32(4);
  }
  return entries > tableEntriesMax ? 0 : units;
}
