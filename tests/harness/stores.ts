/**
 * The store on every database it runs on, so that one test proves its promise on all of them.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStore, type StoreLocation } from '@loa/server/keep/store/open-store.ts';
import type { Store } from '@loa/server/keep/store/store.ts';
import { inject, onTestFinished } from 'vitest';

export const storeKinds = ['sqlite-threads', 'sqlite-inline', 'postgres'] as const;
export type StoreKind = (typeof storeKinds)[number];

/** A folder that is gone after the test. */
export async function makeFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'loa-store-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** An empty PostgreSQL database. */
export async function makeDatabase(): Promise<string> {
  const response = await fetch(inject('postgresDoor'));
  const text = await response.text();
  if (!response.ok) throw new Error(text);
  return text;
}

/** A place where nothing is yet. */
export async function makeLocation(kind: StoreKind): Promise<StoreLocation> {
  const path = join(await makeFolder(), 'loa.db');
  if (kind === 'postgres') return { path, databaseUrl: await makeDatabase() };
  return { path, inline: kind === 'sqlite-inline' };
}

/** Opens it and closes it after the test. */
export async function openForTest(location: StoreLocation): Promise<Store> {
  const store = await openStore(location);
  onTestFinished(() => store.close());
  return store;
}

/** An empty store. */
export async function makeStore(kind: StoreKind): Promise<Store> {
  return openForTest(await makeLocation(kind));
}
