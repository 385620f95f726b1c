/** The next civil dates that a when names, by the law of schedules itself. Pure. */
import type { WhenForm } from '@loa/protocol/panel';
import { nextInstantOf } from '@loa/schedules';
import { civilDateOf } from './civil-time.ts';

/** At most `count` dates from now on, in order; none for "now". */
export function nextDates(
  when: WhenForm,
  input: { nowMs: number; timeZone: string; count: number },
): Temporal.PlainDate[] {
  if (when.kind === 'now') return [];
  const dates: Temporal.PlainDate[] = [];
  let fromMs = input.nowMs;
  while (dates.length < input.count) {
    const atMs = nextInstantOf(when, input.timeZone, fromMs);
    if (atMs === undefined) break;
    dates.push(civilDateOf(atMs, input.timeZone));
    fromMs = atMs + 1;
  }
  return dates;
}
