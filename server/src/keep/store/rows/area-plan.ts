/**
 * What every device of an area shall play: devices of one area have one plan, and areas that are addressed by the same
 * bulletins under the same hours share its computation. Pure; the law itself is `planDevice` of schedules.
 */
import { areaChain, type HoursRule, type PlanItem, planDevice, type Window } from '@loa/schedules';
import { hoursAt } from './area-tree.ts';
import type { Programme } from './programme.ts';

export interface AreaPlan {
  /** The area and everything above it, nearest first. */
  chain: string[];
  hours: HoursRule;
  items: readonly PlanItem[];
}

/** A function from area to plan over one window; equal questions are computed once. */
export function createAreaPlans(programme: Programme, window: Window): (areaId: string) => AreaPlan {
  const byArea = new Map<string, AreaPlan>();
  const byQuestion = new Map<string, readonly PlanItem[]>();
  const createdMs = new Map(programme.bulletins.map((bulletin) => [bulletin.id, bulletin.createdMs]));
  return (areaId) => {
    const known = byArea.get(areaId);
    if (known !== undefined) return known;
    const chain = areaChain(programme.areas, areaId);
    const own = new Set(chain);
    const bulletins = programme.bulletins.filter((bulletin) => bulletin.areaIds.some((id) => own.has(id)));
    const hours = hoursAt(programme.areas, { areaId, timeZone: programme.timeZone }).rule;
    const question = JSON.stringify([hours, bulletins.map((bulletin) => bulletin.id)]);
    const items =
      byQuestion.get(question) ??
      planDevice({ bulletins, areaIds: chain, hours, window }).items.filter(
        // "Daily at 06:00", accepted at 06:03, starts tomorrow: nobody asked for what was already past.
        (item) => item.atMs >= (createdMs.get(item.bulletinId) ?? 0),
      );
    byQuestion.set(question, items);
    const plan = { chain, hours, items };
    byArea.set(areaId, plan);
    return plan;
  };
}
