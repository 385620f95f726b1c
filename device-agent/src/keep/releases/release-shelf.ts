/**
 * The releases on this board's disk: fetched by hash, unpacked within bounds, read back before they count, and named in
 * the slots file. A power cut at any byte leaves the former state or the new one. Decides nothing.
 */
import { gunzipSync } from 'node:zlib';
import type { Release } from '@loa/protocol/device';
import type { Disk } from '../../edges/disk.ts';
import { parseSlots, programPath, type Slot, type Slots, sha256Of, slotsPath, slotsText } from './slots.ts';

/** An unpacked program: the agent has one megabyte; what unpacks to more is a trap. */
export const programBytesMax = 8 * 1024 * 1024;

/** Stays free beside a release on its way: plan, ledger and outbox come before it. */
export const releaseReserveBytes = 64 * 1024 * 1024;

export type FetchedRelease = { ok: true; slot: Slot } | { ok: false; isFinal: boolean; reason: string };

export interface ReleaseShelf {
  /** Empty when there is none yet. Rejects when the disk does not say: that is not the same as none. */
  read(): Promise<Slots>;
  /** Durable when it resolves. */
  write(slots: Slots): Promise<void>;
  /** One try; what came is kept for the next. Rejects only when the disk fails. */
  fetch(release: Release, signal: AbortSignal): Promise<FetchedRelease>;
  /** Removes what no slot names. */
  clean(slots: Slots): Promise<void>;
}

/** One try to bring a file named by its hash to the disk, as clips come: resumed, verified, then given its name. */
export type FetchFile = (options: {
  file: { hash: string; sizeBytes: number };
  at: { part: string; whole: string };
  signal: AbortSignal;
}) => Promise<{ ok: true } | { ok: false; reason: string; detail?: string | undefined }>;

export function openReleaseShelf({ disk, fetchFile }: { disk: Disk; fetchFile: FetchFile }): ReleaseShelf {
  return {
    async read() {
      const bytes = await disk.read(slotsPath);
      return bytes === undefined ? {} : parseSlots(Buffer.from(bytes).toString('utf8'));
    },
    async write(slots) {
      await disk.replace(slotsPath, slotsText(slots));
      // Until here it was kept for a start that the power cut off before this one.
      if (slots.trial !== undefined) await removePacked().catch(() => undefined);
    },

    async fetch(release, signal) {
      const { hash, sizeBytes, number, version } = release;
      const { freeBytes } = await disk.space();
      if (freeBytes < releaseReserveBytes + sizeBytes + programBytesMax)
        return { ok: false, isFinal: true, reason: `only ${Math.floor(freeBytes / 1e6)} MB are free` };
      const packed = packedPath(hash);
      if ((await disk.sizeBytes(packed)) === undefined) {
        const at = { part: `${packed}.part`, whole: packed };
        const fetched = await fetchFile({ file: { hash, sizeBytes }, at, signal });
        if (!fetched.ok) return { ok: false, isFinal: false, reason: fetched.detail ?? wrongHash };
      }
      const bytes = await disk.read(packed);
      if (bytes === undefined || sha256Of(bytes) !== hash) {
        await disk.remove(packed);
        return { ok: false, isFinal: false, reason: wrongHash };
      }
      const program = unpacked(bytes);
      if (program === undefined) {
        await disk.remove(packed);
        return { ok: false, isFinal: true, reason: 'it does not unpack' };
      }
      await disk.replace(programPath(number), program);
      return { ok: true, slot: { number, version, sha256: sha256Of(program) } };
    },

    async clean({ good, former, trial }) {
      const kept = new Set([good, former, trial].flatMap((slot) => (slot === undefined ? [] : [String(slot.number)])));
      for (const name of await disk.list('releases')) {
        if (/^\d+$/.test(name) && !kept.has(name)) await disk.remove(programPath(Number(name)));
      }
      if (trial === undefined) await removePacked();
    },
  };

  async function removePacked(): Promise<void> {
    for (const name of await disk.list('releases'))
      if (/\.gz(\.part)?$/.test(name)) await disk.remove(`releases/${name}`);
  }
}

const wrongHash = 'what came has another hash than was signed';

const packedPath = (hash: string) => `releases/${hash}.gz`;

/** In one go: some tens of milliseconds at worst, of what the root key has signed; a simulation can replay it. */
function unpacked(bytes: Uint8Array): Uint8Array | undefined {
  try {
    return gunzipSync(bytes, { maxOutputLength: programBytesMax });
  } catch {
    return undefined;
  }
}
