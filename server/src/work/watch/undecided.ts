/**
 * What becomes of airings nobody has told the end of. Past its time one is `unknown`: provisional, never green, replaced
 * by the device's own word. One that was withdrawn counts as `withdrawn` only when the device holds the documents that
 * say so and cannot have sounded it unheard.
 */
import { compareSequence, type Sequence, topics } from '@loa/protocol/device';
import type { Selectable } from 'kysely';
import { z } from 'zod';
import { parseColumn } from '../../keep/store/rows/column.ts';
import { lots } from '../../keep/store/rows/programme.ts';
import type { AiringsTable } from '../../keep/store/schema.ts';
import type { Reader, Store } from '../../keep/store/store.ts';
import type { WorkPorts } from '../contracts.ts';

type AiringRow = Selectable<AiringsTable>;

/** Reports have so long to arrive (DESIGN P2: known within 60 s of the end). */
export const reportWithinMs = 60_000;
/** A device that may have sounded it has had so long, holding the newer documents on one link, to tell. */
export const quietMs = 60_000;
/** Decoders' rounding and a device's own cut-off. */
const slackMs = 2_000;
/** Further back nobody looks for what was withdrawn. */
const lookBackMs = 48 * 3_600_000;
/** Rows changed in one statement. */
const lotSize = 500;

const lateSchema = z.object({ lateMsMax: z.number() });

export interface UndecidedPorts extends Pick<WorkPorts, 'store' | 'clock'> {
  /** What the device holds on the link that is open now, and since when (monotonic). */
  linkOf(
    deviceId: string,
  ): { holds: { plan?: Sequence | undefined; orders: Record<string, Sequence> }; sinceMs: number } | undefined;
  areasOf(deviceId: string): readonly string[];
  airingsChanged(rows: readonly AiringRow[]): void;
}

/** Turns airings whose time has passed without a word into `unknown`. */
export async function judgeSilent(ports: UndecidedPorts): Promise<void> {
  const nowMs = ports.clock.nowMs();
  const rows = await ports.store.read((db) =>
    db
      .selectFrom('airings')
      .innerJoin('bulletins', 'bulletins.id', 'airings.bulletin_id')
      .select(['occurrence', 'device_id', 'until_ms', 'late_ms', 'started_ms', 'class', 'late'])
      .where('outcome', 'is', null)
      .where('phase', '<>', 'unknown')
      .where('until_ms', '<', nowMs - reportWithinMs - slackMs)
      .execute(),
  );
  const overdue = rows.filter((row) => {
    // An emergency that has not started is asked after at once; others may still start within their lateness.
    const mayLateMs = row.class === 'emergency' ? 0 : parseColumn(lateSchema, row.late).lateMsMax;
    const lateMs = row.started_ms === null ? mayLateMs : Math.max(0, row.late_ms ?? 0);
    return row.until_ms + lateMs + reportWithinMs + slackMs < nowMs;
  });
  await change(ports, { rows: overdue, set: { phase: 'unknown' } });
}

/** Ends airings of withdrawn bulletins on devices that have taken the withdrawal. */
export async function judgeWithdrawn(ports: UndecidedPorts): Promise<void> {
  const nowMs = ports.clock.nowMs();
  const taken = await ports.store.read(async (db) => {
    const rows = await db
      .selectFrom('airings')
      .innerJoin('bulletins', 'bulletins.id', 'airings.bulletin_id')
      .select(['occurrence', 'device_id', 'planned_ms', 'class', 'area_ids', 'withdrawn_ms'])
      .where('outcome', 'is', null)
      .where('started_ms', 'is', null)
      .where('bulletins.state', '=', 'withdrawn')
      .where('planned_ms', '>', nowMs - lookBackMs)
      // Follows from the line above, and finds the index of what is undecided.
      .where('until_ms', '>', nowMs - lookBackMs)
      .execute();
    const told = [];
    const documentAt = documentReader(db);
    for (const row of rows) {
      const link = ports.linkOf(row.device_id);
      if (link === undefined) continue;
      const isAhead = nowMs < row.planned_ms;
      if (!isAhead && ports.clock.monotonicMs() - link.sinceMs < quietMs) continue;
      if (await holdsWithdrawal({ ...row, link, ports, documentAt })) told.push(row);
    }
    return told;
  });
  const set = {
    phase: 'ended',
    outcome: 'withdrawn',
    decided_ms: nowMs,
    evidence: JSON.stringify({ judgedBy: 'server' }),
  };
  await change(ports, { rows: taken, set });
}

/** Whether the device holds the plan, or the orders of each area concerned, that were published after the withdrawal. */
async function holdsWithdrawal(options: {
  device_id: string;
  class: string;
  area_ids: string;
  withdrawn_ms: number | null;
  link: NonNullable<ReturnType<UndecidedPorts['linkOf']>>;
  ports: UndecidedPorts;
  documentAt: ReturnType<typeof documentReader>;
}): Promise<boolean> {
  const { device_id: deviceId, withdrawn_ms: withdrawnMs, link } = options;
  const addressed = parseColumn(z.array(z.string()), options.area_ids);
  const areaIds = options.ports.areasOf(deviceId).filter((areaId) => addressed.includes(areaId));
  const wanted: [string, Sequence | undefined][] =
    options.class === 'emergency'
      ? areaIds.map((areaId) => [topics.areaOrders(areaId), link.holds.orders[areaId]])
      : [[topics.plan(deviceId), link.holds.plan]];
  for (const [topic, held] of wanted) {
    const document = await options.documentAt(topic);
    if (document === undefined || held === undefined || withdrawnMs === null) return false;
    if (document.published_ms < withdrawnMs || compareSequence(held, document) < 0) return false;
  }
  return wanted.length > 0;
}

/** Reads each topic's document once: thousands of devices share an area's. */
function documentReader(db: Reader) {
  const known = new Map<string, Promise<(Sequence & { published_ms: number }) | undefined>>();
  return (topic: string) => {
    const found =
      known.get(topic) ??
      db
        .selectFrom('documents')
        .select(['epoch', 'number', 'published_ms'])
        .where('topic', '=', topic)
        .executeTakeFirst();
    known.set(topic, found);
    return found;
  };
}

/** Changes rows that still have no outcome, and tells of those that were changed. */
async function change(
  ports: { store: Store; airingsChanged(rows: readonly AiringRow[]): void },
  options: { rows: readonly Pick<AiringRow, 'occurrence' | 'device_id'>[]; set: Partial<AiringRow> },
): Promise<void> {
  const byOccurrence = Map.groupBy(options.rows, ({ occurrence }) => occurrence);
  for (const [occurrence, rows] of byOccurrence) {
    for (const lot of lots(rows, lotSize)) {
      const ids = lot.map((row) => row.device_id);
      const changed = await ports.store.write((tx) =>
        tx
          .updateTable('airings')
          .set(options.set)
          .where('occurrence', '=', occurrence)
          .where('device_id', 'in', ids)
          .where('outcome', 'is', null)
          .returningAll()
          .execute(),
      );
      ports.airingsChanged(changed);
    }
  }
}
