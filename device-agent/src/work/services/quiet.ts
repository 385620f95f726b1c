/** Whether the process may end now without silencing anything: nothing sounds, is about to, or waits in its gaps. Pure. */
import type { Order, PlanItem, Progress } from '@loa/protocol/device';

/** A process that ends is back within some seconds; a start within this would be late. */
export const quietAheadMs = 60_000;

export function isQuiet(options: {
  nowMs: number;
  progress: readonly Progress[];
  orders: readonly Order[];
  items: readonly Pick<PlanItem, 'atMs' | 'occurrence'>[];
}): boolean {
  const { nowMs, orders } = options;
  const emergencies = new Set(orders.flatMap((order) => (order.kind === 'emergency' ? [order.occurrence] : [])));
  // What has not ended stands among the coming ones, also between its plays and while it waits for its clip.
  const open = new Set(options.progress.map(({ occurrence }) => occurrence));
  const isSounding = options.progress.some(
    ({ phase, occurrence }) => phase === 'playing' || emergencies.has(occurrence),
  );
  const isDue = options.items.some(
    ({ atMs, occurrence }) => atMs <= nowMs + quietAheadMs && (atMs > nowMs || open.has(occurrence)),
  );
  return !isSounding && !isDue;
}
