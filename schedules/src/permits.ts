/**
 * May an item sound over a span? The question a device asks itself at every start, asked many times over one rule:
 * what was found once is kept, so a week of items costs one look into the calendar a day. Pure; the memory only saves
 * work.
 */
import { type HoursRule, permittedUntil } from './hours.ts';
import { isExcepted } from './judge-span.ts';
import type { PlanItem } from './plan.ts';

/** A stretch of instants, epoch ms; `untilMs` does not belong to it. */
export interface Span {
  fromMs: number;
  untilMs: number;
}

/** True when every instant of the span is permitted to the item. */
export type Permits = (item: PlanItem, span: Span) => boolean;

/** Stretches kept for one rule; asked in order of time, the last few are enough. */
const stretchesMax = 32;

/** The judgement of one hours rule, as a device makes it: the hours permit, or the exception that the item carries. */
export function permitsByHours(rule: HoursRule): Permits {
  let stretches: Span[] = [];
  function endAt(atMs: number): number | undefined {
    const known = stretches.findLast((one) => atMs >= one.fromMs && atMs < one.untilMs);
    if (known !== undefined) return known.untilMs;
    const untilMs = permittedUntil(rule, atMs);
    if (untilMs === undefined) return undefined;
    stretches = [...stretches.slice(1 - stretchesMax), { fromMs: atMs, untilMs }];
    return untilMs;
  }
  return (item, span) => {
    const durationMs = span.untilMs - span.fromMs;
    if (item.exception !== undefined && isExcepted(item.exception, { atMs: span.fromMs, durationMs })) return true;
    let atMs = span.fromMs;
    while (atMs < Math.max(span.untilMs, span.fromMs + 1)) {
      const untilMs = endAt(atMs);
      if (untilMs === undefined) return false;
      atMs = untilMs;
    }
    return true;
  };
}
