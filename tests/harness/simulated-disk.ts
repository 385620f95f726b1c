/**
 * The in-memory twin of the board's disk: keeps beside each file's content what would survive a power cut now. A cut
 * can be set at any byte written from here on; then every call fails until `reboot`. Also: a full disk, flipped bytes.
 * The contract test in tests/device-agent/edges runs on this and on the real one.
 */
import type { Disk } from '@loa/device-agent/edges/disk.ts';

/** What every call throws between the cut and the reboot. */
export class PowerCut extends Error {
  override name = 'PowerCut';
}

export interface SimulatedDisk extends Disk {
  /** The power goes after `steps` more steps; each byte written, each rename, each sync is one. */
  cutAfter(steps: number): void;
  /** Steps taken since the disk was made. */
  steps(): number;
  /** What is left after the power came back: synced data, and of the rest whatever chance left. */
  reboot(): void;
  /** Inverts one bit, as a dying card does. */
  flip(path: string, byte: number, bit?: number): void;
  setTotalBytes(totalBytes: number): void;
  /** Calls of this kind fail from now on with the given reason, until called with undefined. */
  failWith(reason: string | undefined): void;
  paths(): string[];
  /** Of a file that is there; 0 else. */
  sizeOf(path: string): number;
}

interface File {
  content: Uint8Array;
  /** Undefined when the file's very existence is not durable. */
  durable: Uint8Array | undefined;
}

/** `fraction` is the chance that decides what a cut leaves of unsynced data; seeded by the caller. */
export function simulatedDisk(options: { fraction: () => number; totalBytes?: number }): SimulatedDisk {
  const files = new Map<string, File>();
  const { fraction } = options;
  let totalBytes = options.totalBytes ?? 4_000_000_000;
  let stepsDone = 0;
  let cutAt = Number.POSITIVE_INFINITY;
  let isOff = false;
  let failure: string | undefined;

  const usedBytes = () => [...files.values()].reduce((sum, file) => sum + file.content.length, 0);

  async function entering(): Promise<void> {
    await Promise.resolve();
    if (isOff) throw new PowerCut('The board is without power');
    if (failure !== undefined) throw new Error(failure);
  }

  /** How many of `wanted` steps can be taken before the cut; the cut happens when not all can. */
  function take(wanted: number): number {
    const taken = Math.min(wanted, Math.max(0, cutAt - stepsDone));
    stepsDone += taken;
    if (taken < wanted) isOff = true;
    return taken;
  }

  function room(bytes: number): void {
    if (usedBytes() + bytes > totalBytes) throw new Error('ENOSPC: no space left on device');
  }

  function cut(): never {
    throw new PowerCut('The power went');
  }

  function torn(before: Uint8Array, added: Uint8Array, written: number): Uint8Array {
    const chance = fraction();
    if (chance < 0.2) return before;
    const kept = added.slice(0, written);
    if (chance < 0.6) return joined(before, kept);
    // The size reached the disk before the data: a tail of zeros.
    const zeros = Math.floor(fraction() * (written + 1));
    return joined(before, kept.slice(0, written - zeros), new Uint8Array(zeros));
  }

  return {
    async read(path) {
      await entering();
      return files.get(path)?.content.slice();
    },

    async replace(path, content) {
      await entering();
      const bytes = bytesOf(content);
      room(bytes.length);
      const written = take(bytes.length + 2);
      if (written < bytes.length + 1) cut();
      const isRenameDurable = written === bytes.length + 2 || fraction() < 0.5;
      if (isRenameDurable) files.set(path, { content: bytes, durable: bytes });
      if (written < bytes.length + 2) cut();
    },

    async append(path, content) {
      await entering();
      const bytes = bytesOf(content);
      const before = files.get(path)?.content ?? new Uint8Array();
      const free = Math.max(0, totalBytes - usedBytes());
      if (bytes.length > free) {
        files.set(path, { content: joined(before, bytes.slice(0, free)), durable: before });
        throw new Error('ENOSPC: no space left on device');
      }
      const written = take(bytes.length + 1);
      if (written === bytes.length + 1) {
        const after = joined(before, bytes);
        files.set(path, { content: after, durable: after });
        return;
      }
      const left = torn(files.get(path)?.durable ?? new Uint8Array(), bytes, written);
      if (left.length > 0 || files.get(path)?.durable !== undefined) files.set(path, { content: left, durable: left });
      cut();
    },

    async readAt(path, offset, lengthMax) {
      await entering();
      return files.get(path)?.content.slice(offset, offset + lengthMax) ?? new Uint8Array();
    },

    async writeAt(path, offset, content) {
      await entering();
      const file = files.get(path);
      const before = file?.content ?? new Uint8Array();
      const after = new Uint8Array(Math.max(before.length, offset + content.length));
      room(after.length - before.length);
      const written = take(content.length);
      after.set(before);
      after.set(content.subarray(0, written), offset);
      files.set(path, { content: after, durable: file?.durable });
      if (written < content.length) cut();
    },

    async sync(path) {
      await entering();
      const file = files.get(path);
      if (file === undefined) throw new Error(`ENOENT: ${path}`);
      if (take(1) < 1) cut();
      file.durable = file.content.slice();
    },

    async sizeBytes(path) {
      await entering();
      return files.get(path)?.content.length;
    },

    async rename(from, to) {
      await entering();
      const file = files.get(from);
      if (file === undefined) throw new Error(`ENOENT: ${from}`);
      const taken = take(2);
      if (taken === 2 || (taken === 1 && fraction() < 0.5)) {
        files.delete(from);
        files.set(to, file);
      }
      if (taken < 2) cut();
    },

    async remove(path) {
      await entering();
      if (take(1) < 1) cut();
      files.delete(path);
    },

    async list(folder) {
      await entering();
      const prefix = `${folder}/`;
      const names = [...files.keys()]
        .filter((path) => path.startsWith(prefix))
        .map((path) => path.slice(prefix.length));
      return [...new Set(names.map((name) => name.split('/')[0] ?? name))].sort();
    },

    async space() {
      await entering();
      return { freeBytes: Math.max(0, totalBytes - usedBytes()), totalBytes };
    },

    absolute: (path) => `/simulated/${path}`,

    cutAfter: (steps) => {
      cutAt = stepsDone + steps;
    },
    steps: () => stepsDone,
    reboot() {
      isOff = false;
      cutAt = Number.POSITIVE_INFINITY;
      for (const [path, file] of files) {
        const left = survivor(file, fraction);
        if (left === undefined) files.delete(path);
        else files.set(path, { content: left, durable: left });
      }
    },
    flip(path, byte, bit = 0) {
      const file = files.get(path);
      if (file === undefined || byte >= file.content.length) throw new Error(`No byte ${byte} in ${path}`);
      const content = file.content.slice();
      content[byte] = (content[byte] ?? 0) ^ (1 << bit);
      files.set(path, { content, durable: content });
    },
    setTotalBytes: (bytes) => {
      totalBytes = bytes;
    },
    failWith: (reason) => {
      failure = reason;
    },
    paths: () => [...files.keys()].sort(),
    sizeOf: (path) => files.get(path)?.content.length ?? 0,
  };
}

function survivor(file: File, fraction: () => number): Uint8Array | undefined {
  if (file.durable === file.content) return file.content;
  const chance = fraction();
  if (chance < 0.5) return file.durable;
  if (chance < 0.75) return file.content;
  const kept = Math.floor(fraction() * file.content.length);
  const left = new Uint8Array(file.content.length);
  left.set(file.content.subarray(0, kept));
  return file.durable === undefined ? left : joined(file.durable, left.subarray(file.durable.length));
}

function bytesOf(content: Uint8Array | string): Uint8Array {
  return typeof content === 'string' ? new Uint8Array(Buffer.from(content)) : content.slice();
}

function joined(...parts: Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}
