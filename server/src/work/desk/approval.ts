/**
 * A leader's word on what officers have submitted: approved, it is accepted from that instant on and judged once more, for
 * time has passed since; returned, it goes back with the reason. Decided once, never by its author, on disk and in the
 * audit log before it is answered.
 */
import type { BulletinView, Person } from '@loa/protocol/panel';
import { readAreaTree } from '../../keep/store/rows/area-tree.ts';
import { parseBulletin, type StoredBulletin } from '../../keep/store/rows/bulletin-row.ts';
import { readClusters } from '../../keep/store/rows/cluster-row.ts';
import type { Reader, Writer } from '../../keep/store/store.ts';
import { accept, type Result, refuse } from '../../refusal.ts';
import { findBulletin, note } from '../bulletin-book.ts';
import { mayDecide } from '../bulletin-view.ts';
import type { WorkPorts } from '../contracts.ts';
import { judgeDraft, nowLeadMsDefault } from '../draft-bulletin.ts';
import { workRefusal } from '../refusals.ts';
import { holds, isOwn } from '../scope.ts';
import { viewOf } from './accept-bulletin.ts';

type Ports = Pick<WorkPorts, 'store' | 'clock' | 'nowLeadMs'>;

/** Lets it be aired, or says why not. */
export async function approveBulletin(
  ports: Ports & { accepted(bulletin: StoredBulletin): Promise<void> },
  { person, bulletinId }: { person: Person; bulletinId: string },
): Promise<Result<BulletinView>> {
  const found = await ports.store.read((db) => findSubmitted(db, { person, bulletinId }));
  if (!found.ok) return found;
  const nowMs = ports.clock.nowMs();
  const leadMs = ports.nowLeadMs ?? nowLeadMsDefault;
  const draft: StoredBulletin = {
    ...found.value,
    // "Play now" means when it may be.
    nowAtMs: found.value.nowAtMs === null ? null : nowMs + leadMs,
    decision: { by: person.id, atMs: nowMs, reason: null },
  };
  const judged = await ports.store.read((db) => judgeDraft(db, { person, draft: { ...draft, createdMs: nowMs } }));
  if (!judged.ok) return judged;
  const bulletin = await ports.store.write((tx) =>
    decide(tx, { bulletin: { ...draft, state: 'accepted' }, lastMs: judged.value.lastMs, action: 'bulletin-approved' }),
  );
  if (bulletin === undefined) return refuse(workRefusal('not-submitted'));
  await ports.accepted(bulletin);
  return accept(await viewOf(ports, { person, bulletin }));
}

/** Sends it back. */
export async function returnBulletin(
  ports: Ports,
  { person, bulletinId, reason }: { person: Person; bulletinId: string; reason: string },
): Promise<Result<BulletinView>> {
  const found = await ports.store.read((db) => findSubmitted(db, { person, bulletinId }));
  if (!found.ok) return found;
  const decision = { by: person.id, atMs: ports.clock.nowMs(), reason };
  const bulletin = await ports.store.write((tx) =>
    decide(tx, {
      bulletin: { ...found.value, state: 'returned', decision },
      lastMs: null,
      action: 'bulletin-returned',
    }),
  );
  if (bulletin === undefined) return refuse(workRefusal('not-submitted'));
  return accept(await viewOf(ports, { person, bulletin }));
}

async function findSubmitted(
  db: Reader,
  { person, bulletinId }: { person: Person; bulletinId: string },
): Promise<Result<StoredBulletin>> {
  if (!holds(person, 'approve')) return refuse(workRefusal('no-right'));
  const bulletin = await findBulletin(db, bulletinId);
  const areas = await readAreaTree(db);
  const areaOf = new Map((await readClusters(db)).map(({ id, areaId }) => [id, areaId]));
  const places = [...(bulletin?.areaIds ?? []), ...(bulletin?.clusterIds ?? []).map((id) => areaOf.get(id) ?? '')];
  if (bulletin === undefined || !places.every((areaId) => isOwn(areas, person, areaId)))
    return refuse(workRefusal('unknown-bulletin'));
  if (bulletin.state !== 'submitted') return refuse(workRefusal('not-submitted'));
  return mayDecide(person, bulletin) ? accept(bulletin) : refuse(workRefusal('own-bulletin'));
}

/** Undefined when somebody else has decided meanwhile. */
async function decide(
  tx: Writer,
  { bulletin, lastMs, action }: { bulletin: StoredBulletin; lastMs: number | null; action: string },
): Promise<StoredBulletin | undefined> {
  const { decision } = bulletin;
  if (decision === null) throw new Error('A decision without who made it');
  const row = await tx
    .updateTable('bulletins')
    .set({
      state: bulletin.state,
      now_at_ms: bulletin.nowAtMs,
      decided_by: decision.by,
      decided_ms: decision.atMs,
      decision_reason: decision.reason,
      ...(bulletin.state === 'accepted' ? { last_ms: lastMs } : {}),
    })
    .where('id', '=', bulletin.id)
    .where('state', '=', 'submitted')
    .returningAll()
    .executeTakeFirst();
  if (row === undefined) return undefined;
  const { by, atMs, reason } = decision;
  await note(tx, { atMs, who: by, action, target: bulletin.id, detail: { title: bulletin.title, reason } });
  return parseBulletin(row);
}
