/**
 * How much air time is used: sound per civil day and per session, beside what is allowed. Counts what is foretold to
 * sound, not what was wished for. Pure; days and sessions are civil time of one zone.
 */
import type { Span } from './permits.ts';
import type { Window } from './recurrence.ts';

/** When horns usually sound; `from` included, `until` excluded, `24:00` the end of the day. */
export interface DaySession {
  id: string;
  weekdays: readonly number[];
  from: string;
  until: string;
}

/** What is allowed of air time; absent means not limited. */
export interface AirLimits {
  dayMsMax?: number | undefined;
  sessionMsMax?: number | undefined;
}

export interface SessionUse {
  id: string;
  usedMs: number;
  isOver: boolean;
}

/** One civil day of the window. A day that the window cuts counts what lies inside. */
export interface DayUse {
  /** `2026-11-25` */
  date: string;
  usedMs: number;
  isOver: boolean;
  /** Sessions of that weekday, as stated. */
  sessions: SessionUse[];
  /** Sound outside every session. */
  outsideMs: number;
}

/** Days of the longest window that is answered. */
export const useDaysMax = 64;

/** The days of a zone with their sessions as instants: made once, used for every group of clusters. */
export function calendarOf(input: {
  timeZone: string;
  window: Window;
  sessions?: readonly DaySession[];
}): CalendarDay[] {
  const { timeZone, window, sessions = [] } = input;
  const days: CalendarDay[] = [];
  let date = Temporal.Instant.fromEpochMilliseconds(window.fromMs).toZonedDateTimeISO(timeZone).toPlainDate();
  while (days.length < useDaysMax) {
    const day = date;
    const fromMs = day.toZonedDateTime(timeZone).epochMilliseconds;
    if (fromMs >= window.untilMs) break;
    date = day.add({ days: 1 });
    const untilMs = date.toZonedDateTime(timeZone).epochMilliseconds;
    const instantOf = (time: string) =>
      time === '24:00'
        ? untilMs
        : day.toZonedDateTime({ timeZone, plainTime: Temporal.PlainTime.from(time) }).epochMilliseconds;
    days.push({
      date: day.toString(),
      span: { fromMs: Math.max(fromMs, window.fromMs), untilMs: Math.min(untilMs, window.untilMs) },
      sessions: sessions
        .filter(({ weekdays }) => weekdays.includes(day.dayOfWeek))
        .map(({ id, from, until }) => ({ id, span: { fromMs: instantOf(from), untilMs: instantOf(until) } })),
    });
  }
  return days;
}

export interface CalendarDay {
  date: string;
  span: Span;
  sessions: readonly { id: string; span: Span }[];
}

/** Use of each day, from stretches of sound in order of time that do not overlap. */
export function airUseOf(
  calendar: readonly CalendarDay[],
  { sounds, limits = {} }: { sounds: readonly Span[]; limits?: AirLimits },
): DayUse[] {
  const dayMsMax = limits.dayMsMax ?? Number.POSITIVE_INFINITY;
  const sessionMsMax = limits.sessionMsMax ?? Number.POSITIVE_INFINITY;
  let next = 0;
  return calendar.map(({ date, span, sessions }) => {
    while ((sounds[next]?.untilMs ?? Number.POSITIVE_INFINITY) <= span.fromMs) next += 1;
    const own: Span[] = [];
    for (let index = next; index < sounds.length; index += 1) {
      const sound = sounds[index];
      if (sound === undefined || sound.fromMs >= span.untilMs) break;
      own.push(sound);
    }
    const usedMs = sharedMs(own, span);
    const used = sessions.map((session) => {
      const sessionMs = sharedMs(own, session.span);
      return { id: session.id, usedMs: sessionMs, isOver: sessionMs > sessionMsMax };
    });
    const insideMs = used.reduce((sum, session) => sum + session.usedMs, 0);
    return { date, usedMs, isOver: usedMs > dayMsMax, sessions: used, outsideMs: Math.max(0, usedMs - insideMs) };
  });
}

function sharedMs(sounds: readonly Span[], span: Span): number {
  return sounds.reduce(
    (sum, { fromMs, untilMs }) => sum + Math.max(0, Math.min(untilMs, span.untilMs) - Math.max(fromMs, span.fromMs)),
    0,
  );
}
