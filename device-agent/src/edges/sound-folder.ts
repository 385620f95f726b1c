/**
 * The folder that stands for a sound card: pieces are added to its files, and when it is gone the "card" is pulled. It
 * is made once, when the agent starts, and never again behind the back of whoever took it away. Written without
 * syncing, as sound is; nothing here is worth a power cut's care.
 */
import {
  accessSync,
  closeSync,
  constants,
  fstatSync,
  mkdirSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { closeToOthers } from './own-folder.ts';

export interface SoundFolder {
  /** Makes it when it is missing. Throws when it cannot. */
  make(): void;
  /** Why sound cannot leave; undefined when it can. */
  lacking(): string | undefined;
  /** Adds a piece; gives the file's size before it, bytes. Throws when the folder is gone or full. */
  append(name: string, piece: Uint8Array | string): number;
  /** Fewer bytes at the end of the file; none when it is missing. */
  read(name: string, place: { offset: number; length: number }): Buffer;
  rename(from: string, to: string): void;
  remove(name: string): void;
}

/** A real folder. */
export function soundFolder(path: string): SoundFolder {
  return {
    make: () => {
      mkdirSync(path, { recursive: true, mode: 0o700 });
      closeToOthers(path);
    },
    lacking() {
      try {
        accessSync(path, constants.W_OK | constants.X_OK);
        return undefined;
      } catch {
        return 'output-missing';
      }
    },
    append(name, piece) {
      const file = openSync(join(path, name), 'a');
      try {
        const { size } = fstatSync(file);
        const bytes = typeof piece === 'string' ? Buffer.from(piece) : piece;
        for (let done = 0; done < bytes.length; ) done += writeSync(file, bytes, done);
        return size;
      } finally {
        closeSync(file);
      }
    },
    read(name, { offset, length }) {
      const bytes = Buffer.alloc(length);
      try {
        const file = openSync(join(path, name), 'r');
        try {
          return bytes.subarray(0, readSync(file, bytes, 0, length, offset));
        } finally {
          closeSync(file);
        }
      } catch {
        return bytes.subarray(0, 0);
      }
    },
    rename: (from, to) => renameSync(join(path, from), join(path, to)),
    remove: (name) => rmSync(join(path, name), { force: true }),
  };
}
