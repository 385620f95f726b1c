/** Runs something again and again, each time a while after it has ended; for what the agent asks itself in quiet. */
import type { Cancel, Clock } from './clock.ts';

/** Runs at once, then `everyMs` after each end. A rejection is the caller's to prevent. */
export function regularly(clock: Clock, everyMs: number, run: () => Promise<void> | void): { stop(): void } {
  let isRunning = true;
  let cancel: Cancel = () => undefined;

  async function turn(): Promise<void> {
    await run();
    if (isRunning) cancel = clock.setTimer(() => void turn(), everyMs);
  }

  void turn();
  return {
    stop() {
      isRunning = false;
      cancel();
    },
  };
}
