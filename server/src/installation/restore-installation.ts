/**
 * Makes an installation from a backup, on SQLite or PostgreSQL, whichever it came from. The epoch is raised, so that
 * devices that have seen newer numbers obey it, and the signed documents of the old epoch are dropped: the planner finds
 * none and makes all anew. Everybody signs in again.
 */
import { dirname, join } from 'node:path';
import { sql } from 'kysely';
import type { Clock } from '../edges/clock.ts';
import { secondsSince2026 } from '../keep/keys/signing-keys.ts';
import { copyTables, countRows } from '../keep/store/copy-tables.ts';
import { openStore } from '../keep/store/open-store.ts';
import type { Store } from '../keep/store/store.ts';
import { accept, type Refusal, type Result, refuse } from '../refusal.ts';
import { inspect, syncAll } from './backup-installation.ts';
import { badBackup, databaseNotEmpty, folderNotEmpty } from './installation-refusals.ts';
import { describeFile, type Manifest, readManifest } from './manifest.ts';
import { beginFolder, finishFolder, type InstallationPlace, names, placesOf } from './places.ts';

export interface Restored {
  /** When the backup was made. */
  madeMs: number;
  epochBefore: number;
  epoch: number;
}

/** Verifies the backup before it writes anything; refuses a folder or database that is not empty. */
export async function restoreInstallation(
  place: InstallationPlace & { source: string; clock: Pick<Clock, 'nowMs'> },
): Promise<Result<Restored>> {
  const { disk, source, dataDir } = place;
  const read = await readManifest(disk, source);
  if (!read.ok) return refuse(badBackup(read.problem));
  const { manifest } = read;
  const problem = await verifyFiles(place, manifest);
  if (problem !== undefined) return refuse(badBackup(problem));
  if (place.databaseUrl !== undefined && !(await isEmptyDatabase(place.databaseUrl))) return refuse(databaseNotEmpty);
  if (!(await beginFolder(place))) return refuse(folderNotEmpty(dataDir));

  for (const { path } of manifest.files) {
    const to = join(dataDir, path);
    const isPrivate = !path.startsWith(`${names.clips}/`);
    await disk.makeFolder(dirname(to), { isPrivate });
    await disk.writeSynced(to, disk.openStream(join(source, path)), { isPrivate });
  }
  await disk.makeFolder(placesOf(place).clips);
  await syncAll(disk, dataDir, manifest.files);
  const refusal = await checkFigures(join(dataDir, names.database), manifest);
  if (refusal !== undefined) return refuse(refusal);

  const store = await openRestored(place);
  try {
    const epoch = await raiseEpoch(store, { epochBefore: manifest.epoch, nowMs: place.clock.nowMs() });
    await finishFolder(place);
    return accept({ madeMs: manifest.madeMs, epochBefore: manifest.epoch, epoch });
  } finally {
    await store.close();
  }
}

async function verifyFiles(
  place: InstallationPlace & { source: string },
  manifest: Manifest,
): Promise<string | undefined> {
  for (const file of manifest.files) {
    const size = await place.disk.sizeBytes(join(place.source, file.path));
    if (size === undefined) return `${file.path} is missing`;
    const found = await describeFile(place.disk, place.source, file.path);
    if (found.sizeBytes !== file.sizeBytes || found.sha256 !== file.sha256) return `${file.path} is damaged`;
  }
  return manifest.files.some(({ path }) => path === names.database) ? undefined : `${names.database} is missing`;
}

async function checkFigures(database: string, manifest: Manifest): Promise<Refusal | undefined> {
  const { epoch, rows } = await inspect(database);
  const wrong = Object.entries(manifest.rows).find(([table, count]) => rows[table] !== count);
  if (wrong !== undefined) return badBackup(`${wrong[0]} has ${rows[wrong[0]]} rows instead of ${wrong[1]}`);
  return epoch === manifest.epoch ? undefined : badBackup('the epoch is not the one written down');
}

async function isEmptyDatabase(databaseUrl: string): Promise<boolean> {
  const store = await openStore({ path: '', databaseUrl });
  try {
    const counts = await store.read(countRows);
    return Object.values(counts).every((count) => count === 0);
  } finally {
    await store.close();
  }
}

/** The store that will serve: the copied file itself, or PostgreSQL filled from it. */
async function openRestored(place: InstallationPlace): Promise<Store> {
  const places = placesOf(place);
  const file = await openStore({ path: places.path });
  if (place.databaseUrl === undefined) return file;
  const target = await openStore(places);
  try {
    await copyTables({ from: file, to: target });
    // Rows were written with their numbers; the next one must be a new one.
    await target.write((tx) =>
      sql`select setval(pg_get_serial_sequence('audit', 'id'), (select coalesce(max(id), 0) + 1 from audit), false)`.execute(
        tx,
      ),
    );
  } finally {
    await file.close();
  }
  for (const suffix of ['', '-wal', '-shm']) await place.disk.remove(places.path + suffix);
  return target;
}

/** Makes a copied installation newer than anything the former server has signed; the next start signs all anew. */
export async function raiseEpoch(store: Store, options: { epochBefore: number; nowMs: number }): Promise<number> {
  const { epochBefore, nowMs } = options;
  // Seconds, so that two restores of one backup give two epochs, whichever came first.
  const epoch = Math.max(epochBefore + 1, secondsSince2026(nowMs));
  await store.write(async (tx) => {
    await tx.updateTable('installation').set({ epoch }).execute();
    await tx.deleteFrom('documents').execute();
    // What was signed out since the backup must not come back to life.
    await tx.deleteFrom('sign_ins').execute();
    await tx.deleteFrom('claim_codes').where('used_ms', 'is', null).execute();
    const detail = JSON.stringify({ epochBefore, epoch });
    await tx
      .insertInto('audit')
      .values({ at_ms: nowMs, who: 'installation', action: 'restore', target: '', detail })
      .execute();
  });
  return epoch;
}
