/**
 * A small file that is replaced whole and knows whether it is sound: its first line is a checksum of the rest. Where a
 * second copy is named it holds the same, so that one that rots costs nothing. What is not sound is set aside, told and
 * mended from the other; it is never read as if nothing had been written. Knows nothing of what it holds.
 */
import { createHash } from 'node:crypto';
import type { z } from 'zod';
import { type Damage, setAside } from './damaged-file.ts';
import type { Disk } from './disk.ts';

export interface SealedFile<T> {
  /** What was written last; undefined when nothing was, or nothing of it is sound, which is told. Never rejects. */
  read(): Promise<T | undefined>;
  /** Durable when it resolves, in both copies; the former content or this one until then. */
  write(data: T): Promise<void>;
}

type Copy<T> = { state: 'none' | 'damaged' } | { state: 'sound'; data: T; content: string };

/** `onDamaged` hears of each copy that is not sound; without it `read` only looks, and sets aside and mends nothing. */
export function sealedFile<T>(options: {
  disk: Disk;
  path: string;
  /** Absent: kept once, for what can be learnt again. */
  copyPath?: string | undefined;
  schema: z.ZodType<T>;
  onDamaged?: ((damage: Damage) => void) | undefined;
}): SealedFile<T> {
  const { disk, path, copyPath, onDamaged } = options;

  async function readCopy(from: string): Promise<Copy<T>> {
    let bytes: Uint8Array | undefined;
    let reason = 'does not match its checksum';
    try {
      bytes = await disk.read(from);
      if (bytes === undefined) return { state: 'none' };
      const content = Buffer.from(bytes).toString('utf8');
      const data = unsealed(content, options.schema);
      if (data !== undefined) return { state: 'sound', data, content };
    } catch (error) {
      reason = `cannot be read: ${String(error)}`;
    }
    if (onDamaged === undefined) return { state: 'damaged' };
    const copy = await setAside(disk, { path: from, content: bytes });
    // Found once is enough; one of which no copy could be made stays for a technician.
    if (copy !== undefined) await disk.remove(from).catch(() => undefined);
    onDamaged({ path: from, copy, reason, lostBytes: bytes?.length ?? 0 });
    return { state: 'damaged' };
  }

  /** Mended at once, or the damage would be found again at every start. A full disk leaves it for the next write. */
  async function mend(at: string, content: string): Promise<void> {
    if (onDamaged !== undefined) await disk.replace(at, content).catch(() => undefined);
  }

  return {
    async read() {
      const first = await readCopy(path);
      const second: Copy<T> = copyPath === undefined ? { state: 'none' } : await readCopy(copyPath);
      const sound = first.state === 'sound' ? first : second;
      if (sound.state !== 'sound') return undefined;
      if (first.state !== 'sound') await mend(path, sound.content);
      // The power may have gone between the two.
      const isSame = second.state === 'sound' && second.content === sound.content;
      if (copyPath !== undefined && !isSame) await mend(copyPath, sound.content);
      return sound.data;
    },
    async write(data) {
      const content = sealed(data);
      await disk.replace(path, content);
      if (copyPath !== undefined) await disk.replace(copyPath, content);
    },
  };
}

function sealed(data: unknown): string {
  const json = JSON.stringify(data, null, 2);
  return `${checksum(json)}\n${json}\n`;
}

function unsealed<T>(content: string, schema: z.ZodType<T>): T | undefined {
  const end = content.indexOf('\n');
  const json = content.slice(end + 1, -1);
  if (end === -1 || !content.endsWith('\n') || content.slice(0, end) !== checksum(json)) return undefined;
  const parsed = schema.safeParse(JSON.parse(json));
  return parsed.success ? parsed.data : undefined;
}

function checksum(json: string): string {
  return `sha256 ${createHash('sha256').update(json).digest('hex')}`;
}
