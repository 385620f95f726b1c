/**
 * Where an installation keeps what: one data folder with the database, the keys and the clips, or the keys and clips
 * beside a PostgreSQL. A mark stands in the folder while it is being made or restored, so that a half is never started.
 */
import { join } from 'node:path';
import type { Disk } from '../edges/disk.ts';
import type { StoreLocation } from '../keep/store/open-store.ts';

/** How a command is told which installation is meant. */
export interface InstallationPlace {
  dataDir: string;
  /** `postgres://…`; the database is a file in the data folder without it. */
  databaseUrl?: string | undefined;
  disk: Disk;
}

export interface Places extends StoreLocation {
  keys: string;
  /** For `openClipFolder`. */
  clips: string;
  /** Releases of the agent, by hash. */
  releases: string;
  /** Logs that devices were asked for. */
  logs: string;
}

/** Names in the data folder and in a backup. */
export const names = {
  database: 'loa.db',
  keys: 'keys',
  clips: 'clips',
  releases: 'releases',
  logs: 'device-logs',
  unfinished: 'unfinished',
} as const;

export function placesOf(place: Pick<InstallationPlace, 'dataDir' | 'databaseUrl'>): Places {
  return {
    path: join(place.dataDir, names.database),
    databaseUrl: place.databaseUrl,
    keys: join(place.dataDir, names.keys),
    clips: join(place.dataDir, names.clips),
    releases: join(place.dataDir, names.releases),
    logs: join(place.dataDir, names.logs),
  };
}

/** True while `beginFolder` was called and `finishFolder` was not: also after a crash between them. */
export async function isUnfinished({ dataDir, disk }: InstallationPlace): Promise<boolean> {
  return (await disk.list(dataDir)).includes(names.unfinished);
}

/**
 * Takes an empty folder, or one that was left unfinished, which is emptied. False, and nothing is changed, when there is
 * anything else in it.
 */
export async function beginFolder({ dataDir, disk }: InstallationPlace): Promise<boolean> {
  const present = await disk.list(dataDir);
  if (present.length > 0 && !present.includes(names.unfinished)) return false;
  for (const name of present) if (name !== names.unfinished) await disk.remove(join(dataDir, name));
  await disk.makeFolder(dataDir, { isPrivate: true });
  if (!present.includes(names.unfinished)) await disk.writeSynced(join(dataDir, names.unfinished), nothing());
  await disk.syncFolder(dataDir);
  return true;
}

/** Everything is in its place and synced. */
export async function finishFolder({ dataDir, disk }: InstallationPlace): Promise<void> {
  await disk.syncFolder(dataDir);
  await disk.remove(join(dataDir, names.unfinished));
  await disk.syncFolder(dataDir);
}

async function* nothing(): AsyncGenerator<Uint8Array> {}
