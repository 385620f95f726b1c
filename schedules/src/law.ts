/**
 * Everything that decides whether something routine may sound at a place: permitted hours, limits, sessions, rest days,
 * public holidays, exceptions, rests. Shapes, and how what an installation has decided becomes the law of one place.
 * Pure. Emergencies are under none of it.
 */
import { type Area, areaChain } from './area.ts';
import type { CivilDate, Language } from './bulletin.ts';
import type { HoursRule } from './hours.ts';
import { type AreaLimits, type LimitCut, type LimitsDecision, narrowLimits } from './limits.ts';
import { type HoursCut, type HoursDecision, narrowHours } from './narrow-hours.ts';
import type { Session } from './session.ts';

/** A public holiday. Which dates they are is handed in, from the yearly notice of the government. */
export interface Holiday {
  readonly date: CivilDate;
  readonly name: string;
}

/** Days on which nothing routine sounds: national mourning, exams. Both dates included. */
export interface RestDays {
  readonly id: string;
  readonly areaIds: readonly string[];
  readonly fromDate: CivilDate;
  readonly untilDate: CivilDate;
  readonly reason: string;
  readonly document: string;
}

/**
 * A named person's permission: what lies wholly inside `fromMs`–`untilMs` (epoch ms, `untilMs` excluded) may sound in
 * these areas although hours, limits or rest days forbid it.
 */
export interface SoundingException {
  readonly id: string;
  readonly personName: string;
  /** 1–200 characters; one without a document permits nothing. */
  readonly document: string;
  readonly reason: string;
  readonly areaIds: readonly string[];
  readonly fromMs: number;
  readonly untilMs: number;
}

/**
 * Silence by one press (a funeral beside a pole): nothing routine sounds there from `fromMs` until `untilMs` (epoch ms),
 * when it ends by itself. It also holds against an exception: whoever presses it stands beside the horn.
 */
export interface Rest {
  readonly id: string;
  readonly areaIds: readonly string[];
  readonly clusterIds: readonly string[];
  readonly fromMs: number;
  readonly untilMs: number;
  readonly reason: string;
  readonly by: string;
}

/** How loud routine sounds at a time of day: the first span that holds an item's start counts. 10–100, of full volume. */
export interface VolumeSpan {
  readonly from: string;
  readonly until: string;
  readonly volumePercent: number;
}

/**
 * A person's decision between two items that want one time: `second` begins when `first` is over, on the same civil day.
 * Undecided, the earlier accepted goes first and the other waits as its late policy says.
 */
export interface Turn {
  readonly areaIds: readonly string[];
  readonly first: string;
  readonly second: string;
}

/**
 * The law of one place. What it lists holds there; nothing in it is asked for areas again. Never changed once handed
 * in: what it says of a day is computed once.
 */
export interface SoundingLaw {
  readonly hours: HoursRule;
  readonly limits?: AreaLimits | undefined;
  /** None: `usualSessions`. */
  readonly sessions?: readonly Session[] | undefined;
  readonly restDays?: readonly RestDays[] | undefined;
  /** Silent where the limits say so. */
  readonly holidays?: readonly Holiday[] | undefined;
  readonly exceptions?: readonly SoundingException[] | undefined;
  readonly rests?: readonly Rest[] | undefined;
  /** In this order; absent: Vietnamese alone. */
  readonly languages?: readonly Language[] | undefined;
  /** Absent: full volume. */
  readonly volume?: readonly VolumeSpan[] | undefined;
  readonly turns?: readonly Turn[] | undefined;
}

/** How a place sounds. */
export interface SoundDecision {
  readonly languages?: readonly Language[] | undefined;
  readonly volume?: readonly VolumeSpan[] | undefined;
}

/** What one area has decided by itself. */
export interface AreaDecision extends SoundDecision {
  readonly hours?: HoursRule | undefined;
  readonly limits?: AreaLimits | undefined;
  readonly sessions?: readonly Session[] | undefined;
}

/** All that an installation has decided. */
export interface LawBook {
  readonly timeZone: string;
  readonly decisions: ReadonlyMap<string, AreaDecision>;
  readonly holidays?: readonly Holiday[] | undefined;
  readonly restDays?: readonly RestDays[] | undefined;
  readonly exceptions?: readonly SoundingException[] | undefined;
  readonly rests?: readonly Rest[] | undefined;
  readonly turns?: readonly Turn[] | undefined;
  /** What single clusters have decided, by their id; before what their areas have. */
  readonly clusterSounds?: ReadonlyMap<string, SoundDecision> | undefined;
}

/** The law of a place, whether its hours are the cautious default, and what areas asked for and do not get. */
export interface LawAt {
  law: SoundingLaw;
  isDefault: boolean;
  hoursCuts: HoursCut[];
  limitCuts: LimitCut[];
}

/**
 * The law at an area, and at one cluster in it where rests name clusters. Hours and limits narrow down the chain, the
 * nearest sessions, languages and volume hold, the cluster's own before its areas'; all else applies when it names the
 * cluster or an area that addresses it. Equal laws are
 * equal as JSON, so that places can share what is computed from them.
 */
export function lawAt(
  book: LawBook,
  place: {
    areas: ReadonlyMap<string, Pick<Area, 'id' | 'parentId'>>;
    areaId: string;
    clusterId?: string | undefined;
    /** Every id that addresses the cluster (`createAddresses`); the area and all above it unless given. */
    addresses?: readonly string[] | undefined;
  },
): LawAt {
  const chain = areaChain(place.areas, place.areaId);
  const own = new Set([...chain, ...(place.addresses ?? [])]);
  const hours: HoursDecision[] = [];
  const limits: LimitsDecision[] = [];
  const alone = place.clusterId === undefined ? undefined : book.clusterSounds?.get(place.clusterId);
  let sessions: readonly Session[] | undefined;
  let { languages, volume }: SoundDecision = alone ?? {};
  for (const areaId of chain) {
    const decision = book.decisions.get(areaId);
    if (decision?.hours !== undefined) hours.push({ areaId, rule: decision.hours });
    if (decision?.limits !== undefined) limits.push({ areaId, limits: decision.limits });
    sessions ??= decision?.sessions;
    languages ??= decision?.languages;
    volume ??= decision?.volume;
  }
  const narrowedHours = narrowHours(hours, book.timeZone);
  const narrowedLimits = narrowLimits(limits);
  const isHere = (each: { areaIds: readonly string[]; clusterIds?: readonly string[] }) =>
    each.areaIds.some((areaId) => own.has(areaId)) ||
    (place.clusterId !== undefined && each.clusterIds?.includes(place.clusterId) === true);
  const law: SoundingLaw = {
    hours: narrowedHours.rule,
    ...(Object.keys(narrowedLimits.limits).length === 0 ? {} : { limits: narrowedLimits.limits }),
    ...(sessions === undefined ? {} : { sessions }),
    ...present('restDays', book.restDays?.filter(isHere)),
    ...present('holidays', narrowedLimits.limits.restsOnHolidays?.value === true ? book.holidays : []),
    ...present('exceptions', book.exceptions?.filter(isHere)),
    ...present('rests', book.rests?.filter(isHere)),
    ...(languages === undefined ? {} : { languages }),
    ...(volume === undefined ? {} : { volume }),
    ...present('turns', book.turns?.filter(isHere)),
  };
  return { law, isDefault: narrowedHours.isDefault, hoursCuts: narrowedHours.cuts, limitCuts: narrowedLimits.cuts };
}

function present<K extends string, T>(key: K, list: readonly T[] | undefined): { [key in K]?: readonly T[] } {
  const found: { [key in K]?: readonly T[] } = {};
  if (list !== undefined && list.length > 0) found[key] = list;
  return found;
}
