/** Whether this board keeps the time while it is off. Linux only; elsewhere the answer is no. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * A clock whose battery is empty begins at some year long past, while the system goes on from the instant it last wrote
 * down: by that alone it would be trusted and be wrong by the whole power cut. So the two must agree, to what they drift
 * apart in months.
 */
const apartMsMax = 3_600_000;

/** True when Linux shows a battery-backed clock that agrees with the system's. `root` is where Linux shows them. */
export function keepsTime({ root = '/sys/class/rtc', wallMs = Date.now() } = {}): boolean {
  try {
    return readdirSync(root).some((name) => Math.abs(sinceEpochMs(join(root, name)) - wallMs) < apartMsMax);
  } catch {
    return false;
  }
}

/** What the clock says; not a number when it does not answer. */
function sinceEpochMs(path: string): number {
  try {
    return Number.parseInt(readFileSync(join(path, 'since_epoch'), 'utf8'), 10) * 1_000;
  } catch {
    return Number.NaN;
  }
}
