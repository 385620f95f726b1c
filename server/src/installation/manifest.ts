/**
 * What stands in a backup: every file with its hash, and figures that the database must agree with. Written last, so
 * that a backup without it was interrupted.
 */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { z } from 'zod';
import type { Disk } from '../edges/disk.ts';

export const manifestName = 'manifest.json';

/** Some 100 bytes a file: 300,000 clips. */
const manifestBytesMax = 64 * 1024 * 1024;

export const manifestSchema = z.object({
  format: z.literal(1),
  madeMs: z.int(),
  epoch: z.int().min(1),
  /** Rows per table. */
  rows: z.record(z.string(), z.int().min(0)),
  files: z.array(
    z.object({
      /** Below the backup's folder, with `/`; never out of it. */
      path: z.string().regex(/^(?!.*\.\.)[A-Za-z0-9][A-Za-z0-9._/-]*$/),
      sizeBytes: z.int().min(0),
      sha256: z.string().regex(/^[0-9a-f]{64}$/),
    }),
  ),
});
export type Manifest = z.infer<typeof manifestSchema>;
export type BackupFile = Manifest['files'][number];

/** A file's entry as it lies on disk. */
export async function describeFile(disk: Disk, folder: string, path: string): Promise<BackupFile> {
  const digest = createHash('sha256');
  let sizeBytes = 0;
  for await (const chunk of disk.openStream(join(folder, path))) {
    digest.update(chunk);
    sizeBytes += chunk.length;
  }
  return { path, sizeBytes, sha256: digest.digest('hex') };
}

export async function writeManifest(disk: Disk, folder: string, manifest: Manifest): Promise<void> {
  const arriving = disk.temporaryPath(folder);
  await disk.writeSynced(arriving, once(new TextEncoder().encode(JSON.stringify(manifest, null, 1))));
  await disk.rename({ from: arriving, to: join(folder, manifestName) });
  await disk.syncFolder(folder);
}

/** The manifest, or what is wrong with it. */
export async function readManifest(
  disk: Disk,
  folder: string,
): Promise<{ ok: true; manifest: Manifest } | { ok: false; problem: string }> {
  const path = join(folder, manifestName);
  const length = await disk.sizeBytes(path);
  if (length === undefined) return { ok: false, problem: `${path} is missing: the backup was not finished` };
  if (length > manifestBytesMax) return { ok: false, problem: `${path} is too large` };
  try {
    const text = new TextDecoder().decode(await disk.readAt({ path, offset: 0, length }));
    return { ok: true, manifest: manifestSchema.parse(JSON.parse(text)) };
  } catch {
    return { ok: false, problem: `${path} is damaged` };
  }
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
