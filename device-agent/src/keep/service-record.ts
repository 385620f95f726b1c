/**
 * What became of service orders, on disk so that none is carried out twice or forgotten: a line before it begins, a line
 * with its report when it has ended, a line when the outbox holds that report. Bounded; judges nothing.
 */
import { evidenceSchema } from '@loa/protocol/device';
import { z } from 'zod';
import type { Damage } from '../edges/damaged-file.ts';
import type { Disk } from '../edges/disk.ts';
import { openRecordFile } from '../edges/record-file.ts';

/** Orders remembered; each lives a day at most and a document lists eight, so a replay is always refused by its number. */
export const serviceOrdersMax = 256;

/** Lines that make a rewrite worth while: three for each order remembered, and as many again. */
const linesMax = 6 * serviceOrdersMax;

const orderId = z.string().max(64);

const entrySchema = z.discriminatedUnion('kind', [
  /** Written before the first step of it. From here on it never begins again by itself. */
  z.object({
    kind: z.literal('begun'),
    order: orderId,
    service: z.enum(['restart', 'logs', 'update']),
    issuedAt: z.string().max(40),
    expiresAt: z.string().max(40),
    sinceMs: z.number().optional(),
  }),
  /** Carries the report, so that it cannot be lost; also of an order that was refused and never began. */
  z.object({
    kind: z.literal('ended'),
    order: orderId,
    service: z.enum(['restart', 'logs', 'update']),
    result: z.enum(['done', 'failed', 'refused']),
    reason: z.string().max(300).optional(),
    evidence: evidenceSchema.optional(),
  }),
  /** The outbox holds the report. */
  z.object({ kind: z.literal('reported'), order: orderId }),
]);
export type ServiceEntry = z.infer<typeof entrySchema>;
export type BegunService = Extract<ServiceEntry, { kind: 'begun' }>;
export type EndedService = Extract<ServiceEntry, { kind: 'ended' }>;

export interface ServiceRecord {
  entries(): readonly ServiceEntry[];
  /** Durable when it resolves. */
  append(entry: ServiceEntry): Promise<void>;
}

/** Opens the record in the file `services`. */
export async function openServiceRecord(parts: {
  disk: Disk;
  onDamaged: (damage: Damage) => void;
}): Promise<ServiceRecord> {
  const { file, damage } = await openRecordFile({ disk: parts.disk, path: 'services', schema: entrySchema });
  if (damage !== undefined) parts.onDamaged(damage);
  return {
    entries: () => file.records(),
    async append(entry) {
      await file.append(entry);
      // A rewrite that fails leaves the longer file, which is as good.
      if (file.records().length > linesMax) await file.rewrite(newestOrders).catch(() => undefined);
    },
  };
}

/** All lines of the orders touched last, and of every order that is not through. */
function newestOrders(entries: readonly ServiceEntry[]): readonly ServiceEntry[] {
  const through = new Set(entries.flatMap(({ kind, order }) => (kind === 'reported' ? [order] : [])));
  const newest = new Set([...through].slice(-serviceOrdersMax));
  return entries.filter(({ order }) => newest.has(order) || !through.has(order));
}
