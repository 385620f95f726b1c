/**
 * Whether the law of a place lets something routine sound for a span of time, taken by itself: hours, rest days,
 * holidays, weekdays, rests, exceptions. What other items have used up is counted in `day-limits.ts`. Pure.
 */
import { type CivilDay, civilDayAt, civilDaysOf } from './civil-days.ts';
import { isPermitted } from './hours.ts';
import type { SoundingException, SoundingLaw } from './law.ts';
import { documentLengthMax } from './narrow-hours.ts';

/** Why something routine is left out of a plan. Codes are never reused for another meaning. */
export type OmissionReason =
  | 'outside-permitted-hours'
  | 'rest-day'
  | 'holiday'
  | 'weekday'
  | 'resting'
  | 'too-many-sessions'
  | 'session-full';

/** What stands against it; `cause` is the id of the rest or the rest days, or the date of the holiday. */
export interface Hindrance {
  reason: OmissionReason;
  cause?: string | undefined;
}

/** The part of an exception that travels with an item to the device. Epoch ms, `untilMs` excluded. */
export interface CarriedException {
  document: string;
  fromMs: number;
  untilMs: number;
}

export interface SoundSpan {
  atMs: number;
  durationMs: number;
}

/** True when the whole span lies inside the exception; all that a device honours. */
export function isExcepted(exception: Pick<CarriedException, 'fromMs' | 'untilMs'>, span: SoundSpan): boolean {
  return span.atMs >= exception.fromMs && span.atMs + Math.max(1, span.durationMs) <= exception.untilMs;
}

/** What of the law, but for rests, stands against a span; the first in the order of `OmissionReason`. */
export function hindranceOf(law: SoundingLaw, span: SoundSpan): Hindrance | undefined {
  if (!isPermitted(law.hours, span)) return { reason: 'outside-permitted-hours' };
  if (!isDayBound(law)) return undefined;
  const { timeZone } = law.hours;
  const first = civilDayAt(timeZone, span.atMs);
  const days = span.atMs + span.durationMs <= first.untilMs ? [first] : civilDaysOf(timeZone, span);
  const found = days.map((day) => dayHindrance(law, day)).filter((each) => each !== undefined);
  return found.sort((a, b) => dayReasons.indexOf(a.reason) - dayReasons.indexOf(b.reason))[0];
}

/** The rest that keeps a span silent, when it touches one. */
export function restOf(law: SoundingLaw, span: SoundSpan): Hindrance | undefined {
  const endMs = span.atMs + Math.max(1, span.durationMs);
  const rest = law.rests?.find(({ fromMs, untilMs }) => span.atMs < untilMs && endMs > fromMs);
  return rest === undefined ? undefined : { reason: 'resting', cause: rest.id };
}

/** The exception that permits a span: of several the one that begins first, then ends first, then by document. */
export function exceptionOf(law: SoundingLaw, span: SoundSpan): CarriedException | undefined {
  const found = law.exceptions?.filter((each) => isDocumented(each) && isExcepted(each, span)) ?? [];
  const [first] = found.sort(
    (a, b) => a.fromMs - b.fromMs || a.untilMs - b.untilMs || (a.document < b.document ? -1 : 1),
  );
  return first === undefined ? undefined : { document: first.document, fromMs: first.fromMs, untilMs: first.untilMs };
}

const dayReasons: readonly OmissionReason[] = ['rest-day', 'holiday', 'weekday'];

function isDocumented({ document }: SoundingException): boolean {
  return document.trim() !== '' && document.length <= documentLengthMax;
}

function isDayBound({ restDays, holidays, limits }: SoundingLaw): boolean {
  return restDays !== undefined || holidays !== undefined || limits?.weekdays !== undefined;
}

const kept = new WeakMap<SoundingLaw, Map<string, Hindrance | null>>();

/** Days of one law kept; a plan looks at some ten. Full: begun anew. */
const daysKeptMax = 400;

function dayHindrance(law: SoundingLaw, day: CivilDay): Hindrance | undefined {
  const known = kept.get(law) ?? new Map<string, Hindrance | null>();
  kept.set(law, known);
  const found = known.get(day.date);
  if (found !== undefined) return found ?? undefined;
  if (known.size >= daysKeptMax) known.clear();
  const made = judgeDay(law, day);
  known.set(day.date, made ?? null);
  return made;
}

function judgeDay({ restDays, holidays, limits }: SoundingLaw, day: CivilDay): Hindrance | undefined {
  const rest = restDays?.find(({ fromDate, untilDate }) => day.date >= fromDate && day.date <= untilDate);
  if (rest !== undefined) return { reason: 'rest-day', cause: rest.id };
  const isSilent = limits?.restsOnHolidays?.value === true;
  const holiday = isSilent ? holidays?.find(({ date }) => date === day.date) : undefined;
  if (holiday !== undefined) return { reason: 'holiday', cause: holiday.date };
  const { weekdays } = limits ?? {};
  return weekdays === undefined || weekdays.value.includes(day.weekday) ? undefined : { reason: 'weekday' };
}
