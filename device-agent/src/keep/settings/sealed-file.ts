/**
 * A lowdb adapter that survives a power cut and notices rot: the first line is a checksum of the rest, the former
 * content is kept in a second file, each is replaced whole and synced. Reads the newest that is sound.
 */
import { createHash } from 'node:crypto';
import type { Adapter } from 'lowdb';
import type { z } from 'zod';
import { type Damage, setAside } from '../../edges/damaged-file.ts';
import type { Disk } from '../../edges/disk.ts';

/** The adapter. `onDamaged` hears of each copy that was not sound; null is read when there is nothing at all. */
export function sealedFile<T>(options: {
  disk: Disk;
  path: string;
  previousPath: string;
  schema: z.ZodType<T>;
  onDamaged: (damage: Damage) => void;
}): Adapter<T> {
  const { disk, path, previousPath } = options;
  let soundContent: string | undefined;

  async function readSound(from: string): Promise<{ data: T; content: string } | undefined> {
    let bytes: Uint8Array | undefined;
    let reason = 'does not match its checksum';
    try {
      bytes = await disk.read(from);
      if (bytes === undefined) return undefined;
      const content = Buffer.from(bytes).toString('utf8');
      const data = unsealed(content, options.schema);
      if (data !== undefined) return { data, content };
    } catch (error) {
      reason = `cannot be read: ${String(error)}`;
    }
    const copy = await setAside(disk, { path: from, content: bytes });
    options.onDamaged({ path: from, copy, reason, lostBytes: bytes?.length ?? 0 });
    return undefined;
  }

  return {
    async read() {
      const newest = await readSound(path);
      const sound = newest ?? (await readSound(previousPath));
      soundContent = sound?.content;
      // Mended at once, or the damage would be found again at every start. A full disk leaves it for the next write.
      if (newest === undefined && sound !== undefined) await disk.replace(path, sound.content).catch(() => undefined);
      return sound?.data ?? null;
    },
    async write(data) {
      const content = sealed(data);
      if (soundContent !== undefined) await disk.replace(previousPath, soundContent);
      await disk.replace(path, content);
      soundContent = content;
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
