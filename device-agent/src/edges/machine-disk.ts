/**
 * The board's real disk behind `Disk`. Assumes a local POSIX file system whose fsync is honest. All paths stay below
 * the agent's folder, which nobody else may read: it holds the device's private key. Never caches content.
 */
import { constants } from 'node:fs';
import { type FileHandle, mkdir, open, readdir, readFile, rename, rm, stat, statfs } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { type Ballast, openBallast } from './ballast.ts';
import { type Disk, isNoRoom } from './disk.ts';

/** What a file is called while it is being written; such a name is left over from a power cut and never listed. */
const unfinishedSuffix = '.unfinished';

const pathPattern = /^[A-Za-z0-9_-][A-Za-z0-9._-]*(\/[A-Za-z0-9_-][A-Za-z0-9._-]*){0,3}$/;

export interface MachineDiskOptions {
  /** Files for whose sake the ballast is given up when the disk is full; default none, and then there is none. */
  vital?: readonly string[];
}

/** A `Disk` on a folder of this machine, made when missing (mode 0700). `close` lets go of files held open. */
export async function openMachineDisk(
  folder: string,
  { vital = [] }: MachineDiskOptions = {},
): Promise<Disk & { close(): Promise<void> }> {
  const root = resolve(folder);
  await mkdir(root, { recursive: true, mode: 0o700 });
  const ballast = vital.length === 0 ? undefined : openBallast(root);
  await ballast?.restore();
  const appending = new Map<string, FileHandle>();

  async function letGo(path: string): Promise<void> {
    const handle = appending.get(path);
    appending.delete(path);
    await handle?.close();
  }

  async function appendingHandle(path: string): Promise<FileHandle> {
    const known = appending.get(path);
    if (known !== undefined) return known;
    const full = await withFolder(root, path);
    const handle = await open(full, constants.O_APPEND | constants.O_WRONLY | constants.O_CREAT, 0o600);
    appending.set(path, handle);
    await syncFolder(dirname(full));
    return handle;
  }

  return {
    read: (path) => unlessMissing(readFile(confined(root, path)), undefined),

    async replace(path, content) {
      const full = await withFolder(root, path);
      const aside = full + unfinishedSuffix;
      await withRoom(vital.includes(path) ? ballast : undefined, async () => {
        const handle = await open(aside, 'w', 0o600);
        try {
          await handle.writeFile(content);
          await handle.sync();
        } finally {
          await handle.close();
        }
      });
      await letGo(path);
      await rename(aside, full);
      await syncFolder(dirname(full));
    },

    async append(path, content) {
      const handle = await appendingHandle(path);
      const { size } = await handle.stat();
      await withRoom(vital.includes(path) ? ballast : undefined, async () => {
        // What a first try has left behind is no beginning of the second.
        await handle.truncate(size);
        await handle.appendFile(content);
        await handle.datasync();
      });
    },

    async readAt(path, offset, lengthMax) {
      const handle = await unlessMissing(open(confined(root, path), 'r'), undefined);
      if (handle === undefined) return new Uint8Array();
      try {
        const { buffer, bytesRead } = await handle.read(new Uint8Array(lengthMax), 0, lengthMax, offset);
        return buffer.subarray(0, bytesRead);
      } finally {
        await handle.close();
      }
    },

    async writeAt(path, offset, content) {
      const full = await withFolder(root, path);
      const handle = await open(full, constants.O_WRONLY | constants.O_CREAT, 0o600);
      try {
        let done = 0;
        while (done < content.length) {
          const { bytesWritten } = await handle.write(content, done, content.length - done, offset + done);
          done += bytesWritten;
        }
      } finally {
        await handle.close();
      }
    },

    async sync(path) {
      const full = confined(root, path);
      const handle = await open(full, 'r');
      try {
        await handle.sync();
      } finally {
        await handle.close();
      }
      await syncFolder(dirname(full));
    },

    async sizeBytes(path) {
      return (await unlessMissing(stat(confined(root, path)), undefined))?.size;
    },

    async rename(from, to) {
      const fullFrom = confined(root, from);
      const fullTo = await withFolder(root, to);
      await letGo(from);
      await letGo(to);
      await rename(fullFrom, fullTo);
      await syncFolder(dirname(fullTo));
      if (dirname(fullFrom) !== dirname(fullTo)) await syncFolder(dirname(fullFrom));
    },

    async remove(path) {
      const full = confined(root, path);
      await letGo(path);
      await rm(full, { force: true });
    },

    async list(folder) {
      const names = await unlessMissing(readdir(confined(root, folder)), []);
      return names.filter((name) => !name.endsWith(unfinishedSuffix)).sort();
    },

    async space() {
      await ballast?.restore();
      const figures = await statfs(root);
      return { freeBytes: figures.bavail * figures.bsize, totalBytes: figures.blocks * figures.bsize };
    },

    absolute: (path) => confined(root, path),

    async close() {
      for (const path of [...appending.keys()]) await letGo(path);
    },
  };
}

/** Tries again for as long as the ballast gives room. */
async function withRoom(ballast: Ballast | undefined, write: () => Promise<void>): Promise<void> {
  for (;;) {
    try {
      return await write();
    } catch (error) {
      if (ballast === undefined || !isNoRoom(error) || !(await ballast.release())) throw error;
    }
  }
}

function confined(root: string, path: string): string {
  if (!pathPattern.test(path)) throw new Error(`Not a path inside the agent's folder: ${JSON.stringify(path)}`);
  return join(root, path);
}

async function withFolder(root: string, path: string): Promise<string> {
  const full = confined(root, path);
  const folder = dirname(full);
  if (folder !== root) {
    const made = await mkdir(folder, { recursive: true, mode: 0o700 });
    if (made !== undefined) await syncFolder(dirname(made));
  }
  return full;
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function unlessMissing<T, M>(reading: Promise<T>, missing: M): Promise<T | M> {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return missing;
    throw error;
  }
}
