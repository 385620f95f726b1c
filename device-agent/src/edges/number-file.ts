/**
 * A figure in a small text file of the board: an IIO channel in sysfs, or what a program that reads a serial line writes
 * down. Read anew each time; a file that is gone, empty or no number is a value, not an error.
 */
import { statSync } from 'node:fs';
import { open } from 'node:fs/promises';

/** Of a longer file the last line counts. */
const bytesMax = 4_096;

export interface NumberFile {
  /** Regular and readable now; a pipe or a terminal is neither, since reading one could wait for ever. */
  isThere(): boolean;
  /** The last number of its last line, times `scale`; undefined when there is none. */
  read(): Promise<number | undefined>;
}

export function numberFile({ path, scale }: { path: string; scale: number }): NumberFile {
  return {
    isThere() {
      try {
        return statSync(path).isFile();
      } catch {
        return false;
      }
    },
    async read() {
      const text = await tailOf(path).catch(() => undefined);
      const found = text?.trim().split(/\s+/).at(-1);
      const value = found === undefined || found === '' ? Number.NaN : Number(found);
      return Number.isFinite(value) ? value * scale : undefined;
    },
  };
}

async function tailOf(path: string): Promise<string> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    // Files of sysfs say a size that has nothing to do with their content; they are short and read from the beginning.
    const from = size > bytesMax && size % 4_096 !== 0 ? size - bytesMax : 0;
    const { buffer, bytesRead } = await file.read(new Uint8Array(bytesMax), 0, bytesMax, from);
    return Buffer.from(buffer.subarray(0, bytesRead)).toString('utf8');
  } finally {
    await file.close();
  }
}
