/**
 * Airings whose end the device will never tell: it was out of reach from before they were published until its newest
 * documents no longer list them, or its disk was lost. When it is back, holds those documents, knows the time, has
 * nothing of it under its eye and has told everything else, they count as `missed`; so nothing stays `unknown` for ever.
 */
import { compareSequence, type Holds, type SignedDocument, topics } from '@loa/protocol/device';
import type { Selectable } from 'kysely';
import { z } from 'zod';
import { parseColumn } from '../../keep/store/rows/column.ts';
import { documentOf } from '../../keep/store/rows/document-row.ts';
import { lots } from '../../keep/store/rows/programme.ts';
import type { AiringsTable } from '../../keep/store/schema.ts';
import type { Reader } from '../../keep/store/store.ts';
import type { WorkPorts } from '../contracts.ts';

/** A link on which nothing was reported and no other documents were held for so long has told everything. */
export const toldAllMs = 120_000;
/** Rows looked at in one turn, the newest first; the rest wait for the next. */
const rowsMax = 2_000;
/** Rows changed in one statement. */
const lotSize = 500;

/** What a link that is open now has told. */
export interface ToldLink {
  holds: Holds;
  /** Since when, on the monotonic clock, it holds this; and when it reported last. */
  sinceMs: number;
  reportedMs: number;
  clockTrusted: boolean;
  /** Occurrences under the device's eye. */
  underEye: ReadonlySet<string>;
}

export interface UntoldPorts extends Pick<WorkPorts, 'store' | 'clock'> {
  linkOf(deviceId: string): ToldLink | undefined;
  areasOf(deviceId: string): readonly string[];
  airingsChanged(rows: readonly Selectable<AiringsTable>[]): void;
}

/** Ends what is unknown and will stay so. */
export async function judgeUntold(ports: UntoldPorts): Promise<void> {
  const nowMs = ports.clock.nowMs();
  const untold = await ports.store.read(async (db) => {
    const rows = await db
      .selectFrom('airings')
      .innerJoin('bulletins', 'bulletins.id', 'airings.bulletin_id')
      .select(['occurrence', 'device_id', 'planned_ms', 'bulletin_id', 'class', 'area_ids'])
      .where('outcome', 'is', null)
      .where('phase', '=', 'unknown')
      // By the index of what is undecided: those are few, while all that ever sounded are millions.
      .orderBy('until_ms', 'desc')
      .limit(rowsMax)
      .execute();
    const found = [];
    for (const row of rows) {
      const link = ports.linkOf(row.device_id);
      if (link === undefined || !hasToldAll(ports, link) || link.underEye.has(row.occurrence)) continue;
      if (await isForgotten(db, { ...row, link, ports })) found.push(row);
    }
    return found;
  });
  const set = {
    phase: 'ended',
    outcome: 'missed',
    reason: 'offline-at-start',
    decided_ms: nowMs,
    evidence: JSON.stringify({ judgedBy: 'server' }),
  };
  for (const [occurrence, rows] of Map.groupBy(untold, (row) => row.occurrence)) {
    for (const lot of lots(rows, lotSize)) {
      const ids = lot.map((row) => row.device_id);
      const changed = await ports.store.write((tx) =>
        tx
          .updateTable('airings')
          .set(set)
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

function hasToldAll({ clock }: UntoldPorts, link: ToldLink): boolean {
  return link.clockTrusted && clock.monotonicMs() - Math.max(link.sinceMs, link.reportedMs) >= toldAllMs;
}

/** Whether the device holds what is published for it, and nothing of that lists the occurrence. */
async function isForgotten(
  db: Reader,
  row: { device_id: string; class: string; area_ids: string; bulletin_id: string; planned_ms: number } & {
    link: ToldLink;
    ports: UntoldPorts;
  },
): Promise<boolean> {
  const { device_id: deviceId, link } = row;
  if (row.class !== 'emergency') {
    const plan = await documentAt(db, topics.plan(deviceId));
    const isHeld = plan?.kind === 'plan' && isSame(link.holds.plan, plan);
    return isHeld && (row.planned_ms < plan.fromMs || row.planned_ms >= plan.untilMs);
  }
  const addressed = parseColumn(z.array(z.string()), row.area_ids);
  const areaIds = row.ports.areasOf(deviceId).filter((areaId) => addressed.includes(areaId));
  for (const areaId of areaIds) {
    const orders = await documentAt(db, topics.areaOrders(areaId));
    if (orders?.kind !== 'orders' || !isSame(link.holds.orders[areaId], orders)) return false;
    if (orders.orders.some(({ id }) => id === row.bulletin_id)) return false;
  }
  return areaIds.length > 0;
}

function isSame(held: Holds['plan'], document: SignedDocument): boolean {
  return held !== undefined && compareSequence(held, document) === 0;
}

async function documentAt(db: Reader, topic: string): Promise<SignedDocument | undefined> {
  const row = await db.selectFrom('documents').select('envelope').where('topic', '=', topic).executeTakeFirst();
  return row === undefined ? undefined : documentOf(row.envelope);
}
