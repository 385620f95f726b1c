/**
 * Brings one file to the board: goes on where an earlier try ended (RFC 9110 §14), and gives it its name only when its
 * bytes, read back from the disk, have the hash that was signed. Tries once; who waits and comes again is the shelf.
 */
import { createHash } from 'node:crypto';
import type { Rendition } from '@loa/protocol/device';
import type { Disk } from '../../edges/disk.ts';

/** Read back in pieces of this size, so that a clip of 64 MB costs no memory. */
const pieceBytes = 256 * 1024;

export type ClipFetchOutcome =
  | { ok: true }
  /** Whole, but not what was signed: removed. */
  | { ok: false; reason: 'damaged' }
  /** Not to be had now; what came is kept. */
  | { ok: false; reason: 'unreachable'; detail: string };

/** Asks the server for a clip from a byte on; resolves with the status when the answer has ended. */
export type ClipSource = (request: {
  hash: string;
  fromBytes: number;
  sizeBytes: number;
  signal: AbortSignal;
  onChunk: (chunk: Uint8Array, head: { status: number; headers: Record<string, string> }) => Promise<void>;
}) => Promise<{ status: number }>;

/** Where verified clips lie. */
export const clipPath = (hash: string) => `clips/${hash}`;

/** Where a clip lies that is not whole yet. */
export const partPath = (hash: string) => `clips/${hash}.part`;

/** One try. `onProgress` hears 0–1. Rejects only when the disk fails. */
export function fetchClip(options: {
  disk: Disk;
  source: ClipSource;
  rendition: Rendition;
  signal: AbortSignal;
  onProgress: (fraction: number) => void;
}): Promise<ClipFetchOutcome> {
  const { hash } = options.rendition;
  return fetchFile({ ...options, file: options.rendition, at: { part: partPath(hash), whole: clipPath(hash) } });
}

/** The same for any file that is named by its hash. */
export async function fetchFile(options: {
  disk: Disk;
  source: ClipSource;
  file: { hash: string; sizeBytes: number };
  /** Where it lies while it is on its way, and once it is whole. */
  at: { part: string; whole: string };
  signal: AbortSignal;
  onProgress: (fraction: number) => void;
}): Promise<ClipFetchOutcome> {
  const { disk, signal } = options;
  const { hash, sizeBytes } = options.file;
  const { part, whole } = options.at;
  let offset = (await disk.sizeBytes(part)) ?? 0;
  if (offset > sizeBytes) {
    await disk.remove(part);
    offset = 0;
  }
  if (offset < sizeBytes) {
    let isFirst = true;
    const fromBytes = offset;
    const onChunk: Parameters<ClipSource>[0]['onChunk'] = async (chunk, { status, headers }) => {
      if (isFirst) {
        isFirst = false;
        if (status !== 200 && status !== 206) throw new Error(`The server answered ${status}`);
        const startsAt = status === 206 ? rangeStart(headers['content-range']) : 0;
        if (startsAt !== offset) {
          if (startsAt !== 0) throw new Error('The server sent another part than was asked for');
          await disk.remove(part);
          offset = 0;
        }
      }
      if (offset + chunk.length > sizeBytes) throw new Error('The server sent more than the clip has');
      await disk.writeAt(part, offset, chunk);
      offset += chunk.length;
      options.onProgress(offset / sizeBytes);
    };
    try {
      const { status } = await options.source({ hash, fromBytes, sizeBytes, signal, onChunk });
      if (status === 416) await disk.remove(part);
      if (offset < sizeBytes) return { ok: false, reason: 'unreachable', detail: `answered ${status}, incomplete` };
    } catch (error) {
      return { ok: false, reason: 'unreachable', detail: error instanceof Error ? error.message : String(error) };
    }
  }
  await disk.sync(part);
  // What cannot be read back would be found here again at every try.
  if (!(await hasHash(disk, part, hash).catch(() => false))) {
    await disk.remove(part);
    return { ok: false, reason: 'damaged' };
  }
  await disk.rename(part, whole);
  return { ok: true };
}

/** True when the file's bytes have this SHA-256. */
export async function hasHash(disk: Disk, path: string, hash: string): Promise<boolean> {
  const digest = createHash('sha256');
  for (let offset = 0; ; offset += pieceBytes) {
    const piece = await disk.readAt(path, offset, pieceBytes);
    digest.update(piece);
    if (piece.length < pieceBytes) return digest.digest('hex') === hash;
  }
}

function rangeStart(contentRange: string | undefined): number | undefined {
  const found = /^bytes (\d+)-/.exec(contentRange ?? '');
  return found === null ? undefined : Number(found[1]);
}

/** What is wrong with a clip that was whole; undefined: nothing. */
export async function rotOf(disk: Disk, hash: string): Promise<string | undefined> {
  try {
    return (await hasHash(disk, clipPath(hash), hash)) ? undefined : 'does not have its hash';
  } catch (error) {
    return `cannot be read: ${String(error)}`;
  }
}
