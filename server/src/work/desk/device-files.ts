/**
 * What a device may fetch: the body of its own newest plan, and the clips that this body or the orders of its areas
 * name. Asked on every fetch, so what a body names is remembered by the body's hash, which never changes its meaning.
 */
import { type Clip, planBodySchema, type SignedDocument, topics } from '@loa/protocol/device';
import { parseColumn } from '../../keep/store/rows/column.ts';
import { documentOf } from '../../keep/store/rows/document-row.ts';
import type { Reader } from '../../keep/store/store.ts';
import type { DeviceFile, DeviceIdentity, WorkPorts } from '../contracts.ts';

/** Bodies whose clips are remembered: those of a province's communes, at some 50 kB each. */
const bodiesMax = 256;

const mimeTypes = { 'ogg-opus': 'audio/ogg', mp3: 'audio/mpeg' } as const;
type Format = keyof typeof mimeTypes;

export type FileFor = (
  device: DeviceIdentity,
  wanted: { kind: 'clip' | 'body'; hash: string },
) => Promise<DeviceFile | undefined>;

export function createDeviceFiles(ports: Pick<WorkPorts, 'store' | 'sounds'>): FileFor {
  const named = new Map<string, ReadonlyMap<string, Format>>();

  async function namedBy(db: Reader, bodyHash: string): Promise<ReadonlyMap<string, Format>> {
    const known = named.get(bodyHash);
    if (known !== undefined) return known;
    const text = await bodyText(db, bodyHash);
    const formats = formatsOf(text === undefined ? [] : parseColumn(planBodySchema, text).clips);
    for (const [oldest] of named) {
      if (named.size < bodiesMax) break;
      named.delete(oldest);
    }
    named.set(bodyHash, formats);
    return formats;
  }

  return async ({ deviceId }, wanted) => {
    const found = await ports.store.read(async (db): Promise<{ text: string } | { format: Format } | undefined> => {
      const [plan] = await documentsAt(db, [topics.plan(deviceId)]);
      const head = plan?.kind === 'plan' ? plan : undefined;
      if (wanted.kind === 'body') {
        const text = head?.body.hash === wanted.hash ? await bodyText(db, wanted.hash) : undefined;
        return text === undefined ? undefined : { text };
      }
      const planned = head === undefined ? undefined : (await namedBy(db, head.body.hash)).get(wanted.hash);
      const format = planned ?? (await orderedClips(db, { deviceId, areaIds: head?.areas ?? [] })).get(wanted.hash);
      return format === undefined ? undefined : { format };
    });
    if (found === undefined) return undefined;
    if ('text' in found) return { kind: 'text', text: found.text };
    const sizeBytes = await ports.sounds.sizeBytes(wanted.hash);
    if (sizeBytes === undefined) return undefined;
    return { kind: 'path', path: ports.sounds.pathOf(wanted.hash), sizeBytes, mimeType: mimeTypes[found.format] };
  };
}

async function orderedClips(
  db: Reader,
  device: { deviceId: string; areaIds: readonly string[] },
): Promise<ReadonlyMap<string, Format>> {
  const where = [topics.deviceOrders(device.deviceId), ...device.areaIds.map((id) => topics.areaOrders(id))];
  const orders = (await documentsAt(db, where)).flatMap((document) =>
    document.kind === 'orders' ? document.orders : [],
  );
  return formatsOf(orders.flatMap((order) => (order.kind === 'emergency' ? [order.clip] : [])));
}

async function documentsAt(db: Reader, wanted: readonly string[]): Promise<SignedDocument[]> {
  const rows = await db.selectFrom('documents').select('envelope').where('topic', 'in', wanted).execute();
  return rows.map(({ envelope }) => documentOf(envelope));
}

async function bodyText(db: Reader, hash: string): Promise<string | undefined> {
  const row = await db.selectFrom('bodies').select('body').where('hash', '=', hash).executeTakeFirst();
  return row?.body;
}

function formatsOf(clips: readonly Clip[]): ReadonlyMap<string, Format> {
  return new Map(clips.flatMap((clip) => clip.renditions.map(({ hash, format }): [string, Format] => [hash, format])));
}
