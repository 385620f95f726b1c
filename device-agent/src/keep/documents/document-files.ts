/**
 * The documents folder: one envelope a file, written one after the other in the background, the newest of each name
 * only. What is read is verified by the caller; what cannot be read is set aside and told.
 */
import { type Damage, setAside } from '../../edges/damaged-file.ts';
import type { Disk } from '../../edges/disk.ts';

const folder = 'documents';

export interface DocumentFiles {
  /** Names present. */
  names(): Promise<string[]>;
  /** Undefined when it is not there or cannot be read; the latter is told. */
  read(name: string): Promise<string | undefined>;
  /** Does `job` after what is waiting; a job of the same slot that has not begun is replaced. Failure is dropped. */
  enqueue(slot: string, job: () => Promise<void>): void;
  write(name: string, text: string): Promise<void>;
  remove(name: string): Promise<void>;
  /** Keeps a copy of a damaged file for a technician, removes it and tells. */
  giveUp(name: string, reason: string): Promise<void>;
  /** Resolves when nothing waits. */
  idle(): Promise<void>;
}

/** The folder, on the agent's disk. */
export function documentFiles(parts: { disk: Disk; onDamaged: (damage: Damage) => void }): DocumentFiles {
  const { disk } = parts;
  const waiting = new Map<string, () => Promise<void>>();
  let working: Promise<void> | undefined;

  async function work(): Promise<void> {
    for (const [slot, job] of waiting) {
      waiting.delete(slot);
      // The server sees from what is held that this was not written, and sends it again.
      await job().catch(() => undefined);
    }
    working = undefined;
  }

  async function giveUp(name: string, reason: string): Promise<void> {
    const path = `${folder}/${name}`;
    const content = await disk.read(path).catch(() => undefined);
    const copy = await setAside(disk, { path, content });
    await disk.remove(path).catch(() => undefined);
    parts.onDamaged({ path, copy, reason, lostBytes: content?.length ?? 0 });
  }

  return {
    async names() {
      return (await disk.list(folder)).filter((name) => !name.includes('.'));
    },
    async read(name) {
      try {
        const bytes = await disk.read(`${folder}/${name}`);
        return bytes === undefined ? undefined : Buffer.from(bytes).toString('utf8');
      } catch (error) {
        await giveUp(name, `cannot be read: ${String(error)}`);
        return undefined;
      }
    },
    enqueue(slot, job) {
      waiting.delete(slot);
      waiting.set(slot, job);
      working ??= work();
    },
    write: (name, text) => disk.replace(`${folder}/${name}`, text),
    remove: (name) => disk.remove(`${folder}/${name}`),
    giveUp,
    async idle() {
      while (working !== undefined) await working;
    },
  };
}
