/** The seven days ahead as a timetable: what starts on each day, when, for how long, where. By the law of schedules. Pure. */
import type { BulletinView } from '@loa/protocol/panel';
import { airTimeMs, occurrencesOf, type TimetableEntry } from '@loa/schedules';
import { civilDateOf } from './civil-time.ts';

export interface WeekEntry {
  occurrence: string;
  atMs: number;
  lengthMs: number;
  bulletin: BulletinView;
}

export interface WeekDay {
  date: Temporal.PlainDate;
  entries: WeekEntry[];
}

/** Days of the timetable. */
export const weekDays = 7;

/** Seven days from `first` on, each with its starts in order; withdrawn bulletins and emergencies stand in none. */
export function weekOf(
  bulletins: readonly BulletinView[],
  input: { first: Temporal.PlainDate; timeZone: string },
): WeekDay[] {
  const { first, timeZone } = input;
  const midnightMs = (days: number): number => first.add({ days }).toZonedDateTime(timeZone).epochMilliseconds;
  const window = { fromMs: midnightMs(0), untilMs: midnightMs(weekDays) };
  const entries = bulletins.filter(isScheduled).flatMap((bulletin) => {
    const lengthMs = airTimeMs({ clipDurationMs: bulletin.clip.durationMs, repeat: bulletin.repeat });
    return occurrencesOf(scheduleOf(bulletin, timeZone), window).map(
      ({ id, atMs }): WeekEntry => ({ occurrence: id, atMs, lengthMs, bulletin }),
    );
  });
  entries.sort((a, b) => a.atMs - b.atMs || (a.occurrence < b.occurrence ? -1 : 1));
  return Array.from({ length: weekDays }, (_, index) => {
    const date = first.add({ days: index });
    return { date, entries: entries.filter(({ atMs }) => civilDateOf(atMs, timeZone).equals(date)) };
  });
}

/** What goes out as iCalendar. */
export function timetableOf(
  bulletins: readonly BulletinView[],
  input: { timeZone: string; placeOf: (bulletin: BulletinView) => string },
): TimetableEntry[] {
  return bulletins.filter(isScheduled).map((bulletin) => ({
    ...scheduleOf(bulletin, input.timeZone),
    title: bulletin.title,
    place: input.placeOf(bulletin),
    clipDurationMs: bulletin.clip.durationMs,
    repeat: bulletin.repeat,
  }));
}

function isScheduled(bulletin: BulletinView): boolean {
  return bulletin.state === 'accepted' && bulletin.class !== 'emergency';
}

function scheduleOf(bulletin: BulletinView, timeZone: string) {
  return {
    id: bulletin.id,
    whens: bulletin.whens.filter((when) => when.kind !== 'now'),
    nowAtMs: bulletin.nowAt === undefined ? undefined : Date.parse(bulletin.nowAt),
    timeZone,
  };
}
