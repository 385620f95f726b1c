/**
 * What is decided beside the unit tree and still counts: rests, rest days, holidays, exceptions, turns, the sound of
 * single clusters. Read in one go for plans from an instant on; only reads and shapes.
 */
import type { Holiday, LawBook, RestDays, SoundingException, Turn } from '@loa/schedules';
import type { Selectable } from 'kysely';
import { z } from 'zod';
import type { ExceptionsTable, RestDaysTable, TurnsTable } from '../schema.ts';
import type { Reader, Writer } from '../store.ts';
import { readClusterSounds } from './cluster-row.ts';
import { parseColumn } from './column.ts';
import { readLawfulRests } from './rest-row.ts';

const idsSchema = z.array(z.string());

/** Limits are counted by whole days, and a zone may lie a day away from another. */
const rememberedMs = 3 * 86_400_000;

/** All that counts for plans and airings from `fromMs` on. */
export async function readDecided(
  db: Reader | Writer,
  fromMs: number,
): Promise<Omit<LawBook, 'timeZone' | 'decisions'>> {
  const sinceMs = fromMs - rememberedMs;
  const sinceDate = Temporal.Instant.fromEpochMilliseconds(Math.floor(sinceMs)).toString().slice(0, 10);
  const exceptions = await db
    .selectFrom('exceptions')
    .selectAll()
    .where('until_ms', '>', sinceMs)
    .orderBy('from_ms')
    .orderBy('id')
    .execute();
  const restDays = await db
    .selectFrom('rest_days')
    .selectAll()
    .where('until_date', '>=', sinceDate)
    .where('ended_ms', 'is', null)
    .orderBy('from_date')
    .orderBy('id')
    .execute();
  const turns = await db
    .selectFrom('turns')
    .selectAll()
    .where('until_ms', '>', sinceMs)
    .orderBy('created_ms')
    .orderBy('pair')
    .execute();
  return {
    rests: await readLawfulRests(db, fromMs),
    exceptions: exceptions.map(toException),
    restDays: restDays.map(toRestDays),
    holidays: await readHolidays(db, sinceDate),
    turns: turns.map(toTurn),
    clusterSounds: await readClusterSounds(db),
  };
}

/** Holidays from a civil date on. */
export async function readHolidays(
  db: Reader | Writer,
  sinceDate: string,
): Promise<(Holiday & { document: string })[]> {
  return await db
    .selectFrom('holidays')
    .select(['date', 'name', 'document'])
    .where('date', '>=', sinceDate)
    .orderBy('date')
    .execute();
}

/** One that was ended held until then. */
export function toException(row: Selectable<ExceptionsTable>): SoundingException {
  return {
    id: row.id,
    personName: row.created_by,
    document: row.document,
    reason: row.reason,
    areaIds: parseColumn(idsSchema, row.area_ids),
    fromMs: row.from_ms,
    untilMs: Math.min(row.until_ms, row.ended_ms ?? row.until_ms),
  };
}

export function toRestDays(row: Selectable<RestDaysTable>): RestDays {
  return {
    id: row.id,
    areaIds: parseColumn(idsSchema, row.area_ids),
    fromDate: row.from_date,
    untilDate: row.until_date,
    reason: row.reason,
    document: row.document,
  };
}

function toTurn(row: Selectable<TurnsTable>): Turn {
  return { areaIds: [row.area_id], first: row.first_occurrence, second: row.second_occurrence };
}
