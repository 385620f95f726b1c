/**
 * What is in force for one device, as its own orders document says it: every test and service that was asked of it and
 * has been neither answered nor outlived, the newest first, of the kinds it declares. Always made from the rows, never
 * from memory. A device without anything in force that never had such a document gets none.
 */
import {
  capabilitiesSchema,
  type Order,
  type SignedDocument,
  type TestOrder,
  topics,
  type UpdateOrder,
} from '@loa/protocol/device';
import { instantText, parseColumn } from '../../keep/store/rows/column.ts';
import { documentOf } from '../../keep/store/rows/document-row.ts';
import { lots } from '../../keep/store/rows/programme.ts';
import { type ServiceRow, serviceKindOf } from '../../keep/store/rows/service-row.ts';
import type { Reader, Writer } from '../../keep/store/store.ts';
import type { Draft } from '../draft.ts';

/** Devices looked at in one statement. */
const idsPerQueryMax = 500;

/** A service in force, with the envelope of the release that an update is about. */
export type ServiceInForce = Pick<ServiceRow, 'id' | 'device_id' | 'kind' | 'created_ms' | 'expires_ms'> & {
  envelope: string | null;
};

/** The orders document of a device, its orders in the order given. */
export function deviceOrders(deviceId: string, inForce: readonly ServiceInForce[]): Draft {
  const orders = inForce.map(orderOf);
  return { topic: topics.deviceOrders(deviceId), document: { kind: 'orders', aud: deviceId, scope: 'device', orders } };
}

/** What is in force for these devices, the newest first; nothing for those revoked, nothing that is not declared. */
export async function readInForce(
  db: Reader | Writer,
  options: { deviceIds: readonly string[]; nowMs: number },
): Promise<Map<string, ServiceInForce[]>> {
  const found = new Map<string, ServiceInForce[]>();
  for (const ids of lots(options.deviceIds, idsPerQueryMax)) {
    const rows = await db
      .selectFrom('services')
      .innerJoin('devices', 'devices.id', 'services.device_id')
      .leftJoin('releases', 'releases.number', 'services.release_number')
      .select(['services.id', 'services.device_id', 'services.kind', 'services.created_ms', 'services.expires_ms'])
      .select(['devices.capabilities', 'releases.envelope'])
      .where('services.device_id', 'in', ids)
      .where('services.result', 'is', null)
      .where('services.expires_ms', '>', options.nowMs)
      .where('devices.revoked_ms', 'is', null)
      .orderBy('services.created_ms', 'desc')
      .orderBy('services.id')
      .execute();
    for (const { capabilities, ...row } of rows) {
      if (!declaredServices(capabilities).includes(row.kind)) continue;
      found.set(row.device_id, [...(found.get(row.device_id) ?? []), row]);
    }
  }
  return found;
}

/** Of `serviceKinds`, or of a later agent; none for one that does not know of any. */
export function declaredServices(capabilities: string): readonly string[] {
  return parseColumn(capabilitiesSchema, capabilities).services ?? [];
}

/** The documents of these devices that have to be published anew. */
export async function staleOrders(
  db: Reader | Writer,
  options: { deviceIds: readonly string[]; nowMs: number },
): Promise<Draft[]> {
  const { epoch } = await db.selectFrom('installation').select('epoch').executeTakeFirstOrThrow();
  const inForce = await readInForce(db, options);
  const published = await readPublished(db, options.deviceIds);
  return options.deviceIds
    .map((deviceId) => deviceOrders(deviceId, inForce.get(deviceId) ?? []))
    .filter((draft) => !says(published.get(draft.topic), draft, epoch));
}

async function readPublished(
  db: Reader | Writer,
  deviceIds: readonly string[],
): Promise<ReadonlyMap<string, SignedDocument>> {
  const found = new Map<string, SignedDocument>();
  for (const ids of lots(deviceIds, idsPerQueryMax)) {
    const wanted = ids.map((deviceId) => topics.deviceOrders(deviceId));
    const rows = await db.selectFrom('documents').select(['topic', 'envelope']).where('topic', 'in', wanted).execute();
    for (const { topic, envelope } of rows) found.set(topic, documentOf(envelope));
  }
  return found;
}

function says(published: SignedDocument | undefined, draft: Draft, epoch: number): boolean {
  if (draft.document.kind !== 'orders') return false;
  const wanted = draft.document.orders.map(({ id }) => id).join();
  if (published?.kind !== 'orders') return wanted === '';
  return published.epoch >= epoch && published.orders.map(({ id }) => id).join() === wanted;
}

function orderOf(service: ServiceInForce): Order {
  const shared = {
    id: service.id,
    issuedAt: instantText(service.created_ms),
    expiresAt: instantText(service.expires_ms),
  };
  const kind = serviceKindOf(service);
  switch (kind) {
    case 'silent-test':
      return { kind: 'test', ...shared, form: 'silent' } satisfies TestOrder;
    case 'audible-test':
      return { kind: 'test', ...shared, form: 'audible' } satisfies TestOrder;
    case 'restart':
    case 'logs':
      return { kind, ...shared };
    case 'update':
      if (service.envelope === null) throw new Error(`Service ${service.id} is about a release that is not kept`);
      return { kind, ...shared, release: service.envelope } satisfies UpdateOrder;
  }
}
