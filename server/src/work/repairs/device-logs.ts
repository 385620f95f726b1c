/**
 * Logs that devices were asked for: taken from the device that the order was for while the order is in force, once;
 * the newest of each device are kept; read by who repairs there. The file is on disk before a row says that it is.
 */
import type { Person } from '@loa/protocol/panel';
import type { LogFolder } from '../../keep/device-files/log-folder.ts';
import type { ServiceRow } from '../../keep/store/rows/service-row.ts';
import type { Reader, Writer } from '../../keep/store/store.ts';
import { accept, type Result, refuse } from '../../refusal.ts';
import type { DeviceIdentity, WorkPorts } from '../contracts.ts';
import { findOwnCluster } from './judge-service.ts';
import { repairRefusal } from './repair-refusals.ts';

/** Logs kept of one device; older ones go. */
export const logsPerDeviceMax = 5;

export interface LogPorts extends Pick<WorkPorts, 'store' | 'clock' | 'log'> {
  logs: LogFolder;
}

/** Whether the device may send the log of this order now. */
export async function judgeLog(
  { store, clock }: Pick<WorkPorts, 'store' | 'clock'>,
  { deviceId }: DeviceIdentity,
  orderId: string,
): Promise<Result<null>> {
  const row = await store.read((db) => findLogOrder(db, { deviceId, orderId }));
  return judgeRow(row, clock.nowMs());
}

/** Keeps a log that `judgeLog` has let in; judged again, since two may come at once. */
export async function keepLog(
  ports: LogPorts,
  { deviceId }: DeviceIdentity,
  sent: { orderId: string; bytes: Uint8Array },
): Promise<Result<null>> {
  const { orderId, bytes } = sent;
  const name = { deviceId, orderId };
  // RFC 1952 §2.3.1: the magic, and deflate, the only method there is.
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b || bytes[2] !== 8) return refuse(repairRefusal('log-not-gzip'));
  const judged = judgeRow(await ports.store.read((db) => findLogOrder(db, name)), ports.clock.nowMs());
  if (!judged.ok) return judged;
  await ports.logs.keep(name, bytes);
  const stored = await ports.store.write(async (tx): Promise<Result<readonly string[]>> => {
    const again = judgeRow(await findLogOrder(tx, name), ports.clock.nowMs());
    if (!again.ok) return again;
    await tx.updateTable('services').set({ log_bytes: bytes.length }).where('id', '=', orderId).execute();
    return accept(await dropOldest(tx, { deviceId, nowMs: ports.clock.nowMs() }));
  });
  if (!stored.ok) return stored;
  for (const gone of stored.value) {
    await ports.logs.remove({ deviceId, orderId: gone }).catch((error: unknown) => {
      ports.log('warn', 'an old log could not be removed', { deviceId, orderId: gone, error: String(error) });
    });
  }
  return accept(null);
}

/** The text of a log. */
export async function openLog(
  ports: LogPorts,
  { person, serviceId }: { person: Person; serviceId: string },
): Promise<Result<AsyncIterable<Uint8Array>>> {
  const found = await ports.store.read(async (db): Promise<Result<ServiceRow>> => {
    const row = await db.selectFrom('services').selectAll().where('id', '=', serviceId).executeTakeFirst();
    const own = await findOwnCluster(db, { person, clusterId: row?.cluster_id ?? '' });
    if (!own.ok && own.refusal.code === 'no-right') return own;
    return row === undefined || !own.ok ? refuse(repairRefusal('unknown-service')) : accept(row);
  });
  if (!found.ok) return found;
  const { device_id: deviceId, id: orderId, log_bytes: logBytes, log_gone_ms: goneMs } = found.value;
  const text = logBytes === null || goneMs !== null ? undefined : await ports.logs.open({ deviceId, orderId });
  return text === undefined ? refuse(repairRefusal('log-not-here')) : accept(text);
}

async function findLogOrder(
  db: Reader | Writer,
  { deviceId, orderId }: { deviceId: string; orderId: string },
): Promise<ServiceRow | undefined> {
  return await db
    .selectFrom('services')
    .selectAll()
    .where('id', '=', orderId)
    .where('device_id', '=', deviceId)
    .where('kind', '=', 'logs')
    .executeTakeFirst();
}

function judgeRow(row: ServiceRow | undefined, nowMs: number): Result<null> {
  if (row === undefined) return refuse(repairRefusal('order-not-in-force'));
  if (row.log_bytes !== null) return refuse(repairRefusal('log-stored-already'));
  return row.result === null && row.expires_ms > nowMs ? accept(null) : refuse(repairRefusal('order-not-in-force'));
}

/** Marks the logs beyond the newest as gone, and tells which. */
async function dropOldest(tx: Writer, { deviceId, nowMs }: { deviceId: string; nowMs: number }): Promise<string[]> {
  const kept = await tx
    .selectFrom('services')
    .select('id')
    .where('device_id', '=', deviceId)
    .where('log_bytes', 'is not', null)
    .where('log_gone_ms', 'is', null)
    .orderBy('created_ms', 'desc')
    .orderBy('id')
    .execute();
  const gone = kept.slice(logsPerDeviceMax).map(({ id }) => id);
  if (gone.length > 0) await tx.updateTable('services').set({ log_gone_ms: nowMs }).where('id', 'in', gone).execute();
  return gone;
}
