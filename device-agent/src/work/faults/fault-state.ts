/** One condition's way between well and faulty, with patience in both directions. Pure: handed every instant. */
import type { Evidence } from '@loa/protocol/device';
import type { Patience } from './patience.ts';

export type FaultState =
  | { phase: 'well' }
  /** Bad, not long enough yet. */
  | { phase: 'suspect'; sinceMs: number; evidence: Evidence }
  | { phase: 'open' }
  /** Open and good again, not long enough yet. */
  | { phase: 'mending'; sinceMs: number; evidence: Evidence };

export type FaultChange = { kind: 'open'; sinceMs: number; evidence: Evidence } | { kind: 'clear'; evidence: Evidence };

export interface Signal {
  bad: boolean;
  evidence: Evidence;
  certain?: boolean | undefined;
}

/** What a signal makes of it; then `elapse` says whether that is a change already. `nowMs` is monotonic. */
export function hear(state: FaultState, signal: Signal, nowMs: number): FaultState {
  const { evidence } = signal;
  switch (state.phase) {
    case 'well':
      return signal.bad ? { phase: 'suspect', sinceMs: nowMs, evidence } : state;
    case 'suspect':
      return signal.bad ? { ...state, evidence } : { phase: 'well' };
    case 'open':
      return signal.bad ? state : { phase: 'mending', sinceMs: nowMs, evidence };
    case 'mending':
      return signal.bad ? { phase: 'open' } : { ...state, evidence };
  }
}

/** Whether patience is over. */
export function elapse(
  state: FaultState,
  { patience, nowMs, certain }: { patience: Patience; nowMs: number; certain: boolean },
): { state: FaultState; change?: FaultChange } {
  if (state.phase === 'suspect' && (certain || nowMs - state.sinceMs >= patience.openAfterMs))
    return { state: { phase: 'open' }, change: { kind: 'open', sinceMs: state.sinceMs, evidence: state.evidence } };
  if (state.phase === 'mending' && nowMs - state.sinceMs >= patience.clearAfterMs)
    return { state: { phase: 'well' }, change: { kind: 'clear', evidence: state.evidence } };
  return { state };
}

/** When patience will be over if nothing is heard; undefined when nothing is pending. */
export function elapsesAtMs(state: FaultState, patience: Patience): number | undefined {
  if (state.phase === 'suspect') return state.sinceMs + patience.openAfterMs;
  if (state.phase === 'mending') return state.sinceMs + patience.clearAfterMs;
  return undefined;
}
