/**
 * Small files by which a board switches and feels: `/sys/class/…/value`, `brightness` of a lamp, a contact's input. One
 * word in, one word out; nothing is made that is not there.
 */
import { constants } from 'node:fs';
import { open } from 'node:fs/promises';

/** More than any such file says. */
const wordBytesMax = 64;

export interface SwitchFiles {
  /** Rejects when it is not there or takes nothing. */
  writeWord(path: string, word: string): Promise<void>;
  /** Without the blanks around it. Rejects when it is not there. */
  readWord(path: string): Promise<string>;
}

/** The board's own. */
export const machineSwitchFiles: SwitchFiles = {
  async writeWord(path, word) {
    // In place: such a file is a door to the kernel and cannot be replaced, and a missing one must not be made.
    const file = await open(path, constants.O_WRONLY | constants.O_TRUNC);
    try {
      await file.writeFile(`${word}\n`);
    } finally {
      await file.close();
    }
  },
  async readWord(path) {
    const file = await open(path, 'r');
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(wordBytesMax), 0, wordBytesMax, 0);
      return buffer.toString('utf8', 0, bytesRead).trim();
    } finally {
      await file.close();
    }
  },
};
