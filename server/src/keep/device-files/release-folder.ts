/**
 * Where do the releases of the agent lie? In one folder, each under the SHA-256 of its bytes. A name appears only after
 * its bytes are synced; none is ever removed, since a board may be years behind. It never learns what is in one.
 */
import { dirname, join } from 'node:path';
import { hashSchema } from '@loa/protocol/device';
import type { Disk } from '../../edges/disk.ts';

export interface ReleaseFolder {
  /** Keeps the bytes under their hash; the same again change nothing. */
  keep(hash: string, bytes: Uint8Array): Promise<void>;
  /** Throws on anything but 64 lower-case hex digits. */
  pathOf(hash: string): string;
  /** Undefined when it is not kept here. Throws like `pathOf`. */
  sizeBytes(hash: string): Promise<number | undefined>;
}

/** The folder at `root`; it is made with the first release. */
export function openReleaseFolder({ root, disk }: { root: string; disk: Disk }): ReleaseFolder {
  const pathOf = (hash: string) => {
    if (!hashSchema.safeParse(hash).success) throw new TypeError('A release is named by 64 lower-case hex digits');
    return join(root, hash);
  };
  return {
    pathOf,
    sizeBytes: async (hash) => disk.sizeBytes(pathOf(hash)),
    keep: async (hash, bytes) => {
      const path = pathOf(hash);
      await disk.makeFolder(root);
      const arriving = disk.temporaryPath(root);
      try {
        await disk.writeSynced(arriving, once(bytes));
        await disk.rename({ from: arriving, to: path });
      } catch (error) {
        await disk.remove(arriving);
        throw error;
      }
      await disk.syncFolder(root);
      await disk.syncFolder(dirname(root));
    },
  };
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
