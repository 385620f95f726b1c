/**
 * How a bulletin is accepted: judged first, then written with its place in the order of acceptance and its line in the
 * audit log in one transaction. What has been answered with ok is on disk (DESIGN P1); planning comes after and cannot
 * undo it.
 */
import type { BulletinView, Person } from '@loa/protocol/panel';
import { newId } from '../../edges/random.ts';
import { readAreaTree } from '../../keep/store/rows/area-tree.ts';
import { type StoredBulletin, toSchedule } from '../../keep/store/rows/bulletin-row.ts';
import type { Reader } from '../../keep/store/store.ts';
import { accept, type Result, refuse } from '../../refusal.ts';
import { enterBulletin, findRequest, isSameWish, type NewBulletin } from '../bulletin-book.ts';
import { readBulletinViews } from '../bulletin-view.ts';
import { findOwnClip, judgeAreas, readClusters } from '../choice.ts';
import type { AcceptBulletin, WorkPorts } from '../contracts.ts';
import { workRefusal } from '../refusals.ts';
import { holds } from '../scope.ts';
import { judgeWhens, lastMsOf } from './judge-whens.ts';

/** From "play now" to its start unless the installation says otherwise: plan, fetch and decode fit into it. */
const nowLeadMsDefault = 700;

export interface AcceptPorts extends Pick<WorkPorts, 'store' | 'clock' | 'random' | 'nowLeadMs'> {
  /** Told once per bulletin, when it is on disk. Resolves when what a person waits for has been done; never rejects. */
  accepted(bulletin: StoredBulletin): Promise<void>;
}

/** Accepts a bulletin or says why not; the same request of the same person again answers the first one. */
export async function acceptBulletin(
  ports: AcceptPorts,
  options: { person: Person; request: AcceptBulletin },
): Promise<Result<BulletinView>> {
  const { person, request } = options;
  if (!holds(person, 'schedule')) return refuse(workRefusal('no-right'));
  const ask = { person, requestId: request.requestId };
  const former = await ports.store.read((db) => findRequest(db, ask));
  const draft = draftOf(ports, options);
  if (former !== undefined && !isSameWish(former, draft)) return refuse(workRefusal('request-reused'));
  if (former !== undefined) return accept(await viewOf(ports, { person, bulletin: former }));
  const judged = await ports.store.read((db) => judge(db, { person, draft }));
  if (!judged.ok) return judged;
  const written = await ports.store.write(async (tx) => {
    const twin = await findRequest(tx, ask);
    if (twin !== undefined) return { bulletin: twin, isNew: false };
    return { bulletin: await enterBulletin(tx, { bulletin: draft, lastMs: judged.value.lastMs }), isNew: true };
  });
  if (written.isNew) await ports.accepted(written.bulletin);
  return accept(await viewOf(ports, { person, bulletin: written.bulletin }));
}

/** The bulletin as that person sees it now. */
export async function viewOf(
  ports: Pick<WorkPorts, 'store' | 'clock'>,
  options: { person: Person; bulletin: StoredBulletin },
): Promise<BulletinView> {
  const { person, bulletin } = options;
  const nowMs = ports.clock.nowMs();
  const [view] = await ports.store.read((db) => readBulletinViews(db, { person, bulletins: [bulletin], nowMs }));
  if (view === undefined) throw new Error(`No view of bulletin ${bulletin.id}`);
  return view;
}

function draftOf(ports: AcceptPorts, options: { person: Person; request: AcceptBulletin }): NewBulletin {
  const { person, request } = options;
  const nowMs = ports.clock.nowMs();
  const isNow = request.whens.some((when) => when.kind === 'now');
  return {
    id: newId(ports.random, 'b'),
    requestId: request.requestId,
    class: request.class,
    title: request.title,
    clipId: request.clipId,
    areaIds: [...new Set(request.areaIds)],
    whens: request.whens.filter((when) => when.kind !== 'now'),
    nowAtMs: isNow ? nowMs + (ports.nowLeadMs ?? nowLeadMsDefault) : null,
    late: request.late,
    resume: request.resume,
    repeat: request.repeat,
    drill: false,
    expiresMs: null,
    state: 'accepted',
    createdBy: person.id,
    createdMs: nowMs,
    withdrawnMs: null,
  };
}

async function judge(
  db: Reader,
  options: { person: Person; draft: NewBulletin },
): Promise<Result<{ lastMs: number | null }>> {
  const { person, draft } = options;
  const areas = await readAreaTree(db);
  const addressed = judgeAreas(areas, { person, clusters: await readClusters(db), areaIds: draft.areaIds });
  if (!addressed.ok) return addressed;
  const clip = await findOwnClip(db, { areas, person, clipId: draft.clipId });
  if (clip === undefined) return refuse(workRefusal('unknown-clip'));
  const { time_zone: timeZone } = await db.selectFrom('installation').select('time_zone').executeTakeFirstOrThrow();
  const bulletin = toSchedule({ ...draft, acceptedNumber: 0 }, { clipDurationMs: clip.duration_ms, timeZone });
  const standingIn = addressed.value.map((cluster) => cluster.areaId);
  const timely = judgeWhens({ bulletin, areas, standingIn, nowMs: draft.createdMs });
  return timely.ok ? accept({ lastMs: lastMsOf(bulletin) }) : timely;
}
