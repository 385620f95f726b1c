/**
 * What has sounded, on disk before it sounds: the memory that keeps any play from starting twice, whatever restarts,
 * replays or clocks do. Never judges; the conductor reads it and asks for entries.
 */
import { reportEventSchema } from '@loa/protocol/device';
import { z } from 'zod';
import { type Ledger, type LedgerEntry, ledgerMemoryMs, type Now } from '../contracts.ts';
import type { Damage } from '../edges/damaged-file.ts';
import type { Disk } from '../edges/disk.ts';
import { openRecordFile } from '../edges/record-file.ts';

/** Where the clock is not trusted nothing grows old: beyond this the longest ended go, whatever their age. */
export const ledgerEntriesMax = 40_000;

/** Entries added since the last compaction that make the next one worth while. */
const compactEvery = 4_000;

const at = z.number();
const occurrence = z.string().max(128);
const endedSchema = reportEventSchema.transform((event, context) => {
  if (event.kind === 'ended') return event;
  context.addIssue('not the report of an end');
  return z.NEVER;
});
const entrySchema: z.ZodType<LedgerEntry> = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('start'),
    occurrence,
    play: z.int(),
    plannedMs: z.number(),
    atMs: at,
    emergency: z.boolean(),
    again: z.enum(['resume', 'restart']).optional(),
  }),
  z.object({ kind: z.literal('done'), occurrence, play: z.int(), atMs: at }),
  z.object({ kind: z.literal('ended'), occurrence, atMs: at, event: endedSchema }),
  z.object({ kind: z.literal('reported'), occurrence }),
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

/** What a compaction keeps: every occurrence that is not over, and those over that had an entry within the memory. */
export function keptEntries(entries: readonly LedgerEntry[], now: Now): readonly LedgerEntry[] {
  const occurrences = Map.groupBy(entries, (entry) => entry.occurrence);
  const dropped = new Set<string>();
  let left = entries.length;
  const drop = (id: string, own: readonly LedgerEntry[]) => {
    dropped.add(id);
    left -= own.length;
  };
  for (const [id, own] of occurrences) if (isOver(own) && isForgotten(own, now)) drop(id, own);
  for (const [id, own] of occurrences) {
    if (left <= ledgerEntriesMax) break;
    if (isOver(own) && !dropped.has(id)) drop(id, own);
  }
  return dropped.size === 0 ? entries : entries.filter((entry) => !dropped.has(entry.occurrence));
}

/** Ended, and the outbox has the report. */
function isOver(own: readonly LedgerEntry[]): boolean {
  return own.some((entry) => entry.kind === 'ended') && own.some((entry) => entry.kind === 'reported');
}

/** By an untrusted clock nothing is old. */
function isForgotten(own: readonly LedgerEntry[], now: Now): boolean {
  const lastMs = own.reduce((ms, entry) => (entry.kind === 'reported' ? ms : Math.max(ms, entry.atMs)), 0);
  return now.trusted && lastMs < now.ms - now.boundMs - ledgerMemoryMs;
}
