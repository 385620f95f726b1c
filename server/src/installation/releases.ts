/**
 * Releases of the agent that an installation holds: added by who brings the root key, also while the server runs, and
 * listed. The bytes are in their folder before a row names them. What is in a bundle is not looked at here: a board
 * starts only what the root key has signed.
 */
import { createHash } from 'node:crypto';
import { type Release, releaseBytesMax, releaseSchema } from '@loa/protocol/device';
import type { Clock } from '../edges/clock.ts';
import { openReleaseFolder } from '../keep/device-files/release-folder.ts';
import { sealRelease } from '../keep/keys/seal-release.ts';
import { readReleases } from '../keep/store/rows/service-row.ts';
import type { Store, Writer } from '../keep/store/store.ts';
import { accept, type Refusal, type Result, refuse } from '../refusal.ts';
import { badRelease, releaseNotNewer, releaseVersionUsed } from './installation-refusals.ts';
import type { InstallationPlace, Places } from './places.ts';

export interface NewRelease {
  /** Greater than that of every release before. */
  number: number;
  /** For people; none that another release has. */
  version: string;
  path: string;
  /** What stands on the paper. */
  rootSeedText: string;
}

export interface KeptRelease {
  number: number;
  version: string;
  hash: string;
  sizeBytes: number;
  addedMs: number;
}

/** Signs and keeps a release. */
export async function addRelease(
  place: { store: Store; places: Places; disk: InstallationPlace['disk']; clock: Pick<Clock, 'nowMs'> },
  wanted: NewRelease,
): Promise<Result<KeptRelease>> {
  const { store, places, disk } = place;
  const read = await readBundle(disk, wanted);
  if (!read.ok) return read;
  const { release, bytes } = read.value;
  const early = await store.read(async (db) => judgeNewer(await readReleases(db), wanted));
  if (early !== undefined) return refuse(early);
  const sealed = await sealRelease({ folder: places.keys, disk, rootSeedText: wanted.rootSeedText, release });
  if (!sealed.ok) return sealed;
  await openReleaseFolder({ root: places.releases, disk }).keep(release.hash, bytes);
  const kept: KeptRelease = { ...release, addedMs: place.clock.nowMs() };
  const late = await store.write(async (tx) => {
    const refusal = judgeNewer(await readReleases(tx), wanted);
    if (refusal === undefined) await writeRelease(tx, kept, sealed.value);
    return refusal;
  });
  return late === undefined ? accept(kept) : refuse(late);
}

/** The newest first. */
export async function listReleases(store: Store): Promise<KeptRelease[]> {
  const rows = await store.read(readReleases);
  return rows.map((row) => ({
    number: row.number,
    version: row.version,
    hash: row.hash,
    sizeBytes: row.size_bytes,
    addedMs: row.added_ms,
  }));
}

async function readBundle(
  disk: InstallationPlace['disk'],
  { path, number, version }: NewRelease,
): Promise<Result<{ release: Omit<Release, 'kind' | 'v'>; bytes: Uint8Array }>> {
  const sizeBytes = await disk.sizeBytes(path);
  if (sizeBytes === undefined) return refuse(badRelease(`không có tệp ${path}`, `there is no file ${path}`));
  if (sizeBytes > releaseBytesMax) return refuse(badRelease('tệp quá lớn', 'the file is too large'));
  const bytes = await disk.readAt({ path, offset: 0, length: sizeBytes });
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return refuse(badRelease('tệp không nén gzip', 'the file is no gzip'));
  const hash = createHash('sha256').update(bytes).digest('hex');
  const parsed = releaseSchema.omit({ kind: true, v: true }).safeParse({ number, version, hash, sizeBytes });
  if (!parsed.success)
    return refuse(badRelease('cần --number từ 1 và --version', 'it needs --number from 1 on and --version'));
  return accept({ release: parsed.data, bytes });
}

function judgeNewer(
  known: readonly { number: number; version: string }[],
  { number, version }: Pick<NewRelease, 'number' | 'version'>,
): Refusal | undefined {
  const newest = known[0]?.number ?? 0;
  if (number <= newest) return releaseNotNewer(newest);
  return known.some((release) => release.version === version) ? releaseVersionUsed(version) : undefined;
}

async function writeRelease(tx: Writer, kept: KeptRelease, envelope: string): Promise<void> {
  const { number, version, hash, sizeBytes, addedMs } = kept;
  await tx
    .insertInto('releases')
    .values({ number, version, hash, size_bytes: sizeBytes, envelope, added_ms: addedMs })
    .execute();
  const detail = JSON.stringify({ version, hash });
  const line = { at_ms: addedMs, who: 'installation', action: 'release-added', target: String(number), detail };
  await tx.insertInto('audit').values(line).execute();
}
