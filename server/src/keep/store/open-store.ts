/**
 * Opens the store on whichever database was chosen, brings its tables up to date, and guards its use: a read or write
 * inside another would wait for ever on one database and not on the other, so it fails at once on all of them.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import type { DatabaseSync } from 'node:sqlite';
import type { Clock } from '../../edges/clock.ts';
import { machineClock } from '../../edges/clock.ts';
import { copyTables } from './copy-tables.ts';
import type { Engine } from './engine.ts';
import { migrate } from './migrate.ts';
import { openPostgres } from './postgres-engine.ts';
import type { Session } from './session.ts';
import { leaseSession } from './session-dialect.ts';
import { copySqliteFile, openInlineSqlite, openThreadedSqlite } from './sqlite-engine.ts';
import type { Reader, Store, Writer } from './store.ts';
import { createWriteQueue } from './write-queue.ts';

export interface StoreLocation {
  /** SQLite file, made when missing; unused with `databaseUrl`. */
  path: string;
  /** `postgres://…`: PostgreSQL instead of SQLite. */
  databaseUrl?: string | undefined;
  /** SQLite on the caller's thread: for simulations and tests. `path` may then be `:memory:`. Default false. */
  inline?: boolean | undefined;
}

/** Opens the database and migrates it. Throws `StoreUnusable` when it belongs to a newer program or is not Loa's. */
export async function openStore(
  location: StoreLocation,
  clock: Pick<Clock, 'monotonicMs'> = machineClock,
): Promise<Store> {
  if (location.inline === true && location.databaseUrl === undefined) return openInlineStore({ path: location.path });
  const engine =
    location.databaseUrl === undefined
      ? await openThreadedSqlite({ path: location.path })
      : openPostgres({ url: location.databaseUrl });
  return await startStore(engine, () => clock.monotonicMs());
}

/** A store for simulations: same thread, microtasks only. A `database` handed in outlives it, also through `crash`. */
export async function openInlineStore(
  place: { path: string } | { database: DatabaseSync },
): Promise<Store & { crash(): void }> {
  const engine = openInlineSqlite(place);
  return { ...(await startStore(engine, undefined)), crash: () => engine.crash() };
}

/**
 * Copies the database of an installation that may be running into a SQLite file that does not exist yet. Changes nothing
 * in the source, not even its migrations.
 */
export async function copyDatabase(location: StoreLocation, path: string): Promise<void> {
  if (location.databaseUrl === undefined) return await copySqliteFile({ from: location.path, to: path });
  const source = createStore(openPostgres({ url: location.databaseUrl }), undefined);
  try {
    await source.backupTo(path);
  } finally {
    await source.close();
  }
}

async function startStore(engine: Engine, monotonicMs: (() => number) | undefined): Promise<Store> {
  const store = createStore(engine, monotonicMs);
  try {
    await migrate(store, engine.flavour);
  } catch (error) {
    await store.close();
    throw error;
  }
  return store;
}

function createStore(engine: Engine, monotonicMs: (() => number) | undefined): Store {
  const uses = new AsyncLocalStorage<{ kind: 'read' | 'write'; isOpen: boolean }>();
  const queue = createWriteQueue({ writers: engine.writers, beginGroup: engine.beginGroup, monotonicMs });
  let isClosed = false;

  function check(kind: 'read' | 'write'): void {
    if (isClosed) throw new Error('The store is closed');
    const outer = uses.getStore();
    if (outer?.isOpen === true)
      throw new Error(`A ${kind} inside a ${outer.kind} would wait for itself: use what the ${outer.kind} was given`);
  }

  async function use<T>(kind: 'read' | 'write', session: Session, query: (db: Reader) => Promise<T>): Promise<T> {
    const lease = leaseSession(session, engine.flavour);
    const frame = { kind, isOpen: true };
    try {
      const value = await uses.run(frame, () => query(lease.db));
      if (lease.failure() !== undefined) throw lease.failure();
      return value;
    } finally {
      frame.isOpen = false;
      lease.end();
    }
  }

  const store: Store = {
    read: async (query) => {
      check('read');
      const session = await engine.readers.acquire();
      let isBroken = true;
      try {
        await session.command(engine.beginRead);
        const value = await use('read', session, query);
        await session.command('COMMIT');
        isBroken = false;
        return value;
      } finally {
        engine.readers.release(session, isBroken);
      }
    },
    write: async (change) => {
      check('write');
      return await queue.add((session) => use('write', session, (db) => inTransaction(db, change)));
    },
    backupTo: async (path) => {
      check('read');
      if (engine.copyFileTo !== undefined) return await engine.copyFileTo(path);
      const target = await openStore({ path });
      try {
        await copyTables({ from: store, to: target });
      } finally {
        await target.close();
      }
    },
    close: async () => {
      if (isClosed) return;
      isClosed = true;
      await queue.drained();
      await engine.close();
    },
  };
  return store;
}

/** Kysely's own transaction around the savepoint, which gives queries the type `Transaction`; it sends nothing. */
function inTransaction<T>(db: Reader, change: (tx: Writer) => Promise<T>): Promise<T> {
  return db.transaction().execute(change);
}
