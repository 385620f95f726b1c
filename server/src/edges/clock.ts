/**
 * Time and timers for the server's rooms. Nothing else in the server reads a clock; a simulation hands in its own.
 */
import { setTimeout as sleepTimer } from 'node:timers';

/** Cancels a timer; harmless when it has already run. */
export type Cancel = () => void;

/** What a room may know of time. */
export interface Clock {
  /** Civil time as epoch ms; may jump. */
  nowMs(): number;
  /** Time since some fixed instant, in ms; never jumps. */
  monotonicMs(): number;
  /** Runs once after `delayMs`. */
  setTimer(run: () => void, delayMs: number): Cancel;
}

/** The machine's clock. Its timers do not keep a process alive. */
export const machineClock: Clock = {
  nowMs: () => Date.now(),
  monotonicMs: () => performance.now(),
  setTimer: (run, delayMs) => {
    const timer = sleepTimer(run, Math.max(0, delayMs));
    timer.unref();
    return () => clearTimeout(timer);
  },
};
