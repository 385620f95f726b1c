/**
 * The board's disk, with power cuts in mind: a file is replaced whole (written aside, synced, renamed, folder synced)
 * or appended to and synced. Paths are relative to the agent's folder. A simulation hands in one that tears writes.
 */

export interface Disk {
  /** Whole content, or undefined when there is none. */
  read(path: string): Promise<Uint8Array | undefined>;
  /** Old or new content after a power cut at any byte, never a mixture. */
  replace(path: string, content: Uint8Array | string): Promise<void>;
  /** At most `lengthMax` bytes from `offset` on; shorter at the end, empty beyond it or when there is no file. */
  readAt(path: string, offset: number, lengthMax: number): Promise<Uint8Array>;
  /** Adds to the end and syncs; a power cut or a failure may leave a torn tail, never a changed beginning. */
  append(path: string, content: Uint8Array | string): Promise<void>;
  /** Adds at `offset` without syncing, for downloads; `sync` makes it last. */
  writeAt(path: string, offset: number, content: Uint8Array): Promise<void>;
  sync(path: string): Promise<void>;
  sizeBytes(path: string): Promise<number | undefined>;
  /** Renames and syncs the folder. */
  rename(from: string, to: string): Promise<void>;
  remove(path: string): Promise<void>;
  /** Names in a folder, sorted; empty when it does not exist. */
  list(folder: string): Promise<string[]>;
  /** Free and total bytes of the file system. */
  space(): Promise<{ freeBytes: number; totalBytes: number }>;
  /** Path for other programs (decoder, player); meaningless in a simulation. */
  absolute(path: string): string;
}

/** The disk had no room: it is full, not damaged. */
export function isNoRoom(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return /^(ENOSPC|EDQUOT)\b/.test('code' in error ? String(error.code) : error.message);
}
