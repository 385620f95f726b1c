/**
 * Who goes first among items that want the one output: the documented rule for rank and for equal rank. One law for
 * the order of a plan, for the conductor on the pole and for the forecast before saving. Pure comparisons, total for
 * different occurrences.
 */

/** What the rule looks at. */
export interface Ranked {
  occurrence: string;
  /** Planned start, epoch ms. */
  atMs: number;
  /** 0 normal, 1 priority, 2 emergency. */
  rank: number;
  /** Place among equals, smaller first: order of acceptance, as a plan lists them. */
  place: number;
}

/** Among items that are due together: higher class, then the earlier instant, then the place. */
export function byRank(a: Ranked, b: Ranked): number {
  return b.rank - a.rank || byInstant(a, b);
}

/** Among items to come: the earlier instant, then the higher class, then the place. */
export function byInstant(a: Ranked, b: Ranked): number {
  return a.atMs - b.atMs || b.rank - a.rank || byPlace(a, b);
}

/** Among equals: the place, then the name, so that the answer never depends on the order of asking. */
export function byPlace(a: Ranked, b: Ranked): number {
  return a.place - b.place || (a.occurrence < b.occurrence ? -1 : a.occurrence > b.occurrence ? 1 : 0);
}
