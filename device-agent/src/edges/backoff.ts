/**
 * How long to wait before the next try: exponential with full jitter, so that a province that lost its server does not
 * come back in step. Pure; handed its chance.
 */

export interface Backoff {
  /** Never sooner than this. */
  floorMs: number;
  /** Never later than this. */
  capMs: number;
}

/**
 * Delay before try number `attempt` (1 after the first failure), evenly between the floor and a ceiling that doubles
 * from twice the floor up to the cap. `fraction` is chance in [0, 1).
 */
export function retryDelayMs(options: { backoff: Backoff; attempt: number; fraction: number }): number {
  const { floorMs, capMs } = options.backoff;
  const doublings = Math.min(Math.max(1, options.attempt), 30);
  const ceilingMs = Math.min(capMs, floorMs * 2 ** doublings);
  return floorMs + options.fraction * Math.max(0, ceilingMs - floorMs);
}
