/**
 * What every device of a place shall play: devices of one area have one plan unless a rest names their cluster, and
 * places that are addressed by the same bulletins under the same law share its computation. Pure; the law itself is
 * `planDevice` of schedules.
 */
import {
  areaChain,
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
}

export interface AreaPlan {
  /** The area and everything above it, nearest first. */
  chain: string[];
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
  const restingAlone = new Set(book.rests?.flatMap((rest) => rest.clusterIds));
  return ({ areaId, clusterId }) => {
    const key = restingAlone.has(clusterId) ? `${areaId} ${clusterId}` : areaId;
    const known = byPlace.get(key);
    if (known !== undefined) return known;
    const chain = areaChain(programme.areas, areaId);
    const bulletins = bulletinsOf(chain);
    const { law: own } = lawAt(book, { areas: programme.areas, areaId, clusterId });
    const lawText = JSON.stringify(own);
    const law = laws.get(lawText) ?? own;
    laws.set(lawText, law);
    const question = JSON.stringify([lawText, bulletins.map((bulletin) => bulletin.id)]);
    const shared = byQuestion.get(question) ?? planDevice({ bulletins, areaIds: chain, law, window, expand });
    byQuestion.set(question, shared);
    const plan = { chain, hours: law.hours, items: shared.items, omitted: shared.omitted, law };
    byPlace.set(key, plan);
    return plan;
  };
}

function lawBookOf({ areas, timeZone, decided }: Programme): LawBook {
  const decisions = [...areas.values()].map(
    ({ id, hours, limits, sessions }) => [id, { hours: hours ?? undefined, limits, sessions }] as const,
  );
  return { ...decided, timeZone, decisions: new Map(decisions) };
}

/** The bulletins that address an area of a chain, each once, in the programme's order. */
function indexBulletins(bulletins: Programme['bulletins']): (chain: readonly string[]) => Programme['bulletins'] {
  const places = new Map<string, number[]>();
  bulletins.forEach((bulletin, index) => {
    for (const areaId of bulletin.areaIds) {
      const list = places.get(areaId) ?? [];
      list.push(index);
      places.set(areaId, list);
    }
  });
  return (chain) => {
    const found = new Set(chain.flatMap((areaId) => places.get(areaId) ?? []));
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
