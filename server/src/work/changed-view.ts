/** Which clusters sound differently, as the panel shows it: the largest groups first, each line with its title. */
import { type ChangedView, changedGroupsMax, changedLinesMax } from '@loa/protocol/panel';
import { bulletinIdOf, type ClusterChange, type ForecastLine, forecaster, type PlanSet } from '@loa/schedules';
import { instantText } from '../keep/store/rows/column.ts';
import type { Reader } from '../keep/store/store.ts';
import { readTitles } from './plan-sets.ts';

type HeardLine = ChangedView['groups'][number]['lines'][number];

export async function changedView(
  db: Reader,
  {
    changes,
    untilMs,
    titles: ahead,
    after,
  }: {
    changes: readonly ClusterChange[];
    untilMs: number;
    /** Of bulletins that are not kept yet. */
    titles?: ReadonlyMap<string, string> | undefined;
    /** What is planned after the change, to say why something does not sound any more. */
    after?: PlanSet | undefined;
  },
): Promise<ChangedView> {
  const shown = [...changes].sort((a, b) => b.clusterIds.length - a.clusterIds.length).slice(0, changedGroupsMax);
  const reasonsOf = after === undefined ? () => new Map<string, ForecastLine>() : reasonsIn(after);
  const told = shown.map((change) => ({ change, reasons: reasonsOf(change.clusterIds[0] ?? '') }));
  const named = told.flatMap(({ change, reasons }) => [
    ...allLines(change),
    ...change.removed.flatMap(({ occurrence }) => reasons.get(occurrence) ?? []),
  ]);
  const titles = new Map([...(await readTitles(db, named)), ...(ahead ?? [])]);
  return {
    until: instantText(untilMs),
    clusterCount: changes.reduce((sum, { clusterIds }) => sum + clusterIds.length, 0),
    groups: told.map(({ change, reasons }) => {
      const lines = heardLines(change, { titles, reasons });
      return {
        clusterIds: change.clusterIds,
        lines: lines.slice(0, changedLinesMax),
        leftOutCount: Math.max(0, lines.length - changedLinesMax),
      };
    }),
    groupsLeftOutCount: Math.max(0, changes.length - changedGroupsMax),
  };
}

function allLines({ added, removed, moved, altered }: ClusterChange): ForecastLine[] {
  return [...added, ...removed, ...[...moved, ...altered].map(({ after }) => after)];
}

/** By cluster: what is foretold of each occurrence after the change. */
function reasonsIn(after: PlanSet): (clusterId: string) => ReadonlyMap<string, ForecastLine> {
  const foretell = forecaster(after);
  return (clusterId) => {
    const group = after.groups.find(({ clusterIds }) => clusterIds.includes(clusterId));
    return new Map(group === undefined ? [] : foretell(group).map((line) => [line.occurrence, line]));
  };
}

/** In order of time. */
function heardLines(
  change: ClusterChange,
  { titles, reasons }: { titles: ReadonlyMap<string, string>; reasons: ReadonlyMap<string, ForecastLine> },
): HeardLine[] {
  const line = (how: HeardLine['how'], at: ForecastLine, before?: ForecastLine): HeardLine => ({
    at: instantText(startOf(at)),
    title: titles.get(at.bulletinId) ?? '',
    how,
    ...(before === undefined ? {} : { fromAt: instantText(startOf(before)) }),
    ...why(how === 'removed' ? reasons.get(at.occurrence) : at, titles),
  });
  return [
    ...change.added.map((at) => line('added', at)),
    ...change.removed.map((at) => line('removed', at)),
    ...change.moved.map(({ before, after }) => line('moved', after, before)),
    ...change.altered.map(({ before, after }) => line('altered', after, before)),
  ].sort((a, b) => (a.at < b.at ? -1 : 1));
}

function why(
  line: ForecastLine | undefined,
  titles: ReadonlyMap<string, string>,
): Pick<HeardLine, 'code' | 'otherTitle'> {
  if (line === undefined) return {};
  const other = line.cause === undefined ? undefined : titles.get(bulletinIdOf(line.cause));
  return { code: line.code, ...(other === undefined ? {} : { otherTitle: other }) };
}

function startOf(line: ForecastLine): number {
  return line.startMs ?? line.atMs;
}
