/** The seven days ahead as a timetable: what is planned on each day, when, for how long, where. Pure. */
import type { BulletinView, PlannedAiring, TimetableView } from '@loa/protocol/panel';
import type { TimetableEntry } from '@loa/schedules';
import type { Say } from '../text/say.ts';
import { airingTitle } from './airing-title.ts';
import { civilDateOf, clockWords } from './civil-time.ts';

export interface WeekDay {
  date: Temporal.PlainDate;
  /** In order of their starts. */
  airings: PlannedAiring[];
}

/** Days of the timetable. */
export const weekDays = 7;

/** Seven civil days from the server's today on; of today, what is still ahead. */
export function weekOf({ from, airings }: TimetableView, timeZone: string): WeekDay[] {
  const first = civilDateOf(Date.parse(from), timeZone);
  const days = Array.from(
    { length: weekDays },
    (_, index): WeekDay => ({ date: first.add({ days: index }), airings: [] }),
  );
  for (const airing of airings) {
    const date = civilDateOf(Date.parse(airing.at), timeZone);
    days.find((day) => day.date.equals(date))?.airings.push(airing);
  }
  return days;
}

/** `17:30`; `17:00–17:31, tùy cụm loa` where clusters start at different times. */
export function startWords(
  { at, lastAt }: Pick<PlannedAiring, 'at' | 'lastAt'>,
  { timeZone, say }: { timeZone: string; say: Say },
): string {
  const [first, last] = [clockWords(Date.parse(at), timeZone), clockWords(Date.parse(lastAt), timeZone)];
  return first === last ? first : say('week.by-cluster', { first, last });
}

/** How long it sounds on one cluster. */
export function soundingMs({ lastAt, until }: Pick<PlannedAiring, 'lastAt' | 'until'>): number {
  return Date.parse(until) - Date.parse(lastAt);
}

/**
 * What goes out as iCalendar: bulletins with a time of their own by their rules; those placed in a session start by start
 * as planned, since no rule of theirs knows when. Tunes and relays are no appointments.
 */
export function timetableOf(
  input: { bulletins: readonly BulletinView[]; planned: readonly PlannedAiring[] },
  options: {
    timeZone: string;
    placeOf: (of: Pick<BulletinView, 'areaIds' | 'clusterIds'>) => string;
    say: Say;
  },
): TimetableEntry[] {
  const { timeZone, placeOf, say } = options;
  const ruled = input.bulletins
    .filter(({ state, class: of, slot }) => state === 'accepted' && of !== 'emergency' && slot === undefined)
    .map((bulletin) => ({
      id: bulletin.id,
      whens: bulletin.whens.filter((when) => when.kind !== 'now'),
      nowAtMs: bulletin.nowAt === undefined ? undefined : Date.parse(bulletin.nowAt),
      timeZone,
      title: bulletin.title,
      place: placeOf(bulletin),
      clipDurationMs: bulletin.clip.durationMs,
      repeat: bulletin.repeat,
    }));
  const placed = input.planned
    .filter(({ isPart, slot }) => !isPart && slot !== undefined)
    .map((airing) => ({
      id: airing.bulletinId,
      occurrence: airing.occurrence,
      whens: [],
      nowAtMs: Date.parse(airing.at),
      timeZone,
      title: airingTitle(airing, say),
      place: placeOf(airing),
      clipDurationMs: soundingMs(airing),
      repeat: { count: 1, gapMs: 0 },
    }));
  return [...ruled, ...placed];
}
