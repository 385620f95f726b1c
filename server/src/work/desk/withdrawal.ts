/**
 * What became of a withdrawal: on which clusters the bulletin had sounded before, and which do not know of it yet and may
 * sound it at such an hour from the plan they hold. Reads only; what nobody has told counts as not known, never as done.
 */
import type { Person, Withdrawal } from '@loa/protocol/panel';
import { airTimeMs, occurrencesOf, planWindowMs } from '@loa/schedules';
import { readAreaTree } from '../../keep/store/rows/area-tree.ts';
import { type StoredBulletin, toSchedule } from '../../keep/store/rows/bulletin-row.ts';
import { readClusters } from '../../keep/store/rows/cluster-row.ts';
import { instantText } from '../../keep/store/rows/column.ts';
import { readClips } from '../../keep/store/rows/programme.ts';
import type { Reader } from '../../keep/store/store.ts';
import { accept, type Result, refuse } from '../../refusal.ts';
import { findBulletin } from '../bulletin-book.ts';
import { clustersBelow } from '../choice.ts';
import type { HeldPlan, WorkPorts } from '../contracts.ts';
import { workRefusal } from '../refusals.ts';
import { concerns, holds, isOwn } from '../scope.ts';

export interface WithdrawalPorts extends Pick<WorkPorts, 'store' | 'clock'> {
  heldPlanOf(clusterId: string): HeldPlan | undefined;
}

/** The account of one withdrawal, cut to the person's own clusters. */
export async function readWithdrawal(
  ports: WithdrawalPorts,
  options: { person: Person; bulletinId: string },
): Promise<Result<Withdrawal>> {
  const { person, bulletinId } = options;
  if (!holds(person, 'see')) return refuse(workRefusal('no-right'));
  return await ports.store.read(async (db) => {
    const areas = await readAreaTree(db);
    const bulletin = await findBulletin(db, bulletinId);
    if (bulletin === undefined || !bulletin.areaIds.some((areaId) => concerns(areas, person, areaId)))
      return refuse(workRefusal('unknown-bulletin'));
    if (bulletin.class === 'emergency') return refuse(workRefusal('is-emergency'));
    const { withdrawnMs } = bulletin;
    if (withdrawnMs === null) return refuse(workRefusal('not-withdrawn'));
    const own = (await readClusters(db)).filter((cluster) => isOwn(areas, person, cluster.areaId));
    const addressed = clustersBelow(areas, {
      clusters: own,
      areaIds: bulletin.areaIds,
      clusterIds: bulletin.clusterIds,
    }).map(({ id }) => id);
    const { time_zone: timeZone } = await db.selectFrom('installation').select('time_zone').executeTakeFirstOrThrow();
    const clip = (await readClips(db, [bulletin.clipId])).get(bulletin.clipId);
    const next = nextStarts(bulletin, {
      timeZone,
      nowMs: ports.clock.nowMs(),
      clipDurationMs: clip?.durationMs ?? 0,
      isOver: await readOver(db, bulletinId),
    });
    return accept({
      withdrawnAt: instantText(withdrawnMs),
      sounded: await readSounded(db, { bulletinId, clusterIds: new Set(own.map(({ id }) => id)) }),
      untold: addressed.flatMap((clusterId) => {
        const held = ports.heldPlanOf(clusterId);
        if (held === undefined || held.isCurrent || held.reach === 'never') return [];
        const nextMs = next(clusterId, held.untilMs);
        return nextMs === undefined ? [] : [{ clusterId, reach: held.reach, nextAt: instantText(nextMs) }];
      }),
    });
  });
}

async function readSounded(
  db: Reader,
  options: { bulletinId: string; clusterIds: ReadonlySet<string> },
): Promise<Withdrawal['sounded']> {
  const rows = await db
    .selectFrom('airings')
    .select((eb) => ['cluster_id', eb.fn.max<number | string>('started_ms').as('started_ms')])
    .where('bulletin_id', '=', options.bulletinId)
    .where('started_ms', 'is not', null)
    // Nobody heard a board that has nothing connected.
    .where('shadow', 'is', null)
    .groupBy('cluster_id')
    .orderBy('cluster_id')
    .execute();
  return rows
    .filter(({ cluster_id }) => options.clusterIds.has(cluster_id))
    .map(({ cluster_id, started_ms }) => ({ clusterId: cluster_id, at: instantText(Number(started_ms)) }));
}

/** Whether an occurrence has ended on a cluster, as its device told. */
async function readOver(db: Reader, bulletinId: string): Promise<(clusterId: string, occurrence: string) => boolean> {
  const rows = await db
    .selectFrom('airings')
    .select(['cluster_id', 'occurrence'])
    .where('bulletin_id', '=', bulletinId)
    .where('outcome', 'is not', null)
    .execute();
  const over = new Set(rows.map((row) => `${row.cluster_id} ${row.occurrence}`));
  return (clusterId, occurrence) => over.has(`${clusterId} ${occurrence}`);
}

/**
 * The first start from now on that a plan ending at the given instant may hold, or, where there is none, the one that has
 * passed and may sound just now or still begin late. A plan of unknown end may be whole.
 */
function nextStarts(
  bulletin: StoredBulletin,
  options: {
    timeZone: string;
    nowMs: number;
    clipDurationMs: number;
    isOver: (clusterId: string, occurrence: string) => boolean;
  },
) {
  const { timeZone, nowMs, clipDurationMs, isOver } = options;
  const latestMs = (bulletin.withdrawnMs ?? nowMs) + planWindowMs;
  const schedule = toSchedule(bulletin, { clipDurationMs, timeZone });
  const fromMs = nowMs - bulletin.late.lateMsMax - airTimeMs({ clipDurationMs, repeat: bulletin.repeat });
  const starts = fromMs < latestMs ? occurrencesOf(schedule, { fromMs, untilMs: latestMs }) : [];
  return (clusterId: string, untilMs: number | undefined) => {
    const left = starts.filter(({ id, atMs }) => atMs < (untilMs ?? latestMs) && !isOver(clusterId, id));
    return (left.find(({ atMs }) => atMs >= nowMs) ?? left.at(-1))?.atMs;
  };
}
