/**
 * Days on which nothing routine sounds, and a named person's permission to sound beside the law: made and ended. What has
 * passed stays as it was; an end never makes up for what was silent.
 */
import { judgeException, judgeRestDays, type LawFlaw, type RestDays, type SoundingException } from '@loa/schedules';
import { toException, toRestDays } from '../../keep/store/rows/decided.ts';
import type { Writer } from '../../keep/store/store.ts';
import { type Result, refuse } from '../../refusal.ts';
import { lawRefused, workRefusal } from '../refusals.ts';
import { isOwn } from '../scope.ts';
import { type ChangeCall, type Changed, type ChangeOf, changed } from './make-change.ts';

export async function makeRestDays(
  tx: Writer,
  { areas, person, nowMs, newId, timeZone }: ChangeCall,
  { areaIds, fromDate, untilDate, reason, document }: ChangeOf<'rest-days'>,
): Promise<Result<Changed>> {
  if (!areaIds.every((areaId) => isOwn(areas, person, areaId))) return refuse(workRefusal('unknown-area'));
  const restDays: RestDays = { id: newId('d'), areaIds, fromDate, untilDate, reason, document };
  const flaws: LawFlaw[] = judgeRestDays(restDays);
  if (flaws.length > 0) return refuse(lawRefused(flaws));
  if (untilDate < civilDate(nowMs, timeZone)) return refuse(workRefusal('already-over'));
  await tx
    .insertInto('rest_days')
    .values({
      id: restDays.id,
      area_ids: JSON.stringify(areaIds),
      from_date: fromDate,
      until_date: untilDate,
      reason,
      document,
      created_by: person.id,
      created_ms: nowMs,
      ended_ms: null,
    })
    .execute();
  return changed(areaIds);
}

/** Today stays silent, it ends with tonight; days that have not begun are taken back whole. */
export async function endRestDays(
  tx: Writer,
  { areas, person, nowMs, timeZone }: ChangeCall,
  { id }: ChangeOf<'rest-days-ended'>,
): Promise<Result<Changed>> {
  const row = await tx.selectFrom('rest_days').selectAll().where('id', '=', id).executeTakeFirst();
  const restDays = row === undefined ? undefined : toRestDays(row);
  if (restDays === undefined || !restDays.areaIds.every((areaId) => isOwn(areas, person, areaId)))
    return refuse(workRefusal('unknown-decision'));
  const today = civilDate(nowMs, timeZone);
  const set = restDays.fromDate > today ? { ended_ms: nowMs } : { until_date: today };
  await tx.updateTable('rest_days').set(set).where('id', '=', id).where('until_date', '>', today).execute();
  return changed(restDays.areaIds);
}

export async function grantException(
  tx: Writer,
  { areas, person, nowMs, newId }: ChangeCall,
  change: ChangeOf<'exception'>,
): Promise<Result<Changed>> {
  const { areaIds, reason, document } = change;
  if (!areaIds.every((areaId) => isOwn(areas, person, areaId))) return refuse(workRefusal('unknown-area'));
  const exception: SoundingException = {
    id: newId('x'),
    personName: person.name,
    document,
    reason,
    areaIds,
    fromMs: Date.parse(change.from),
    untilMs: Date.parse(change.until),
  };
  const flaws = judgeException(exception);
  if (flaws.length > 0) return refuse(lawRefused(flaws));
  if (exception.untilMs <= nowMs) return refuse(workRefusal('already-over'));
  await tx
    .insertInto('exceptions')
    .values({
      id: exception.id,
      area_ids: JSON.stringify(areaIds),
      from_ms: exception.fromMs,
      until_ms: exception.untilMs,
      reason,
      document,
      created_by: person.id,
      created_ms: nowMs,
      ended_ms: null,
    })
    .execute();
  return changed(areaIds);
}

export async function endException(
  tx: Writer,
  { areas, person, nowMs }: ChangeCall,
  { id }: ChangeOf<'exception-ended'>,
): Promise<Result<Changed>> {
  const row = await tx.selectFrom('exceptions').selectAll().where('id', '=', id).executeTakeFirst();
  const exception = row === undefined ? undefined : toException(row);
  if (exception === undefined || !exception.areaIds.every((areaId) => isOwn(areas, person, areaId)))
    return refuse(workRefusal('unknown-decision'));
  await tx
    .updateTable('exceptions')
    .set({ ended_ms: nowMs })
    .where('id', '=', id)
    .where('ended_ms', 'is', null)
    .execute();
  return changed(exception.areaIds);
}

/** The civil date of an instant. */
export function civilDate(atMs: number, timeZone: string): string {
  return Temporal.Instant.fromEpochMilliseconds(Math.floor(atMs)).toZonedDateTimeISO(timeZone).toPlainDate().toString();
}
