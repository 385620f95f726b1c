/**
 * Why something did or did not sound at a cluster at an instant: the law's forecast for that time beside what the device
 * has told. It knows the decisions that are in force now and bulletins withdrawn since; of a decision that has been
 * changed since it knows the newer one. Reads only.
 */
import type { ExplanationView, Person } from '@loa/protocol/panel';
import {
  explain,
  type ForecastLine,
  forecaster,
  outcomeReasons,
  outcomes,
  type Recorded,
  type Window,
} from '@loa/schedules';
import { z } from 'zod';
import { instantText } from '../../keep/store/rows/column.ts';
import { lots, readProgramme } from '../../keep/store/rows/programme.ts';
import type { Reader } from '../../keep/store/store.ts';
import { accept, type Result, refuse } from '../../refusal.ts';
import type { WorkPorts } from '../contracts.ts';
import { lineView, planSetOf, readTitles } from '../plan-sets.ts';
import { workRefusal } from '../refusals.ts';
import { holds, isOwn } from '../scope.ts';

const aroundMs = 86_400_000;
/** Ids in one statement. */
const idsPerQueryMax = 500;
/** How far back and ahead somebody may ask. */
const reachMs = 9 * 86_400_000;

export async function readExplanation(
  ports: Pick<WorkPorts, 'store' | 'clock'>,
  { person, clusterId, atMs }: { person: Person; clusterId: string; atMs: number },
): Promise<Result<ExplanationView>> {
  if (!holds(person, 'see')) return refuse(workRefusal('no-right'));
  if (Math.abs(ports.clock.nowMs() - atMs) > reachMs) return refuse(workRefusal('too-far-to-explain'));
  return await ports.store.read(async (db) => {
    const window = { fromMs: atMs - aroundMs, untilMs: atMs + aroundMs };
    const programme = await readProgramme(db, { fromMs: window.fromMs, heldAtMs: atMs });
    const device = programme.devices.find((each) => each.clusterId === clusterId);
    if (device === undefined || !isOwn(programme.areas, person, device.areaId))
      return refuse(workRefusal('unknown-area'));
    const set = planSetOf(programme, { clusterIds: new Set([clusterId]), window });
    const foretold = set.groups.flatMap((group) => forecaster(set)(group));
    const lines = await since(db, foretold, device.enrolledMs);
    const recorded = await readRecorded(db, { clusterId, window });
    const explained = explain({ lines, atMs, recorded });
    const shown = [...explained.concerned.map(({ line }) => line), explained.previous, explained.next];
    const titles = await readTitles(
      db,
      shown.filter((line) => line !== undefined),
    );
    const changedMs = await lawChangedSince(db, atMs);
    return accept({
      clusterId,
      at: instantText(atMs),
      ...(changedMs === undefined ? {} : { lawChangedAt: instantText(changedMs) }),
      concerned: explained.concerned.map(({ line, verdict, recorded: told }) => ({
        line: lineView(line, titles),
        verdict,
        ...(told === undefined ? {} : { outcome: told.outcome }),
        ...(told?.reason === undefined ? {} : { reason: told.reason }),
      })),
      ...(explained.previous === undefined ? {} : { previous: lineView(explained.previous, titles) }),
      ...(explained.next === undefined ? {} : { next: lineView(explained.next, titles) }),
    });
  });
}

/** Of what did not stand in the book then, nothing was planned; nor before the board was there. */
async function since(db: Reader, lines: readonly ForecastLine[], enrolledMs: number): Promise<ForecastLine[]> {
  const ids = [...new Set(lines.map(({ bulletinId }) => bulletinId))];
  const createdMs = new Map<string, number>();
  for (const lot of lots(ids, idsPerQueryMax)) {
    const rows = await db
      .selectFrom('bulletins')
      .select(['id', 'created_ms', 'decided_ms'])
      .where('id', 'in', lot)
      .execute();
    for (const row of rows) createdMs.set(row.id, row.decided_ms ?? row.created_ms);
  }
  return lines.filter(({ bulletinId, atMs }) => atMs >= Math.max(enrolledMs, createdMs.get(bulletinId) ?? 0));
}

/** When the law was last changed after an instant, anywhere: the explanation goes by the law of now. */
async function lawChangedSince(db: Reader, atMs: number): Promise<number | undefined> {
  const { last } = await db
    .selectFrom('changes')
    .select((eb) => eb.fn.max<number | string>('created_ms').as('last'))
    .where('created_ms', '>', atMs)
    .executeTakeFirstOrThrow();
  return last === null ? undefined : Number(last);
}

const outcomeSchema = z.enum(outcomes);
const reasonSchema = z.enum(outcomeReasons);

async function readRecorded(
  db: Reader,
  { clusterId, window }: { clusterId: string; window: Window },
): Promise<Map<string, Recorded>> {
  const rows = await db
    .selectFrom('airings')
    .select(['occurrence', 'outcome', 'reason', 'started_ms', 'ended_ms', 'until_ms'])
    .where('cluster_id', '=', clusterId)
    .where('planned_ms', '>=', window.fromMs)
    .where('planned_ms', '<', window.untilMs)
    .where('outcome', 'is not', null)
    .execute();
  return new Map(
    rows.map((row) => {
      const reason = reasonSchema.safeParse(row.reason);
      return [
        row.occurrence,
        {
          outcome: outcomeSchema.parse(row.outcome),
          ...(reason.success ? { reason: reason.data } : {}),
          ...(row.started_ms === null ? {} : { startedMs: row.started_ms }),
          endedMs: row.ended_ms ?? row.until_ms,
        },
      ];
    }),
  );
}
