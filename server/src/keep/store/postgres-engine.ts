/**
 * PostgreSQL behind the store. Writes of all processes stand in one line (an advisory lock held by each group), so that
 * a room may read and then write without a thought for others, just as on SQLite.
 */
import { Pool, type PoolClient, types } from 'pg';
import type { Engine } from './engine.ts';
import { postgresFailure } from './query-failed.ts';
import type { Session, SessionPool } from './session.ts';

/** Reads under way at once; PostgreSQL allows some 100 connections to all processes together. */
const readersMax = 8;

/** A connection that cannot be had in this time is told as a failure. */
const connectMsMax = 10_000;

/** Longer than any group of another process; then the write fails rather than wait for ever. */
const lockMsMax = 15_000;

/** A process that froze inside a transaction loses it, so that the others go on. */
const idleInTransactionMsMax = 30_000;

/** "Loa" in ASCII and a one: names the line in which writes stand. */
const writeLock = 0x4c_6f_61_01;

/** Numbers and truth values as SQLite gives them: int8 and numeric as number, boolean as 0 or 1. */
const parsers: Record<number, (text: string) => number> = {
  [types.builtins.INT8]: Number,
  [types.builtins.NUMERIC]: Number,
  [types.builtins.BOOL]: (text) => (text === 't' ? 1 : 0),
};

/** Opens pools; the first query connects. */
export function openPostgres(options: { url: string }): Engine {
  const readers = createPgPool(options.url, readersMax);
  const writers = createPgPool(options.url, 1);
  return {
    flavour: 'postgres',
    readers,
    writers,
    beginRead: 'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY',
    beginGroup: `BEGIN; SET LOCAL synchronous_commit = on; SELECT pg_advisory_xact_lock(${writeLock})`,
    close: async () => {
      await Promise.all([readers.close(), writers.close()]);
    },
  };
}

function createPgPool(url: string, max: number): SessionPool {
  const pool = new Pool({ ...connectionTo(url), max });
  // An idle connection that dies leaves the pool by itself; the next caller gets a new one.
  pool.on('error', () => undefined);
  const clients = new WeakMap<Session, PoolClient>();
  return {
    acquire: async () => {
      const client = await pool.connect();
      const session = clientSession(client);
      clients.set(session, client);
      return session;
    },
    release: (session, isBroken) => clients.get(session)?.release(isBroken),
    close: () => pool.end(),
  };
}

function connectionTo(url: string) {
  return {
    connectionString: url,
    application_name: 'loa',
    connectionTimeoutMillis: connectMsMax,
    lock_timeout: lockMsMax,
    idle_in_transaction_session_timeout: idleInTransactionMsMax,
    types: { getTypeParser: typeParser },
  };
}

function typeParser(oid: number, format?: 'text' | 'binary') {
  return (format !== 'binary' ? parsers[oid] : undefined) ?? types.getTypeParser(oid, format ?? 'text');
}

function clientSession(client: PoolClient): Session {
  return {
    run: async (sql, parameters) => {
      try {
        const { rows, command, rowCount } = await client.query(sql, [...parameters]);
        return { rows, changes: command === 'SELECT' ? 0 : (rowCount ?? 0) };
      } catch (error) {
        throw postgresFailure(error);
      }
    },
    command: async (sql) => {
      try {
        await client.query(sql);
      } catch (error) {
        throw postgresFailure(error);
      }
    },
  };
}
