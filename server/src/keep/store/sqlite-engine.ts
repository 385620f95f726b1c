/**
 * SQLite behind the store: in threads for production, inline for simulations.
 */
import type { DatabaseSync } from 'node:sqlite';
import type { Engine } from './engine.ts';
import { QueryFailed, sqliteFailure } from './query-failed.ts';
import { createFixedPool, type Session } from './session.ts';
import { createStatementRunner, openSqlite, type StatementKind } from './sqlite-connection.ts';
import { openThreadSession } from './thread-session.ts';

/** One long report query and one quick look at the same time; more would only contend for two cores. */
const readerThreads = 2;

const transactions = { beginRead: 'BEGIN', beginGroup: 'BEGIN IMMEDIATE' };

/** Opens or creates a file: one writer thread, reader threads on WAL snapshots. */
export async function openThreadedSqlite(options: { path: string }): Promise<Engine> {
  const { path } = options;
  const writer = await openThreadSession({ path, readOnly: false });
  const readers = await Promise.all(
    Array.from({ length: readerThreads }, () => openThreadSession({ path, readOnly: true })),
  );
  const writerPool = createFixedPool([writer], () => writer.close());
  const readerPool = createFixedPool(readers, async () => {
    await Promise.all(readers.map((reader) => reader.close()));
  });
  return {
    flavour: 'sqlite',
    readers: readerPool,
    writers: writerPool,
    ...transactions,
    copyFileTo: (target) => copySqliteFile({ from: path, to: target }),
    close: async () => {
      await readerPool.close();
      await writerPool.close();
    },
  };
}

/** Copies a database that may be in use, in a thread of its own: it takes seconds, and the readers stay free. */
export async function copySqliteFile(files: { from: string; to: string }): Promise<void> {
  const copier = await openThreadSession({ path: files.from, readOnly: true });
  try {
    await copier.command(vacuumInto(files.to));
  } finally {
    await copier.close();
  }
}

/**
 * SQLite on the caller's own thread, with nothing but microtasks, so that a seed replays. A database handed in survives
 * the store: `crash` is a power cut, after which nothing of this store settles, and the next one opens on what was
 * committed.
 */
export function openInlineSqlite(options: { path: string } | { database: DatabaseSync }): Engine & { crash(): void } {
  const isOwn = 'path' in options;
  const database = isOwn ? openSqlite({ path: options.path, readOnly: false }) : options.database;
  if (database.isTransaction) database.exec('ROLLBACK');
  if (!isOwn) database.exec('PRAGMA case_sensitive_like = ON; PRAGMA foreign_keys = ON');
  const execute = createStatementRunner(database);
  let isCrashed = false;

  const send = async (kind: StatementKind, sql: string, parameters: readonly unknown[]) => {
    if (isCrashed) return await new Promise<never>(() => undefined);
    try {
      return execute({ kind, sql, parameters });
    } catch (error) {
      const failure = sqliteFailure(error);
      throw new QueryFailed(failure.kind, failure.message, error);
    }
  };
  const session: Session = {
    run: (sql, parameters) => send('run', sql, parameters),
    command: async (sql) => {
      await send('command', sql, []);
    },
  };
  const pool = createFixedPool([session], async () => {
    if (isOwn && !isCrashed) database.close();
  });
  return {
    flavour: 'sqlite',
    readers: pool,
    writers: pool,
    ...transactions,
    copyFileTo: async (target) => {
      const lent = await pool.acquire();
      try {
        await lent.command(vacuumInto(target));
      } finally {
        pool.release(lent, false);
      }
    },
    close: () => pool.close(),
    crash: () => {
      isCrashed = true;
      if (database.isTransaction) database.exec('ROLLBACK');
      if (isOwn) database.close();
    },
  };
}

function vacuumInto(path: string): string {
  return `VACUUM INTO '${path.replaceAll("'", "''")}'`;
}
