/**
 * The server's disk, as far as sound files need it: a file is written whole and synced before it gets its name, a
 * folder is synced after a name in it changed, so that what has a name survives a power cut. It may assume a POSIX
 * file system; it never decides what is kept or for how long. A simulation hands in one that loses what was not synced.
 */
import { randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { link, mkdir, open, readdir, rename, rm, stat, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/** A part of a file, in bytes; `endByte` is the last one included, default the end of the file. */
export interface ByteRange {
  startByte: number;
  endByte?: number;
}

export interface Disk {
  /** Makes a folder and those above it; harmless when it is there. `isPrivate`: for the owner alone. */
  makeFolder(path: string, options?: { isPrivate?: boolean | undefined }): Promise<void>;
  /** Makes a folder of its own name inside `parent`. */
  makeTemporaryFolder(parent: string): Promise<string>;
  /** A path inside `parent` that no file has. */
  temporaryPath(parent: string): string;
  /** Size in bytes, or undefined when there is no such file. */
  sizeBytes(path: string): Promise<number | undefined>;
  /** At most `length` bytes from `offset`; fewer at the end of the file. */
  readAt(place: { path: string; offset: number; length: number }): Promise<Uint8Array>;
  /** Streams a file or a part of it. A missing file is an error of the stream. */
  openStream(path: string, range?: ByteRange): Readable;
  /** Writes a file whole and syncs its content; its name lasts only after `syncFolder`. `isPrivate`: for the owner alone. */
  writeSynced(
    path: string,
    content: AsyncIterable<Uint8Array>,
    options?: { isPrivate?: boolean | undefined },
  ): Promise<void>;
  /** Gives an immutable file a second name, or copies and syncs it where that cannot be. `to` must not exist. */
  linkOrCopy(names: { from: string; to: string }): Promise<void>;
  /** Replaces the name `to`; lasts after `syncFolder`. */
  rename(names: { from: string; to: string }): Promise<void>;
  /** Makes the names in a folder last. */
  syncFolder(path: string): Promise<void>;
  /** Removes a file or a folder with all in it; harmless when there is none. */
  remove(path: string): Promise<void>;
  /** Names in a folder, sorted; empty when it does not exist. */
  list(folder: string): Promise<string[]>;
  /** Bytes an ordinary program may still write on the file system of `path`. */
  freeBytes(path: string): Promise<number>;
}

/** The machine's own disk. */
export const machineDisk: Disk = {
  makeFolder: async (path, options) => {
    await mkdir(path, { recursive: true, mode: options?.isPrivate === true ? 0o700 : 0o777 });
  },
  makeTemporaryFolder: async (parent) => {
    const path = join(parent, randomUUID());
    await mkdir(path, { recursive: true });
    return path;
  },
  temporaryPath: (parent) => join(parent, randomUUID()),
  sizeBytes: async (path) => {
    try {
      const found = await stat(path);
      return found.isFile() ? found.size : undefined;
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  },
  readAt: async ({ path, offset, length }) => {
    const file = await open(path, 'r');
    try {
      const content = new Uint8Array(length);
      let filled = 0;
      while (filled < length) {
        const { bytesRead } = await file.read(content, filled, length - filled, offset + filled);
        if (bytesRead === 0) break;
        filled += bytesRead;
      }
      return content.subarray(0, filled);
    } finally {
      await file.close();
    }
  },
  openStream: (path, range) =>
    createReadStream(
      path,
      range === undefined
        ? {}
        : { start: range.startByte, ...(range.endByte === undefined ? {} : { end: range.endByte }) },
    ),
  writeSynced: async (path, content, options) => {
    const mode = options?.isPrivate === true ? 0o600 : 0o644;
    await pipeline(content, createWriteStream(path, { flags: 'wx', flush: true, mode }));
  },
  linkOrCopy: async ({ from, to }) => {
    try {
      await link(from, to);
    } catch (error) {
      if (!(error instanceof Error) || !('code' in error) || !cannotLink.has(String(error.code))) throw error;
      await pipeline(createReadStream(from), createWriteStream(to, { flags: 'wx', flush: true }));
    }
  },
  rename: ({ from, to }) => rename(from, to),
  syncFolder: async (path) => {
    const folder = await open(path, 'r');
    try {
      await folder.sync();
    } finally {
      await folder.close();
    }
  },
  remove: (path) => rm(path, { recursive: true, force: true }),
  list: async (folder) => {
    try {
      return (await readdir(folder)).sort();
    } catch (error) {
      if (isMissing(error)) return [];
      throw error;
    }
  },
  freeBytes: async (path) => {
    const space = await statfs(path);
    return space.bavail * space.bsize;
  },
};

/** True for an error that says the disk, or the share of it that is ours, is full. */
export function isDiskFull(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOSPC' || error.code === 'EDQUOT');
}

/** Another file system, or one that knows no second names. */
const cannotLink = new Set(['EXDEV', 'EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'EMLINK']);

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR');
}
