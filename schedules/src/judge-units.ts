/**
 * Whether a tree of units with its times, successions and groups can be true: no circles, nothing twice, nothing before
 * what it follows has ended. Pure; looks at every link once, so hostile input costs no more than its size.
 */
import type { Unit } from './address.ts';
import { areaDepthMax } from './area.ts';
import { isCivilDate } from './judge-law.ts';

/** Units of one installation; a province has some 2,000, the country some 100,000. */
export const unitsMax = 200_000;

/** Flaws told at once; more would not be read. */
export const unitFlawsMax = 100;

/** What cannot be true of a unit; `otherId` names what it clashes with. */
export interface UnitFlaw {
  unitId: string;
  reason:
    | 'too-many-units'
    | 'same-id-twice'
    | 'unknown-parent'
    | 'cycle-or-too-deep'
    | 'not-a-date'
    | 'until-before-from'
    | 'unknown-predecessor'
    | 'predecessor-cycle'
    | 'overlapping-validity'
    | 'unknown-member'
    | 'group-in-group'
    | 'members-of-no-group';
  otherId?: string | undefined;
}

/** Every flaw, in the order of the units, at most `unitFlawsMax`; empty for units that can be true. */
export function judgeUnits(units: readonly Unit[], clusterIds: ReadonlySet<string> = new Set()): UnitFlaw[] {
  if (units.length > unitsMax) return [{ unitId: units[unitsMax]?.id ?? '', reason: 'too-many-units' }];
  const byId = new Map(units.map((unit) => [unit.id, unit]));
  const inCircle = predecessorCircles(byId);
  const seen = new Set<string>();
  const flaws: UnitFlaw[] = [];
  for (const unit of units) {
    if (seen.has(unit.id)) flaws.push({ unitId: unit.id, reason: 'same-id-twice' });
    seen.add(unit.id);
    flaws.push(...placeFlaws(unit, byId), ...timeFlaws(unit, byId), ...memberFlaws(unit, byId, clusterIds));
    if (inCircle.has(unit.id)) flaws.push({ unitId: unit.id, reason: 'predecessor-cycle' });
    if (flaws.length >= unitFlawsMax) break;
  }
  return flaws.slice(0, unitFlawsMax);
}

type ById = ReadonlyMap<string, Unit>;

function placeFlaws(unit: Unit, byId: ById): UnitFlaw[] {
  if (unit.parentId !== null && !byId.has(unit.parentId)) {
    return [{ unitId: unit.id, reason: 'unknown-parent', otherId: unit.parentId }];
  }
  let above = unit.parentId;
  for (let depth = 1; above !== null; depth += 1) {
    if (depth >= areaDepthMax) return [{ unitId: unit.id, reason: 'cycle-or-too-deep' }];
    above = byId.get(above)?.parentId ?? null;
  }
  return [];
}

function timeFlaws(unit: Unit, byId: ById): UnitFlaw[] {
  const { validFrom, validUntil } = unit;
  if (![validFrom, validUntil].every((date) => date === undefined || isCivilDate(date))) {
    return [{ unitId: unit.id, reason: 'not-a-date' }];
  }
  if (validFrom !== undefined && validUntil !== undefined && validUntil < validFrom) {
    return [{ unitId: unit.id, reason: 'until-before-from' }];
  }
  return (unit.predecessorIds ?? []).flatMap((otherId): UnitFlaw[] => {
    const former = byId.get(otherId);
    if (former === undefined) return [{ unitId: unit.id, reason: 'unknown-predecessor', otherId }];
    const hasEnded = former.validUntil !== undefined && validFrom !== undefined && former.validUntil < validFrom;
    return hasEnded ? [] : [{ unitId: unit.id, reason: 'overlapping-validity', otherId }];
  });
}

function memberFlaws(unit: Unit, byId: ById, clusterIds: ReadonlySet<string>): UnitFlaw[] {
  const areas = unit.memberAreaIds ?? [];
  const clusters = unit.memberClusterIds ?? [];
  if (unit.kind !== 'group') {
    return areas.length + clusters.length === 0 ? [] : [{ unitId: unit.id, reason: 'members-of-no-group' }];
  }
  return [
    ...areas.flatMap((otherId): UnitFlaw[] => {
      const member = byId.get(otherId);
      if (member === undefined) return [{ unitId: unit.id, reason: 'unknown-member', otherId }];
      return member.kind === 'group' ? [{ unitId: unit.id, reason: 'group-in-group', otherId }] : [];
    }),
    ...clusters
      .filter((id) => !clusterIds.has(id))
      .map((otherId): UnitFlaw => ({ unitId: unit.id, reason: 'unknown-member', otherId })),
  ];
}

/** The units that follow themselves, or follow such: what is left when all without an unsettled predecessor go in turn. */
function predecessorCircles(byId: ById): Set<string> {
  const openCount = new Map<string, number>();
  const followers = new Map<string, string[]>();
  for (const unit of byId.values()) {
    const known = (unit.predecessorIds ?? []).filter((id) => byId.has(id));
    openCount.set(unit.id, known.length);
    for (const id of known) {
      const list = followers.get(id) ?? [];
      list.push(unit.id);
      followers.set(id, list);
    }
  }
  const settled = [...openCount].filter(([, count]) => count === 0).map(([id]) => id);
  for (let id = settled.pop(); id !== undefined; id = settled.pop()) {
    openCount.delete(id);
    for (const follower of followers.get(id) ?? []) {
      const left = (openCount.get(follower) ?? 1) - 1;
      openCount.set(follower, left);
      if (left === 0) settled.push(follower);
    }
  }
  return new Set(openCount.keys());
}
