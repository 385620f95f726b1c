/**
 * What has sounded, on disk before it sounds: the memory that keeps any play from starting twice, whatever restarts,
 * replays or clocks do. Never judges; the conductor reads it and asks for entries.
 */
import { outcomeReasons, outcomes } from '@loa/schedules';
import { z } from 'zod';
import type { Ledger, LedgerEntry, Now } from '../contracts.ts';
import type { Damage } from '../edges/damaged-file.ts';
import type { Disk } from '../edges/disk.ts';
import { openRecordFile } from '../edges/record-file.ts';

/** An occurrence that ended longer ago can come back in no plan (9 days) and no order (1 day). */
export const ledgerKeptMs = 10 * 86_400_000;

/** Where the clock is not trusted nothing grows old: beyond this the longest ended go, whatever their age. */
export const ledgerEntriesMax = 40_000;

/** Entries added since the last compaction that make the next one worth while. */
const compactEvery = 4_000;

const at = z.number();
const occurrence = z.string().max(128);
const entrySchema: z.ZodType<LedgerEntry> = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('start'),
    occurrence,
    play: z.int(),
    plannedMs: z.number(),
    atMs: at,
    emergency: z.boolean(),
  }),
  z.object({ kind: z.literal('done'), occurrence, play: z.int(), atMs: at }),
  z.object({
    kind: z.literal('ended'),
    occurrence,
    outcome: z.enum(outcomes),
    reason: z.enum(outcomeReasons).optional(),
    atMs: at,
  }),
]);

/** Opens the ledger, cutting off a torn end and dropping what is long over. */
export async function openLedger(parts: {
  disk: Disk;
  now: () => Now;
  onDamaged: (damage: Damage) => void;
}): Promise<Ledger> {
  const { file, damage } = await openRecordFile({ disk: parts.disk, path: 'ledger', schema: entrySchema });
  if (damage !== undefined) parts.onDamaged(damage);
  let added = 0;

  async function compact(): Promise<void> {
    const now = parts.now();
    if (keptEntries(file.records(), now).length === file.records().length) return;
    // A disk that refuses to rewrite keeps the longer file: nothing is lost by it.
    await file.rewrite((entries) => keptEntries(entries, now)).catch(() => undefined);
  }

  await compact();
  return {
    entries: () => file.records(),
    async append(entry) {
      await file.append(entry);
      added += 1;
      if (added % compactEvery === 0) void compact();
    },
  };
}

/** What a compaction keeps: everything of an occurrence that has not ended, or has ended in the last ten days. */
export function keptEntries(entries: readonly LedgerEntry[], now: Now): readonly LedgerEntry[] {
  const endedMs = new Map<string, number>();
  for (const entry of entries) if (entry.kind === 'ended') endedMs.set(entry.occurrence, entry.atMs);
  const dropped = new Set<string>();
  if (now.trusted) for (const [id, ms] of endedMs) if (ms < now.ms - ledgerKeptMs - now.boundMs) dropped.add(id);
  const left = entries.filter((entry) => !dropped.has(entry.occurrence));
  if (left.length > ledgerEntriesMax) {
    const counts = Map.groupBy(left, (entry) => entry.occurrence);
    let count = left.length;
    for (const id of endedMs.keys()) {
      if (count <= ledgerEntriesMax) break;
      count -= counts.get(id)?.length ?? 0;
      dropped.add(id);
    }
  }
  return dropped.size === 0 ? entries : entries.filter((entry) => !dropped.has(entry.occurrence));
}
