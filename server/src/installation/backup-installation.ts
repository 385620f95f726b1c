/**
 * Copies a whole installation into a folder while its server runs: the database as one state, the keys, and every clip
 * and release that the database may name; not the logs of devices. Clips never change, so they may share their bytes with the original (hard links) when both
 * lie on one disk; for a copy that survives the disk, choose a target on another one.
 */
import { dirname, join } from 'node:path';
import { hashSchema } from '@loa/protocol/device';
import type { Clock } from '../edges/clock.ts';
import type { Disk } from '../edges/disk.ts';
import { keyFiles } from '../keep/keys/key-files.ts';
import { countRows } from '../keep/store/copy-tables.ts';
import { copyDatabase, openStore } from '../keep/store/open-store.ts';
import { accept, type Result, refuse } from '../refusal.ts';
import { folderNotEmpty, notInstalled, unfinished } from './installation-refusals.ts';
import { type BackupFile, describeFile, type Manifest, writeManifest } from './manifest.ts';
import { type InstallationPlace, isUnfinished, names, placesOf } from './places.ts';

export interface BackupMade {
  manifest: Manifest;
  /** Clips whose bytes are no longer what their name says: rot on the disk. They are in the backup as they are. */
  damagedClips: string[];
}

/** The target is an empty folder or none yet. */
export async function backupInstallation(
  place: InstallationPlace & { target: string; clock: Pick<Clock, 'nowMs'> },
): Promise<Result<BackupMade>> {
  const { disk, target } = place;
  const places = placesOf(place);
  if (await isUnfinished(place)) return refuse(unfinished(place.dataDir));
  if ((await disk.list(places.keys)).length === 0) return refuse(notInstalled(place.dataDir));
  if ((await disk.list(target)).length > 0) return refuse(folderNotEmpty(target));
  await disk.makeFolder(target, { isPrivate: true });
  const madeMs = place.clock.nowMs();

  const database = join(target, names.database);
  await copyDatabase(places, database);
  const { epoch, rows } = await inspect(database);
  const files: BackupFile[] = [await describeFile(disk, target, names.database)];
  for (const file of Object.values(keyFiles)) {
    files.push(await copyIn({ disk, from: join(places.keys, file), target, path: `${names.keys}/${file}` }));
  }
  const damagedClips: string[] = [];
  // After the database: a clip is in the folder before any row names it, and is never removed.
  for (const path of await clipPaths(disk, places.clips)) {
    const file = await copyIn({ disk, from: join(places.clips, path), target, path: `${names.clips}/${path}` });
    if (!path.endsWith(file.sha256)) damagedClips.push(file.path);
    files.push(file);
  }
  // Named after the same hash, in the folder before any row names it, and never removed.
  for (const name of await disk.list(places.releases)) {
    if (!hashSchema.safeParse(name).success) continue;
    const path = `${names.releases}/${name}`;
    files.push(await copyIn({ disk, from: join(places.releases, name), target, path }));
  }
  const manifest: Manifest = { format: 1, madeMs, epoch, rows, files };
  await syncAll(disk, target, files);
  await writeManifest(disk, target, manifest);
  return accept({ manifest, damagedClips });
}

/** What the copied database says of itself; opening it also proves that it can be opened. */
export async function inspect(path: string): Promise<{ epoch: number; rows: Record<string, number> }> {
  const store = await openStore({ path });
  try {
    return await store.read(async (db) => ({
      epoch: (await db.selectFrom('installation').select('epoch').executeTakeFirstOrThrow()).epoch,
      rows: await countRows(db),
    }));
  } finally {
    await store.close();
  }
}

/** Makes the names in every folder of a tree of files last. */
export async function syncAll(disk: Disk, folder: string, files: readonly BackupFile[]): Promise<void> {
  const folders = new Set(files.map(({ path }) => dirname(join(folder, path))));
  for (const each of [...folders].sort().reverse()) await disk.syncFolder(each);
  for (const each of new Set([...folders].map((path) => dirname(path)))) await disk.syncFolder(each);
  await disk.syncFolder(folder);
}

async function copyIn(options: { disk: Disk; from: string; target: string; path: string }): Promise<BackupFile> {
  const { disk, from, target, path } = options;
  const to = join(target, path);
  await disk.makeFolder(dirname(to));
  // Keys are replaced, never changed in place, and clips never change: a second name keeps what was there.
  await disk.linkOrCopy({ from, to });
  return await describeFile(disk, target, path);
}

/** `ab/abcd…` for every kept clip; not what is still arriving. */
async function clipPaths(disk: Disk, clips: string): Promise<string[]> {
  const paths: string[] = [];
  for (const shard of await disk.list(clips)) {
    if (!/^[0-9a-f]{2}$/.test(shard)) continue;
    for (const name of await disk.list(join(clips, shard))) paths.push(`${shard}/${name}`);
  }
  return paths;
}
