/** A rest as the store holds it, and those that still count. Only reads and shapes. */
import type { Rest } from '@loa/schedules';
import type { Selectable } from 'kysely';
import { z } from 'zod';
import type { RestsTable } from '../schema.ts';
import type { Reader, Writer } from '../store.ts';
import { parseColumn } from './column.ts';

const idsSchema = z.array(z.string());

/** `endedMs`: when a person ended it before its time. */
export interface StoredRest extends Rest {
  requestId: string;
  createdMs: number;
  endedMs: number | null;
}

export function parseRest(row: Selectable<RestsTable>): StoredRest {
  return {
    id: row.id,
    requestId: row.request_id,
    areaIds: parseColumn(idsSchema, row.area_ids),
    clusterIds: parseColumn(idsSchema, row.cluster_ids),
    fromMs: row.from_ms,
    untilMs: row.until_ms,
    reason: row.reason,
    by: row.created_by,
    createdMs: row.created_ms,
    endedMs: row.ended_ms,
  };
}

/** Rests that are not over at `nowMs` and that nobody has ended, in order of their beginning. */
export async function readRests(db: Reader | Writer, nowMs: number): Promise<StoredRest[]> {
  const rows = await db
    .selectFrom('rests')
    .selectAll()
    .where('until_ms', '>', nowMs)
    .where('ended_ms', 'is', null)
    .orderBy('from_ms')
    .orderBy('id')
    .execute();
  return rows.map(parseRest);
}

/**
 * How long a rest that is over still counts: published plans begin up to a day in the past, and limits are counted by
 * whole days before that. Whoever asks from now on, as a preview does, must not find it counted again.
 */
const rememberedMs = 3 * 86_400_000;

/** Rests as the law sees them, for plans and airings from `fromMs` on; those that are over or were ended included. */
export async function readLawfulRests(db: Reader | Writer, fromMs: number): Promise<Rest[]> {
  const rows = await db
    .selectFrom('rests')
    .selectAll()
    .where('until_ms', '>', fromMs - rememberedMs)
    .orderBy('from_ms')
    .orderBy('id')
    .execute();
  return rows.map(parseRest).map(toRest);
}

/** A rest that was ended held until then: what it had silenced is not made up for. */
function toRest({ id, areaIds, clusterIds, fromMs, untilMs, endedMs, reason, by }: StoredRest): Rest {
  return { id, areaIds, clusterIds, fromMs, untilMs: Math.min(untilMs, endedMs ?? untilMs), reason, by };
}
