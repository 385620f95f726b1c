/**
 * What is planned on a person's own clusters in the next seven days: the devices' own plans, gathered by occurrence, so
 * that what is shown and printed is what will sound. Reads only; emergencies are not planned and stand in none of it.
 */
import { type Person, type PlannedAiring, type TimetableView, timetableAiringsMax } from '@loa/protocol/panel';
import { languageOf, type PlanItem, plannedLengthMs, planPastMs } from '@loa/schedules';
import { type AreaTree, readAreaTree } from '../../keep/store/rows/area-tree.ts';
import { parseBulletin, type StoredBulletin } from '../../keep/store/rows/bulletin-row.ts';
import { readClusters } from '../../keep/store/rows/cluster-row.ts';
import { instantText } from '../../keep/store/rows/column.ts';
import { lots, readProgramme } from '../../keep/store/rows/programme.ts';
import type { Reader } from '../../keep/store/store.ts';
import { accept, type Result, refuse } from '../../refusal.ts';
import type { WorkPorts } from '../contracts.ts';
import { planSetOf } from '../plan-sets.ts';
import { workRefusal } from '../refusals.ts';
import { holds, isOwn, visibleAreas } from '../scope.ts';

const daysAheadMs = 7 * 86_400_000;
/** Ids in one statement. */
const idsPerQueryMax = 500;

/** One occurrence over all clusters on which it is planned. */
interface Gathered {
  item: PlanItem;
  atMs: number;
  lastMs: number;
  untilMs: number;
  clusterCount: number;
}

/** Everything that starts on the person's clusters from now on. */
export async function readTimetable(
  ports: Pick<WorkPorts, 'store' | 'clock'>,
  person: Person,
): Promise<Result<TimetableView>> {
  if (!holds(person, 'see')) return refuse(workRefusal('no-right'));
  const nowMs = ports.clock.nowMs();
  const window = { fromMs: nowMs, untilMs: nowMs + daysAheadMs };
  return await ports.store.read(async (db) => {
    const areas = await readAreaTree(db);
    const own = (await readClusters(db)).filter(({ areaId }) => isOwn(areas, person, areaId));
    const clusterIds = new Set(own.map(({ id }) => id));
    const programme = await readProgramme(db, { fromMs: nowMs - planPastMs });
    const all = gather(planSetOf(programme, { clusterIds, window }).groups);
    const shown = all.slice(0, timetableAiringsMax);
    const bulletins = await readBulletins(db, [...new Set(shown.map(({ item }) => item.bulletinId))]);
    return accept({
      from: instantText(window.fromMs),
      until: instantText(window.untilMs),
      airings: shown.map((one) =>
        viewOf(one, { person, areas, clusterIds, bulletin: bulletins.get(one.item.bulletinId) }),
      ),
      leftOutCount: all.length - shown.length,
    });
  });
}

function gather(groups: ReturnType<typeof planSetOf>['groups']): Gathered[] {
  const found = new Map<string, Gathered>();
  for (const { clusterIds, plan } of groups) {
    const clusterCount = new Set(clusterIds).size;
    for (const item of plan.items) {
      const { occurrence, atMs } = item;
      const untilMs = atMs + plannedLengthMs(item);
      const one = found.get(occurrence) ?? { item, atMs, lastMs: atMs, untilMs, clusterCount: 0 };
      one.atMs = Math.min(one.atMs, atMs);
      one.lastMs = Math.max(one.lastMs, atMs);
      one.untilMs = Math.max(one.untilMs, untilMs);
      one.clusterCount += clusterCount;
      found.set(occurrence, one);
    }
  }
  return [...found.values()].sort((a, b) => a.atMs - b.atMs || (a.item.occurrence < b.item.occurrence ? -1 : 1));
}

async function readBulletins(db: Reader, ids: readonly string[]): Promise<Map<string, StoredBulletin>> {
  const found = new Map<string, StoredBulletin>();
  for (const lot of lots(ids, idsPerQueryMax)) {
    const rows = await db.selectFrom('bulletins').selectAll().where('id', 'in', lot).execute();
    for (const row of rows) found.set(row.id, parseBulletin(row));
  }
  return found;
}

function viewOf(
  { item, atMs, lastMs, untilMs, clusterCount }: Gathered,
  options: {
    person: Person;
    areas: AreaTree;
    clusterIds: ReadonlySet<string>;
    bulletin: StoredBulletin | undefined;
  },
): PlannedAiring {
  const { person, areas, bulletin } = options;
  const language = languageOf(item.occurrence);
  const named = (bulletin?.clusterIds ?? []).filter((id) => options.clusterIds.has(id));
  return {
    occurrence: item.occurrence,
    bulletinId: item.bulletinId,
    title: bulletin?.title ?? '',
    class: item.class,
    ...(language === 'vi' ? {} : { language }),
    ...(bulletin === undefined || bulletin.slot === null ? {} : { slot: bulletin.slot }),
    isPart: bulletin?.state === 'part',
    at: instantText(atMs),
    lastAt: instantText(lastMs),
    until: instantText(untilMs),
    clusterCount,
    areaIds: visibleAreas(areas, person, bulletin?.areaIds ?? []),
    ...(named.length === 0 ? {} : { clusterIds: named }),
  };
}
