/** Whether the agent may begin anew now: nothing sounds, and nothing is about to. Pure, and the patience around it. */
import type { Order, PlanItem, Progress } from '@loa/protocol/device';
import type { Now } from '../contracts.ts';
import type { Clock } from '../edges/clock.ts';

/** A start takes some seconds on a small board, and time must be found again: nothing may be due in this span. */
export const quietSpanMs = 60_000;

/** So long before an order expires it is carried out as soon as nothing sounds: what is due may wait for ever. */
export const hurryBeforeExpiryMs = 60_000;

const lookEveryMs = 1_000;

export interface QuietFacts {
  nowMs: number;
  progress: readonly Progress[];
  items: readonly Pick<PlanItem, 'atMs' | 'occurrence'>[];
  orders: readonly Order[];
}

export function isSounding({ progress }: Pick<QuietFacts, 'progress'>): boolean {
  return progress.some(({ phase }) => phase === 'playing');
}

/** Nothing sounds, waits its turn, or begins within `quietSpanMs`. */
export function isQuiet(facts: QuietFacts): boolean {
  const { nowMs, items, orders, progress } = facts;
  if (isSounding(facts)) return false;
  const untilMs = nowMs + quietSpanMs;
  if (items.some(({ atMs }) => atMs >= nowMs && atMs <= untilMs)) return false;
  const begun = new Set(items.filter(({ atMs }) => atMs < nowMs).map(({ occurrence }) => occurrence));
  for (const order of orders) if (order.kind === 'emergency') begun.add(order.occurrence);
  return !progress.some(({ occurrence, phase }) => phase !== 'ended' && begun.has(occurrence));
}

/** Resolves with true at the first quiet moment, in the last minute at the first silent one; with false at `untilMs` or when given up. */
export async function whenQuiet(ports: {
  clock: Clock;
  now: () => Now;
  facts: () => QuietFacts;
  /** Server time. */
  untilMs: number;
  giveUp: AbortSignal;
}): Promise<boolean> {
  const { clock } = ports;
  // Measured once: a clock that is set meanwhile must not make it wait for days.
  const endMonotonicMs = clock.monotonicMs() + ports.untilMs - ports.now().ms;
  for (;;) {
    const leftMs = endMonotonicMs - clock.monotonicMs();
    if (leftMs <= 0 || ports.giveUp.aborted) return false;
    const facts = ports.facts();
    if (isQuiet(facts) || (leftMs <= hurryBeforeExpiryMs && !isSounding(facts))) return true;
    await new Promise<void>((resolve) => clock.setTimer(resolve, lookEveryMs));
  }
}
