/**
 * What a notice would do before it is saved: the plans of the clusters it addresses with and without it, foretold by the
 * law for seven days. Reads only; the same computation plans the devices and tells afterwards why something sounded.
 */
import { type Person, type PreviewAnswer, previewGroupLinesMax, previewGroupsMax } from '@loa/protocol/panel';
import {
  type Bulletin,
  bulletinIdOf,
  type ClusterChange,
  changedClusters,
  changeWindowMs,
  planPastMs,
  preview,
} from '@loa/schedules';
import { readAreaTree } from '../../keep/store/rows/area-tree.ts';
import { toSchedule } from '../../keep/store/rows/bulletin-row.ts';
import { readClusters } from '../../keep/store/rows/cluster-row.ts';
import { instantText } from '../../keep/store/rows/column.ts';
import { isFromAbove, readProgramme } from '../../keep/store/rows/programme.ts';
import { accept, type Result, refuse } from '../../refusal.ts';
import { changedView } from '../changed-view.ts';
import { judgeAreas, type OwnClips, ownClips } from '../choice.ts';
import type { AskPreview, WorkPorts } from '../contracts.ts';
import { isOffer } from '../draft-bulletin.ts';
import { judgeStarts } from '../judge-whens.ts';
import { lineView, planSetOf, readTitles } from '../plan-sets.ts';
import { workRefusal } from '../refusals.ts';
import { holds } from '../scope.ts';

const daysAheadMs = 7 * 86_400_000;
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
    const addressed = judgeAreas(areas, {
      person,
      clusters: await readClusters(db),
      areaIds: request.areaIds,
      clusterIds: request.clusterIds,
    });
    if (!addressed.ok) return addressed;
    const made = await ownClips(db, {
      areas,
      person,
      draft: { clipId: request.clipId, versions: request.versions ?? [] },
    });
    if (!made.ok) return made;
    const programme = await readProgramme(db, { fromMs: nowMs - planPastMs });
    const draft = draftOf(request, {
      ...made.value,
      timeZone: programme.timeZone,
      nowMs,
      isFromAbove: isFromAbove(areas, person.areaId),
    });
    const timely = judgeStarts(draft, nowMs);
    if (!timely.ok) return timely;
    const isOffered = isOffer(areas, {
      draft: { class: request.class, madeIn: person.areaId },
      addressed: addressed.value,
    });
    // It waits for the communes' choice: nothing of it sounds by itself.
    const clusterIds = new Set(isOffered ? [] : addressed.value.map(({ id }) => id));
    const planned = { fromMs: nowMs - planPastMs, untilMs: nowMs + daysAheadMs };
    const before = planSetOf(programme, { clusterIds, window: planned });
    const after = planSetOf(
      { ...programme, bulletins: [...programme.bulletins, draft] },
      { clusterIds, window: planned },
    );
    const window = { fromMs: nowMs, untilMs: nowMs + daysAheadMs };
    const foretold = preview({ after, window, timeZone: programme.timeZone, draftIds: new Set([draftId]) });
    const changed = changedClusters({
      before,
      after,
      window: { fromMs: nowMs, untilMs: nowMs + changeWindowMs },
    });
    const groups = foretold.groups.map(({ clusterIds: ids, lines, airUse }) => ({
      clusterIds: [...ids],
      airUse,
      lines: lines.filter((line) => line.isNew || (line.cause !== undefined && bulletinIdOf(line.cause) === draftId)),
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
        .map(({ clusterIds: ids, lines, airUse }) => ({
          clusterIds: ids,
          airUse,
          lines: lines.slice(0, previewGroupLinesMax).map((line) => lineView(line, titles)),
          leftOutCount: Math.max(0, lines.length - previewGroupLinesMax),
        })),
      clockChanges: foretold.clockChanges
        .filter(({ bulletinId }) => bulletinId === draftId)
        .map(({ code, civil, atMs }) => ({ code, civil, at: instantText(atMs) })),
      groupsLeftOutCount: Math.max(0, groups.length - previewGroupsMax),
      changedClusterCount: changed.reduce((sum, change) => sum + change.clusterIds.length, 0),
      changed: await changedView(db, {
        changes: changed.map(besideDraft).filter(isAny),
        untilMs: nowMs + changeWindowMs,
      }),
    });
  });
}

/** What the draft does to others. */
function besideDraft({ clusterIds, added, removed, moved, altered }: ClusterChange): ClusterChange {
  const isOther = ({ bulletinId }: { bulletinId: string }) => bulletinId !== draftId;
  return {
    clusterIds,
    added: added.filter(isOther),
    removed: removed.filter(isOther),
    moved: moved.filter(({ after }) => isOther(after)),
    altered: altered.filter(({ after }) => isOther(after)),
  };
}

function isAny({ added, removed, moved, altered }: ClusterChange): boolean {
  return added.length + removed.length + moved.length + altered.length > 0;
}

function draftOf(
  request: AskPreview,
  options: OwnClips & { timeZone: string; nowMs: number; isFromAbove: boolean },
): Bulletin & { createdMs: number } {
  const { nowMs } = options;
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
    clusterIds: request.clusterIds ?? [],
    slot: request.slot ?? null,
    versions: request.versions ?? [],
    madeIn: null,
    originId: null,
    decision: null,
    acceptedNumber: Number.MAX_SAFE_INTEGER,
  };
  return { ...toSchedule(stored, options), createdMs: nowMs };
}
