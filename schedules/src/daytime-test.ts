/**
 * Whether a sound is a short daytime test of one device, which may be made outside an area's permitted hours
 * (DESIGN P8). Pure; handed the instant.
 */
import { type HoursRule, isPermitted } from './hours.ts';

/** The longest daytime test. */
export const daytimeTestMsMax = 30_000;

/** True when it lasts at most 30 s and lies wholly between 08:00 and 17:00 of a civil day, on one device. */
export function isDaytimeTest(
  test: { atMs: number; durationMs: number; deviceCount: number },
  timeZone: string,
): boolean {
  if (test.deviceCount !== 1 || test.durationMs <= 0 || test.durationMs > daytimeTestMsMax) return false;
  return isPermitted(daytimeOf(timeZone), test);
}

function daytimeOf(timeZone: string): HoursRule {
  return { timeZone, spans: [{ weekdays: [1, 2, 3, 4, 5, 6, 7], from: '08:00', until: '17:00' }], document: '' };
}
