/**
 * What one device shall play in a window: the plan, computed from bulletins. Pure, equal for equal input and sorted,
 * so that two computations can be compared byte for byte, and a plan in parts equals the whole. Does not know topics,
 * signatures or files.
 */
import {
  classRank,
  type LatePolicy,
  type PlannedBulletin,
  type Relay,
  type Repeat,
  type ResumePolicy,
} from './bulletin.ts';
import { type Candidate, collectCandidates, hasProgrammes } from './candidate.ts';
import { civilDayAt } from './civil-days.ts';
import { countsByDay, shareDays, wholeDays } from './day-limits.ts';
import { type CarriedException, exceptionOf, type OmissionReason } from './judge-span.ts';
import type { SoundingLaw } from './law.ts';
import { occurrencesOf, type Window } from './recurrence.ts';
import { takeTurns } from './take-turns.ts';
import { judgeAlone, type Verdict } from './verdict.ts';
import { gainDbAt } from './volume.ts';

/** DESIGN P4: a 9-day window, rolled daily, so that at least 7 days are always held. */
export const planWindowMs = 9 * 86_400_000;

/** How far behind "now" a plan still lists what has begun, so that a late device can judge its late policy. */
export const planPastMs = 60 * 60_000;

/** One occurrence on one device. */
export interface PlanItem {
  occurrence: string;
  bulletinId: string;
  atMs: number;
  class: 'normal' | 'priority';
  clipId: string;
  repeat: Repeat;
  late: LatePolicy;
  resume: ResumePolicy;
  /** The device ends it by itself after this much sound and gaps. */
  lengthMsMax: number;
  /** The exception by which it may sound; absent where it needs none. */
  exception?: CarriedException | undefined;
  /** Taken over instead of the clip, which sounds where the stream cannot be had. */
  relay?: Relay | undefined;
  /** Below full volume, dB, at most 0; absent: full. */
  gainDb?: number | undefined;
}

/** What was left out of a plan, and why. `cause`: see `Hindrance`. */
export interface PlanOmission {
  occurrence: string;
  atMs: number;
  reason: OmissionReason;
  cause?: string | undefined;
}

export interface DevicePlan {
  items: PlanItem[];
  omitted: PlanOmission[];
}

/** Slack over the computed air time before a device cuts an item off, for rounding in decoders. */
export const lengthSlackMs = 2_000;

/**
 * The plan of one device. `areaIds` is every id that addresses the device (chain, groups, ended areas), `clusterId` its
 * cluster; bulletins that name none of them are ignored, emergencies too: they travel as orders. Items are sorted by
 * instant, then rank (higher first), then order of acceptance, then id: the documented rule for equals. `expand` may
 * answer from what it has kept; it must answer as `occurrencesOf` does.
 */
export function planDevice(input: {
  bulletins: readonly PlannedBulletin[];
  areaIds: readonly string[];
  clusterId?: string | undefined;
  law: SoundingLaw;
  window: Window;
  expand?: typeof occurrencesOf | undefined;
}): DevicePlan {
  const { law, window, expand = occurrencesOf } = input;
  const isCounted = countsByDay(law);
  const sharing: Candidate[] = [];
  const verdicts: Verdict[] = [];
  const wanted = { law, bulletins: addressed(input), window: consideredWindow(law, window), expand };
  collectCandidates(wanted, (candidate, isFull) => {
    const verdict = judgeAlone(law, candidate);
    if (isFull) verdicts.push(verdict.reason === undefined ? { candidate, reason: 'session-full' } : verdict);
    else if (isCounted && verdict.reason === undefined && verdict.exception === undefined) sharing.push(candidate);
    else verdicts.push(verdict);
  });
  if (isCounted) {
    shareDays(law, sharing, (candidate, reason) => {
      const exception = reason === undefined ? undefined : exceptionOf(law, candidate);
      verdicts.push({ candidate, ...(exception === undefined ? { reason } : { exception }) });
    });
  }
  const isInside = ({ candidate: { atMs } }: Verdict) => atMs >= window.fromMs && atMs < window.untilMs;
  return planOf(law, withoutLoneTunes(takeTurns(law, verdicts)).filter(isInside));
}

function addressed(input: {
  bulletins: readonly PlannedBulletin[];
  areaIds: readonly string[];
  clusterId?: string | undefined;
}): PlannedBulletin[] {
  const { clusterId } = input;
  const own = new Set(input.areaIds);
  return input.bulletins.filter(
    ({ areaIds, clusterIds }) =>
      areaIds.some((areaId) => own.has(areaId)) ||
      (clusterId !== undefined && clusterIds?.includes(clusterId) === true),
  );
}

/**
 * Whole civil days where anything is decided by the day; the day before too where something may be moved, for what begins
 * on a day may have versions that begin on the next.
 */
function consideredWindow(law: SoundingLaw, window: Window): Window {
  if (window.untilMs <= window.fromMs) return window;
  const isMoved = law.turns !== undefined && law.turns.length > 0;
  if (!isMoved && !countsByDay(law) && !hasProgrammes(law)) return window;
  const days = wholeDays(law, window);
  return isMoved ? { ...days, fromMs: civilDayAt(law.hours.timeZone, days.fromMs - 1).fromMs } : days;
}

/** Nobody wants the signature tune of nothing: it sounds where a bulletin or a relay of its session does. */
function withoutLoneTunes(verdicts: readonly Verdict[]): readonly Verdict[] {
  if (!verdicts.some(({ candidate }) => candidate.isTune === true)) return verdicts;
  const sounding = verdicts.filter(({ candidate, reason }) => candidate.isTune !== true && reason === undefined);
  const programmes = new Set(sounding.map(({ candidate }) => candidate.programme));
  return verdicts.filter(({ candidate }) => candidate.isTune !== true || programmes.has(candidate.programme));
}

function planOf(law: SoundingLaw, verdicts: readonly Verdict[]): DevicePlan {
  const items = verdicts.filter(({ reason }) => reason === undefined).sort((a, b) => byTurn(a.candidate, b.candidate));
  const omitted = verdicts.flatMap(({ candidate: { occurrence, atMs }, reason, cause }) =>
    reason === undefined ? [] : [{ occurrence, atMs, reason, ...(cause === undefined ? {} : { cause }) }],
  );
  omitted.sort((a, b) => a.atMs - b.atMs || (a.occurrence < b.occurrence ? -1 : 1));
  return { items: items.map((verdict) => itemOf(law, verdict)), omitted };
}

function itemOf(law: SoundingLaw, { candidate, exception }: Verdict): PlanItem {
  const { sound } = candidate;
  const gainDb = gainDbAt(law, candidate.atMs);
  return {
    occurrence: candidate.occurrence,
    bulletinId: sound.bulletinId,
    atMs: candidate.atMs,
    class: candidate.class,
    clipId: sound.clipId,
    repeat: sound.repeat,
    late: sound.late,
    resume: sound.resume,
    lengthMsMax: candidate.durationMs + lengthSlackMs,
    ...(exception === undefined ? {} : { exception }),
    ...(sound.relay === undefined ? {} : { relay: sound.relay }),
    ...(gainDb === undefined ? {} : { gainDb }),
  };
}

/** How long an item of a plan sounds if nothing disturbs it: every play and the gaps between, or its relay. */
export function plannedLengthMs({ lengthMsMax }: Pick<PlanItem, 'lengthMsMax'>): number {
  return lengthMsMax - lengthSlackMs;
}

function byTurn(a: Candidate, b: Candidate): number {
  return (
    a.atMs - b.atMs ||
    classRank[b.class] - classRank[a.class] ||
    a.acceptedNumber - b.acceptedNumber ||
    (a.occurrence < b.occurrence ? -1 : 1)
  );
}
