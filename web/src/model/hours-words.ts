/** The permitted hours of an area in words, and whether what somebody is about to schedule lies in them. Pure. */
import type { AreaView, WhenForm } from '@loa/protocol/panel';
import { isPermitted, nextInstantOf } from '@loa/schedules';
import type { Say } from '../text/say.ts';
import { shortWeekdayWords } from './civil-time.ts';

/** `05:00–06:00, 16:30–18:00 hằng ngày`, or `T2, T3: 05:00–08:00; …`; a word when nothing is permitted. */
export function hoursWords(hours: Pick<AreaView['hours'], 'spans'>, say: Say): string {
  if (hours.spans.length === 0) return say('hours.none');
  const timesOf = new Map<string, { weekdays: number[]; times: string[] }>();
  for (const span of hours.spans) {
    const weekdays = [...span.weekdays].sort((a, b) => a - b);
    const group = timesOf.get(weekdays.join()) ?? { weekdays, times: [] };
    group.times.push(`${span.from}–${span.until}`);
    timesOf.set(weekdays.join(), group);
  }
  return [...timesOf.values()]
    .map(({ weekdays, times }) =>
      weekdays.length === 7
        ? say('hours.daily', { times: times.join(', ') })
        : say('hours.weekdays', {
            weekdays: weekdays.map((weekday) => shortWeekdayWords(weekday, say)).join(', '),
            times: times.join(', '),
          }),
    )
    .join('; ');
}

/**
 * The chosen areas in whose hours the next start does not lie with its whole length. Looks at the next start only: the
 * server judges every one. Nothing to say (an empty list) when there is no next start.
 */
export function areasOutsideHours(input: {
  areas: readonly AreaView[];
  when: WhenForm;
  lengthMs: number;
  timeZone: string;
  nowMs: number;
}): AreaView[] {
  const { when, timeZone, nowMs, lengthMs } = input;
  const atMs = when.kind === 'now' ? nowMs : nextInstantOf(when, timeZone, nowMs);
  if (atMs === undefined) return [];
  return input.areas.filter(
    ({ hours }) =>
      !isPermitted({ timeZone, spans: hours.spans, document: hours.document }, { atMs, durationMs: lengthMs }),
  );
}
