/**
 * The signing envelope: JWS compact serialisation (RFC 7515 §3.1) with EdDSA over Ed25519 (RFC 8037 §3.1). Nothing is
 * parsed before its signature has been verified. Synchronous on purpose: verifying 9,000 a second costs less than a
 * thread hop, and a simulation that awaits a thread pool cannot be replayed.
 */
import { createHash, createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import { z } from 'zod';
import { type PublicKey, publicKeySchema } from './documents.ts';

/** Media types in the `typ` header, so that a key set can never pass for a plan or a token. */
export type EnvelopeType = 'loa-document' | 'loa-keys' | 'loa-nonce' | 'loa-release';

const headerSchema = z.object({ alg: z.literal('EdDSA'), kid: z.string(), typ: z.string() });

/** A private Ed25519 key as JWK: public part and seed `d`. */
export const privateKeySchema = publicKeySchema.extend({ d: z.string().regex(/^[A-Za-z0-9_-]{43}$/) });
export type PrivateKey = z.infer<typeof privateKeySchema>;

/** Why an envelope was refused. */
export type EnvelopeRefusal = 'malformed' | 'wrong-algorithm' | 'wrong-type' | 'unknown-key' | 'bad-signature';

export type Opened = { ok: true; payload: unknown; keyId: string } | { ok: false; reason: EnvelopeRefusal };

/** RFC 7638 thumbprint of a key, base64url: its id. */
export function keyId(key: PublicKey): string {
  const canonical = JSON.stringify({ crv: key.crv, kty: key.kty, x: key.x });
  return createHash('sha256').update(canonical).digest('base64url');
}

/** Signs a payload; the text is what travels and what is stored. */
export function seal(options: { payload: unknown; key: PrivateKey; type: EnvelopeType }): string {
  const header = { alg: 'EdDSA', kid: keyId(options.key), typ: options.type };
  const signed = `${encode(header)}.${encode(options.payload)}`;
  const key = createPrivateKey({ key: { ...options.key }, format: 'jwk' });
  return `${signed}.${sign(null, Buffer.from(signed), key).toString('base64url')}`;
}

/** Verifies an envelope against the keys that count and returns its payload, still to be parsed by a schema. */
export function open(options: { text: string; keys: readonly PublicKey[]; type: EnvelopeType }): Opened {
  const parts = options.text.split('.');
  const [head, body, signature] = parts;
  if (parts.length !== 3 || head === undefined || body === undefined || signature === undefined)
    return refuse('malformed');
  const parsed = headerSchema.safeParse(decode(head));
  if (!parsed.success) return refuse(decode(head) === undefined ? 'malformed' : 'wrong-algorithm');
  const header = parsed.data;
  if (header.typ !== options.type) return refuse('wrong-type');
  const key = options.keys.find((candidate) => keyId(candidate) === header.kid);
  if (key === undefined) return refuse('unknown-key');
  const isGenuine = verify(
    null,
    Buffer.from(`${head}.${body}`),
    publicKeyObject(key),
    Buffer.from(signature, 'base64url'),
  );
  if (!isGenuine) return refuse('bad-signature');
  const payload = decode(body);
  return payload === undefined ? refuse('malformed') : { ok: true, payload, keyId: header.kid };
}

/** The public part of a private key. */
export function publicPart(key: PrivateKey): PublicKey {
  return { kty: key.kty, crv: key.crv, x: key.x };
}

/** An Ed25519 key pair from a 32-byte seed that the caller's source of randomness gave. */
export function keyFromSeed(seed: Uint8Array): PrivateKey {
  if (seed.length !== 32) throw new Error('An Ed25519 seed has 32 bytes');
  const pkcs8 = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), seed]);
  const jwk = createPublicKey(createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' })).export({ format: 'jwk' });
  return privateKeySchema.parse({ ...jwk, d: Buffer.from(seed).toString('base64url') });
}

function publicKeyObject(key: PublicKey): KeyObject {
  return createPublicKey({ key: { ...key }, format: 'jwk' });
}

function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

function decode(text: string): unknown {
  try {
    return JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
}

function refuse(reason: EnvelopeRefusal): Opened {
  return { ok: false, reason };
}
