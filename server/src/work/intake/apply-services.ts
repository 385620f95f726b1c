/**
 * What the device's own word on a test, a restart, a log or an update changes in the store: the first answer to an order
 * of this device stays, also when it comes after the order's time; anything else changes nothing and is told why. The
 * newest test that was really made is kept with the device. Runs inside the transaction that stores the reports.
 */
import type { Report, ReportEvent } from '@loa/protocol/device';
import { type TestView, testViewSchema } from '@loa/protocol/panel';
import { instantMs, instantText, parseColumn } from '../../keep/store/rows/column.ts';
import type { ServicesTable } from '../../keep/store/schema.ts';
import type { Writer } from '../../keep/store/store.ts';

type Event<K extends ReportEvent['kind']> = Extract<ReportEvent, { kind: K }>;

interface Told<E> {
  deviceId: string;
  receivedMs: number;
  report: Report;
  event: E;
}

/** `why` it changed nothing; `test` when the device's newest test has changed. */
export interface AppliedService {
  why?: string | undefined;
  /** An order has been answered. */
  isAnswered: boolean;
  test?: TestView | undefined;
}

/** The device's own words are kept to this length. */
const reasonLengthMax = 300;

export async function applyTested(tx: Writer, told: Told<Event<'tested'>>): Promise<AppliedService> {
  const { event } = told;
  const { order, form, verdict, evidence } = event;
  if (order !== undefined) {
    const said = typeof evidence.reason === 'string' ? evidence.reason : null;
    const why = await answer(tx, told, {
      order,
      kind: `${form}-test`,
      set: {
        result: verdict === 'refused' ? 'refused' : 'done',
        verdict,
        reason: said,
        evidence: JSON.stringify(evidence),
      },
    });
    if (why !== undefined) return { why, isAnswered: false };
  }
  const isAnswered = order !== undefined;
  if (verdict === 'refused') return { isAnswered };
  return { isAnswered, test: await keepNewest(tx, told) };
}

export async function applyServed(tx: Writer, told: Told<Event<'served'>>): Promise<AppliedService> {
  const { order, service, result, reason, evidence } = told.event;
  const why = await answer(tx, told, {
    order,
    kind: service,
    set: {
      result,
      reason: reason ?? null,
      evidence: evidence === undefined ? null : JSON.stringify(evidence),
    },
  });
  return { why, isAnswered: why === undefined };
}

/** Why nothing was changed, undefined when the order has been answered by this. */
async function answer(
  tx: Writer,
  { deviceId, receivedMs, report, event }: Told<Event<'tested'> | Event<'served'>>,
  options: { order: string; kind: string; set: Partial<ServicesTable> },
): Promise<string | undefined> {
  const row = await tx.selectFrom('services').selectAll().where('id', '=', options.order).executeTakeFirst();
  if (row === undefined) return 'unknown order';
  if (row.device_id !== deviceId) return 'an order for another device';
  if (row.kind !== options.kind) return `an order for ${row.kind}`;
  if (row.result !== null) return `already ${row.result}`;
  const toldMs = event.kind === 'tested' ? event.endedMs : instantMs(report.at);
  const set = {
    ...options.set,
    reason: options.set.reason?.slice(0, reasonLengthMax) ?? null,
    ended_ms: report.clockTrusted ? toldMs : receivedMs,
  };
  await tx.updateTable('services').set(set).where('id', '=', options.order).execute();
  return undefined;
}

/** A test that was made before the one that is known, told late, is only history. */
async function keepNewest(
  tx: Writer,
  { deviceId, receivedMs, report, event }: Told<Event<'tested'>>,
): Promise<TestView | undefined> {
  const row = await tx.selectFrom('devices').select('last_test').where('id', '=', deviceId).executeTakeFirst();
  if (row === undefined) return undefined;
  const atMs = report.clockTrusted ? event.startedMs : receivedMs;
  const known = row.last_test === null ? undefined : parseColumn(testViewSchema, row.last_test);
  if (known !== undefined && instantMs(known.at) >= atMs) return undefined;
  const { form, verdict, evidence } = event;
  const test: TestView = { form, verdict, at: instantText(atMs), evidence, isOwn: event.order === undefined };
  await tx
    .updateTable('devices')
    .set({ last_test: JSON.stringify(test) })
    .where('id', '=', deviceId)
    .execute();
  return test;
}
