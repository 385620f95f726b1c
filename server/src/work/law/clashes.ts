/**
 * Priority bulletins that want one time in one commune in the next seven days: what a person decides, what happens when
 * nobody does, and what has been decided. Reads only.
 */
import type { ClashView, Person } from '@loa/protocol/panel';
import { bulletinIdOf, clashesOf, lengthSlackMs, type PlanItem, type PlannedSpan } from '@loa/schedules';
import { communeOf } from '../../keep/store/rows/area-tree.ts';
import { instantText } from '../../keep/store/rows/column.ts';
import { type Programme, readProgramme } from '../../keep/store/rows/programme.ts';
import type { Reader } from '../../keep/store/store.ts';
import type { WorkPorts } from '../contracts.ts';
import { planSetOf, readTitles } from '../plan-sets.ts';
import { holds, isOwn } from '../scope.ts';
import { pairOf } from './decide-turn.ts';

const daysAheadMs = 7 * 86_400_000;
/** Clashes in one answer. */
const clashesMax = 100;

interface Found {
  areaId: string;
  clusterIds: Set<string>;
  sides: [PlanItem, PlanItem];
}

export async function readClashes(ports: Pick<WorkPorts, 'store' | 'clock'>, person: Person): Promise<ClashView[]> {
  if (!holds(person, 'see')) return [];
  const nowMs = ports.clock.nowMs();
  return await ports.store.read(async (db) => {
    const programme = await readProgramme(db, { fromMs: nowMs });
    const found = findClashes(programme, { person, nowMs }).slice(0, clashesMax);
    const titles = await readTitles(
      db,
      found.flatMap(({ sides }) => sides),
    );
    const decided = await readDecisions(db, nowMs);
    return found.map((clash) => {
      const [first, second] = clash.sides;
      const decision = decided.get(`${clash.areaId} ${pairOf(first.occurrence, second.occurrence)}`);
      return {
        areaId: clash.areaId,
        clusterCount: clash.clusterIds.size,
        sides: [sideOf(programme, first, titles), sideOf(programme, second, titles)],
        defaultFirst: defaultFirst(programme, clash.sides),
        decideBefore: instantText(Math.min(first.atMs, second.atMs)),
        ...(decision === undefined ? {} : { decided: decision }),
      };
    });
  });
}

/** By commune and pair, as planned without anybody's decision. */
function findClashes(programme: Programme, { person, nowMs }: { person: Person; nowMs: number }): Found[] {
  const { areas, decided } = programme;
  const undecided: Programme = { ...programme, decided: { ...decided, turns: [] } };
  const own = programme.devices.filter(({ areaId }) => isOwn(areas, person, areaId));
  const areaOf = new Map(own.map(({ clusterId, areaId }) => [clusterId, communeOf(areas, areaId) ?? areaId]));
  const window = { fromMs: nowMs, untilMs: nowMs + daysAheadMs };
  const found = new Map<string, Found>();
  for (const { clusterIds, plan } of planSetOf(undecided, { clusterIds: new Set(areaOf.keys()), window }).groups) {
    const items = new Map(plan.items.map((item) => [item.occurrence, item]));
    const priority = plan.items.filter((item) => item.class === 'priority').map(spanOf);
    for (const { occurrence, otherOccurrence } of clashesOf(priority).clashes) {
      const first = items.get(occurrence);
      const second = items.get(otherOccurrence);
      if (first === undefined || second === undefined) continue;
      for (const clusterId of clusterIds) {
        const areaId = areaOf.get(clusterId) ?? '';
        const key = `${areaId} ${pairOf(occurrence, otherOccurrence)}`;
        const clash = found.get(key) ?? { areaId, clusterIds: new Set(), sides: [first, second] };
        clash.clusterIds.add(clusterId);
        found.set(key, clash);
      }
    }
  }
  return [...found.values()].sort((a, b) => a.sides[0].atMs - b.sides[0].atMs);
}

function spanOf({ occurrence, bulletinId, class: of, atMs, lengthMsMax }: PlanItem): PlannedSpan {
  return { occurrence, bulletinId, class: of, atMs, plannedEndMs: atMs + lengthMsMax - lengthSlackMs };
}

/** By instant, and at one instant the earlier accepted: what a device does by itself. */
function defaultFirst({ bulletins }: Programme, [one, other]: [PlanItem, PlanItem]): string {
  const numberOf = ({ bulletinId }: PlanItem) => bulletins.find(({ id }) => id === bulletinId)?.acceptedNumber ?? 0;
  if (one.atMs !== other.atMs) return one.atMs < other.atMs ? one.occurrence : other.occurrence;
  return numberOf(one) <= numberOf(other) ? one.occurrence : other.occurrence;
}

function sideOf({ bulletins }: Programme, item: PlanItem, titles: ReadonlyMap<string, string>) {
  const bulletin = bulletins.find(({ id }) => id === bulletinIdOf(item.occurrence));
  return {
    occurrence: item.occurrence,
    title: titles.get(item.bulletinId) ?? '',
    at: instantText(item.atMs),
    until: instantText(item.atMs + item.lengthMsMax - lengthSlackMs),
    isFromAbove: bulletin?.isFromAbove === true,
  };
}

async function readDecisions(db: Reader, nowMs: number): Promise<Map<string, NonNullable<ClashView['decided']>>> {
  const rows = await db
    .selectFrom('turns')
    .innerJoin('people', 'people.id', 'turns.created_by')
    .select(['turns.area_id', 'pair', 'first_occurrence', 'people.name', 'turns.created_ms'])
    .where('until_ms', '>', nowMs)
    .execute();
  return new Map(
    rows.map((row) => [
      `${row.area_id} ${row.pair}`,
      { first: row.first_occurrence, by: row.name, at: instantText(row.created_ms) },
    ]),
  );
}
