/**
 * Which clusters sound differently after a change, and how: the same answer for a bulletin, for hours, a group, a moved
 * cluster, a replaced board, an import, a merger, since only what sounds before and after is compared. Pure.
 */
import type { ForecastLine } from './forecast.ts';
import { forecaster, type PlannedClusters, type PlanSet } from './preview.ts';
import type { Window } from './recurrence.ts';

/** One occurrence that sounds in both, but at another time, for another length, with another clip or as loud no more. */
export interface LinePair {
  before: ForecastLine;
  after: ForecastLine;
}

/** How a group of clusters sounds differently; lines in order of time. */
export interface ClusterChange {
  clusterIds: string[];
  added: ForecastLine[];
  removed: ForecastLine[];
  /** Sounds at another time. */
  moved: LinePair[];
  /** Sounds at the same time, with another length, clip, relay or volume. */
  altered: LinePair[];
}

/** The span of the answer that stands before every change: "within the next 24 hours". */
export const changeWindowMs = 86_400_000;

/** Only clusters with a difference, each once; clusters with the same one share an entry. Sorted by first cluster. */
export function changedClusters({
  before,
  after,
  window,
}: {
  before: PlanSet;
  after: PlanSet;
  window: Window;
}): ClusterChange[] {
  const heardBefore = hearingOf(before, window);
  const heardAfter = hearingOf(after, window);
  const pairs = new Map<string, { clusterIds: string[]; was: Heard; is: Heard }>();
  for (const clusterId of new Set([...heardBefore.keys(), ...heardAfter.keys()])) {
    const was = heardBefore.get(clusterId) ?? nothing;
    const is = heardAfter.get(clusterId) ?? nothing;
    const key = `${was.number} ${is.number}`;
    const pair = pairs.get(key) ?? { clusterIds: [], was, is };
    pair.clusterIds.push(clusterId);
    pairs.set(key, pair);
  }
  return [...pairs.values()]
    .map(({ clusterIds, was, is }) => ({ clusterIds: clusterIds.sort(), ...differenceOf(was.lines(), is.lines()) }))
    .filter(({ added, removed, moved, altered }) => added.length + removed.length + moved.length + altered.length > 0)
    .sort((a, b) => ((a.clusterIds[0] ?? '') < (b.clusterIds[0] ?? '') ? -1 : 1));
}

interface HeardLine {
  line: ForecastLine;
  startMs: number;
  /** Which clip or relay, and how loud. */
  how: string;
}

interface Heard {
  number: number;
  lines: () => readonly HeardLine[];
}

const nothing: Heard = { number: -1, lines: () => [] };

function hearingOf(set: PlanSet, window: Window): Map<string, Heard> {
  const foretell = forecaster(set);
  const heard = new Map<string, Heard>();
  for (const [number, group] of set.groups.entries()) {
    let lines: HeardLine[] | undefined;
    const own: Heard = {
      number,
      lines: () => {
        lines ??= heardLines(foretell(group), { group, window });
        return lines;
      },
    };
    for (const clusterId of group.clusterIds) heard.set(clusterId, own);
  }
  return heard;
}

function heardLines(
  lines: readonly ForecastLine[],
  { group, window }: { group: PlannedClusters; window: Window },
): HeardLine[] {
  const hows = new Map(
    group.plan.items.map(({ occurrence, clipId, relay, gainDb = 0 }) => [
      occurrence,
      `${clipId} ${gainDb} ${relay?.url ?? ''}`,
    ]),
  );
  return lines.flatMap((line) => {
    const { startMs } = line;
    if (startMs === undefined || startMs < window.fromMs || startMs >= window.untilMs) return [];
    return [{ line, startMs, how: hows.get(line.occurrence) ?? '' }];
  });
}

function differenceOf(was: readonly HeardLine[], is: readonly HeardLine[]): Omit<ClusterChange, 'clusterIds'> {
  const change: Omit<ClusterChange, 'clusterIds'> = { added: [], removed: [], moved: [], altered: [] };
  const left = new Map(was.map((one) => [one.line.occurrence, one]));
  const fresh: HeardLine[] = [];
  for (const one of is) {
    const former = left.get(one.line.occurrence);
    left.delete(one.line.occurrence);
    if (former === undefined) fresh.push(one);
    else compare(former, one, change);
  }
  const gone = new Map<string, HeardLine[]>();
  for (const one of left.values()) gone.set(one.line.bulletinId, [...(gone.get(one.line.bulletinId) ?? []), one]);
  for (const one of fresh) {
    const former = gone.get(one.line.bulletinId)?.shift();
    if (former === undefined) change.added.push(one.line);
    else change.moved.push({ before: former.line, after: one.line });
  }
  change.removed.push(...[...gone.values()].flat().map((one) => one.line));
  change.removed.sort((a, b) => a.atMs - b.atMs);
  change.moved.sort((a, b) => a.after.atMs - b.after.atMs);
  return change;
}

function compare(former: HeardLine, one: HeardLine, change: Omit<ClusterChange, 'clusterIds'>): void {
  const pair = { before: former.line, after: one.line };
  if (former.startMs !== one.startMs) change.moved.push(pair);
  else if (former.how !== one.how || !isSameSound(former.line, one.line)) change.altered.push(pair);
}

function isSameSound(a: ForecastLine, b: ForecastLine): boolean {
  return (
    a.sounds.length === b.sounds.length &&
    a.sounds.every(({ fromMs, untilMs }, index) => {
      const other = b.sounds[index];
      return other !== undefined && other.fromMs === fromMs && other.untilMs === untilMs;
    })
  );
}
