/** Whether this board keeps the time while it is off. Linux only; elsewhere the answer is no. */
import { existsSync } from 'node:fs';

/** True when Linux shows a battery-backed clock. Whether its battery is empty, only the signed documents can tell. */
export function keepsTime(): boolean {
  return existsSync('/sys/class/rtc/rtc0');
}
