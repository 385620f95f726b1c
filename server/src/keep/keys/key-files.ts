/**
 * Where an installation's keys lie: three small files, each replaced whole, so that a power cut leaves the old or the
 * new. The signing key is for the owner's eyes alone. The root's private key is in none of them.
 */
import { join } from 'node:path';
import type { Disk } from '../../edges/disk.ts';

/** `key-set` is a `loa-keys` envelope, the other two are JWKs. */
export const keyFiles = {
  signingKey: 'signing-key.json',
  keySet: 'key-set.jws',
  rootKey: 'root-public.json',
} as const;

export type KeyFile = keyof typeof keyFiles;

/** Bytes of the largest of them; more is not a key file. */
const keyFileBytesMax = 64 * 1024;

export interface KeyFolder {
  folder: string;
  disk: Disk;
}

/** The text of a key file, or undefined when it is not there. */
export async function readKeyFile({ folder, disk }: KeyFolder, file: KeyFile): Promise<string | undefined> {
  const path = join(folder, keyFiles[file]);
  const size = await disk.sizeBytes(path);
  if (size === undefined) return undefined;
  if (size > keyFileBytesMax) throw new Error(`${path} is too large to be a key`);
  return new TextDecoder().decode(await disk.readAt({ path, offset: 0, length: size }));
}

/** Replaces a key file; it survives a power cut when this resolves. */
export async function writeKeyFile({ folder, disk }: KeyFolder, file: KeyFile, text: string): Promise<void> {
  await disk.makeFolder(folder);
  const arriving = disk.temporaryPath(folder);
  await disk.writeSynced(arriving, once(new TextEncoder().encode(text)), { isPrivate: file === 'signingKey' });
  await disk.rename({ from: arriving, to: join(folder, keyFiles[file]) });
  await disk.syncFolder(folder);
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
