/** A board's kernel and small programs in memory: what stands at a path, what a program prints. One contract with the real ones. */
import type { BoardFiles } from '@loa/device-agent/edges/board-files.ts';

export interface BoardFilesTwin extends BoardFiles {
  /** Puts texts at paths, as the kernel would; undefined takes one away. */
  put(texts: Record<string, string | undefined>): void;
  /** What a program prints; undefined: it fails. */
  program(path: string, says: string | undefined): void;
}

export function boardFilesTwin(texts: Record<string, string> = {}): BoardFilesTwin {
  const files = new Map(Object.entries(texts));
  const programs = new Map<string, string>();
  return {
    put(changed) {
      for (const [path, text] of Object.entries(changed)) {
        if (text === undefined) files.delete(path);
        else files.set(path, text);
      }
    },
    program(path, says) {
      if (says === undefined) programs.delete(path);
      else programs.set(path, says);
    },
    read: async (path) => files.get(path)?.slice(0, 16_384).trim(),
    async list(folder) {
      const below = [...files.keys()].filter((path) => path.startsWith(`${folder}/`));
      return [...new Set(below.map((path) => path.slice(folder.length + 1).split('/')[0] ?? ''))].sort();
    },
    ask: async (path) => programs.get(path)?.trim(),
  };
}
