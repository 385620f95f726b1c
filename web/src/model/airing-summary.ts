/** How an airing stands over all its clusters: the counts, in the order in which a person wants to know. Pure. */
import type { AiringView, TargetView } from '@loa/protocol/panel';
import type { Say } from '../text/say.ts';
import { targetTone } from './target-words.ts';
import type { Tone } from './tone.ts';

/** Clusters of one kind of standing. */
export interface SummaryPart {
  kind: 'sounding' | 'coming' | 'good' | 'attention' | 'quiet' | 'unknown';
  tone: Tone;
  count: number;
  words: string;
}

const order = ['sounding', 'good', 'attention', 'coming', 'quiet', 'unknown'] as const;
const toneOfKind: Record<SummaryPart['kind'], Tone> = {
  sounding: 'sounding',
  coming: 'coming',
  good: 'good',
  attention: 'attention',
  quiet: 'quiet',
  unknown: 'quiet',
};

/** The parts that are not empty; their counts add up to the number of targets. */
export function summarise(targets: readonly TargetView[], say: Say): SummaryPart[] {
  const counts = new Map<SummaryPart['kind'], number>();
  for (const target of targets) {
    const kind = kindOf(target);
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  return order.flatMap((kind) => {
    const count = counts.get(kind) ?? 0;
    return count === 0 ? [] : [{ kind, tone: toneOfKind[kind], count, words: say(`summary.${kind}`, { count }) }];
  });
}

/** Where an airing stands in time: `over` when all ended or its end and a minute of reporting have passed. */
export type AiringStage = 'coming' | 'sounding' | 'over';

/**
 * The stage of an airing at an instant (epoch ms). A withdrawn one that has not begun is over; one that was stopped
 * still sounds until every cluster has said that it is silent (DESIGN P7).
 */
export function stageOf(airing: AiringView, nowMs: number): AiringStage {
  const isEnded = airing.targets.length > 0 && airing.targets.every((target) => target.outcome !== undefined);
  if (isEnded) return 'over';
  if (stillSounding(airing).length > 0) return 'sounding';
  if (!airing.active || nowMs >= Date.parse(airing.until)) return 'over';
  // In a session each place has its own instant: between two of them it is still to come.
  const isDue = airing.targets.some((target) => target.outcome === undefined && startOf(target, airing) <= nowMs);
  return isDue || (airing.targets.length === 0 && nowMs >= Date.parse(airing.at)) ? 'sounding' : 'coming';
}

/** When a target is planned to start, epoch ms. */
export function startOf(target: Pick<TargetView, 'at'>, airing: Pick<AiringView, 'at'>): number {
  return Date.parse(target.at ?? airing.at);
}

/** The last planned start, when not all targets start together. */
export function lastStartOf(airing: Pick<AiringView, 'at' | 'targets'>): number | undefined {
  const last = Math.max(...airing.targets.map((target) => startOf(target, airing)));
  return last > Date.parse(airing.at) ? last : undefined;
}

/** The clusters from which the last word was that they sound. */
export function stillSounding(airing: Pick<AiringView, 'targets'>): TargetView[] {
  return airing.targets.filter((target) => target.phase === 'playing' && target.outcome === undefined);
}

/** How far one cluster is through what it plays, 0 to 1; undefined when that cannot be said. */
export function progressOf(target: TargetView, airing: Pick<AiringView, 'at' | 'until' | 'targets'>, nowMs: number) {
  if (target.phase === 'downloading') return target.fraction;
  if (target.phase !== 'playing') return undefined;
  if (target.startedAt === undefined) return target.fraction;
  const lengthMs = Date.parse(airing.until) - (lastStartOf(airing) ?? Date.parse(airing.at));
  return lengthMs <= 0 ? target.fraction : Math.min(1, Math.max(0, (nowMs - Date.parse(target.startedAt)) / lengthMs));
}

function kindOf(target: TargetView): SummaryPart['kind'] {
  const tone = targetTone(target);
  if (target.outcome === undefined && (target.phase === 'unknown' || target.phase === 'ended')) return 'unknown';
  return tone === 'alarm' || tone === 'drill' ? 'sounding' : tone;
}
