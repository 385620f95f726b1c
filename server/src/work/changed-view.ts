/** Which clusters sound differently, as the panel shows it: the largest groups first, each line with its title. */
import { type ChangedView, changedGroupsMax, changedLinesMax } from '@loa/protocol/panel';
import type { ClusterChange, ForecastLine } from '@loa/schedules';
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
  }: {
    changes: readonly ClusterChange[];
    untilMs: number;
    /** Of bulletins that are not kept yet. */
    titles?: ReadonlyMap<string, string> | undefined;
  },
): Promise<ChangedView> {
  const shown = [...changes].sort((a, b) => b.clusterIds.length - a.clusterIds.length).slice(0, changedGroupsMax);
  const titles = new Map([...(await readTitles(db, shown.flatMap(allLines))), ...(ahead ?? [])]);
  return {
    until: instantText(untilMs),
    clusterCount: changes.reduce((sum, { clusterIds }) => sum + clusterIds.length, 0),
    groups: shown.map((change) => {
      const lines = heardLines(change, titles);
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

/** In order of time. */
function heardLines(change: ClusterChange, titles: ReadonlyMap<string, string>): HeardLine[] {
  const line = (how: HeardLine['how'], at: ForecastLine, before?: ForecastLine): HeardLine => ({
    at: instantText(startOf(at)),
    title: titles.get(at.bulletinId) ?? '',
    how,
    ...(before === undefined ? {} : { fromAt: instantText(startOf(before)) }),
  });
  return [
    ...change.added.map((at) => line('added', at)),
    ...change.removed.map((at) => line('removed', at)),
    ...change.moved.map(({ before, after }) => line('moved', after, before)),
    ...change.altered.map(({ before, after }) => line('altered', after, before)),
  ].sort((a, b) => (a.at < b.at ? -1 : 1));
}

function startOf(line: ForecastLine): number {
  return line.startMs ?? line.atMs;
}
