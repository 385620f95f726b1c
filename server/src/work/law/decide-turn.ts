/**
 * Who goes first of two that want one time: a person's decision on a priority clash (Circular 39/2020/TT-BTTTT leaves the
 * order to the commune), kept with who made it. The newest decision of a pair in an area counts.
 */
import { bulletinIdOf } from '@loa/schedules';
import type { Writer } from '../../keep/store/store.ts';
import { type Result, refuse } from '../../refusal.ts';
import { findBulletin } from '../bulletin-book.ts';
import { workRefusal } from '../refusals.ts';
import { isOwn } from '../scope.ts';
import { type ChangeCall, type Changed, type ChangeOf, changed } from './make-change.ts';

/** A decision matters on its civil day only. */
const rememberedMs = 2 * 86_400_000;

export async function decideTurn(
  tx: Writer,
  { areas, person, nowMs }: ChangeCall,
  { areaId, first, second }: ChangeOf<'turn'>,
): Promise<Result<Changed>> {
  if (!isOwn(areas, person, areaId)) return refuse(workRefusal('unknown-area'));
  const instants: number[] = [];
  for (const occurrence of [first, second]) {
    const atMs = instantOf(occurrence);
    const bulletin = atMs === undefined ? undefined : await findBulletin(tx, bulletinIdOf(occurrence));
    if (atMs === undefined || bulletin?.state !== 'accepted' || bulletin.class === 'emergency')
      return refuse(workRefusal('unknown-airing'));
    instants.push(atMs);
  }
  if (first === second) return refuse(workRefusal('unknown-airing'));
  // What has begun cannot be put behind something else any more.
  if (Math.min(...instants) <= nowMs) return refuse(workRefusal('past-time'));
  if (await isCircle(tx, { areaId, first, second, nowMs })) return refuse(workRefusal('turn-circle'));
  const decided = {
    first_occurrence: first,
    second_occurrence: second,
    until_ms: Math.max(...instants) + rememberedMs,
    created_by: person.id,
    created_ms: nowMs,
  };
  await tx
    .insertInto('turns')
    .values({ area_id: areaId, pair: pairOf(first, second), ...decided })
    .onConflict((conflict) => conflict.columns(['area_id', 'pair']).doUpdateSet(decided))
    .execute();
  return changed([areaId]);
}

/** True when what shall go second already goes, over other decisions, before what shall go first. */
async function isCircle(
  tx: Writer,
  turn: { areaId: string; first: string; second: string; nowMs: number },
): Promise<boolean> {
  const rows = await tx
    .selectFrom('turns')
    .select(['pair', 'first_occurrence', 'second_occurrence'])
    .where('area_id', '=', turn.areaId)
    .where('until_ms', '>', turn.nowMs)
    .execute();
  const others = rows.filter(({ pair }) => pair !== pairOf(turn.first, turn.second));
  const seen = new Set([turn.second]);
  for (const occurrence of seen) {
    for (const row of others) if (row.first_occurrence === occurrence) seen.add(row.second_occurrence);
  }
  return seen.has(turn.first);
}

/** The name of a pair, whatever its order. */
export function pairOf(one: string, other: string): string {
  return [one, other].sort().join(' ');
}

function instantOf(occurrence: string): number | undefined {
  const found = /@(\d{1,12})$/.exec(occurrence)?.[1];
  return found === undefined ? undefined : Number(found) * 1000;
}
