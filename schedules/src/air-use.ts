/**
 * How much air time is used per civil day and per session, beside what is allowed. Counts what is foretold to sound,
 * not what was wished for. Pure; days and sessions are civil time of one zone.
 */
import type { AreaLimits } from './limits.ts';
import type { Span } from './permits.ts';
import type { Window } from './recurrence.ts';
import type { Session } from './session.ts';

/** Air time of one session of one day, gaps between repeats included as the limits count them. */
export interface SessionUse {
  name: string;
  usedMs: number;
  /** Absent: not limited. */
  usedMsMax?: number;
  isOver: boolean;
}

/** One civil day of the window. A day that the window cuts counts what lies inside. */
export interface DayUse {
  /** `2026-11-25` */
  date: string;
  usedMs: number;
  /** Sessions of that weekday, as stated. */
  sessions: SessionUse[];
  /** Air time outside every session. */
  outsideMs: number;
}

/** Days of the longest window that is answered. */
export const useDaysMax = 64;

/** The days of a zone with their sessions as instants: made once, used for every group of clusters. */
export function calendarOf(input: { timeZone: string; window: Window; sessions: readonly Session[] }): CalendarDay[] {
  const { timeZone, window, sessions } = input;
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
        .map(({ name, from, until }) => ({ name, span: { fromMs: instantOf(from), untilMs: instantOf(until) } })),
    });
  }
  return days;
}

export interface CalendarDay {
  date: string;
  span: Span;
  sessions: readonly { name: string; span: Span }[];
}

/** Use of each day, from stretches of air time in order that do not overlap. */
export function airUseOf(
  calendar: readonly CalendarDay[],
  { stretches, limits = {} }: { stretches: readonly Span[]; limits?: AreaLimits | undefined },
): DayUse[] {
  const minutesMax = limits.sessionMinutesMax?.value;
  const allowed = minutesMax === undefined ? {} : { usedMsMax: minutesMax * 60_000 };
  let next = 0;
  return calendar.map(({ date, span, sessions }) => {
    while ((stretches[next]?.untilMs ?? Number.POSITIVE_INFINITY) <= span.fromMs) next += 1;
    const own: Span[] = [];
    for (let index = next; index < stretches.length; index += 1) {
      const stretch = stretches[index];
      if (stretch === undefined || stretch.fromMs >= span.untilMs) break;
      own.push(stretch);
    }
    const used = sessions.map((session) => {
      const usedMs = sharedMs(own, session.span);
      return { name: session.name, usedMs, ...allowed, isOver: usedMs > (allowed.usedMsMax ?? usedMs) };
    });
    const usedMs = sharedMs(own, span);
    const insideMs = used.reduce((sum, session) => sum + session.usedMs, 0);
    return { date, usedMs, sessions: used, outsideMs: Math.max(0, usedMs - insideMs) };
  });
}

function sharedMs(stretches: readonly Span[], span: Span): number {
  return stretches.reduce(
    (sum, { fromMs, untilMs }) => sum + Math.max(0, Math.min(untilMs, span.untilMs) - Math.max(fromMs, span.fromMs)),
    0,
  );
}
