/**
 * Plans of many clusters as the law foretells them, and their lines as the panel shows them: shared by the preview of a
 * notice, the preview of a change, the clashes and the explanation afterwards. Reads titles only.
 */
import type { PreviewLineView } from '@loa/protocol/panel';
import { bulletinIdOf, type ForecastLine, type PlannedClusters, type PlanSet, type Window } from '@loa/schedules';
import { createAreaPlans } from '../keep/store/rows/area-plan.ts';
import { instantText } from '../keep/store/rows/column.ts';
import { lots, type Programme } from '../keep/store/rows/programme.ts';
import type { Reader, Writer } from '../keep/store/store.ts';

/** Ids in one statement. */
const idsPerQueryMax = 500;

/** Clusters that share a plan form a group. */
export function planSetOf(programme: Programme, options: { clusterIds: ReadonlySet<string>; window: Window }): PlanSet {
  const { clusterIds, window } = options;
  const planOf = createAreaPlans(programme, window);
  const groups = new Map<unknown, PlannedClusters & { clusterIds: string[] }>();
  for (const device of programme.devices) {
    if (!clusterIds.has(device.clusterId)) continue;
    const { items, omitted, law } = planOf(device);
    const group = groups.get(items) ?? {
      clusterIds: [],
      plan: { items: [...items], omitted: [...omitted] },
      law,
    };
    group.clusterIds.push(device.clusterId);
    groups.set(items, group);
  }
  return { groups: [...groups.values()], bulletins: new Map(programme.bulletins.map((one) => [one.id, one])) };
}

/** Titles of every bulletin that the lines name. */
export async function readTitles(
  db: Reader | Writer,
  lines: readonly Pick<ForecastLine, 'bulletinId' | 'cause'>[],
): Promise<Map<string, string>> {
  const ids = new Set(
    lines.flatMap(({ bulletinId, cause }) => [bulletinId, ...(cause === undefined ? [] : [bulletinIdOf(cause)])]),
  );
  const titles = new Map<string, string>();
  for (const lot of lots([...ids], idsPerQueryMax)) {
    const rows = await db.selectFrom('bulletins').select(['id', 'title']).where('id', 'in', lot).execute();
    for (const { id, title } of rows) titles.set(id, title);
  }
  return titles;
}

/** As the panel shows it. */
export function lineView(
  line: ForecastLine & { isNew?: boolean },
  titles: ReadonlyMap<string, string>,
): PreviewLineView {
  const other = line.cause === undefined ? undefined : titles.get(bulletinIdOf(line.cause));
  return {
    at: instantText(line.atMs),
    ...(line.startMs === undefined ? {} : { startAt: instantText(line.startMs) }),
    ...(line.endMs === undefined ? {} : { endAt: instantText(line.endMs) }),
    isNew: line.isNew === true,
    title: titles.get(line.bulletinId) ?? '',
    verdict: line.verdict,
    code: line.code,
    lateMs: Math.round(line.lateMs),
    ...(other === undefined ? {} : { otherTitle: other }),
  };
}
