/**
 * The releases on this board's disk: fetched by hash, unpacked within bounds, read back before they count, and named in
 * the slots file. A power cut at any byte leaves the former state or the new one. Decides nothing.
 */
import { gunzip } from 'node:zlib';
import type { Release } from '@loa/protocol/device';
import type { Disk } from '../../edges/disk.ts';
import { type ClipFetchOutcome, type ClipSource, fetchFile } from '../clips/fetch-clip.ts';
import { parseSlots, programPath, type Slot, type Slots, sha256Of, slotsPath, slotsText } from './slots.ts';

/** An unpacked program: the agent has one megabyte; what unpacks to more is a trap. */
export const programBytesMax = 16 * 1024 * 1024;

/** Stays free beside a release on its way: plan, ledger and outbox come before it. */
export const releaseReserveBytes = 64 * 1024 * 1024;

export type FetchedRelease = { ok: true; slot: Slot } | { ok: false; isFinal: boolean; reason: string };

export interface ReleaseShelf {
  /** Empty when there is none yet, or when the file is damaged: then the program of the package runs. */
  read(): Promise<Slots>;
  /** Durable when it resolves. */
  write(slots: Slots): Promise<void>;
  /** One try; what came is kept for the next. Rejects only when the disk fails. */
  fetch(release: Release, signal: AbortSignal): Promise<FetchedRelease>;
  /** Removes what no slot names. */
  clean(slots: Slots): Promise<void>;
}

export function openReleaseShelf({ disk, source }: { disk: Disk; source: ClipSource }): ReleaseShelf {
  return {
    async read() {
      const bytes = await disk.read(slotsPath).catch(() => undefined);
      return bytes === undefined ? {} : parseSlots(Buffer.from(bytes).toString('utf8'));
    },
    write: (slots) => disk.replace(slotsPath, slotsText(slots)),

    async fetch(release, signal) {
      const { hash, sizeBytes, number, version } = release;
      const { freeBytes } = await disk.space();
      if (freeBytes < releaseReserveBytes + sizeBytes + programBytesMax)
        return { ok: false, isFinal: true, reason: `only ${Math.floor(freeBytes / 1e6)} MB are free` };
      const packed = packedPath(hash);
      if ((await disk.sizeBytes(packed)) === undefined) {
        const at = { part: `${packed}.part`, whole: packed };
        const fetched = await fetchFile({ disk, source, file: { hash, sizeBytes }, at, signal, onProgress: () => {} });
        if (!fetched.ok) return { ok: false, isFinal: false, reason: reasonOf(fetched) };
      }
      const bytes = await disk.read(packed);
      if (bytes === undefined || sha256Of(bytes) !== hash) {
        await disk.remove(packed);
        return { ok: false, isFinal: false, reason: 'what came has another hash than was signed' };
      }
      const program = await unpacked(bytes);
      if (program === undefined) return { ok: false, isFinal: true, reason: 'it does not unpack' };
      await disk.replace(programPath(number), program);
      await disk.remove(packed);
      return { ok: true, slot: { number, version, sha256: sha256Of(program) } };
    },

    async clean({ good, former, trial }) {
      const kept = new Set([good, former, trial].flatMap((slot) => (slot === undefined ? [] : [String(slot.number)])));
      for (const name of await disk.list('releases')) {
        if (/^\d+$/.test(name) && !kept.has(name)) await disk.remove(programPath(Number(name)));
        if (trial === undefined && /\.gz(\.part)?$/.test(name)) await disk.remove(`releases/${name}`);
      }
    },
  };
}

const packedPath = (hash: string) => `releases/${hash}.gz`;

function reasonOf(outcome: Extract<ClipFetchOutcome, { ok: false }>): string {
  return outcome.reason === 'damaged' ? 'what came has another hash than was signed' : outcome.detail;
}

function unpacked(bytes: Uint8Array): Promise<Uint8Array | undefined> {
  return new Promise((resolve) => {
    gunzip(bytes, { maxOutputLength: programBytesMax }, (error, result) => resolve(error ? undefined : result));
  });
}
