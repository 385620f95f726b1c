/**
 * What a healthy device will do with its plan: when each item starts and ends, or why it does not sound and what stood
 * in its way. Shapes and the door; the course of the output is followed in `forecast-run.ts`. It assumes a device with
 * its clips, its output and a trusted clock, which takes no time between two items; it never looks at a real one.
 */

import { bulletinIdOf, classRank } from './bulletin.ts';
import { type ForecastItem, followOutput } from './forecast-run.ts';
import type { Outcome, OutcomeReason } from './outcome.ts';
import type { Permits, Span } from './permits.ts';
import type { DevicePlan, PlanItem } from './plan.ts';

/** What becomes of an item, in one word. */
export type ForecastVerdict = 'plays' | 'late' | 'joined' | 'interrupted' | 'cut' | 'skipped' | 'omitted';

/** Why, one code per sentence on the screen; never reused for another meaning. The last ones are a plan's omissions. */
export const forecastCodes = [
  'on-time',
  'late-after-other',
  'late-after-emergency',
  'joined-after-other',
  'joined-after-emergency',
  'resumed-after-emergency',
  'restarted-after-emergency',
  'dropped-for-emergency',
  'cut-at-maximum-length',
  'skipped-other-sounding',
  'skipped-for-emergency',
  'hours-end-before-its-turn',
  'play-lost',
  'outside-permitted-hours',
  'rest-day',
  'holiday',
  'weekday',
  'resting',
  'too-many-sessions',
  'session-full',
] as const;
export type ForecastCode = (typeof forecastCodes)[number];

/** What becomes of one occurrence on one device. Instants in epoch ms. */
export interface ForecastLine {
  occurrence: string;
  bulletinId: string;
  /** As planned; the end is not known of what is not in the plan. */
  atMs: number;
  plannedEndMs?: number;
  verdict: ForecastVerdict;
  code: ForecastCode;
  /** How the device will report its end; `played` stands for what a probe may still confirm. Absent: not in the plan. */
  outcome?: Outcome;
  reason?: OutcomeReason;
  /** First and last instant of sound; absent when nothing of it sounds. */
  startMs?: number;
  endMs?: number;
  /** From the planned instant to the first sound; 0 when nothing sounds. */
  lateMs: number;
  /** The occurrence that stood in its way. */
  cause?: string;
  /** What left it out of the plan, where it has a name: see `Hindrance`. */
  hindrance?: string;
  /** Every stretch of sound, in order. */
  sounds: readonly Span[];
}

/** An emergency that holds the output from its arrival to the end of its last play. */
export interface Alarm extends Span {
  occurrence: string;
}

/** A device's plan with what judging it takes. */
export interface ForecastInput {
  plan: DevicePlan;
  /**
   * Length of one play by clip id, ms; a clip of the plan that is not there is a broken invariant and throws. A relay
   * lasts as long as it says itself: a healthy device has its stream, and its clip does not sound.
   */
  clipDurationsMs: ReadonlyMap<string, number>;
  permits: Permits;
  /** Emergencies in force, or supposed ones; they may overlap. */
  alarms?: readonly Alarm[];
}

/** One line for every item and every omission, by planned instant, then as the plan orders them. */
export function forecast({ plan, clipDurationsMs, permits, alarms = [] }: ForecastInput): ForecastLine[] {
  const items = plan.items.map((item, place): ForecastItem => {
    return { ...item, ...lengthOf(item, clipDurationsMs), place, rank: classRank[item.class] };
  });
  const omitted = plan.omitted.map(({ occurrence, atMs, reason, cause }): ForecastLine => {
    const bulletinId = bulletinIdOf(occurrence);
    const hindrance = cause === undefined ? {} : { hindrance: cause };
    return { occurrence, bulletinId, atMs, verdict: 'omitted', code: reason, lateMs: 0, sounds: [], ...hindrance };
  });
  const lines = [...followOutput(items, { permits, alarms }), ...omitted];
  return lines.sort((a, b) => a.atMs - b.atMs);
}

function lengthOf(
  { clipId, relay, repeat }: PlanItem,
  clipDurationsMs: ForecastInput['clipDurationsMs'],
): Pick<ForecastItem, 'clipDurationMs' | 'repeat' | 'isLive'> {
  if (relay !== undefined) return { clipDurationMs: relay.lengthMs, repeat: { count: 1, gapMs: 0 }, isLive: true };
  const clipDurationMs = clipDurationsMs.get(clipId);
  if (clipDurationMs === undefined) throw new Error(`No length is known of clip ${clipId}`);
  return { clipDurationMs, repeat };
}
