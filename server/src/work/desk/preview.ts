/**
 * What a notice would do before it is saved: the plans of the clusters it addresses with and without it, foretold by the
 * law for seven days. Reads only; the same computation plans the devices and tells afterwards why something sounded.
 */
import {
  type Person,
  type PreviewAnswer,
  type PreviewLineView,
  previewGroupLinesMax,
  previewGroupsMax,
} from '@loa/protocol/panel';
import {
  type Bulletin,
  changedClusters,
  changeWindowMs,
  type PlannedClusters,
  type PlanSet,
  type PreviewLine,
  permitsByHours,
  planPastMs,
  preview,
} from '@loa/schedules';
import { createAreaPlans } from '../../keep/store/rows/area-plan.ts';
import { readAreaTree } from '../../keep/store/rows/area-tree.ts';
import { toSchedule } from '../../keep/store/rows/bulletin-row.ts';
import { instantText } from '../../keep/store/rows/column.ts';
import { lots, type Programme, readProgramme } from '../../keep/store/rows/programme.ts';
import type { Reader } from '../../keep/store/store.ts';
import { accept, type Result, refuse } from '../../refusal.ts';
import { findOwnClip, judgeAreas, readClusters } from '../choice.ts';
import type { AskPreview, WorkPorts } from '../contracts.ts';
import { workRefusal } from '../refusals.ts';
import { holds } from '../scope.ts';

const daysAheadMs = 7 * 86_400_000;
/** Ids in one statement. */
const idsPerQueryMax = 500;
/** No bulletin has this id: theirs begin with a letter and have more of them. */
const draftId = 'draft';

/** The preview of a draft for the person's own areas. */
export async function readPreview(
  ports: Pick<WorkPorts, 'store' | 'clock'>,
  options: { person: Person; request: AskPreview },
): Promise<Result<PreviewAnswer>> {
  const { person, request } = options;
  if (!holds(person, 'schedule')) return refuse(workRefusal('no-right'));
  const nowMs = ports.clock.nowMs();
  return await ports.store.read(async (db) => {
    const areas = await readAreaTree(db);
    const addressed = judgeAreas(areas, { person, clusters: await readClusters(db), areaIds: request.areaIds });
    if (!addressed.ok) return addressed;
    const clip = await findOwnClip(db, { areas, person, clipId: request.clipId });
    if (clip === undefined) return refuse(workRefusal('unknown-clip'));
    const programme = await readProgramme(db, { fromMs: nowMs - planPastMs });
    const draft = draftOf(request, { clipDurationMs: clip.duration_ms, timeZone: programme.timeZone, nowMs });
    const clusterIds = new Set(addressed.value.map(({ id }) => id));
    const before = planSetOf(programme, { clusterIds, nowMs });
    const after = planSetOf({ ...programme, bulletins: [...programme.bulletins, draft] }, { clusterIds, nowMs });
    const window = { fromMs: nowMs, untilMs: nowMs + daysAheadMs };
    const foretold = preview({ after, window, timeZone: programme.timeZone, draftIds: new Set([draftId]) });
    const changed = changedClusters({
      before,
      after,
      window: { fromMs: nowMs, untilMs: nowMs + changeWindowMs },
    });
    const groups = foretold.groups.map(({ clusterIds: ids, lines }) => ({
      clusterIds: [...ids],
      lines: lines.filter((line) => line.isNew || line.cause?.startsWith(`${draftId}@`)),
    }));
    const titles = await readTitles(
      db,
      groups.flatMap(({ lines }) => lines),
    );
    return accept({
      until: instantText(window.untilMs),
      groups: groups
        .sort((a, b) => b.clusterIds.length - a.clusterIds.length)
        .slice(0, previewGroupsMax)
        .map(({ clusterIds: ids, lines }) => ({
          clusterIds: ids,
          lines: lines.slice(0, previewGroupLinesMax).map((line) => lineView(line, titles)),
          leftOutCount: Math.max(0, lines.length - previewGroupLinesMax),
        })),
      groupsLeftOutCount: Math.max(0, groups.length - previewGroupsMax),
      changedClusterCount: changed.reduce((sum, change) => sum + change.clusterIds.length, 0),
    });
  });
}

function draftOf(
  request: AskPreview,
  options: { clipDurationMs: number; timeZone: string; nowMs: number },
): Bulletin & { createdMs: number } {
  const { clipDurationMs, timeZone, nowMs } = options;
  const stored = {
    ...request,
    id: draftId,
    requestId: draftId,
    title: '',
    whens: request.whens.filter((when) => when.kind !== 'now'),
    nowAtMs: request.whens.some((when) => when.kind === 'now') ? nowMs : null,
    drill: false,
    expiresMs: null,
    state: 'accepted' as const,
    createdBy: '',
    createdMs: nowMs,
    withdrawnMs: null,
    acceptedNumber: Number.MAX_SAFE_INTEGER,
  };
  return { ...toSchedule(stored, { clipDurationMs, timeZone }), createdMs: nowMs };
}

/** Clusters that share a plan form a group. */
function planSetOf(programme: Programme, options: { clusterIds: ReadonlySet<string>; nowMs: number }): PlanSet {
  const { clusterIds, nowMs } = options;
  const planOf = createAreaPlans(programme, { fromMs: nowMs - planPastMs, untilMs: nowMs + daysAheadMs });
  const groups = new Map<unknown, PlannedClusters & { clusterIds: string[] }>();
  for (const device of programme.devices) {
    if (!clusterIds.has(device.clusterId)) continue;
    const { items, omitted, hours } = planOf(device);
    const group = groups.get(items) ?? {
      clusterIds: [],
      plan: { items: [...items], omitted: [...omitted] },
      permits: permitsByHours(hours),
    };
    group.clusterIds.push(device.clusterId);
    groups.set(items, group);
  }
  return { groups: [...groups.values()], bulletins: new Map(programme.bulletins.map((one) => [one.id, one])) };
}

async function readTitles(db: Reader, lines: readonly PreviewLine[]): Promise<Map<string, string>> {
  const ids = new Set(
    lines.flatMap(({ bulletinId, cause }) => [bulletinId, ...(cause === undefined ? [] : [idIn(cause)])]),
  );
  const titles = new Map<string, string>();
  for (const lot of lots([...ids], idsPerQueryMax)) {
    const rows = await db.selectFrom('bulletins').select(['id', 'title']).where('id', 'in', lot).execute();
    for (const { id, title } of rows) titles.set(id, title);
  }
  return titles;
}

function lineView(line: PreviewLine, titles: ReadonlyMap<string, string>): PreviewLineView {
  const other = line.cause === undefined ? undefined : titles.get(idIn(line.cause));
  return {
    at: instantText(line.atMs),
    ...(line.startMs === undefined ? {} : { startAt: instantText(line.startMs) }),
    ...(line.endMs === undefined ? {} : { endAt: instantText(line.endMs) }),
    isNew: line.isNew,
    title: titles.get(line.bulletinId) ?? '',
    verdict: line.verdict,
    code: line.code,
    lateMs: Math.round(line.lateMs),
    ...(other === undefined ? {} : { otherTitle: other }),
  };
}

function idIn(occurrence: string): string {
  return occurrence.slice(0, occurrence.lastIndexOf('@'));
}
