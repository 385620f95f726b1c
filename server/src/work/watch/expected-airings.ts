/**
 * Rows for what is about to sound: kept in memory is what is expected in the coming day, and from a quarter of an hour
 * before its start each occurrence has one row per addressed device. What passed while the server was down gets its rows
 * too, so that every occurrence ends in an outcome.
 */
import type { Insertable, Selectable } from 'kysely';
import { lots } from '../../keep/store/rows/programme.ts';
import type { AiringsTable } from '../../keep/store/schema.ts';
import type { Expectation, WorkPorts } from '../contracts.ts';
import { readExpectations } from './expectations.ts';

/** How far ahead the panel sees. */
const aheadMs = 24 * 3_600_000;
/** How long before its start an occurrence gets its rows. */
export const rowsAheadMs = 15 * 60_000;
/** How far back a start of the server looks at least; further when it was down for longer, as its rows tell. */
const catchUpMs = 48 * 3_600_000;
/** And at most: plans reach nine days, and who comes back after a month begins anew. */
const catchUpMsMax = 31 * 86_400_000;
/** How far back it looks later: what has just begun is still expected. */
const lookBackMs = 3_600_000;
/** Rows written in one statement: some 7,000 parameters. */
const rowsPerInsert = 500;

export interface ExpectedAirings {
  /** Computes anew what is expected; call it when bulletins, devices or hours have changed, and now and then. */
  reconsider(): Promise<void>;
  /** Makes the rows that are due. */
  makeDue(): Promise<void>;
}

export function createExpectedAirings(
  ports: Pick<WorkPorts, 'store' | 'clock'> & {
    airingsChanged(rows: readonly Selectable<AiringsTable>[]): void;
    expected(expectations: readonly Expectation[]): void;
  },
): ExpectedAirings {
  const { store, clock } = ports;
  let expected: readonly Expectation[] = [];
  /** Devices that have their row with its planned instant, by occurrence; those of what is expected. */
  let made: Map<string, Map<string, number>> | undefined;
  let lane: Promise<void> = Promise.resolve();
  let nextCompute: Promise<void> | undefined;

  async function compute(): Promise<void> {
    const nowMs = clock.nowMs();
    const fromMs = made === undefined ? await catchUpFrom(nowMs) : nowMs - lookBackMs;
    expected = await store.read((db) => readExpectations(db, { fromMs, untilMs: nowMs + aheadMs }));
    made ??= await readMade(fromMs);
    const current = new Set(expected.map(({ occurrence }) => occurrence));
    for (const occurrence of made.keys()) if (!current.has(occurrence)) made.delete(occurrence);
    ports.expected(expected);
  }

  /** Where the rows end that were made before this start. */
  async function catchUpFrom(nowMs: number): Promise<number> {
    const { last } = await store.read((db) =>
      db
        .selectFrom('airings')
        .select((eb) => eb.fn.max('planned_ms').as('last'))
        .executeTakeFirstOrThrow(),
    );
    const lastMs = last === null ? nowMs - catchUpMsMax : Number(last) - rowsAheadMs;
    return Math.max(nowMs - catchUpMsMax, Math.min(nowMs - catchUpMs, lastMs));
  }

  async function readMade(fromMs: number): Promise<Map<string, Map<string, number>>> {
    const rows = await store.read((db) =>
      db
        .selectFrom('airings')
        .select(['occurrence', 'device_id', 'planned_ms'])
        .where('planned_ms', '>=', fromMs)
        .execute(),
    );
    const found = new Map<string, Map<string, number>>();
    for (const row of rows) remember(found, row);
    return found;
  }

  async function makeDue(): Promise<void> {
    const known = made ?? new Map<string, Map<string, number>>();
    const untilMs = clock.nowMs() + rowsAheadMs;
    const due = expected.filter(({ atMs }) => atMs <= untilMs).flatMap(rowsOf);
    const plannedOf = ({ occurrence, device_id }: (typeof due)[number]) => known.get(occurrence)?.get(device_id);
    await moveRows(
      known,
      due.filter((row) => plannedOf(row) !== undefined && plannedOf(row) !== row.planned_ms),
    );
    const missing = due.filter((row) => plannedOf(row) === undefined);
    for (const lot of lots(missing, rowsPerInsert)) {
      const inserted = await store.write((tx) =>
        tx
          .insertInto('airings')
          .values(lot)
          .onConflict((conflict) => conflict.columns(['occurrence', 'device_id']).doNothing())
          .returningAll()
          .execute(),
      );
      for (const row of lot) remember(known, row);
      ports.airingsChanged(inserted);
    }
  }

  /** What has not begun is planned for when the plan now says: a session was laid out anew, a person gave a turn. */
  async function moveRows(
    known: Map<string, Map<string, number>>,
    rows: readonly ReturnType<typeof rowsOf>[number][],
  ): Promise<void> {
    for (const { occurrence, device_id, planned_ms, until_ms } of rows) {
      const moved = await store.write((tx) =>
        tx
          .updateTable('airings')
          .set({ planned_ms, until_ms })
          .where('occurrence', '=', occurrence)
          .where('device_id', '=', device_id)
          .where('started_ms', 'is', null)
          .where('outcome', 'is', null)
          .returningAll()
          .execute(),
      );
      remember(known, { occurrence, device_id, planned_ms });
      ports.airingsChanged(moved);
    }
  }

  function inTurn(task: () => Promise<void>): Promise<void> {
    const run = lane.then(task);
    lane = run.catch(() => undefined);
    return run;
  }

  return {
    reconsider: () => {
      // Whoever asks while one runs waits for the next: the present one may have read too early.
      nextCompute ??= inTurn(async () => {
        nextCompute = undefined;
        await compute();
        await makeDue();
      });
      return nextCompute;
    },
    makeDue: () => inTurn(makeDue),
  };
}

function remember(
  known: Map<string, Map<string, number>>,
  row: { occurrence: string; device_id: string; planned_ms: number },
): void {
  const devices = known.get(row.occurrence) ?? new Map<string, number>();
  known.set(row.occurrence, devices.set(row.device_id, row.planned_ms));
}

function rowsOf({ occurrence, bulletinId, targets }: Expectation): Insertable<AiringsTable>[] {
  return targets.map(({ deviceId, clusterId, atMs, untilMs }) => ({
    occurrence,
    device_id: deviceId,
    bulletin_id: bulletinId,
    cluster_id: clusterId,
    planned_ms: atMs,
    until_ms: untilMs,
    phase: 'queued',
    outcome: null,
    reason: null,
    late_ms: null,
    started_ms: null,
    ended_ms: null,
    plays_done: 0,
    evidence: null,
    decided_ms: null,
  }));
}
