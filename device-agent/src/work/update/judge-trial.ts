/** Whether a new release has proved itself: it does what the former one did. Pure. */
import type { Trial } from '../../keep/releases/slots.ts';

/** It must have run for so long: what leaks or dies of its own does so later than at once. */
export const proveAfterMs = 60_000;

/** By then it has proved itself or is given up. The launcher gives up by itself after three times as long. */
export const proveMsMax = 5 * 60_000;

export interface TrialFacts {
  /** Since the agent was open: enrolled, its documents read, its player there. */
  ranMs: number;
  isLinked: boolean;
  hasOutput: boolean;
}

export type TrialJudgement = { kind: 'proved' } | { kind: 'wait' } | { kind: 'failed'; reason: string };

export function judgeTrial(
  { expects }: Pick<Trial, 'expects'>,
  { ranMs, isLinked, hasOutput }: TrialFacts,
  limits: { proveAfterMs: number; proveMsMax: number } = { proveAfterMs, proveMsMax },
): TrialJudgement {
  const lacks = [
    ...(expects.linked && !isLinked ? ['the server is not reached'] : []),
    ...(expects.output && !hasOutput ? ['the output is missing'] : []),
  ];
  if (lacks.length === 0 && ranMs >= limits.proveAfterMs) return { kind: 'proved' };
  if (ranMs < limits.proveMsMax) return { kind: 'wait' };
  return { kind: 'failed', reason: `${lacks.join(', ')}, as it was not with the former release` };
}
