/**
 * Which ids address a cluster, and whom a list of ids addresses, when units change: areas end and others follow them,
 * clusters keep the areas they stood in, named groups lie beside the tree. A bulletin written for a commune that was
 * merged goes on reaching the clusters that stood in it, and no others. Pure; expects units that `judgeUnits` passed.
 */
import { type Area, areaChain } from './area.ts';
import type { CivilDate } from './bulletin.ts';

/** An area with its time and its members. */
export interface Unit extends Area {
  /** First and last civil date in force, both included; absent: without beginning, without end. */
  validFrom?: CivilDate | undefined;
  validUntil?: CivilDate | undefined;
  /** The areas that it follows (merged into it, split up, renamed), already ended when it begins. */
  predecessorIds?: readonly string[] | undefined;
  /** Of a named group: areas, each with all below it, and single clusters. Groups hold no groups. */
  memberAreaIds?: readonly string[] | undefined;
  memberClusterIds?: readonly string[] | undefined;
}

/** A cluster in the tree. */
export interface StandingCluster {
  id: string;
  areaId: string;
  /** Ended areas it stood in, latest first; a reform adds to it (`movedByReform`), nothing takes away from it. */
  formerAreaIds?: readonly string[] | undefined;
}

type Units = ReadonlyMap<string, Unit>;

/** Ids that may address one cluster; what a plan may name on the wire. */
export const addressesMax = 32;

/** True when the area is in force on a civil date. */
export function isInForce(unit: Pick<Unit, 'validFrom' | 'validUntil'>, onDate: CivilDate): boolean {
  return (unit.validFrom ?? onDate) <= onDate && onDate <= (unit.validUntil ?? onDate);
}

/**
 * A function from cluster to every id that addresses it: its area and all above (nearest first), its groups in order of
 * id, the ended areas it stood in. At most `addressesMax`; the longest ended are given up first.
 */
export function createAddresses(units: Units): (cluster: StandingCluster) => string[] {
  const groups = [...units.values()]
    .filter((unit) => unit.kind === 'group')
    .map(({ id, memberAreaIds, memberClusterIds }) => ({
      id,
      memberAreaIds: new Set(memberAreaIds),
      memberClusterIds: new Set(memberClusterIds),
    }))
    .sort((a, b) => (a.id < b.id ? -1 : 1));
  return (cluster) => {
    const chain = areaChain(units, cluster.areaId);
    const former = cluster.formerAreaIds ?? [];
    const own = groups
      .filter(
        ({ memberAreaIds, memberClusterIds }) =>
          memberClusterIds.has(cluster.id) || [...chain, ...former].some((areaId) => memberAreaIds.has(areaId)),
      )
      .map((group) => group.id);
    return [...new Set([...chain, ...own, ...former])].slice(0, addressesMax);
  };
}

/** Whom a list of ids addresses on a date. */
export interface Addressed {
  /** Areas and groups in force. */
  areaIds: string[];
  /** Ended areas: the clusters that stood in them, wherever they stand now. */
  formerAreaIds: string[];
  /** The areas in force that follow the ended ones, for the eye: never more clusters than the ended ones had. */
  successorIds: string[];
  /** Ids that are no unit, or not one yet. */
  unknownIds: string[];
}

/** Sorts what a bulletin addresses into what is in force on a date and what has ended, with its successors. */
export function resolveAddressed(units: Units, areaIds: readonly string[], onDate: CivilDate): Addressed {
  const found: Addressed = { areaIds: [], formerAreaIds: [], successorIds: [], unknownIds: [] };
  const successors = successorsOf(units);
  for (const areaId of new Set(areaIds)) {
    const unit = units.get(areaId);
    if (unit === undefined || (unit.validFrom ?? onDate) > onDate) found.unknownIds.push(areaId);
    else if (isInForce(unit, onDate)) found.areaIds.push(areaId);
    else {
      found.formerAreaIds.push(areaId);
      found.successorIds.push(...inForceAfter(units, { areaId, onDate, successors }));
    }
  }
  return { ...found, successorIds: [...new Set(found.successorIds)].sort() };
}

/** The clusters that a list of ids addresses: exactly those that have one of them among their addresses. */
export function clustersAddressed(
  units: Units,
  clusters: readonly StandingCluster[],
  areaIds: readonly string[],
): string[] {
  const wanted = new Set(areaIds);
  const addressesOf = createAddresses(units);
  return clusters.filter((cluster) => addressesOf(cluster).some((id) => wanted.has(id))).map(({ id }) => id);
}

/**
 * A cluster after a reform: the area it stands in now, and all ended areas of its former chain kept. A cluster that is
 * only carried to another place keeps no former area: it is given its new `areaId` without this.
 */
export function movedByReform(
  units: Units,
  cluster: StandingCluster,
  reform: { formerChain: readonly string[]; areaId: string; onDate: CivilDate },
): StandingCluster {
  const ended = reform.formerChain.filter((id) => {
    const unit = units.get(id);
    return unit !== undefined && !isInForce(unit, reform.onDate);
  });
  const formerAreaIds = [...new Set([...ended, ...(cluster.formerAreaIds ?? [])])].slice(0, addressesMax);
  return { id: cluster.id, areaId: reform.areaId, formerAreaIds };
}

function successorsOf(units: Units): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const unit of units.values()) {
    for (const id of unit.predecessorIds ?? []) {
      const list = found.get(id) ?? [];
      list.push(unit.id);
      found.set(id, list);
    }
  }
  return found;
}

/** Follows successors until they are in force; each unit is looked at once, so a circle ends too. */
function inForceAfter(
  units: Units,
  options: { areaId: string; onDate: CivilDate; successors: ReadonlyMap<string, readonly string[]> },
): string[] {
  const seen = new Set([options.areaId]);
  const found: string[] = [];
  const waiting = [options.areaId];
  for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
    for (const next of options.successors.get(id) ?? []) {
      const unit = units.get(next);
      if (unit === undefined || seen.has(next)) continue;
      seen.add(next);
      if (isInForce(unit, options.onDate)) found.push(next);
      else waiting.push(next);
    }
  }
  return found;
}
