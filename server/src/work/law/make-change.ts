/**
 * How one decision on the law is made: judged against the person's right and area and against what can be true, then
 * written with its line in the audit log. Runs inside a transaction that a preview takes back, so that what is shown
 * before saving and what is saved are one computation.
 */
import type { LawChange, Person } from '@loa/protocol/panel';
import { judgeHours, judgeLanguages, judgeLimits, judgeSessions, judgeVolume } from '@loa/schedules';
import { type AreaTree, readAreaTree } from '../../keep/store/rows/area-tree.ts';
import { readClusters } from '../../keep/store/rows/cluster-row.ts';
import type { Writer } from '../../keep/store/store.ts';
import { accept, type Result, refuse } from '../../refusal.ts';
import { note } from '../bulletin-book.ts';
import { lawRefused, workRefusal } from '../refusals.ts';
import { holds, isOwn } from '../scope.ts';
import { endException, endRestDays, grantException, makeRestDays } from './days-off.ts';
import { decideTurn } from './decide-turn.ts';
import { keepSessions } from './keep-sessions.ts';
import { keepGroup, mergeAreas, moveCluster } from './units.ts';

/** What a change needs. */
export interface ChangeAsk {
  person: Person;
  change: LawChange;
  nowMs: number;
  timeZone: string;
  newId(kind: string): string;
}

/** What has been changed: ids whose clusters may sound differently; undefined when it may be all. */
export interface Changed {
  touched: readonly string[] | undefined;
}

/** A change with the tree it was judged by. */
export interface ChangeCall extends ChangeAsk {
  areas: AreaTree;
}

/** What only the department may do: over the law itself, over the tree. */
const governed: ReadonlySet<LawChange['kind']> = new Set([
  'holiday',
  'holiday-gone',
  'exception',
  'exception-ended',
  'cluster-moved',
  'merger',
]);

/** Makes the change or says why not; a refusal has written nothing. */
export async function makeChange(tx: Writer, ask: ChangeAsk): Promise<Result<Changed>> {
  const { person, change, nowMs } = ask;
  if (!holds(person, governed.has(change.kind) ? 'govern' : 'schedule')) return refuse(workRefusal('no-right'));
  const made = await carryOut(tx, { ...ask, areas: await readAreaTree(tx) });
  if (!made.ok) return made;
  const target = 'areaId' in change && change.areaId !== undefined ? change.areaId : (made.value.touched?.[0] ?? '');
  await note(tx, { atMs: nowMs, who: person.id, action: `law-${change.kind}`, target, detail: { ...change } });
  return made;
}

async function carryOut(tx: Writer, call: ChangeCall): Promise<Result<Changed>> {
  const { change } = call;
  switch (change.kind) {
    case 'hours':
    case 'limits':
      return await decideAtArea(tx, call, change);
    case 'sessions':
      return await decideSessions(tx, call, change);
    case 'languages':
    case 'volume':
      return await decideSound(tx, call, change);
    case 'approval':
      return await decideApproval(tx, call, change);
    case 'amplifier':
      return await decideAmplifier(tx, call, change);
    case 'holiday':
    case 'holiday-gone':
      return await decideHoliday(tx, call, change);
    case 'rest-days':
      return await makeRestDays(tx, call, change);
    case 'rest-days-ended':
      return await endRestDays(tx, call, change);
    case 'exception':
      return await grantException(tx, call, change);
    case 'exception-ended':
      return await endException(tx, call, change);
    case 'group':
      return await keepGroup(tx, call, change);
    case 'cluster-moved':
      return await moveCluster(tx, call, change);
    case 'merger':
      return await mergeAreas(tx, call, change);
    case 'turn':
      return await decideTurn(tx, call, change);
  }
}

/** One kind of change. */
export type ChangeOf<K extends LawChange['kind']> = Extract<LawChange, { kind: K }>;

/** Accepts with what was touched. */
export function changed(touched: readonly string[] | undefined): Result<Changed> {
  return accept({ touched });
}

async function decideAtArea(
  tx: Writer,
  { areas, person, timeZone }: ChangeCall,
  change: ChangeOf<'hours' | 'limits'>,
): Promise<Result<Changed>> {
  const { areaId } = change;
  if (!isOwn(areas, person, areaId)) return refuse(workRefusal('unknown-area'));
  if (change.kind === 'hours') {
    const rule = change.hours === null ? null : { ...change.hours, timeZone };
    const flaws = rule === null ? [] : judgeHours(rule);
    if (flaws.length > 0) return refuse(lawRefused(flaws));
    await tx
      .updateTable('areas')
      .set({ hours: rule === null ? null : JSON.stringify(rule) })
      .where('id', '=', areaId)
      .execute();
  } else {
    const { limits } = change;
    const flaws = limits === null ? [] : judgeLimits(limits);
    if (flaws.length > 0) return refuse(lawRefused(flaws));
    const isEmpty = limits === null || Object.values(limits).every((limit) => limit === undefined);
    await tx
      .updateTable('areas')
      .set({ limits: isEmpty ? null : JSON.stringify(limits) })
      .where('id', '=', areaId)
      .execute();
  }
  return changed([areaId]);
}

async function decideSessions(tx: Writer, call: ChangeCall, change: ChangeOf<'sessions'>): Promise<Result<Changed>> {
  const { areas, person } = call;
  const { areaId, sessions } = change;
  if (!isOwn(areas, person, areaId)) return refuse(workRefusal('unknown-area'));
  const kept = sessions === null ? accept(null) : await keepSessions(tx, { ...call, areaId, sessions });
  if (!kept.ok) return kept;
  const flaws = kept.value === null ? [] : judgeSessions(kept.value);
  if (flaws.length > 0) return refuse(lawRefused(flaws));
  await tx
    .updateTable('areas')
    .set({ sessions: kept.value === null ? null : JSON.stringify(kept.value) })
    .where('id', '=', areaId)
    .execute();
  return changed([areaId]);
}

async function decideSound(
  tx: Writer,
  { areas, person }: ChangeCall,
  change: ChangeOf<'languages' | 'volume'>,
): Promise<Result<Changed>> {
  const value = change.kind === 'languages' ? change.languages : change.volume;
  const flaws =
    change.kind === 'volume'
      ? judgeVolume(change.volume ?? [])
      : change.languages === null
        ? []
        : judgeLanguages(change.languages);
  if (flaws.length > 0) return refuse(lawRefused(flaws));
  const set = { [change.kind]: value === null || value.length === 0 ? null : JSON.stringify(value) };
  const { areaId, clusterId } = change;
  if ((areaId === undefined) === (clusterId === undefined)) return refuse(workRefusal('unknown-area'));
  if (areaId !== undefined) {
    if (!isOwn(areas, person, areaId)) return refuse(workRefusal('unknown-area'));
    await tx.updateTable('areas').set(set).where('id', '=', areaId).execute();
    return changed([areaId]);
  }
  const cluster = (await readClusters(tx)).find(({ id }) => id === clusterId);
  if (cluster === undefined || !isOwn(areas, person, cluster.areaId)) return refuse(workRefusal('unknown-area'));
  await tx.updateTable('clusters').set(set).where('id', '=', cluster.id).execute();
  return changed([cluster.areaId]);
}

/** An officer does not free themselves of the leader's word. */
async function decideApproval(
  tx: Writer,
  { areas, person }: ChangeCall,
  { areaId, isNeeded }: ChangeOf<'approval'>,
): Promise<Result<Changed>> {
  if (!holds(person, 'approve') && !holds(person, 'govern')) return refuse(workRefusal('no-right'));
  if (!isOwn(areas, person, areaId)) return refuse(workRefusal('unknown-area'));
  const approval = isNeeded ? 'leader' : 'none';
  await tx.updateTable('areas').set({ approval }).where('id', '=', areaId).execute();
  return changed([]);
}

/** Nothing sounds differently by it; plans of all devices below say so. */
async function decideAmplifier(
  tx: Writer,
  { areas, person }: ChangeCall,
  { areaId, staysOn }: ChangeOf<'amplifier'>,
): Promise<Result<Changed>> {
  // A group is no place in the tree: it decides nothing that is inherited.
  if (!isOwn(areas, person, areaId) || areas.get(areaId)?.kind === 'group') return refuse(workRefusal('unknown-area'));
  const amplifier = staysOn === null ? null : staysOn ? 'on' : 'off';
  await tx.updateTable('areas').set({ amplifier }).where('id', '=', areaId).execute();
  return changed([areaId]);
}

/** Holidays are the whole installation's: only who has it all may name them. */
async function decideHoliday(
  tx: Writer,
  { areas, person, nowMs }: ChangeCall,
  change: ChangeOf<'holiday' | 'holiday-gone'>,
): Promise<Result<Changed>> {
  if (areas.get(person.areaId)?.parentId !== null) return refuse(workRefusal('no-right'));
  await tx.deleteFrom('holidays').where('date', '=', change.date).execute();
  if (change.kind === 'holiday') {
    const { date, name, document } = change;
    await tx
      .insertInto('holidays')
      .values({ date, name, document, created_by: person.id, created_ms: nowMs })
      .execute();
  }
  return changed(undefined);
}
