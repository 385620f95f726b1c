/**
 * Opens what `init` or `restore` has made: store and keys, checked to be whole. What a server starts from.
 */
import type { Clock } from '../edges/clock.ts';
import { openSigningKeys, type SigningKeys } from '../keep/keys/signing-keys.ts';
import { openStore } from '../keep/store/open-store.ts';
import type { Store } from '../keep/store/store.ts';
import { accept, type Result, refuse } from '../refusal.ts';
import { notInstalled, unfinished } from './installation-refusals.ts';
import { type InstallationPlace, isUnfinished, type Places, placesOf } from './places.ts';

export interface Installation {
  store: Store;
  keys: SigningKeys;
  places: Places;
  /** IANA zone. */
  timeZone: string;
  epoch: number;
}

/** Throws `StoreUnusable` or when keys are damaged; refuses where there is no installation. */
export async function openInstallation(
  place: InstallationPlace,
  clock?: Pick<Clock, 'monotonicMs'>,
): Promise<Result<Installation>> {
  const places = placesOf(place);
  if (await isUnfinished(place)) return refuse(unfinished(place.dataDir));
  if ((await place.disk.list(places.keys)).length === 0) return refuse(notInstalled(place.dataDir));
  const keys = await openSigningKeys({ folder: places.keys, disk: place.disk });
  const store = await openStore(places, clock);
  const row = await store.read((db) => db.selectFrom('installation').selectAll().executeTakeFirst());
  if (row !== undefined) return accept({ store, keys, places, timeZone: row.time_zone, epoch: row.epoch });
  await store.close();
  return refuse(notInstalled(place.dataDir));
}
