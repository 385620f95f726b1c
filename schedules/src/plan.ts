/**
 * What one device shall play in a window: the plan, computed from bulletins. Pure, equal for equal input and sorted,
 * so that two computations can be compared byte for byte, and a plan in parts equals the whole. Does not know topics,
 * signatures or files.
 */
import {
  airTimeMs,
  type Bulletin,
  classRank,
  type LatePolicy,
  type Relay,
  type Repeat,
  type ResumePolicy,
} from './bulletin.ts';
import { countsByDay, shareDays, wholeDays } from './day-limits.ts';
import { type CarriedException, exceptionOf, hindranceOf, type OmissionReason, restOf } from './judge-span.ts';
import type { SoundingLaw } from './law.ts';
import { occurrencesOf, type Window } from './recurrence.ts';

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

/** A bulletin to be planned. Nothing of it is aired before `createdMs`, and nothing earlier counts. */
export type PlannedBulletin = Bulletin & { createdMs?: number | undefined };

/**
 * The plan of one device. `areaIds` are the device's own areas (chain and groups); bulletins that address none of
 * them are ignored, emergencies too: they travel as orders. Items are sorted by instant, then rank (higher first),
 * then order of acceptance, then id: the documented rule for equals. `expand` may answer from what it has kept; it must
 * answer as `occurrencesOf` does.
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
  const own = new Set(input.areaIds);
  const isCounted = countsByDay(law);
  const considered = isCounted ? wholeDays(law, window) : window;
  const candidates: Candidate[] = [];
  const verdicts: Verdict[] = [];
  for (const bulletin of input.bulletins) {
    if (bulletin.class === 'emergency' || !bulletin.areaIds.some((areaId) => own.has(areaId))) continue;
    const { class: itemClass, acceptedNumber } = bulletin;
    const durationMs = airTimeMs(bulletin);
    for (const { id: occurrence, atMs } of expand(bulletin, considered)) {
      if (atMs < (bulletin.createdMs ?? 0)) continue;
      const candidate = { occurrence, atMs, durationMs, class: itemClass, acceptedNumber, bulletin };
      const verdict = judgeAlone(law, candidate);
      if (isCounted && verdict.reason === undefined && verdict.exception === undefined) candidates.push(candidate);
      else verdicts.push(verdict);
    }
  }
  if (isCounted) {
    shareDays(law, candidates, (candidate, reason) => {
      const exception = reason === undefined ? undefined : exceptionOf(law, candidate);
      verdicts.push({ candidate, ...(exception === undefined ? { reason } : { exception }) });
    });
  }
  return planOf(verdicts.filter(({ candidate: { atMs } }) => atMs >= window.fromMs && atMs < window.untilMs));
}

interface Candidate {
  occurrence: string;
  atMs: number;
  durationMs: number;
  class: 'normal' | 'priority';
  acceptedNumber: number;
  bulletin: Bulletin;
}

interface Verdict {
  candidate: Candidate;
  reason?: OmissionReason | undefined;
  cause?: string | undefined;
  exception?: CarriedException | undefined;
}

/** A rest holds against an exception, everything else gives way to one. */
function judgeAlone(law: SoundingLaw, candidate: Candidate): Verdict {
  const hindrance = hindranceOf(law, candidate);
  const exception = hindrance === undefined ? undefined : exceptionOf(law, candidate);
  if (hindrance !== undefined && exception === undefined) return { candidate, ...hindrance };
  return { candidate, exception, ...restOf(law, candidate) };
}

function planOf(verdicts: readonly Verdict[]): DevicePlan {
  const items = verdicts.filter(({ reason }) => reason === undefined).sort((a, b) => byTurn(a.candidate, b.candidate));
  const omitted = verdicts.flatMap(({ candidate: { occurrence, atMs }, reason, cause }) =>
    reason === undefined ? [] : [{ occurrence, atMs, reason, ...(cause === undefined ? {} : { cause }) }],
  );
  omitted.sort((a, b) => a.atMs - b.atMs || (a.occurrence < b.occurrence ? -1 : 1));
  return { items: items.map(itemOf), omitted };
}

function itemOf({ candidate, exception }: Verdict): PlanItem {
  const { bulletin } = candidate;
  return {
    occurrence: candidate.occurrence,
    bulletinId: bulletin.id,
    atMs: candidate.atMs,
    class: candidate.class,
    clipId: bulletin.clipId,
    repeat: bulletin.repeat,
    late: bulletin.late,
    resume: bulletin.resume,
    lengthMsMax: candidate.durationMs + lengthSlackMs,
    ...(exception === undefined ? {} : { exception }),
  };
}

function byTurn(a: Candidate, b: Candidate): number {
  return (
    a.atMs - b.atMs ||
    classRank[b.class] - classRank[a.class] ||
    a.acceptedNumber - b.acceptedNumber ||
    (a.occurrence < b.occurrence ? -1 : 1)
  );
}
