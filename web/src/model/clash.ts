/** Two priority bulletins that want one time, as people decide on them. Pure. */
import type { ClashView } from '@loa/protocol/panel';

export type ClashSide = ClashView['sides'][number];

/** `open` asks for a decision; `late`: nobody decided and it is too late to. */
export type ClashStanding = 'open' | 'decided' | 'late';

export function clashStanding(clash: ClashView, nowMs: number): ClashStanding {
  if (clash.decided !== undefined) return 'decided';
  return isDecidable(clash, nowMs) ? 'open' : 'late';
}

/** True until the earlier of the two begins. */
export function isDecidable(clash: ClashView, nowMs: number): boolean {
  return nowMs < Date.parse(clash.decideBefore);
}

/** Open ones first; among equals, that which has to be decided soonest. */
export function clashOrder(clashes: readonly ClashView[], nowMs: number): ClashView[] {
  const rank = { open: 0, decided: 1, late: 2 } as const;
  return [...clashes].sort(
    (a, b) =>
      rank[clashStanding(a, nowMs)] - rank[clashStanding(b, nowMs)] ||
      Date.parse(a.decideBefore) - Date.parse(b.decideBefore),
  );
}

/** The two by a decision: which goes first, and which begins when that is over. */
export function turnOf(clash: ClashView, first: string): { first: ClashSide; second: ClashSide } {
  const [a, b] = clash.sides;
  return a.occurrence === first ? { first: a, second: b } : { first: b, second: a };
}

/** A clash is two occurrences at one commune. */
export function clashKey(clash: ClashView): string {
  return [clash.areaId, ...clash.sides.map(({ occurrence }) => occurrence)].join(' ');
}
