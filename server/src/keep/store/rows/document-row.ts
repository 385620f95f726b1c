/**
 * What a stored envelope says. It was signed and stored by this installation, so its payload is read without verifying
 * the signature again.
 */
import { documentSchema, type SignedDocument } from '@loa/protocol/device';

/** The document inside a stored `loa-document` envelope. Throws when it is none: a broken invariant. */
export function documentOf(envelope: string): SignedDocument {
  const body = envelope.split('.')[1];
  if (body === undefined) throw new Error('A stored document is no envelope');
  return documentSchema.parse(JSON.parse(Buffer.from(body, 'base64url').toString('utf8')));
}
