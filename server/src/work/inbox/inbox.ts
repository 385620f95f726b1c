/**
 * What comes down to communes: normal bulletins from above, which play nowhere by themselves (Circular 39/2020/TT-BTTTT);
 * each commune adds them to its own schedule or declines them, once. What has been answered is on disk.
 */
import type { InboxItem, Person } from '@loa/protocol/panel';
import { communeOf, readAreaTree } from '../../keep/store/rows/area-tree.ts';
import { parseBulletin, type StoredBulletin } from '../../keep/store/rows/bulletin-row.ts';
import { readClusters } from '../../keep/store/rows/cluster-row.ts';
import { instantText } from '../../keep/store/rows/column.ts';
import { isFromAbove } from '../../keep/store/rows/programme.ts';
import type { Reader, Writer } from '../../keep/store/store.ts';
import { accept, type Result, refuse } from '../../refusal.ts';
import { enterBulletin, findBulletin, findRequest, isSameWish, type NewBulletin, note } from '../bulletin-book.ts';
import { readBulletinViews } from '../bulletin-view.ts';
import { clustersBelow } from '../choice.ts';
import type { AnswerInbox, Inbox, WorkPorts } from '../contracts.ts';
import { draftOf, judgeDraft } from '../draft-bulletin.ts';
import { workRefusal } from '../refusals.ts';
import { holds, isOwn } from '../scope.ts';

/** Bulletins in one answer, the newest first; each stands there once for every commune of the person's. */
const listedMax = 100;
/** Items in one answer. */
const itemsMax = 500;

export interface InboxPorts extends Pick<WorkPorts, 'store' | 'clock' | 'random' | 'nowLeadMs'> {
  /** The desk's: spreads a bulletin that is on disk. */
  bulletinAccepted(bulletin: StoredBulletin): Promise<void>;
}

export function createInbox(ports: InboxPorts): Inbox {
  const { store, clock } = ports;

  async function itemOf(person: Person, bulletinId: string, areaId: string): Promise<InboxItem | undefined> {
    const items = await store.read((db) => readItems(db, { person, nowMs: clock.nowMs(), bulletinId }));
    return items.find((item) => item.areaId === areaId);
  }

  async function isOfCommune(person: Person, areaId: string): Promise<boolean> {
    const areas = await store.read(readAreaTree);
    return communeOf(areas, person.areaId) === areaId;
  }

  async function answered(person: Person, bulletinId: string, areaId: string): Promise<Result<InboxItem>> {
    const item = await itemOf(person, bulletinId, areaId);
    return item === undefined ? refuse(workRefusal('unknown-bulletin')) : accept(item);
  }

  async function decline(
    person: Person,
    origin: StoredBulletin,
    answer: Extract<AnswerInbox, { kind: 'declined' }>,
  ): Promise<Result<InboxItem>> {
    const { areaId, reason } = answer;
    const isFirst = await store.write((tx) =>
      writeAnswer(tx, { person, origin, areaId, nowMs: clock.nowMs(), kind: 'declined', reason, madeId: null }),
    );
    return isFirst ? await answered(person, origin.id, areaId) : refuse(workRefusal('answered-already'));
  }

  async function schedule(
    person: Person,
    origin: StoredBulletin,
    answer: Extract<AnswerInbox, { kind: 'scheduled' }>,
  ): Promise<Result<InboxItem>> {
    const { areaId, request } = answer;
    const { title, clipId, versions } = origin;
    const asked = draftOf(ports, { person, request: { ...request, title, clipId, versions, class: 'normal' } });
    const draft: NewBulletin = { ...asked, originId: origin.id };
    const ask = { person, requestId: request.requestId };
    const former = await store.read((db) => findRequest(db, ask));
    if (former !== undefined && !isSameWish(former, draft)) return refuse(workRefusal('request-reused'));
    if (former !== undefined) return await answered(person, origin.id, areaId);
    const judged = await store.read((db) => judgeAnswer(db, { person, draft, areaId }));
    if (!judged.ok) return judged;
    const written = await store.write(async (tx) => {
      if ((await findRequest(tx, ask)) !== undefined) return 'twin';
      const isFirst = await writeAnswer(tx, {
        person,
        origin,
        areaId,
        nowMs: clock.nowMs(),
        kind: 'scheduled',
        reason: null,
        madeId: draft.id,
      });
      const { lastMs, state } = judged.value;
      return isFirst ? await enterBulletin(tx, { bulletin: { ...draft, state }, lastMs }) : undefined;
    });
    if (written === undefined) return refuse(workRefusal('answered-already'));
    if (written !== 'twin') await ports.bulletinAccepted(written);
    return await answered(person, origin.id, areaId);
  }

  return {
    list: async (person) =>
      holds(person, 'see') ? await store.read((db) => readItems(db, { person, nowMs: clock.nowMs() })) : [],
    answer: async (person, { bulletinId, answer }) => {
      if (!holds(person, 'schedule')) return refuse(workRefusal('no-right'));
      const origin = await store.read((db) => findBulletin(db, bulletinId));
      const item = origin === undefined ? undefined : await itemOf(person, bulletinId, answer.areaId);
      if (origin === undefined || item === undefined) return refuse(workRefusal('unknown-bulletin'));
      // The commune chooses; who stands above it does not choose for it.
      if (!(await isOfCommune(person, answer.areaId))) return refuse(workRefusal('no-right'));
      if (origin.state === 'withdrawn') return refuse(workRefusal('recalled'));
      return answer.kind === 'declined'
        ? await decline(person, origin, answer)
        : await schedule(person, origin, answer);
    },
  };
}

/** The commune's own schedule is the commune's own places. */
async function judgeAnswer(
  db: Reader,
  { person, draft, areaId }: { person: Person; draft: NewBulletin; areaId: string },
): ReturnType<typeof judgeDraft> {
  const areas = await readAreaTree(db);
  const places = clustersBelow(areas, { clusters: await readClusters(db), ...draft });
  if (!places.every((cluster) => communeOf(areas, cluster.areaId) === areaId))
    return refuse(workRefusal('unknown-area'));
  return await judgeDraft(db, { person, draft });
}

/** False when the commune has answered before; nothing is written then. */
async function writeAnswer(
  tx: Writer,
  answer: {
    person: Person;
    origin: StoredBulletin;
    areaId: string;
    nowMs: number;
    kind: string;
    reason: string | null;
    madeId: string | null;
  },
): Promise<boolean> {
  const { person, origin, areaId, nowMs, kind, reason, madeId } = answer;
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto('inbox_answers')
    .values({
      bulletin_id: origin.id,
      area_id: areaId,
      kind,
      reason,
      made_id: madeId,
      created_by: person.id,
      created_ms: nowMs,
    })
    .onConflict((conflict) => conflict.columns(['bulletin_id', 'area_id']).doNothing())
    .executeTakeFirstOrThrow();
  if (Number(numInsertedOrUpdatedRows ?? 0) === 0) return false;
  await note(tx, {
    atMs: nowMs,
    who: person.id,
    action: `inbox-${kind}`,
    target: origin.id,
    detail: { areaId, reason, madeId },
  });
  return true;
}

/** What was offered to communes of the person's, recalled ones included. */
async function readItems(
  db: Reader,
  options: { person: Person; nowMs: number; bulletinId?: string | undefined },
): Promise<InboxItem[]> {
  const { person, nowMs, bulletinId } = options;
  const areas = await readAreaTree(db);
  const clusters = await readClusters(db);
  let query = db
    .selectFrom('bulletins')
    .selectAll()
    .where('class', '=', 'normal')
    .where('origin_id', 'is', null)
    .where('state', 'in', ['offered', 'withdrawn'])
    .orderBy('accepted_number', 'desc')
    .limit(listedMax * 10);
  if (bulletinId !== undefined) query = query.where('id', '=', bulletinId);
  const offered = (await query.execute()).map(parseBulletin).filter(({ madeIn }) => isFromAbove(areas, madeIn));
  const items: { bulletin: StoredBulletin; areaId: string }[] = [];
  for (const bulletin of offered.slice(0, listedMax)) {
    const communes = new Set(
      clustersBelow(areas, { clusters, ...bulletin }).map(({ areaId }) => communeOf(areas, areaId) ?? ''),
    );
    for (const areaId of communes) if (isOwn(areas, person, areaId)) items.push({ bulletin, areaId });
  }
  const shown = items.slice(0, itemsMax);
  const views = await readBulletinViews(db, {
    person,
    bulletins: [...new Set(shown.map(({ bulletin }) => bulletin))],
    nowMs,
  });
  const viewOf = new Map(views.map((view) => [view.id, view]));
  const answers = await readAnswers(db, [...viewOf.keys()]);
  return shown.flatMap(({ bulletin, areaId }) => {
    const view = viewOf.get(bulletin.id);
    const answer = answers.get(`${bulletin.id} ${areaId}`);
    return view === undefined ? [] : [{ bulletin: view, areaId, ...(answer === undefined ? {} : { answer }) }];
  });
}

async function readAnswers(
  db: Reader,
  bulletinIds: readonly string[],
): Promise<Map<string, NonNullable<InboxItem['answer']>>> {
  if (bulletinIds.length === 0) return new Map();
  const rows = await db
    .selectFrom('inbox_answers')
    .innerJoin('people', 'people.id', 'inbox_answers.created_by')
    .select(['bulletin_id', 'inbox_answers.area_id', 'kind', 'reason', 'made_id'])
    .select(['people.name', 'inbox_answers.created_ms'])
    .where('bulletin_id', 'in', bulletinIds)
    .execute();
  return new Map(
    rows.map((row) => [
      `${row.bulletin_id} ${row.area_id}`,
      {
        kind: row.kind === 'scheduled' ? ('scheduled' as const) : ('declined' as const),
        by: row.name,
        at: instantText(row.created_ms),
        ...(row.reason === null ? {} : { reason: row.reason }),
        ...(row.made_id === null ? {} : { bulletinId: row.made_id }),
      },
    ]),
  );
}
