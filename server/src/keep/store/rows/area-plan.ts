/**
 * What every device of a place shall play: devices of one area have one plan unless a rest names their cluster, and
 * places that are addressed by the same bulletins under the same law share its computation. Pure; the law itself is
 * `planDevice` of schedules.
 */
import {
  createAddresses,
  type DevicePlan,
  type HoursRule,
  type LawBook,
  lawAt,
  type Occurrence,
  occurrencesOf,
  type PlanItem,
  type PlanOmission,
  planDevice,
  type SoundingLaw,
  type Window,
} from '@loa/schedules';
import type { Programme } from './programme.ts';

/** Where a device stands. */
export interface Place {
  areaId: string;
  clusterId: string;
  formerAreaIds?: readonly string[] | undefined;
  /** Nothing that begins before is its own: its cluster stood elsewhere. */
  standingSinceMs?: number | undefined;
}

export interface AreaPlan {
  /** Every id that addresses the place: its area and everything above it, nearest first; groups; ended areas. */
  addresses: readonly string[];
  hours: HoursRule;
  items: readonly PlanItem[];
  omitted: readonly PlanOmission[];
  law: SoundingLaw;
}

/** A function from place to plan over one window; equal questions are computed once. */
export function createAreaPlans(programme: Programme, window: Window): (place: Place) => AreaPlan {
  const book = lawBookOf(programme);
  const byPlace = new Map<string, AreaPlan>();
  const byQuestion = new Map<string, DevicePlan>();
  const laws = new Map<string, SoundingLaw>();
  const expand = expandOnce();
  const bulletinsOf = indexBulletins(programme.bulletins);
  const addressesOf = createAddresses(programme.areas);
  const alone = new Set([
    ...(book.rests ?? []).flatMap((rest) => rest.clusterIds),
    ...(book.clusterSounds?.keys() ?? []),
    ...programme.bulletins.flatMap((bulletin) => bulletin.clusterIds ?? []),
  ]);
  return ({ areaId, clusterId, formerAreaIds, standingSinceMs = 0 }) => {
    const addresses = addressesOf({ id: clusterId, areaId, formerAreaIds });
    const isNewHere = standingSinceMs > window.fromMs;
    const key = `${addresses.join(' ')}${alone.has(clusterId) || isNewHere ? ` ${clusterId}` : ''}`;
    const known = byPlace.get(key);
    if (known !== undefined) return known;
    const bulletins = bulletinsOf([...addresses, ...(alone.has(clusterId) ? [clusterKey(clusterId)] : [])]);
    const { law: lawHere } = lawAt(book, { areas: programme.areas, areaId, clusterId, addresses });
    const lawText = JSON.stringify(lawHere);
    const law = laws.get(lawText) ?? lawHere;
    laws.set(lawText, law);
    const question = JSON.stringify([lawText, bulletins.map((bulletin) => bulletin.id)]);
    const shared =
      byQuestion.get(question) ?? planDevice({ bulletins, areaIds: addresses, clusterId, law, window, expand });
    byQuestion.set(question, shared);
    const own = isNewHere ? sinceThen(shared, standingSinceMs) : shared;
    const plan = { addresses, hours: law.hours, items: own.items, omitted: own.omitted, law };
    byPlace.set(key, plan);
    return plan;
  };
}

function sinceThen({ items, omitted }: DevicePlan, sinceMs: number): DevicePlan {
  const isOwn = ({ atMs }: { atMs: number }) => atMs >= sinceMs;
  return { items: items.filter(isOwn), omitted: omitted.filter(isOwn) };
}

/** The book of a programme. */
export function lawBookOf({ areas, timeZone, decided }: Pick<Programme, 'areas' | 'timeZone' | 'decided'>): LawBook {
  const decisions = [...areas.values()].map(
    ({ id, hours, limits, sessions, languages, volume }) =>
      [id, { hours: hours ?? undefined, limits, sessions, languages, volume }] as const,
  );
  return { ...decided, timeZone, decisions: new Map(decisions) };
}

/** Clusters beside areas in one index; no id has a blank. */
function clusterKey(clusterId: string): string {
  return `cluster ${clusterId}`;
}

/** The bulletins that address one of the ids, each once, in the programme's order. */
function indexBulletins(bulletins: Programme['bulletins']): (ids: readonly string[]) => Programme['bulletins'] {
  const places = new Map<string, number[]>();
  bulletins.forEach((bulletin, index) => {
    for (const areaId of [...bulletin.areaIds, ...(bulletin.clusterIds ?? []).map(clusterKey)]) {
      const list = places.get(areaId) ?? [];
      list.push(index);
      places.set(areaId, list);
    }
  });
  return (ids) => {
    const found = new Set(ids.flatMap((id) => places.get(id) ?? []));
    return [...found]
      .sort((a, b) => a - b)
      .map((index) => bulletins[index])
      .filter((bulletin) => bulletin !== undefined);
  };
}

/** Each bulletin is expanded once for all places. */
function expandOnce(): typeof occurrencesOf {
  const kept = new Map<string, Occurrence[]>();
  return (bulletin, window) => {
    const key = `${bulletin.id} ${window.fromMs} ${window.untilMs}`;
    const found = kept.get(key) ?? occurrencesOf(bulletin, window);
    kept.set(key, found);
    return found;
  };
}
