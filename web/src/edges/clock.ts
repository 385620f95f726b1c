/**
 * Time and timers for the panel. Nothing else in the panel reads a clock; tests hand in their own. The browser's clock
 * is only trusted for spans: what time it is, the live feed takes from the server.
 */

/** Cancels a timer; harmless when it has already run. */
export type Cancel = () => void;

/** What a room may know of time. */
export interface Clock {
  /** Epoch ms of this computer; may be wrong by years. */
  nowMs(): number;
  /** Runs once after `delayMs`. */
  setTimer(run: () => void, delayMs: number): Cancel;
}

/** The browser's clock. */
export const browserClock: Clock = {
  nowMs: () => Date.now(),
  setTimer: (run, delayMs) => {
    const timer = setTimeout(run, Math.max(0, delayMs));
    return () => clearTimeout(timer);
  },
};
