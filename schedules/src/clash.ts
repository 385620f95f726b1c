/**
 * Which bulletins want the output at the same time as planned. Looks at planned spans only: what becomes of them is the
 * forecast's answer. What a decided turn has moved, or a session has laid out, does not want one time any more. Two priority bulletins are a decision for a person (Circular 39/2020/TT-BTTTT: the commune decides
 * the order). Bounded for hostile plans; pure.
 */

import { type DevicePlan, plannedLengthMs } from './plan.ts';
import type { Window } from './recurrence.ts';

/** A planned span of one bulletin, epoch ms. */
export interface PlannedSpan {
  occurrence: string;
  bulletinId: string;
  class: 'normal' | 'priority';
  atMs: number;
  plannedEndMs: number;
}

/** Two bulletins at one time. `occurrence` is planned first; the stretch is the time both want. */
export interface Clash {
  code: 'overlap' | 'priority-clash';
  occurrence: string;
  otherOccurrence: string;
  fromMs: number;
  untilMs: number;
}

/** Clashes told of one plan; an officer does not read more, and a hostile plan has a million. */
export const clashesMax = 200;

/** Pairs looked at; past it the answer says that it is not complete. */
const pairsMax = 100_000;

/** The planned spans of the items that start in a window, in order. */
export function plannedSpansOf(plan: Pick<DevicePlan, 'items'>, window: Window): PlannedSpan[] {
  return plan.items.flatMap((item) => {
    if (item.atMs < window.fromMs || item.atMs >= window.untilMs) return [];
    const { occurrence, bulletinId, class: itemClass, atMs } = item;
    return [{ occurrence, bulletinId, class: itemClass, atMs, plannedEndMs: atMs + plannedLengthMs(item) }];
  });
}

/** Two of priority that want one time; `first` is planned first. */
export interface PriorityClash {
  first: PlannedSpan;
  second: PlannedSpan;
}

/** What a person has to decide of a plan's spans: who goes first of two of priority. In order of time. */
export function priorityClashesOf(spans: readonly PlannedSpan[]): { clashes: PriorityClash[]; isComplete: boolean } {
  const own = new Map<string, PlannedSpan>();
  for (const span of spans) if (span.class === 'priority') own.set(span.occurrence, span);
  const { clashes, isComplete } = clashesOf([...own.values()]);
  const pairs = clashes.flatMap(({ occurrence, otherOccurrence }) => {
    const [first, second] = [own.get(occurrence), own.get(otherOccurrence)];
    return first === undefined || second === undefined ? [] : [{ first, second }];
  });
  return { clashes: pairs, isComplete };
}

/** Clashes in order of time, from spans sorted by instant. A bulletin does not clash with itself. */
export function clashesOf(spans: readonly PlannedSpan[]): { clashes: Clash[]; isComplete: boolean } {
  const clashes: Clash[] = [];
  let pairs = 0;
  for (const [index, first] of spans.entries()) {
    for (let next = index + 1; next < spans.length; next += 1) {
      const other = spans[next];
      if (other === undefined || other.atMs >= first.plannedEndMs) break;
      pairs += 1;
      if (pairs > pairsMax) return { clashes, isComplete: false };
      if (other.bulletinId === first.bulletinId) continue;
      if (clashes.length === clashesMax) return { clashes, isComplete: false };
      const isForPerson = first.class === 'priority' && other.class === 'priority';
      clashes.push({
        code: isForPerson ? 'priority-clash' : 'overlap',
        occurrence: first.occurrence,
        otherOccurrence: other.occurrence,
        fromMs: other.atMs,
        untilMs: Math.min(first.plannedEndMs, other.plannedEndMs),
      });
    }
  }
  return { clashes, isComplete: true };
}
