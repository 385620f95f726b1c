/**
 * What the kernel and small programs of a board say in text: files below /sys and /proc, and one line of a program. A
 * file that is not there, a program that fails or hangs: undefined. Never writes, never throws, never waits long.
 */
import { open, readdir } from 'node:fs/promises';
import type { RunProgram } from './process.ts';

/** The kernel's tables that are read here are shorter; a longer file is no sensor. */
const textBytesMax = 16 * 1024;

/** A sensor's program that has said nothing by then is killed. */
const programMsMax = 5_000;

export interface BoardFiles {
  /** Trimmed text of the first 16 kB; undefined when it cannot be read. */
  read(path: string): Promise<string | undefined>;
  /** Names in a folder, sorted; empty when it cannot be read. */
  list(folder: string): Promise<string[]>;
  /** What a program prints, trimmed; undefined when it fails, hangs for 5 s or prints more than 16 kB. */
  ask(program: string): Promise<string | undefined>;
}

/** The board's own. `wait` is a timer of the board's clock. */
export function machineBoardFiles(parts: {
  run: RunProgram;
  wait: (run: () => void, delayMs: number) => () => void;
}): BoardFiles {
  return {
    async read(path) {
      try {
        const file = await open(path, 'r');
        try {
          const { buffer, bytesRead } = await file.read(Buffer.alloc(textBytesMax), 0, textBytesMax, null);
          return buffer.toString('utf8', 0, bytesRead).trim();
        } finally {
          await file.close();
        }
      } catch {
        return undefined;
      }
    },
    list: async (folder) => (await readdir(folder).catch(() => [])).sort(),
    ask: (command) =>
      new Promise((resolve) => {
        let text = '';
        const program = parts.run({
          command,
          args: [],
          onOutput(piece) {
            text += piece.toString('utf8');
            if (text.length > textBytesMax) program.kill();
          },
          onEnd({ exitCode }) {
            cancel();
            resolve(exitCode === 0 ? text.trim() : undefined);
          },
        });
        program.endInput();
        const cancel = parts.wait(() => program.kill(), programMsMax);
      }),
  };
}
