/**
 * Loaded into a real agent before its own first line: its wall clock is the machine's plus what a file says, ms, so that
 * a clock can be set while the agent runs and stays set across its deaths. Its monotonic clock is left alone, as setting
 * a board's time leaves it alone. The agent knows nothing of it.
 */
import { readFileSync } from 'node:fs';
import { isMainThread } from 'node:worker_threads';

/** So old the file's word may be: a clock is read far oftener than it is set. */
const heldMs = 20;

const path = process.env.LOA_CHAOS_CLOCK_FILE;

if (isMainThread && path !== undefined) {
  const machineNow = Date.now;
  let offsetMs = 0;
  let readAtMs = Number.NEGATIVE_INFINITY;
  Date.now = () => {
    if (performance.now() - readAtMs > heldMs) {
      readAtMs = performance.now();
      try {
        offsetMs = Number(readFileSync(path, 'utf8')) || 0;
      } catch {
        offsetMs = 0;
      }
    }
    return machineNow() + offsetMs;
  };
}
