/**
 * Reads small pieces of a large file in order without asking the disk for each: one window of it is kept in memory. It
 * may assume that the file does not change meanwhile.
 */
import type { Disk } from '../../edges/disk.ts';

/** Kept of the file at a time: walking a 200 MB file takes 200 reads. */
const windowBytes = 1024 * 1024;

/** A file as bytes at offsets. */
export interface ByteWindow {
  sizeBytes: number;
  /** At most `length` bytes (up to 1 MiB) from `offset`; fewer at the end. Valid until the next call. */
  at(offset: number, length: number): Promise<Uint8Array>;
}

/** Opens a window on a file whose size is known. */
export function openByteWindow({ disk, path, sizeBytes }: { disk: Disk; path: string; sizeBytes: number }): ByteWindow {
  let start = 0;
  let kept: Uint8Array = new Uint8Array(0);
  return {
    sizeBytes,
    at: async (offset, length) => {
      const end = Math.min(offset + length, sizeBytes);
      if (offset < start || end > start + kept.length) {
        start = offset;
        kept = await disk.readAt({ path, offset, length: windowBytes });
      }
      return kept.subarray(offset - start, Math.max(offset, end) - start);
    },
  };
}

/** Four ASCII characters, as containers name their parts; bytes outside ASCII give characters that match nothing. */
export function tagAt(bytes: Uint8Array, offset: number): string {
  return String.fromCharCode(...bytes.subarray(offset, offset + 4));
}

/** A view for reading numbers of either byte order. */
export function numbersOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
