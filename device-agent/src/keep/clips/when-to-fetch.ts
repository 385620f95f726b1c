/**
 * When a wanted clip is fetched: at once when it is needed soon, else at a moment of one's own, so that a province does
 * not fetch one clip in the same second, and in the cheaper hours where there is time until them. Pure: the same chance
 * gives the same moment, however often it is asked.
 */
import type { Need } from './space.ts';

/** Needed within this: no waiting to be polite. */
export const hurryMs = 10_000;

/**
 * Longest polite wait; what it may take of the time left; and what it is at least where a quarter of that is more: a line
 * may be lost before the clip is here, so what is needed soon waits little. Of 3,000 boards told of one clip needed in
 * more than an hour, whose downloads take 10 s each, at most 9 % fetch at once; in more than six hours 2 %.
 */
export const politeMsMax = 15 * 60_000;
const politeShare = 1 / 24;
const politeLeast = { ms: 60_000, share: 1 / 4 };

/** Of a cheap window's rest, so that there is time for a second try in it. */
const windowShare = 1 / 2;

/** Civil times of each day between which data costs less; `from` after `until` goes over midnight. */
export interface CheapHours {
  from: string;
  until: string;
}

/** Reads `23:00-05:00`; undefined when it is not that. */
export function parseCheapHours(text: string): CheapHours | undefined {
  const [, from, until] = /^((?:[01]\d|2[0-3]):[0-5]\d)-((?:[01]\d|2[0-3]):[0-5]\d)$/.exec(text.trim()) ?? [];
  return from === undefined || until === undefined || from === until ? undefined : { from, until };
}

/**
 * Server time from which the clip may be fetched, epoch ms. `sinceMs`: when it was first wished. `chance` in [0, 1): of
 * this board and this clip, drawn once. `cheap` is left out by whoever does not trust the clock.
 */
export function fetchFromMs(options: {
  need: Need;
  sinceMs: number;
  chance: number;
  cheap?: { hours: CheapHours; timeZone: string } | undefined;
}): number {
  const { need, sinceMs, chance, cheap } = options;
  const spareMs = need.neededMs - sinceMs - hurryMs;
  if (need.emergency || spareMs <= 0) return sinceMs;
  const window = cheap === undefined ? undefined : cheapWindow(cheap, sinceMs);
  if (window !== undefined && need.neededMs > window.untilMs) {
    const fromMs = Math.max(sinceMs, window.fromMs);
    return fromMs + chance * (window.untilMs - fromMs) * windowShare;
  }
  const leastMs = Math.min(politeLeast.ms, spareMs * politeLeast.share);
  return sinceMs + chance * Math.min(politeMsMax, Math.max(leastMs, spareMs * politeShare));
}

/** The window that lasts or comes next. */
function cheapWindow(
  { hours, timeZone }: { hours: CheapHours; timeZone: string },
  atMs: number,
): { fromMs: number; untilMs: number } | undefined {
  const today = Temporal.Instant.fromEpochMilliseconds(Math.floor(atMs)).toZonedDateTimeISO(timeZone).toPlainDate();
  const daysLong = hours.from < hours.until ? 0 : 1;
  for (const days of [-1, 0, 1]) {
    const date = today.add({ days });
    const fromMs = instantOf(date, hours.from, timeZone);
    const untilMs = instantOf(date.add({ days: daysLong }), hours.until, timeZone);
    if (untilMs > atMs) return { fromMs, untilMs };
  }
  return undefined;
}

function instantOf(date: Temporal.PlainDate, time: string, timeZone: string): number {
  return date.toZonedDateTime({ timeZone, plainTime: Temporal.PlainTime.from(time) }).epochMilliseconds;
}
