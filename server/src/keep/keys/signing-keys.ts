/**
 * What the installation signs with: the signing key, the set of keys that devices shall believe, and the public root
 * key they have pinned. The root's private key is made here once, handed back as text for paper, and kept nowhere.
 */
import {
  deviceProtocolVersion,
  type KeySet,
  keyFromSeed,
  keyId,
  keySetSchema,
  open,
  type PrivateKey,
  type PublicKey,
  privateKeySchema,
  publicKeySchema,
  publicPart,
  seal,
} from '@loa/protocol/device';
import type { Random } from '../../edges/random.ts';
import { accept, type Result, refuse } from '../../refusal.ts';
import { type KeyFolder, readKeyFile, writeKeyFile } from './key-files.ts';
import { printRootSeed, readRootSeed } from './root-seed.ts';

export interface SigningKeys {
  /** Signs a document's payload: a `loa-document` envelope. */
  sign(payload: unknown): string;
  /** The set of keys that count and its number; the envelope is `loa-keys`, signed by the root. */
  keySet(): { number: number; envelope: string };
  rootKey: PublicKey;
}

/** Reads the keys of an installation. Throws when one is missing or they do not belong together: nothing may start. */
export async function openSigningKeys(place: KeyFolder): Promise<SigningKeys> {
  const { signingKey, rootKey, envelope, set } = await readKeys(place);
  return {
    sign: (payload) => seal({ payload, key: signingKey, type: 'loa-document' }),
    keySet: () => ({ number: set.number, envelope }),
    rootKey,
  };
}

/** Makes root key, signing key and first key set. Throws when there are keys already. */
export async function makeSigningKeys(place: KeyFolder & { random: Random }): Promise<{ rootSeedText: string }> {
  if ((await readKeyFile(place, 'signingKey')) !== undefined) throw new Error(`There are keys in ${place.folder}`);
  const seed = place.random.bytes(32);
  const root = keyFromSeed(seed);
  const signing = keyFromSeed(place.random.bytes(32));
  await writeKeyFile(place, 'rootKey', JSON.stringify(publicPart(root)));
  await writeKeyFile(place, 'keySet', sealSet({ root, number: 1, keys: [publicPart(signing)] }));
  await writeKeyFile(place, 'signingKey', JSON.stringify(signing));
  return { rootSeedText: printRootSeed(seed) };
}

/**
 * Makes a new signing key and the next key set, which holds the new and the present one, so that documents of either
 * are believed meanwhile. The number also counts seconds since 2026, so that a set made on a server restored from an
 * older copy is newer than any before. Takes effect at the next start.
 */
export async function rotateSigningKey(
  place: KeyFolder & { random: Random; rootSeedText: string; nowMs: number },
): Promise<Result<{ number: number }>> {
  const opened = await rootKeyFromPaper(place);
  if (!opened.ok) return opened;
  const root = opened.value;
  const present = await readKeys(place);
  const next = keyFromSeed(place.random.bytes(32));
  const number = Math.max(present.set.number + 1, secondsSince2026(place.nowMs));
  const keys = [publicPart(next), publicPart(present.signingKey)];
  // The set first: with it the present key still counts, whatever happens before the new one is in its place.
  await writeKeyFile(place, 'keySet', sealSet({ root, number, keys }));
  await writeKeyFile(place, 'signingKey', JSON.stringify(next));
  return accept({ number });
}

/** The root's private key as it was read from the paper; refused when misread, or of another installation. */
export async function rootKeyFromPaper(place: KeyFolder & { rootSeedText: string }): Promise<Result<PrivateKey>> {
  const seed = readRootSeed(place.rootSeedText);
  if (seed === undefined) return refuse(wrongRoot);
  const root = keyFromSeed(seed);
  const { rootKey } = await readKeys(place);
  return keyId(root) === keyId(rootKey) ? accept(root) : refuse(wrongRoot);
}

/** Whole seconds since 2026-01-01T00:00Z: larger than any number that was counted up one by one. */
export function secondsSince2026(epochMs: number): number {
  return Math.max(1, Math.floor((epochMs - 1_767_225_600_000) / 1_000));
}

const wrongRoot = {
  code: 'wrong-root-key',
  status: 422,
  field: 'rootSeedText',
  vi: 'Khóa gốc không đúng. Hãy đọc lại từng nhóm bốn ký tự trên giấy.',
  en: 'This is not the root key. Read every group of four characters from the paper again.',
} as const;

interface Keys {
  signingKey: PrivateKey;
  rootKey: PublicKey;
  envelope: string;
  set: KeySet;
}

async function readKeys(place: KeyFolder): Promise<Keys> {
  const [signingText, rootText, envelope] = await Promise.all([
    readKeyFile(place, 'signingKey'),
    readKeyFile(place, 'rootKey'),
    readKeyFile(place, 'keySet'),
  ]);
  if (signingText === undefined || rootText === undefined || envelope === undefined)
    throw new Error(`The keys in ${place.folder} are not complete: restore them from a backup`);
  const signingKey = privateKeySchema.parse(JSON.parse(signingText));
  const rootKey = publicKeySchema.parse(JSON.parse(rootText));
  const opened = open({ text: envelope, keys: [rootKey], type: 'loa-keys' });
  if (!opened.ok) throw new Error(`The key set in ${place.folder} is not signed by the root key: ${opened.reason}`);
  const set = keySetSchema.parse(opened.payload);
  if (!set.keys.some((key) => keyId(key) === keyId(signingKey)))
    throw new Error(`The signing key in ${place.folder} is not in the key set: restore both from one backup`);
  return { signingKey, rootKey, envelope, set };
}

function sealSet(options: { root: PrivateKey; number: number; keys: PublicKey[] }): string {
  const { root, number, keys } = options;
  const set: KeySet = { kind: 'keys', v: deviceProtocolVersion, number, keys };
  return seal({ payload: keySetSchema.parse(set), key: root, type: 'loa-keys' });
}
