/**
 * Durable writes a second with one writer and with 64 at once, beside the floor: how often this disk syncs a page, and
 * how many writes that allows one after another. Each write inserts one audit line. Run alone: `node tests/bench/store-writes.ts`;
 * with `DATABASE_URL` also on that PostgreSQL, which must be an empty database.
 */
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStore, type StoreLocation } from '@loa/server/keep/store/open-store.ts';
import type { Store } from '@loa/server/keep/store/store.ts';

const roundMs = 3_000;

export interface WriteRates {
  name: string;
  alonePerSecond: number;
  concurrentPerSecond: number;
}

/** Measures SQLite in a folder of its own, and PostgreSQL where a URL is given. */
export async function measureWrites(): Promise<{ syncsPerSecond: number; rates: WriteRates[] }> {
  const folder = await mkdtemp(join(tmpdir(), 'loa-bench-'));
  const { DATABASE_URL: databaseUrl } = process.env;
  const places: [string, StoreLocation][] = [['SQLite', { path: join(folder, 'loa.db') }]];
  if (databaseUrl !== undefined) places.push(['PostgreSQL', { path: '', databaseUrl }]);
  try {
    const rates: WriteRates[] = [];
    for (const [name, location] of places) {
      const store = await openStore(location);
      const alonePerSecond = await writeRate(store, 1);
      rates.push({ name, alonePerSecond, concurrentPerSecond: await writeRate(store, 64) });
      await store.close();
    }
    return { syncsPerSecond: await syncRate(folder), rates };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function writeRate(store: Store, writers: number): Promise<number> {
  const startMs = performance.now();
  let written = 0;
  const write = async (): Promise<void> => {
    while (performance.now() - startMs < roundMs) {
      await store.write((tx) =>
        tx.insertInto('audit').values({ at_ms: 1, who: 'bench', action: 'write', target: '', detail: '' }).execute(),
      );
      written += 1;
    }
  };
  await Promise.all(Array.from({ length: writers }, write));
  return (written * 1_000) / (performance.now() - startMs);
}

async function syncRate(folder: string): Promise<number> {
  const file = await open(join(folder, 'floor'), 'w');
  const page = new Uint8Array(4_096);
  const startMs = performance.now();
  let synced = 0;
  while (performance.now() - startMs < roundMs) {
    await file.write(page);
    await file.datasync();
    synced += 1;
  }
  await file.close();
  return (synced * 1_000) / (performance.now() - startMs);
}

if (process.argv[1] === import.meta.filename) {
  const { syncsPerSecond, rates } = await measureWrites();
  for (const { name, alonePerSecond, concurrentPerSecond } of rates)
    console.log(
      `${name}: ${alonePerSecond.toFixed(0)} writes/s alone, ${concurrentPerSecond.toFixed(0)} with 64 at once` +
        ` (floor: this disk syncs ${syncsPerSecond.toFixed(0)} pages/s)`,
    );
}
