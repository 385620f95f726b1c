/**
 * What an area allows beside its hours: how many sessions a day, how many minutes in each, on which weekdays, and
 * whether holidays are silent. Each is inherited down the tree and narrowed only. Pure shapes and their narrowing;
 * counting what is used belongs to `day-limits.ts`.
 */
import type { Weekday } from './bulletin.ts';
import { joinDocuments } from './narrow-hours.ts';

/** A value with the number of the document that decided it. */
export interface Decided<T> {
  readonly value: T;
  readonly document: string;
}

/** Limits on what is routine (normal and priority); an absent one limits nothing. Emergencies know none. */
export interface AreaLimits {
  /** Sessions of one civil day in which anything routine sounds. */
  readonly sessionsPerDayMax?: Decided<number> | undefined;
  /** Air time of one session, minutes, gaps between repeats included. */
  readonly sessionMinutesMax?: Decided<number> | undefined;
  /** Weekdays on which routine sounds. */
  readonly weekdays?: Decided<readonly Weekday[]> | undefined;
  /** True: nothing routine on public holidays. */
  readonly restsOnHolidays?: Decided<boolean> | undefined;
}

/** What one area has decided. */
export interface LimitsDecision {
  areaId: string;
  limits: AreaLimits;
}

/** A limit that an area set wider than one above it; the tighter one holds. */
export interface LimitCut {
  areaId: string;
  limit: keyof AreaLimits;
}

/** The limits that hold, from decisions nearest first: of each, the tightest in the chain, with its document. */
export function narrowLimits(decisions: readonly LimitsDecision[]): { limits: AreaLimits; cuts: LimitCut[] } {
  const cuts: LimitCut[] = [];
  let limits: AreaLimits = {};
  for (const { areaId, limits: own } of decisions.toReversed()) {
    const cut = (limit: keyof AreaLimits) => () => cuts.push({ areaId, limit });
    limits = {
      sessionsPerDayMax: smaller(limits.sessionsPerDayMax, own.sessionsPerDayMax, cut('sessionsPerDayMax')),
      sessionMinutesMax: smaller(limits.sessionMinutesMax, own.sessionMinutesMax, cut('sessionMinutesMax')),
      weekdays: common(limits.weekdays, own.weekdays, cut('weekdays')),
      restsOnHolidays: stricter(limits.restsOnHolidays, own.restsOnHolidays, cut('restsOnHolidays')),
    };
  }
  return { limits: withoutAbsent(limits), cuts };
}

type Perhaps<T> = Decided<T> | undefined;

function smaller(above: Perhaps<number>, own: Perhaps<number>, onCut: () => void): Perhaps<number> {
  if (above === undefined || own === undefined) return own ?? above;
  if (own.value > above.value) onCut();
  return own.value < above.value ? own : above;
}

function common(
  above: Perhaps<readonly Weekday[]>,
  own: Perhaps<readonly Weekday[]>,
  onCut: () => void,
): Perhaps<readonly Weekday[]> {
  if (above === undefined || own === undefined) return own ?? above;
  const value = above.value.filter((weekday) => own.value.includes(weekday));
  if (own.value.some((weekday) => !above.value.includes(weekday))) onCut();
  if (value.length === above.value.length) return above;
  return { value, document: joinDocuments([own.document, above.document]) };
}

function stricter(above: Perhaps<boolean>, own: Perhaps<boolean>, onCut: () => void): Perhaps<boolean> {
  if (above === undefined || own === undefined) return own ?? above;
  if (above.value && !own.value) onCut();
  return own.value && !above.value ? own : above;
}

/** Equal laws must be equal as text too, since areas that share one share the work. */
function withoutAbsent(limits: AreaLimits): AreaLimits {
  return Object.fromEntries(Object.entries(limits).filter(([, limit]) => limit !== undefined));
}
