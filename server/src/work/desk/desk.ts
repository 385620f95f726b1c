/**
 * The officer's desk: texts, clips and bulletins, each call checked against the person's rights and areas. What it
 * accepts is on disk when it says so; planning and the live picture are told afterwards and cannot undo it.
 */
import type { BulletinView, Person, Reach } from '@loa/protocol/panel';
import { readAreaTree } from '../../keep/store/rows/area-tree.ts';
import { parseBulletin, type StoredBulletin } from '../../keep/store/rows/bulletin-row.ts';
import { readClusters } from '../../keep/store/rows/cluster-row.ts';
import { accept, type Result, refuse } from '../../refusal.ts';
import { findBulletin, findMadeFrom, strikeBulletin } from '../bulletin-book.ts';
import { readBulletinViews } from '../bulletin-view.ts';
import { clustersBelow } from '../choice.ts';
import type { Desk, HeldPlan, WorkPorts } from '../contracts.ts';
import { workRefusal } from '../refusals.ts';
import { concerns, holds, isOwn } from '../scope.ts';
import { acceptBulletin, viewOf } from './accept-bulletin.ts';
import { approveBulletin, returnBulletin } from './approval.ts';
import { keepUpload, listClips, makeSpeech, previewOf } from './clip-shelf.ts';
import { createDeviceFiles } from './device-files.ts';
import { readPreview } from './preview.ts';
import { endRest, listRests, makeRest } from './rests.ts';
import { readTimetable } from './timetable.ts';
import { readWithdrawal } from './withdrawal.ts';

/** Bulletins in one answer, newest first. */
const listedMax = 200;
/** Rows read to find them. */
const searchedMax = 2_000;

export interface DeskPorts extends Pick<WorkPorts, 'store' | 'clock' | 'random' | 'sounds' | 'log' | 'nowLeadMs'> {
  /** Planner's. */
  replan(areaIds: readonly string[]): Promise<void>;
  /** The live picture's and the watch's: a bulletin is new or withdrawn. */
  bulletinChanged(bulletin: StoredBulletin): Promise<void>;
  /** The watch's: what is expected to sound has changed. */
  plansChanged(): Promise<void>;
  isReachable(clusterId: string): boolean;
  heldPlanOf(clusterId: string): HeldPlan | undefined;
}

/** The desk with what other rooms that accept bulletins need. */
export interface DeskRoom extends Desk {
  /** Spreads a bulletin that is on disk. */
  bulletinAccepted(bulletin: StoredBulletin): Promise<void>;
}

export function createDesk(ports: DeskPorts): DeskRoom {
  const { store, clock } = ports;

  /** Publishes what changed. A failure leaves the bulletin as it is: the planner's next sweep mends the plans. */
  async function spread(bulletin: StoredBulletin): Promise<void> {
    const complain = (error: unknown) =>
      ports.log('error', 'a bulletin could not be spread', { bulletin: bulletin.id, error: String(error) });
    await Promise.all([
      isSilent(bulletin) ? undefined : replanFor(bulletin).catch(complain),
      ports.bulletinChanged(bulletin).catch(complain),
    ]);
  }

  async function replanFor({ areaIds, clusterIds }: StoredBulletin): Promise<void> {
    if (clusterIds.length === 0) return await ports.replan(areaIds);
    const clusters = await store.read(readClusters);
    const around = clusters.filter(({ id }) => clusterIds.includes(id)).map(({ areaId }) => areaId);
    await ports.replan([...new Set([...areaIds, ...around])]);
  }

  /** As `spread`, for what changes plans without a bulletin. */
  const rests = {
    ...ports,
    restsChanged: async (areaIds: readonly string[]) => {
      const complain = (error: unknown) =>
        ports.log('error', 'a rest could not be spread', { areaIds, error: String(error) });
      await Promise.all([ports.replan(areaIds).catch(complain), ports.plansChanged().catch(complain)]);
    },
  };

  async function accepted(bulletin: StoredBulletin): Promise<void> {
    const spreading = spread(bulletin);
    if (bulletin.nowAtMs !== null) await spreading;
  }

  return {
    checkText: ports.sounds.checkText,
    makeSpeech: (person, { text, title, signal }) => makeSpeech(ports, { person, text, title, signal }),
    keepUpload: (person, { path, title, signal }) => keepUpload(ports, { person, path, title, signal }),
    listClips: (person) => listClips(ports, person),
    previewOf: (person, clipId) => previewOf(ports, { person, clipId }),
    reach: (person, areaIds) => reach(ports, { person, areaIds }),
    acceptBulletin: (person, request) => acceptBulletin({ ...ports, accepted }, { person, request }),
    bulletinAccepted: accepted,
    approveBulletin: (person, bulletinId) => approveBulletin({ ...ports, accepted }, { person, bulletinId }),
    returnBulletin: (person, bulletinId, reason) => returnBulletin(ports, { person, bulletinId, reason }),
    withdrawBulletin: async (person, bulletinId) => {
      if (!holds(person, 'schedule')) return refuse(workRefusal('no-right'));
      const found = await store.read(async (db) => {
        const bulletin = await findBulletin(db, bulletinId);
        const areas = await readAreaTree(db);
        if (bulletin === undefined || bulletin.state === 'part') return undefined;
        const areaOf = new Map((await readClusters(db)).map((cluster) => [cluster.id, cluster.areaId]));
        const places = [...bulletin.areaIds, ...bulletin.clusterIds.map((id) => areaOf.get(id) ?? '')];
        return places.every((areaId) => isOwn(areas, person, areaId)) ? bulletin : undefined;
      });
      if (found === undefined) return refuse(workRefusal('unknown-bulletin'));
      if (found.class === 'emergency') return refuse(workRefusal('is-emergency'));
      // A recalled bulletin is gone from the communes' schedules too.
      const struck = await store.write(async (tx) => {
        const nowMs = clock.nowMs();
        const made = await findMadeFrom(tx, found.id);
        const all = [];
        for (const bulletin of [found, ...made]) all.push(await strikeBulletin(tx, { bulletin, person, nowMs }));
        return all;
      });
      await Promise.all(struck.map(spread));
      return accept(await viewOf(ports, { person, bulletin: struck[0] ?? found }));
    },
    preview: (person, request) => readPreview(ports, { person, request }),
    makeRest: (person, request) => makeRest(rests, { person, request }),
    endRest: (person, restId) => endRest(rests, { person, restId }),
    listRests: (person) => listRests(rests, person),
    withdrawal: (person, bulletinId) => readWithdrawal(ports, { person, bulletinId }),
    listBulletins: (person) => listBulletins(ports, person),
    timetable: (person) => readTimetable(ports, person),
    fileFor: createDeviceFiles(ports),
  };
}

/** Offered or submitted: in no plan. */
function isSilent({ state }: StoredBulletin): boolean {
  return state === 'offered' || state === 'submitted';
}

async function reach(
  ports: DeskPorts,
  options: { person: Person; areaIds: readonly string[] },
): Promise<Result<Reach>> {
  const { person, areaIds } = options;
  if (!holds(person, 'see')) return refuse(workRefusal('no-right'));
  const { areas, clusters } = await ports.store.read(async (db) => ({
    areas: await readAreaTree(db),
    clusters: await readClusters(db),
  }));
  if (!areaIds.every((areaId) => isOwn(areas, person, areaId))) return refuse(workRefusal('unknown-area'));
  const clusterIds = clustersBelow(areas, { clusters, areaIds }).map(({ id }) => id);
  const reachable = clusterIds.filter((clusterId) => ports.isReachable(clusterId)).length;
  return accept({ clusters: clusterIds.length, reachable, clusterIds });
}

/** Everything addressed to the person's areas, from below or from above. */
async function listBulletins(ports: DeskPorts, person: Person): Promise<BulletinView[]> {
  if (!holds(person, 'see')) return [];
  return await ports.store.read(async (db) => {
    const areas = await readAreaTree(db);
    const rows = await db
      .selectFrom('bulletins')
      .selectAll()
      .where('state', '<>', 'part')
      .orderBy('created_ms', 'desc')
      .orderBy('accepted_number', 'desc')
      .limit(searchedMax)
      .execute();
    const areaOf = new Map((await readClusters(db)).map((cluster) => [cluster.id, cluster.areaId]));
    const bulletins = rows
      .map(parseBulletin)
      .filter(({ areaIds, clusterIds }) =>
        [...areaIds, ...clusterIds.map((id) => areaOf.get(id) ?? '')].some((at) => concerns(areas, person, at)),
      )
      // What is offered from above waits in the inbox, not in the schedule.
      .filter(({ state, madeIn }) => state !== 'offered' || (madeIn !== null && isOwn(areas, person, madeIn)))
      .slice(0, listedMax);
    return await readBulletinViews(db, { person, bulletins, nowMs: ports.clock.nowMs() });
  });
}
