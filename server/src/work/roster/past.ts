/**
 * What the picture in memory does not hold: the playback log and the history of faults, read from the store and cut to
 * the clusters of who asks. Bounded: an answer that would be longer ends at its newest part.
 */
import type { AiringView, FaultView, Person } from '@loa/protocol/panel';
import type { Store } from '../../keep/store/store.ts';
import { addRow, readBulletinStates } from './load-picture.ts';
import type { AiringState, Picture } from './picture.ts';
import { airingView, faultView } from './views.ts';

/** Occurrences in one answer. */
const occurrencesMax = 500;
/** Rows read for one answer: some 10 MB. */
const rowsMax = 50_000;
/** Occurrences whose rows are read together. */
const lotSize = 20;
/** Faults in one answer. */
const faultsMax = 1_000;
/** Faults read to find them. */
const faultsSearchedMax = 10_000;

export interface Viewer {
  person: Person;
  clusterIds: ReadonlySet<string>;
}

/** Airings planned in the span, newest first. */
export async function readAirings(
  store: Store,
  options: { picture: Picture; viewer: Viewer; span: { fromMs: number; untilMs: number } },
): Promise<AiringView[]> {
  const { picture, viewer, span } = options;
  return await store.read(async (db) => {
    const planned = await db
      .selectFrom('airings')
      .select('occurrence')
      .where('planned_ms', '>=', span.fromMs)
      .where('planned_ms', '<', span.untilMs)
      .groupBy(['occurrence', 'planned_ms'])
      .orderBy('planned_ms', 'desc')
      .orderBy('occurrence')
      .limit(occurrencesMax)
      .execute();
    const occurrences = [...new Set(planned.map(({ occurrence }) => occurrence))];
    const found: AiringView[] = [];
    let rowCount = 0;
    for (let at = 0; at < occurrences.length && rowCount < rowsMax; at += lotSize) {
      const wanted = occurrences.slice(at, at + lotSize);
      const rows = await db.selectFrom('airings').selectAll().where('occurrence', 'in', wanted).execute();
      rowCount += rows.length;
      const airings = new Map<string, AiringState>();
      for (const row of rows) addRow({ airings }, row);
      const bulletins = await readBulletinStates(db, [...new Set(rows.map((row) => row.bulletin_id))]);
      for (const occurrence of wanted) {
        const airing = airings.get(occurrence);
        const bulletin = airing === undefined ? undefined : bulletins.get(airing.bulletinId);
        if (airing === undefined || bulletin === undefined) continue;
        const view = airingView(picture, { airing, bulletin, ...viewer });
        if (view !== undefined) found.push(view);
      }
    }
    return found;
  });
}

/** One airing from the store. */
export async function readAiring(
  store: Store,
  options: { picture: Picture; viewer: Viewer; occurrence: string },
): Promise<AiringView | undefined> {
  const { picture, viewer, occurrence } = options;
  return await store.read(async (db) => {
    const airings = new Map<string, AiringState>();
    const rows = await db.selectFrom('airings').selectAll().where('occurrence', '=', occurrence).execute();
    for (const row of rows) addRow({ airings }, row);
    const airing = airings.get(occurrence);
    if (airing === undefined) return undefined;
    const bulletin = (await readBulletinStates(db, [airing.bulletinId])).get(airing.bulletinId);
    return bulletin === undefined ? undefined : airingView(picture, { airing, bulletin, ...viewer });
  });
}

/** Faults, open ones first, then the newest. */
export async function readFaults(
  store: Store,
  options: { viewer: Viewer; open: boolean | undefined },
): Promise<FaultView[]> {
  const { viewer, open } = options;
  const rows = await store.read((db) => {
    let query = db.selectFrom('faults').selectAll();
    if (open === true) query = query.where('cleared_ms', 'is', null);
    if (open === false) query = query.where('cleared_ms', 'is not', null);
    return query.orderBy('opened_ms', 'desc').orderBy('id').limit(faultsSearchedMax).execute();
  });
  const own = rows.filter((row) => viewer.clusterIds.has(row.cluster_id));
  const ordered = [...own.filter((row) => row.cleared_ms === null), ...own.filter((row) => row.cleared_ms !== null)];
  return ordered.slice(0, faultsMax).map(faultView);
}
