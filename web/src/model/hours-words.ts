/** The permitted hours of an area in words, and whether what somebody is about to schedule lies in them. Pure. */
import type { AreaView, WhenForm } from '@loa/protocol/panel';
import { isPermitted, nextInstantOf } from '@loa/schedules';
import type { Say } from '../text/say.ts';
import { shortWeekdayWords } from './civil-time.ts';

/** `05:00–21:00 hằng ngày`, or `T2, T3, T4: 05:00–08:00; …`; a sentence when nothing is permitted. */
export function hoursWords(hours: AreaView['hours'], say: Say): string {
  if (hours.spans.length === 0) return say('hours.none');
  return hours.spans
    .map((span) => {
      const times = `${span.from}–${span.until}`;
      if (span.weekdays.length === 7) return say('hours.daily', { times });
      const weekdays = [...span.weekdays].sort((a, b) => a - b).map((weekday) => shortWeekdayWords(weekday, say));
      return say('hours.weekdays', { weekdays: weekdays.join(', '), times });
    })
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
