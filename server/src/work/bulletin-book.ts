/**
 * The book of bulletins: how one is entered, found again and struck out, each with its line in the audit log in the same
 * transaction. Used by desk and emergencies; judges nothing.
 */
import type { Person } from '@loa/protocol/panel';
import { bulletinRow, parseBulletin, type StoredBulletin } from '../keep/store/rows/bulletin-row.ts';
import type { Reader, Writer } from '../keep/store/store.ts';

/** A bulletin before it has its place in the order of acceptance. */
export type NewBulletin = Omit<StoredBulletin, 'acceptedNumber'>;

/** What the person's request led to when it came before, undefined for a new one. */
export async function findRequest(
  db: Reader | Writer,
  request: { person: Person; requestId: string },
): Promise<StoredBulletin | undefined> {
  const row = await db
    .selectFrom('bulletins')
    .selectAll()
    .where('created_by', '=', request.person.id)
    .where('request_id', '=', request.requestId)
    .executeTakeFirst();
  return row === undefined ? undefined : parseBulletin(row);
}

/** True when the earlier bulletin of a request is what the request asks for now. */
export function isSameWish(former: StoredBulletin, wish: Omit<NewBulletin, 'id' | 'requestId'>): boolean {
  const essence = (bulletin: Omit<NewBulletin, 'id' | 'requestId'>): string =>
    JSON.stringify([
      bulletin.class,
      bulletin.title,
      bulletin.clipId,
      [...bulletin.areaIds].sort(),
      bulletin.whens,
      bulletin.nowAtMs !== null,
      bulletin.late,
      bulletin.resume,
      bulletin.repeat,
      bulletin.drill,
      [...bulletin.clusterIds].sort(),
      bulletin.slot,
      bulletin.versions,
    ]);
  return essence(former) === essence(wish);
}

export async function findBulletin(db: Reader | Writer, bulletinId: string): Promise<StoredBulletin | undefined> {
  const row = await db.selectFrom('bulletins').selectAll().where('id', '=', bulletinId).executeTakeFirst();
  return row === undefined ? undefined : parseBulletin(row);
}

/** The bulletins that communes have made from one that came down, those withdrawn left out. */
export async function findMadeFrom(db: Reader | Writer, originId: string): Promise<StoredBulletin[]> {
  const rows = await db
    .selectFrom('bulletins')
    .selectAll()
    .where('origin_id', '=', originId)
    .where('state', 'in', ['accepted', 'submitted'])
    .orderBy('accepted_number')
    .execute();
  return rows.map(parseBulletin);
}

/** Enters a bulletin with the next place in the order of acceptance. */
export async function enterBulletin(
  tx: Writer,
  entry: { bulletin: NewBulletin; lastMs: number | null },
): Promise<StoredBulletin> {
  const { accepted } = await tx
    .updateTable('installation')
    .set((eb) => ({ accepted: eb('accepted', '+', 1) }))
    .returning('accepted')
    .executeTakeFirstOrThrow();
  const bulletin = { ...entry.bulletin, acceptedNumber: accepted };
  await tx.insertInto('bulletins').values(bulletinRow(bulletin, entry.lastMs)).execute();
  await note(tx, {
    atMs: bulletin.createdMs,
    who: bulletin.createdBy,
    action: entryAction(bulletin),
    target: bulletin.id,
    detail: {
      title: bulletin.title,
      areaIds: bulletin.areaIds,
      clipId: bulletin.clipId,
      drill: bulletin.drill,
      ...(bulletin.clusterIds.length === 0 ? {} : { clusterIds: bulletin.clusterIds }),
      ...(bulletin.originId === null ? {} : { originId: bulletin.originId }),
    },
  });
  return bulletin;
}

/** Strikes a bulletin out. One that was withdrawn before stays as it was. */
export async function strikeBulletin(
  tx: Writer,
  entry: { bulletin: StoredBulletin; person: Person; nowMs: number },
): Promise<StoredBulletin> {
  const { bulletin, person, nowMs } = entry;
  const { numUpdatedRows } = await tx
    .updateTable('bulletins')
    .set({ state: 'withdrawn', withdrawn_ms: nowMs, withdrawn_by: person.id })
    .where('id', '=', bulletin.id)
    .where('state', 'in', ['accepted', 'submitted', 'offered'])
    .executeTakeFirstOrThrow();
  if (Number(numUpdatedRows) === 0) return (await findBulletin(tx, bulletin.id)) ?? bulletin;
  await note(tx, {
    atMs: nowMs,
    who: person.id,
    action: bulletin.class === 'emergency' ? 'emergency-stopped' : 'bulletin-withdrawn',
    target: bulletin.id,
    detail: { title: bulletin.title },
  });
  return { ...bulletin, state: 'withdrawn', withdrawnMs: nowMs };
}

function entryAction({ class: of, state }: Pick<StoredBulletin, 'class' | 'state'>): string {
  if (of === 'emergency') return 'emergency-pushed';
  if (state === 'offered' || state === 'submitted') return `bulletin-${state}`;
  return state === 'part' ? 'session-part-made' : 'bulletin-accepted';
}

/** Writes a line of the audit log. */
export async function note(
  tx: Writer,
  line: { atMs: number; who: string; action: string; target: string; detail: Record<string, unknown> },
): Promise<void> {
  const { atMs, who, action, target, detail } = line;
  await tx
    .insertInto('audit')
    .values({ at_ms: atMs, who, action, target, detail: JSON.stringify(detail) })
    .execute();
}
