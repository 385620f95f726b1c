/**
 * Where do prepared clips lie on disk? In one folder, each file under the SHA-256 of its bytes, sharded by the first two
 * hex digits so that no folder grows endless. A name appears only after its bytes are synced, so a file that is there is
 * whole: reading does not verify again. It never learns what a clip is for and never deletes one.
 */
import { createHash } from 'node:crypto';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { hashSchema } from '@loa/protocol/device';
import type { ByteRange, Disk } from '../../edges/disk.ts';

/** Holds files on their way in; swept at start, since only a crash leaves something there. */
const arrivingFolder = 'arriving';

/** An immutable store of files named by their content. */
export interface ClipFolder {
  /** Copies the file in and returns the hash it is now found by. The same bytes again change nothing. */
  keep(filePath: string): Promise<string>;
  /** Where the file of that hash lies, whether or not it is there. Throws on anything but 64 lower-case hex digits. */
  pathOf(hash: string): string;
  /** Its size, or undefined when it is not kept here. Throws like `pathOf`. */
  sizeBytes(hash: string): Promise<number | undefined>;
  has(hash: string): Promise<boolean>;
  /** Its bytes, all or a part. Throws like `pathOf`; a missing file is an error of the stream. */
  openRange(hash: string, range?: ByteRange): Readable;
}

/** Opens the folder at `root`, makes it if needed, and sweeps what a crash left half-way. */
export async function openClipFolder({ root, disk }: { root: string; disk: Disk }): Promise<ClipFolder> {
  const arriving = join(root, arrivingFolder);
  await disk.remove(arriving);
  await disk.makeFolder(arriving);
  await disk.syncFolder(root);
  await disk.syncFolder(dirname(root));

  const pathOf = (hash: string) => {
    if (!hashSchema.safeParse(hash).success) throw new TypeError('A clip is named by 64 lower-case hex digits');
    return join(root, hash.slice(0, 2), hash);
  };
  const sizeBytes = async (hash: string) => disk.sizeBytes(pathOf(hash));

  return {
    pathOf,
    sizeBytes,
    has: async (hash) => (await sizeBytes(hash)) !== undefined,
    openRange: (hash, range) => disk.openStream(pathOf(hash), range),
    keep: async (filePath) => {
      const arrivingPath = disk.temporaryPath(arriving);
      try {
        const digest = createHash('sha256');
        await disk.writeSynced(arrivingPath, hashed(disk.openStream(filePath), digest));
        const hash = digest.digest('hex');
        const shard = join(root, hash.slice(0, 2));
        await disk.makeFolder(shard);
        await disk.syncFolder(root);
        await disk.rename({ from: arrivingPath, to: pathOf(hash) });
        await disk.syncFolder(shard);
        return hash;
      } catch (error) {
        await disk.remove(arrivingPath);
        throw error;
      }
    },
  };
}

async function* hashed(content: AsyncIterable<Uint8Array>, digest: ReturnType<typeof createHash>) {
  for await (const chunk of content) {
    digest.update(chunk);
    yield chunk;
  }
}
