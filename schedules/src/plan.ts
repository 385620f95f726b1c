/**
 * What one device shall play in a window: the plan, computed from bulletins. Pure, equal for equal input and sorted,
 * so that two computations can be compared byte for byte. Does not know topics, signatures or files.
 */
import { airTimeMs, type Bulletin, classRank, type LatePolicy, type Repeat, type ResumePolicy } from './bulletin.ts';
import { type HoursRule, isPermitted } from './hours.ts';
import { occurrencesOf, type Window } from './recurrence.ts';

/** DESIGN P4: a 9-day window, rolled daily, so that at least 7 days are always held. */
export const planWindowMs = 9 * 86_400_000;

/** How far behind "now" a plan still lists what has begun, so that a late device can judge its late policy. */
export const planPastMs = 60 * 60_000;

/** One occurrence on one device. */
export interface PlanItem {
  occurrence: string;
  bulletinId: string;
  atMs: number;
  class: 'normal' | 'priority';
  clipId: string;
  repeat: Repeat;
  late: LatePolicy;
  resume: ResumePolicy;
  /** The device ends it by itself after this much sound and gaps. */
  lengthMsMax: number;
}

/** What was left out of a plan, and why. */
export interface PlanOmission {
  occurrence: string;
  atMs: number;
  reason: 'outside-permitted-hours';
}

export interface DevicePlan {
  items: PlanItem[];
  omitted: PlanOmission[];
}

/** Slack over the computed air time before a device cuts an item off, for rounding in decoders. */
export const lengthSlackMs = 2_000;

/**
 * The plan of one device. `areaIds` are the device's own areas (chain and groups); bulletins that address none of
 * them are ignored, emergencies too: they travel as orders. Items are sorted by instant, then rank (higher first),
 * then order of acceptance, then id: the documented rule for equals.
 */
export function planDevice(input: {
  bulletins: readonly Bulletin[];
  areaIds: readonly string[];
  hours: HoursRule;
  window: Window;
}): DevicePlan {
  const own = new Set(input.areaIds);
  const sortable: { item: PlanItem; acceptedNumber: number }[] = [];
  const omitted: PlanOmission[] = [];
  for (const bulletin of input.bulletins) {
    if (bulletin.class === 'emergency' || !bulletin.areaIds.some((areaId) => own.has(areaId))) continue;
    const durationMs = airTimeMs(bulletin);
    for (const { id, atMs } of occurrencesOf(bulletin, input.window)) {
      if (!isPermitted(input.hours, { atMs, durationMs })) {
        omitted.push({ occurrence: id, atMs, reason: 'outside-permitted-hours' });
        continue;
      }
      const item: PlanItem = {
        occurrence: id,
        bulletinId: bulletin.id,
        atMs,
        class: bulletin.class,
        clipId: bulletin.clipId,
        repeat: bulletin.repeat,
        late: bulletin.late,
        resume: bulletin.resume,
        lengthMsMax: durationMs + lengthSlackMs,
      };
      sortable.push({ item, acceptedNumber: bulletin.acceptedNumber });
    }
  }
  sortable.sort(
    (a, b) =>
      a.item.atMs - b.item.atMs ||
      classRank[b.item.class] - classRank[a.item.class] ||
      a.acceptedNumber - b.acceptedNumber ||
      (a.item.occurrence < b.item.occurrence ? -1 : 1),
  );
  omitted.sort((a, b) => a.atMs - b.atMs || (a.occurrence < b.occurrence ? -1 : 1));
  return { items: sortable.map(({ item }) => item), omitted };
}
