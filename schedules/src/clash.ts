/**
 * Which bulletins want the output at the same time as planned. Looks at planned spans only: what becomes of them is the
 * forecast's answer. Two priority bulletins are a decision for a person (Circular 39/2020/TT-BTTTT: the commune decides
 * the order). Bounded for hostile plans; pure.
 */

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
