/**
 * What a frame of reports changes in the store: each report is kept once, and only a new one is applied, in the order of
 * its numbers, so that a frame sent again changes nothing. The first outcome of an occurrence on a device stays; a second
 * one that differs is kept as a report and changes nothing else. Runs inside one transaction.
 */
import { capabilitiesSchema, type Report, type ReportEvent } from '@loa/protocol/device';
import type { TestView } from '@loa/protocol/panel';
import { bulletinIdOf, createAddresses, lengthSlackMs, occurrencesOf } from '@loa/schedules';
import type { Selectable } from 'kysely';
import { createAreaPlans } from '../../keep/store/rows/area-plan.ts';
import { readAreaTree } from '../../keep/store/rows/area-tree.ts';
import { parseBulletin, plannedEndMs, type StoredBulletin, toSchedule } from '../../keep/store/rows/bulletin-row.ts';
import { formerAreas } from '../../keep/store/rows/cluster-row.ts';
import { instantMs, parseColumn } from '../../keep/store/rows/column.ts';
import { readProgramme } from '../../keep/store/rows/programme.ts';
import type { AiringsTable, FaultsTable } from '../../keep/store/schema.ts';
import type { Writer } from '../../keep/store/store.ts';
import type { DeviceIdentity } from '../contracts.ts';
import { applyServed, applyTested } from './apply-services.ts';

type AiringRow = Selectable<AiringsTable>;
type FaultRow = Selectable<FaultsTable>;
type Event<K extends ReportEvent['kind']> = Extract<ReportEvent, { kind: K }>;

/** What has changed, for the live picture; `ignored` for the log. */
export interface AppliedReports {
  airings: AiringRow[];
  faults: FaultRow[];
  /** The device's newest test, when it has changed. */
  test: TestView | undefined;
  /** Something that was asked of the device has been answered. */
  isAnswered: boolean;
  ignored: ({ why: string } & ({ occurrence: string } | { order: string }))[];
}

export interface ReportFrame {
  device: DeviceIdentity;
  stream: string;
  reports: readonly Report[];
  receivedMs: number;
  newFaultId(): string;
}

export async function applyReports(tx: Writer, frame: ReportFrame): Promise<AppliedReports> {
  const airings = new Map<string, AiringRow>();
  const applied: AppliedReports = { airings: [], faults: [], test: undefined, isAnswered: false, ignored: [] };
  const fresh = await keepNew(tx, frame);
  const isShadow =
    fresh.some(({ event }) => event.kind === 'started' || event.kind === 'ended') && (await readShadow(tx, frame));
  for (const report of fresh) {
    const { event } = report;
    if (event.kind === 'started' || event.kind === 'ended') {
      const row = airings.get(event.occurrence) ?? (await findAiring(tx, frame, event));
      const changed =
        row === undefined ? undefined : nextAiring(row, event, { isShadow, receivedMs: frame.receivedMs });
      if (changed === undefined) {
        const why = row === undefined ? 'unknown occurrence' : `already ${row.outcome}`;
        if (row === undefined || isContradiction(row, event))
          applied.ignored.push({ occurrence: event.occurrence, why });
        continue;
      }
      await writeAiring(tx, changed);
      airings.set(event.occurrence, changed);
    } else if (event.kind === 'fault-opened') {
      applied.faults.push(...(await openFault(tx, { frame, report, event })));
    } else if (event.kind === 'fault-cleared') {
      applied.faults.push(...(await clearFault(tx, { frame, report, event })));
    } else if (event.kind === 'tested' || event.kind === 'served') {
      const told = { deviceId: frame.device.deviceId, receivedMs: frame.receivedMs, report };
      const done =
        event.kind === 'tested' ? await applyTested(tx, { ...told, event }) : await applyServed(tx, { ...told, event });
      applied.test = done.test ?? applied.test;
      applied.isAnswered ||= done.isAnswered;
      if (done.why !== undefined) applied.ignored.push({ order: event.order ?? '', why: done.why });
    }
  }
  applied.airings = [...airings.values()];
  return applied;
}

/** Conditions that an earlier stream of this device left open: with its disk lost, nobody will ever clear them. */
export async function clearLostFaults(tx: Writer, options: { deviceId: string; nowMs: number }): Promise<FaultRow[]> {
  return await tx
    .updateTable('faults')
    .set({ cleared_ms: options.nowMs })
    .where('device_id', '=', options.deviceId)
    .where('judged_by', '=', 'device')
    .where('cleared_ms', 'is', null)
    .returningAll()
    .execute();
}

async function keepNew(tx: Writer, frame: ReportFrame): Promise<Report[]> {
  const { device, stream, receivedMs } = frame;
  const rows = frame.reports.map((report) => ({
    device_id: device.deviceId,
    stream,
    seq: report.seq,
    at_ms: instantMs(report.at),
    received_ms: receivedMs,
    report: JSON.stringify(report),
  }));
  const inserted = await tx
    .insertInto('reports')
    .values(rows)
    .onConflict((conflict) => conflict.columns(['device_id', 'stream', 'seq']).doNothing())
    .returning('seq')
    .execute();
  const isNew = new Set(inserted.map(({ seq }) => seq));
  const once = new Map(frame.reports.filter(({ seq }) => isNew.has(seq)).map((report) => [report.seq, report]));
  return [...once.values()].sort((a, b) => a.seq - b.seq);
}

/** Whether nothing is connected to the device's output, as it said when its link opened. */
async function readShadow(tx: Writer, { device }: ReportFrame): Promise<boolean> {
  const row = await tx
    .selectFrom('devices')
    .select('capabilities')
    .where('id', '=', device.deviceId)
    .executeTakeFirst();
  return row !== undefined && parseColumn(capabilitiesSchema, row.capabilities).shadow === true;
}

/** Pure: the row after the event, undefined when nothing changes. */
function nextAiring(
  row: AiringRow,
  event: Event<'started'> | Event<'ended'>,
  told: { isShadow: boolean; receivedMs: number },
): AiringRow | undefined {
  if (row.outcome !== null) return undefined;
  const shadow = told.isShadow ? 1 : row.shadow;
  if (event.kind === 'started') {
    const startedMs = row.started_ms ?? event.startedMs;
    const lateMs = row.late_ms ?? startedMs - event.plannedMs;
    return { ...row, shadow, phase: 'playing', started_ms: startedMs, late_ms: lateMs };
  }
  return {
    ...row,
    shadow,
    phase: 'ended',
    outcome: event.outcome,
    reason: event.reason ?? null,
    late_ms: event.lateMs ?? row.late_ms,
    started_ms: event.startedMs ?? row.started_ms,
    ended_ms: event.endedMs,
    plays_done: event.playsDone,
    evidence: event.evidence === undefined ? null : JSON.stringify(event.evidence),
    decided_ms: told.receivedMs,
  };
}

function isContradiction(row: AiringRow, event: Event<'started'> | Event<'ended'>): boolean {
  return event.kind === 'ended' && row.outcome !== event.outcome;
}

async function writeAiring(tx: Writer, row: AiringRow): Promise<void> {
  await tx
    .insertInto('airings')
    .values(row)
    .onConflict((conflict) => conflict.columns(['occurrence', 'device_id']).doUpdateSet(row))
    .execute();
}

/** The row, or a new one for an occurrence that the law knows and nobody has expected yet, as after a restore. */
async function findAiring(
  tx: Writer,
  { device }: ReportFrame,
  event: Event<'started'> | Event<'ended'>,
): Promise<AiringRow | undefined> {
  const { occurrence, plannedMs } = event;
  const row = await tx
    .selectFrom('airings')
    .selectAll()
    .where('occurrence', '=', occurrence)
    .where('device_id', '=', device.deviceId)
    .executeTakeFirst();
  if (row !== undefined) return row;
  const found = await tx
    .selectFrom('bulletins')
    .innerJoin('clips', 'clips.id', 'bulletins.clip_id')
    .selectAll('bulletins')
    .select('clips.duration_ms')
    .where('bulletins.id', '=', bulletinIdOf(occurrence))
    .executeTakeFirst();
  if (found === undefined) return undefined;
  const bulletin = parseBulletin(found);
  const clipDurationMs = found.duration_ms;
  const { time_zone: timeZone } = await tx.selectFrom('installation').select('time_zone').executeTakeFirstOrThrow();
  const lawful = occurrencesOf(toSchedule(bulletin, { clipDurationMs, timeZone }), {
    fromMs: plannedMs,
    untilMs: plannedMs + 1,
  });
  const isPlain = lawful.some(({ id }) => id === occurrence) && (await isAddressed(tx, device, bulletin));
  const untilMs = isPlain
    ? plannedEndMs({ atMs: plannedMs, clipDurationMs, repeat: bulletin.repeat })
    : await plannedUntil(tx, device, { occurrence, plannedMs });
  if (untilMs === undefined) return undefined;
  return {
    occurrence,
    device_id: device.deviceId,
    bulletin_id: bulletin.id,
    cluster_id: device.clusterId,
    planned_ms: plannedMs,
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
    shadow: null,
  };
}

async function isAddressed(
  tx: Writer,
  { clusterId }: DeviceIdentity,
  bulletin: Pick<StoredBulletin, 'areaIds' | 'clusterIds'>,
): Promise<boolean> {
  if (bulletin.clusterIds.includes(clusterId)) return true;
  const row = await tx
    .selectFrom('clusters')
    .select(['area_id', 'former_area_ids'])
    .where('id', '=', clusterId)
    .executeTakeFirst();
  if (row === undefined) return false;
  const cluster = { id: clusterId, areaId: row.area_id, formerAreaIds: formerAreas(row.former_area_ids) };
  return createAddresses(await readAreaTree(tx))(cluster).some((areaId) => bulletin.areaIds.includes(areaId));
}

/** Around an occurrence, so that whole days of a session are laid out. */
const aroundMs = 86_400_000;

/** The planned end of what only the plan of the place knows: placed in a session, moved by a turn, a session's own part. */
async function plannedUntil(
  tx: Writer,
  device: DeviceIdentity,
  { occurrence, plannedMs }: { occurrence: string; plannedMs: number },
): Promise<number | undefined> {
  const window = { fromMs: plannedMs - aroundMs, untilMs: plannedMs + aroundMs };
  const programme = await readProgramme(tx, {
    fromMs: window.fromMs,
    deviceIds: [device.deviceId],
    heldAtMs: plannedMs,
  });
  const [place] = programme.devices;
  const items = place === undefined ? [] : createAreaPlans(programme, window)(place).items;
  const item = items.find((one) => one.occurrence === occurrence && one.atMs === plannedMs);
  return item === undefined ? undefined : item.atMs + item.lengthMsMax - lengthSlackMs;
}

/** One condition is open once per device: an older one of the same code ends when the device tells of a newer. */
async function openFault(
  tx: Writer,
  options: { frame: ReportFrame; report: Report; event: Event<'fault-opened'> },
): Promise<FaultRow[]> {
  const { frame, report, event } = options;
  const sinceMs = report.clockTrusted ? event.sinceMs : frame.receivedMs;
  const replaced = await tx
    .updateTable('faults')
    .set({ cleared_ms: sinceMs })
    .where('device_id', '=', frame.device.deviceId)
    .where('cleared_ms', 'is', null)
    .where((where) => where.or([where('fault', '=', event.fault), where('code', '=', event.code)]))
    .returningAll()
    .execute();
  const opened: FaultRow = {
    id: frame.newFaultId(),
    fault: event.fault,
    device_id: frame.device.deviceId,
    cluster_id: frame.device.clusterId,
    code: event.code,
    judged_by: 'device',
    opened_ms: sinceMs,
    cleared_ms: null,
    evidence: JSON.stringify(event.evidence),
  };
  await tx.insertInto('faults').values(opened).execute();
  return [...replaced, opened];
}

async function clearFault(
  tx: Writer,
  options: { frame: ReportFrame; report: Report; event: Event<'fault-cleared'> },
): Promise<FaultRow[]> {
  const { frame, report, event } = options;
  return await tx
    .updateTable('faults')
    .set({ cleared_ms: report.clockTrusted ? instantMs(report.at) : frame.receivedMs })
    .where('device_id', '=', frame.device.deviceId)
    .where('fault', '=', event.fault)
    .where('cleared_ms', 'is', null)
    .returningAll()
    .execute();
}
