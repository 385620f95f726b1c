/** When the nightly silent test falls. Pure. */
import { civilDayAt, instantOnDay } from '@loa/schedules';

/** Not all boards of a province at one instant, so that they do not report at one either. */
export const nightJitterMsMax = 20 * 60_000;

/** It waits so long for a quiet moment, then this night has none. */
const windowMs = 90 * 60_000;

export interface Night {
  /** Its name: one test each. */
  date: string;
  phase: 'before' | 'now' | 'after';
}

/** How an instant lies to the test of its civil day. `at`: HH:MM of that day. */
export function nightAt(nowMs: number, of: { timeZone: string; at: string; jitterMs: number }): Night {
  const day = civilDayAt(of.timeZone, nowMs);
  const fromMs = instantOnDay(day, of.at) + of.jitterMs;
  const phase = nowMs < fromMs ? 'before' : nowMs < fromMs + windowMs ? 'now' : 'after';
  return { date: day.date, phase };
}
