/**
 * Units that change: named groups, a cluster carried elsewhere, communes that merge. What was written for an ended area
 * goes on reaching the clusters that stood in it; the people of merged communes go over to the new one.
 */
import {
  areaChain,
  clustersAddressed,
  isInForce,
  isWithin,
  judgeUnits,
  movedByReform,
  type StandingCluster,
  type Unit,
} from '@loa/schedules';
import { type AreaNode, type AreaTree, readAreaTree } from '../../keep/store/rows/area-tree.ts';
import { readClusters } from '../../keep/store/rows/cluster-row.ts';
import type { Writer } from '../../keep/store/store.ts';
import { type Result, refuse } from '../../refusal.ts';
import { foldName } from '../fold-name.ts';
import { workRefusal } from '../refusals.ts';
import { isOwn } from '../scope.ts';
import { civilDate } from './days-off.ts';
import { type ChangeCall, type Changed, type ChangeOf, changed } from './make-change.ts';

/** A group is made, or gets another name and other members; one without members addresses nobody. */
export async function keepGroup(
  tx: Writer,
  { areas, person, newId }: ChangeCall,
  change: ChangeOf<'group'>,
): Promise<Result<Changed>> {
  const { groupId, name, parentId, memberAreaIds, memberClusterIds } = change;
  if (!isOwn(areas, person, parentId) || areas.get(parentId)?.kind === 'group')
    return refuse(workRefusal('unknown-area'));
  const former = groupId === undefined ? undefined : areas.get(groupId);
  const isTheirs = former?.kind === 'group' && isOwn(areas, person, former.id);
  if (groupId !== undefined && !isTheirs) return refuse(workRefusal('unknown-area'));
  const clusters = await readClusters(tx);
  const areaOf = new Map(clusters.map(({ id, areaId }) => [id, areaId]));
  const places = [...memberAreaIds, ...memberClusterIds.map((id) => areaOf.get(id) ?? '')];
  if (!places.every((id) => areas.has(id) && isWithin(areas, id, parentId)))
    return refuse(workRefusal('member-elsewhere'));
  const id = former?.id ?? newId('g');
  const group: Unit = { id, parentId, kind: 'group', name, memberAreaIds, memberClusterIds };
  const units = [...[...areas.values()].filter((unit) => unit.id !== id), group];
  if (judgeUnits(units, new Set(areaOf.keys())).some(({ unitId }) => unitId === id))
    return refuse(workRefusal('member-elsewhere'));
  const row = {
    parent_id: parentId,
    name,
    name_folded: foldName(name),
    member_area_ids: JSON.stringify(memberAreaIds),
    member_cluster_ids: JSON.stringify(memberClusterIds),
  };
  if (former === undefined)
    await tx
      .insertInto('areas')
      .values({ id, kind: 'group', ...row })
      .execute();
  else await tx.updateTable('areas').set(row).where('id', '=', id).execute();
  // Who leaves the group sounds differently too.
  const leaving = former === undefined ? [] : [...(former.memberAreaIds ?? []), ...areasOf(areaOf, former)];
  return changed([id, ...places, ...leaving]);
}

function areasOf(areaOf: ReadonlyMap<string, string>, group: AreaNode): string[] {
  return (group.memberClusterIds ?? []).flatMap((id) => areaOf.get(id) ?? []);
}

/** A cluster that stands elsewhere now; what was written for its former place does not follow it. */
export async function moveCluster(
  tx: Writer,
  { areas, person, nowMs, timeZone }: ChangeCall,
  { clusterId, areaId }: ChangeOf<'cluster-moved'>,
): Promise<Result<Changed>> {
  const cluster = (await readClusters(tx)).find(({ id }) => id === clusterId);
  const target = areas.get(areaId);
  const isKnown = cluster !== undefined && target !== undefined && target.kind !== 'group';
  if (!isKnown || !isOwn(areas, person, cluster.areaId) || !isOwn(areas, person, areaId))
    return refuse(workRefusal('unknown-area'));
  if (!isInForce(target, civilDate(nowMs, timeZone))) return refuse(workRefusal('unknown-area'));
  await tx
    .updateTable('clusters')
    .set({ area_id: areaId, former_area_ids: null, standing_since_ms: nowMs })
    .where('id', '=', clusterId)
    .execute();
  return changed([cluster.areaId, areaId]);
}

/**
 * Areas of one kind end with yesterday and a new one follows them: their clusters, villages and people go over to it. It
 * begins with what the largest of them had decided; the ended ones stand below it, as the label of what was.
 */
export async function mergeAreas(
  tx: Writer,
  call: ChangeCall,
  { areaIds, name, code }: ChangeOf<'merger'>,
): Promise<Result<Changed>> {
  const { areas, person, nowMs, timeZone, newId } = call;
  const today = civilDate(nowMs, timeZone);
  const ended = [...new Set(areaIds)].map((id) => areas.get(id));
  const [first] = ended;
  if (first === undefined || !areaIds.every((id) => isOwn(areas, person, id)))
    return refuse(workRefusal('unknown-area'));
  const isAlike = (area: AreaNode | undefined) =>
    area?.kind === first.kind && area.parentId === first.parentId && isInForce(area, today);
  if (first.kind === 'group' || first.parentId === null || first.id === person.areaId || !ended.every(isAlike))
    return refuse(workRefusal('cannot-merge'));
  const id = newId('a');
  const clusters = await readClusters(tx);
  const pattern = areas.get(largestOf(areas, clusters, areaIds)) ?? first;
  await insertSuccessor(tx, { id, name, code: code ?? null, areaIds, today, pattern });
  const yesterday = Temporal.PlainDate.from(today).subtract({ days: 1 }).toString();
  for (const areaId of areaIds) {
    await tx.updateTable('areas').set({ parent_id: id }).where('parent_id', '=', areaId).execute();
    await tx
      .updateTable('areas')
      .set({ parent_id: id, valid_until: yesterday, hours: null, limits: null, sessions: null })
      .where('id', '=', areaId)
      .execute();
    await tx.updateTable('people').set({ area_id: id }).where('area_id', '=', areaId).execute();
  }
  const after = await readAreaTree(tx);
  for (const cluster of clusters) {
    const formerChain = areaChain(areas, cluster.areaId);
    if (!formerChain.some((areaId) => areaIds.includes(areaId))) continue;
    const areaId = areaIds.includes(cluster.areaId) ? id : cluster.areaId;
    const moved = movedByReform(after, cluster, { formerChain, areaId, onDate: today });
    await tx
      .updateTable('clusters')
      .set({ area_id: moved.areaId, former_area_ids: JSON.stringify(moved.formerAreaIds ?? []) })
      .where('id', '=', cluster.id)
      .execute();
  }
  return changed([id, ...areaIds]);
}

function largestOf(areas: AreaTree, clusters: readonly StandingCluster[], areaIds: readonly string[]): string {
  const counted = areaIds.map((id) => ({ id, count: clustersAddressed(areas, clusters, [id]).length }));
  return counted.sort((a, b) => b.count - a.count)[0]?.id ?? '';
}

async function insertSuccessor(
  tx: Writer,
  successor: {
    id: string;
    name: string;
    code: string | null;
    areaIds: readonly string[];
    today: string;
    pattern: AreaNode;
  },
): Promise<void> {
  const { id, name, code, areaIds, today, pattern } = successor;
  const json = (value: unknown) => (value === undefined || value === null ? null : JSON.stringify(value));
  await tx
    .insertInto('areas')
    .values({
      id,
      parent_id: pattern.parentId,
      kind: pattern.kind,
      name,
      name_folded: foldName(name),
      code,
      old_district: pattern.oldDistrict,
      hours: json(pattern.hours),
      limits: json(pattern.limits),
      sessions: json(pattern.sessions),
      languages: json(pattern.languages),
      volume: json(pattern.volume),
      amplifier: pattern.amplifierStaysOn === undefined ? null : pattern.amplifierStaysOn ? 'on' : 'off',
      valid_from: today,
      predecessor_ids: JSON.stringify(areaIds),
    })
    .execute();
}
