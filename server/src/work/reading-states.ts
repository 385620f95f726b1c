/** What of a device's readings is yes or no, or a kind: what a person acts on, unlike figures that move all the time. */
import type { Readings } from '@loa/protocol/device';

/** Equal for readings that differ in figures only. */
export function readingStates(readings: Readings): string {
  const states = Object.entries(readings).filter(([, value]) => typeof value !== 'number');
  return JSON.stringify(states.sort(([a], [b]) => (a < b ? -1 : 1)));
}
