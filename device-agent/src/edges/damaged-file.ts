/**
 * What becomes of a file that cannot be read in full: a copy is set aside for a technician before anything is mended.
 * A few copies at most, so that a dying card does not fill itself. Never throws: mending matters more than evidence.
 */
import type { Disk } from './disk.ts';

/** The first damages tell most; later ones are dropped. */
export const damagedCopiesMax = 3;

/** What was found damaged, for a fault's evidence. */
export interface Damage {
  path: string;
  /** Copy set aside, or undefined when it could not be made or there are enough. */
  copy: string | undefined;
  reason: string;
  /** Bytes that could not be read as what they were; 0 when the whole file could not be read. */
  lostBytes: number;
}

/** Copies `content` to the first free `<path>.damaged-N`; without content the file itself is moved there. */
export async function setAside(
  disk: Disk,
  damaged: { path: string; content: Uint8Array | undefined },
): Promise<string | undefined> {
  try {
    for (let number = 1; number <= damagedCopiesMax; number += 1) {
      const copy = `${damaged.path}.damaged-${number}`;
      if ((await disk.sizeBytes(copy)) !== undefined) continue;
      if (damaged.content === undefined) await disk.rename(damaged.path, copy);
      else await disk.replace(copy, damaged.content);
      return copy;
    }
  } catch {
    return undefined;
  }
  return undefined;
}
