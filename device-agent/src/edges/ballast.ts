/**
 * Room kept for what must be written though somebody else has filled the disk: a file of real bytes that is cut shorter
 * when the ledger or the outbox finds no room. Without it a board with a full disk could not write down that it begins
 * to sound, and would stay silent. Cut in steps, so that whatever fills the disk does not get all of it at once.
 */
import { type FileHandle, open, stat, statfs, truncate } from 'node:fs/promises';
import { join } from 'node:path';

/** Some weeks of entries; a thousandth of the smallest card. */
export const ballastBytes = 1024 * 1024;

/** Given up at a time: some days of entries. */
export const ballastStepBytes = 64 * 1024;

/** Made anew only where so many times its size is free: it must not fill the disk itself. */
const plentyFactor = 8;

export interface Ballast {
  /** Gives a step of it up; false when nothing is left of it. Never throws. */
  release(): Promise<boolean>;
  /** Makes it whole again where there is plenty of room; otherwise leaves it. Never throws. */
  restore(): Promise<void>;
}

/** The ballast in a folder of this machine; nothing is written before the first `restore`. */
export function openBallast(folder: string): Ballast {
  const path = join(folder, 'ballast');
  const sizeBytes = () =>
    stat(path).then(
      ({ size }) => size,
      () => 0,
    );
  return {
    async release() {
      const size = await sizeBytes();
      if (size === 0) return false;
      return truncate(path, Math.max(0, size - ballastStepBytes)).then(
        () => true,
        () => false,
      );
    },
    async restore() {
      try {
        const size = await sizeBytes();
        if (size >= ballastBytes) return;
        const { bavail, bsize } = await statfs(folder);
        if (bavail * bsize < plentyFactor * ballastBytes) return;
        const file = await open(path, 'a', 0o600);
        await fill(file, ballastBytes - size).finally(() => file.close());
      } catch {
        // A disk that will not take it has none; the next look tries again.
      }
    },
  };
}

async function fill(file: FileHandle, bytes: number): Promise<void> {
  await file.appendFile(Buffer.alloc(bytes));
  await file.sync();
}
