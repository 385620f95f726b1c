/**
 * What a stored envelope says. It was signed and stored by this installation, so its payload is read without verifying
 * the signature again.
 */
import { documentSchema, type SignedDocument } from '@loa/protocol/device';
import type { Store } from '../store.ts';

/** The document inside a stored `loa-document` envelope. Throws when it is none: a broken invariant. */
export function documentOf(envelope: string): SignedDocument {
  const body = envelope.split('.')[1];
  if (body === undefined) throw new Error('A stored document is no envelope');
  return documentSchema.parse(JSON.parse(Buffer.from(body, 'base64url').toString('utf8')));
}

/** When the newest document of this epoch was published, epoch ms; 0 when there is none. A restore begins anew. */
export async function readNewestMs(store: Store): Promise<number> {
  const { newest } = await store.read((db) =>
    db
      .selectFrom('documents')
      .select((eb) => eb.fn.max('published_ms').as('newest'))
      .where('epoch', '=', (eb) => eb.selectFrom('installation').select('epoch'))
      .executeTakeFirstOrThrow(),
  );
  return Number(newest ?? 0);
}
