/**
 * How a bulletin is accepted: judged first, then written with its place in the order of acceptance and its line in the
 * audit log in one transaction. What has been answered with ok is on disk (DESIGN P1); planning comes after and cannot
 * undo it.
 */
import type { BulletinView, Person } from '@loa/protocol/panel';
import type { StoredBulletin } from '../../keep/store/rows/bulletin-row.ts';
import { accept, type Result, refuse } from '../../refusal.ts';
import { enterBulletin, findRequest, isSameWish } from '../bulletin-book.ts';
import { readBulletinViews } from '../bulletin-view.ts';
import type { AcceptBulletin, WorkPorts } from '../contracts.ts';
import { draftOf, judgeDraft } from '../draft-bulletin.ts';
import { workRefusal } from '../refusals.ts';
import { holds } from '../scope.ts';

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
  const judged = await ports.store.read((db) => judgeDraft(db, { person, draft }));
  if (!judged.ok) return judged;
  const { lastMs, state } = judged.value;
  const written = await ports.store.write(async (tx) => {
    const twin = await findRequest(tx, ask);
    if (twin !== undefined) return { bulletin: twin, isNew: false };
    return { bulletin: await enterBulletin(tx, { bulletin: { ...draft, state }, lastMs }), isNew: true };
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
