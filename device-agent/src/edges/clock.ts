/**
 * Time and timers for the agent's rooms. The wall clock of a board may be wrong by years and jump; the monotonic one
 * only drifts. Nothing else in the agent reads a clock; a simulation hands in its own.
 */
import { setTimeout as machineTimer } from 'node:timers';

/** Cancels a timer; harmless when it has already run. */
export type Cancel = () => void;

export interface Clock {
  /** What the board believes the civil time to be, epoch ms. */
  wallMs(): number;
  /** Ms since some fixed instant of this boot; never jumps. */
  monotonicMs(): number;
  /** Runs once after `delayMs` of monotonic time. */
  setTimer(run: () => void, delayMs: number): Cancel;
}

/** The board's own clock. */
export const machineClock: Clock = {
  wallMs: () => Date.now(),
  monotonicMs: () => performance.now(),
  setTimer: (run, delayMs) => {
    const timer = machineTimer(run, Math.max(0, delayMs));
    return () => clearTimeout(timer);
  },
};

/** Where the zero of `machineClock.monotonicMs` lies on the clock that every process of this boot shares, in ms. */
export function processStartedMs(): number {
  return Number(process.hrtime.bigint()) / 1e6 - performance.now();
}
