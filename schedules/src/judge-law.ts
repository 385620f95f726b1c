/**
 * Whether what a person wants to decide can be a part of the law: hours, limits, rest days, an exception, a rest. How a
 * place sounds (`judge-sound.ts`) is judged in the same words. Each flaw is a reason code; none means it can stand. Pure; whether that person may decide it is not asked here.
 */
import type { CivilDate } from './bulletin.ts';
import { type HoursRule, permittedSpansMax } from './hours.ts';
import type { Rest, RestDays, SoundingException } from './law.ts';
import type { AreaLimits } from './limits.ts';
import { documentLengthMax } from './narrow-hours.ts';

/** The longest exception: what lasts longer is a decision on hours. */
export const exceptionMsMax = 31 * 86_400_000;
/** The longest rest: what lasts longer is a decision on hours, or a cluster that is locked. */
export const restMsMax = 92 * 86_400_000;
/** The longest rest days, both dates included. */
export const restDaysMax = 92;
/** Sessions one may allow in a day. */
export const sessionsPerDayLimit = 24;
/** Minutes one may allow in a session: a whole day. */
export const sessionMinutesLimit = 1_440;

export type LawFlaw =
  | 'unknown-zone'
  | 'too-many-spans'
  | 'not-a-weekday'
  | 'not-a-time'
  | 'not-a-date'
  | 'not-an-instant'
  | 'until-not-after-from'
  | 'out-of-range'
  | 'too-long'
  | 'no-document'
  | 'document-too-long'
  | 'no-person'
  | 'no-place'
  | 'too-many-sessions'
  | 'too-many-parts'
  | 'sessions-overlap'
  | 'slot-twice'
  | 'part-twice'
  | 'parts-too-long'
  | 'relay-outside-session'
  | 'relays-overlap'
  | 'unknown-language'
  | 'language-twice'
  | 'volumes-overlap';

/** Flaws of permitted hours; `until` lies after `from` on the same day, and what spans midnight is two spans. */
export function judgeHours(rule: HoursRule): LawFlaw[] {
  const { spans } = rule;
  return orderedFlaws({
    'unknown-zone': !isZone(rule.timeZone),
    'too-many-spans': spans.length > permittedSpansMax,
    'not-a-weekday': spans.some(({ weekdays }) => weekdays.length === 0 || !weekdays.every(isWeekday)),
    'not-a-time': spans.some(({ from, until }) => !isStartTime(from) || !isEndTime(until)),
    'until-not-after-from': spans.some(({ from, until }) => until <= from),
    ...documentFlaws(rule.document),
  });
}

/** Flaws of an area's limits. */
export function judgeLimits(limits: AreaLimits): LawFlaw[] {
  const { sessionsPerDayMax, sessionMinutesMax, weekdays, restsOnHolidays } = limits;
  const given = [sessionsPerDayMax, sessionMinutesMax, weekdays, restsOnHolidays].filter((each) => each !== undefined);
  const isWithin = (limit: { value: number } | undefined, most: number) =>
    limit === undefined || (Number.isInteger(limit.value) && limit.value >= 0 && limit.value <= most);
  return orderedFlaws({
    'out-of-range':
      !isWithin(sessionsPerDayMax, sessionsPerDayLimit) || !isWithin(sessionMinutesMax, sessionMinutesLimit),
    'not-a-weekday': weekdays !== undefined && !weekdays.value.every(isWeekday),
    'no-document': given.some(({ document }) => documentFlaws(document)['no-document']),
    'document-too-long': given.some(({ document }) => documentFlaws(document)['document-too-long']),
  });
}

/** Flaws of rest days. */
export function judgeRestDays({ fromDate, untilDate, document, areaIds }: RestDays): LawFlaw[] {
  const areDates = isCivilDate(fromDate) && isCivilDate(untilDate);
  return orderedFlaws({
    'not-a-date': !areDates,
    'until-not-after-from': areDates && untilDate < fromDate,
    'too-long': areDates && daysBetween(fromDate, untilDate) >= restDaysMax,
    'no-place': areaIds.length === 0,
    ...documentFlaws(document),
  });
}

/** Flaws of a named person's exception. */
export function judgeException(exception: SoundingException): LawFlaw[] {
  return orderedFlaws({
    ...spanFlaws(exception, exceptionMsMax),
    'no-person': exception.personName.trim() === '',
    'no-place': exception.areaIds.length === 0,
    ...documentFlaws(exception.document),
  });
}

/** Flaws of a rest. */
export function judgeRest(rest: Rest): LawFlaw[] {
  return orderedFlaws({
    ...spanFlaws(rest, restMsMax),
    'no-person': rest.by.trim() === '',
    'no-place': rest.areaIds.length + rest.clusterIds.length === 0,
  });
}

/** A civil time that begins a span, `HH:MM`. */
export function isStartTime(text: string): boolean {
  return startTime.test(text);
}

/** A civil time that ends a span, `24:00` too. */
export function isEndTime(text: string): boolean {
  return startTime.test(text) || text === '24:00';
}

const startTime = /^([01]\d|2[0-3]):[0-5]\d$/;

/** The codes of what was found, always in the same order. */
export function orderedFlaws(found: Partial<Record<LawFlaw, boolean>>): LawFlaw[] {
  const codes: readonly LawFlaw[] = [
    ...(['unknown-zone', 'too-many-spans', 'not-a-weekday', 'not-a-time', 'not-a-date', 'not-an-instant'] as const),
    ...(['until-not-after-from', 'out-of-range', 'too-long', 'no-document', 'document-too-long'] as const),
    ...(['no-person', 'no-place', 'too-many-sessions', 'too-many-parts', 'sessions-overlap', 'slot-twice'] as const),
    ...(['part-twice', 'parts-too-long', 'relay-outside-session', 'relays-overlap', 'unknown-language'] as const),
    ...(['language-twice', 'volumes-overlap'] as const),
  ];
  return codes.filter((code) => found[code] === true);
}

function documentFlaws(document: string): { 'no-document': boolean; 'document-too-long': boolean } {
  return { 'no-document': document.trim() === '', 'document-too-long': document.length > documentLengthMax };
}

function spanFlaws({ fromMs, untilMs }: { fromMs: number; untilMs: number }, msMax: number) {
  const areInstants = [fromMs, untilMs].every((each) => Number.isSafeInteger(each) && each >= 0);
  return {
    'not-an-instant': !areInstants,
    'until-not-after-from': areInstants && untilMs <= fromMs,
    'too-long': areInstants && untilMs - fromMs > msMax,
  };
}

/** An ISO weekday, 1–7. */
export function isWeekday(value: number): boolean {
  return Number.isInteger(value) && value >= 1 && value <= 7;
}

function isZone(text: string): boolean {
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(text);
    return true;
  } catch {
    return false;
  }
}

/** True for a civil date that exists, written `2026-11-20`. */
export function isCivilDate(text: CivilDate): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  try {
    return Temporal.PlainDate.from(text).toString() === text;
  } catch {
    return false;
  }
}

function daysBetween(from: CivilDate, until: CivilDate): number {
  return Temporal.PlainDate.from(from).until(until).days;
}
