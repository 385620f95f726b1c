/**
 * The server's disk in memory, for tests of what survives a power cut. It keeps names and contents twice, as written and
 * as synced, and `cutPower` falls back to what was synced, as the least kind real disk may. Held to the same contract
 * test as the real one.
 */
import { Readable } from 'node:stream';
import type { Disk } from '@loa/server/edges/disk.ts';

/** A disk that can lose power. */
export interface DiskTwin extends Disk {
  /** Forgets everything not synced: names whose folder was not, contents whose file was not. */
  cutPower(): void;
  /** Called before each change; throwing there is a fault of that step. */
  beforeStep: (step: string) => void;
  /** Puts a file there, synced. */
  place(path: string, content: Uint8Array): void;
  /** All paths of files, sorted. */
  files(): string[];
}

interface Content {
  bytes: Uint8Array;
  synced: boolean;
}

/** An empty disk. `freeBytes` is what it says is free; default plenty. */
export function createDiskTwin({ freeBytes = 2 ** 40 } = {}): DiskTwin {
  let names = new Map<string, Content>();
  const lasting = new Map<string, Content>();
  let folders = new Set<string>();
  const lastingFolders = new Set<string>();
  let made = 0;

  const parentOf = (path: string) => path.slice(0, path.lastIndexOf('/'));
  const contentOf = (path: string) => {
    const content = names.get(path);
    if (content === undefined) throw Object.assign(new Error(`no such file: ${path}`), { code: 'ENOENT' });
    return content.bytes;
  };
  const makeFolder = (path: string) => {
    for (let folder = path; folder !== '' && !folders.has(folder); folder = parentOf(folder)) folders.add(folder);
  };

  const twin: DiskTwin = {
    beforeStep: () => {},
    cutPower: () => {
      names = new Map([...lasting].filter(([, content]) => content.synced));
      folders = new Set(lastingFolders);
    },
    place: (path, bytes) => {
      const content = { bytes, synced: true };
      names.set(path, content);
      lasting.set(path, content);
      makeFolder(parentOf(path));
      for (const folder of folders) lastingFolders.add(folder);
    },
    files: () => [...names.keys()].sort(),
    makeFolder: async (path) => {
      twin.beforeStep('makeFolder');
      makeFolder(path);
    },
    makeTemporaryFolder: async (parent) => {
      const path = `${parent}/temporary-${made++}`;
      makeFolder(path);
      return path;
    },
    temporaryPath: (parent) => `${parent}/temporary-${made++}`,
    sizeBytes: async (path) => names.get(path)?.bytes.length,
    readAt: async ({ path, offset, length }) => contentOf(path).slice(offset, offset + length),
    openStream: (path, range) =>
      Readable.from(
        (function* () {
          const bytes = contentOf(path);
          yield bytes.slice(range?.startByte ?? 0, range?.endByte === undefined ? undefined : range.endByte + 1);
        })(),
      ),
    writeSynced: async (path, source) => {
      if (names.has(path)) throw Object.assign(new Error(`already there: ${path}`), { code: 'EEXIST' });
      const content: Content = { bytes: new Uint8Array(0), synced: false };
      names.set(path, content);
      for await (const chunk of source) {
        twin.beforeStep('write');
        content.bytes = Uint8Array.from([...content.bytes, ...chunk]);
      }
      twin.beforeStep('sync');
      content.synced = true;
    },
    linkOrCopy: async ({ from, to }) => {
      twin.beforeStep('linkOrCopy');
      if (names.has(to)) throw Object.assign(new Error(`already there: ${to}`), { code: 'EEXIST' });
      contentOf(from);
      const content = names.get(from);
      if (content !== undefined) names.set(to, content);
    },
    rename: async ({ from, to }) => {
      twin.beforeStep('rename');
      if (!folders.has(parentOf(to))) throw Object.assign(new Error(`no such folder: ${to}`), { code: 'ENOENT' });
      contentOf(from);
      const content = names.get(from);
      if (content !== undefined) names.set(to, content);
      names.delete(from);
    },
    syncFolder: async (path) => {
      twin.beforeStep('syncFolder');
      for (const name of [...lasting.keys()]) if (parentOf(name) === path && !names.has(name)) lasting.delete(name);
      for (const [name, content] of names) if (parentOf(name) === path) lasting.set(name, content);
      for (const folder of folders) if (folder === path || parentOf(folder) === path) lastingFolders.add(folder);
    },
    remove: async (path) => {
      for (const name of [...names.keys()]) if (name === path || name.startsWith(`${path}/`)) names.delete(name);
      for (const folder of [...folders]) if (folder === path || folder.startsWith(`${path}/`)) folders.delete(folder);
    },
    list: async (folder) => {
      const inside = [...names.keys(), ...folders].filter((path) => parentOf(path) === folder);
      return [...new Set(inside.map((path) => path.slice(folder.length + 1)))].sort();
    },
    freeBytes: async () => freeBytes,
  };
  return twin;
}
