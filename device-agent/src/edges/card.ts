/**
 * Small files outside the agent's own folder that a person put on the card: read, and written over in place, since the
 * boot partition of a board is FAT and often read-only. Never larger than told; never throws.
 */
import { constants } from 'node:fs';
import { open } from 'node:fs/promises';

export type CardFile = { kind: 'none' } | { kind: 'here'; bytes: Uint8Array } | { kind: 'unreadable'; reason: string };

export interface Card {
  /** At most `bytesMax + 1` bytes, so that one too many is seen. */
  read(path: string, bytesMax: number): Promise<CardFile>;
  /** Replaces the content in place and syncs; false when it cannot be written. */
  write(path: string, text: string): Promise<boolean>;
}

/** The board's own. */
export const machineCard: Card = {
  async read(path, bytesMax) {
    try {
      // Whatever lies there is looked at without waiting: a pipe would wait for ever.
      const handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
      try {
        if (!(await handle.stat()).isFile()) return { kind: 'unreadable', reason: 'Not a file' };
        const { buffer, bytesRead } = await handle.read(new Uint8Array(bytesMax + 1), 0, bytesMax + 1, 0);
        return { kind: 'here', bytes: buffer.subarray(0, bytesRead) };
      } finally {
        await handle.close();
      }
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : undefined;
      if (code === 'ENOENT' || code === 'ENOTDIR') return { kind: 'none' };
      return { kind: 'unreadable', reason: String(error) };
    }
  },
  async write(path, text) {
    try {
      const handle = await open(path, constants.O_WRONLY | constants.O_TRUNC);
      try {
        await handle.writeFile(text);
        await handle.sync();
      } finally {
        await handle.close();
      }
      return true;
    } catch {
      return false;
    }
  },
};
