/**
 * One SQLite connection, synchronous: how the file is opened and how a statement is run. Used by the threads and by the
 * inline engine alike, so that what a simulation sees is what production runs.
 */
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import type { StatementResult } from './session.ts';

/** Another process may hold the file for a moment (a backup tool, a shell); longer than this is a fault. */
const busyTimeoutMs = 5_000;

/** Prepared statements kept per connection: more than the program has distinct queries. */
const statementsMax = 500;

/** `run` needs an open transaction, `command` does not. */
export type StatementKind = 'run' | 'command';

export interface SqliteStatement {
  kind: StatementKind;
  sql: string;
  parameters: readonly unknown[];
}

/** Whether it gives rows is known once, not asked on every run. */
interface PreparedStatement {
  statement: StatementSync;
  columns: readonly string[];
}

/** Opens a file, or `:memory:`, with the settings that keep promise P1: WAL, synchronous FULL, foreign keys. */
export function openSqlite(options: { path: string; readOnly: boolean }): DatabaseSync {
  const database = new DatabaseSync(options.path, { readOnly: options.readOnly, timeout: busyTimeoutMs });
  if (!options.readOnly) {
    database.exec('PRAGMA journal_mode = WAL');
    database.exec('PRAGMA synchronous = FULL');
  }
  // PostgreSQL's LIKE tells cases apart; one query must mean one thing.
  database.exec('PRAGMA case_sensitive_like = ON; PRAGMA foreign_keys = ON');
  return database;
}

/** Runs statements on a connection, keeping them prepared. Throws what node:sqlite throws. */
export function createStatementRunner(database: DatabaseSync): (statement: SqliteStatement) => StatementResult {
  const prepared = new Map<string, PreparedStatement>();

  function prepare(sql: string): PreparedStatement {
    const known = prepared.get(sql);
    if (known !== undefined) return known;
    const oldest = prepared.size >= statementsMax ? prepared.keys().next().value : undefined;
    if (oldest !== undefined) prepared.delete(oldest);
    const statement = database.prepare(sql);
    // Rows as lists: node:sqlite's own objects have no prototype, and to copy them costs more than the query.
    statement.setReturnArrays(true);
    const fresh = { statement, columns: columnsOf(statement) };
    prepared.set(sql, fresh);
    return fresh;
  }

  return ({ kind, sql, parameters }) => {
    if (kind === 'command') {
      database.exec(sql);
      return { rows: [], changes: 0 };
    }
    // A full disk makes SQLite roll back by itself; what follows would else be committed statement by statement.
    if (!database.isTransaction) throw new Error('The transaction was rolled back by the database');
    const { statement, columns } = prepare(sql);
    const values = parameters.map(bindable);
    if (columns.length === 0) {
      return { rows: [], changes: Number(statement.run(...values).changes) };
    }
    const rows = statement.all(...values).map((row) => named(row, columns) ?? named(row, columnsOf(statement)) ?? {});
    return { rows, changes: rows.length };
  };
}

function columnsOf(statement: StatementSync): string[] {
  return statement.columns().map(({ name }) => name);
}

/** A row as an object; undefined when its columns are others: `select *` since its table got one more. */
function named(row: unknown, columns: readonly string[]): Record<string, unknown> | undefined {
  if (!Array.isArray(row) || row.length !== columns.length) return undefined;
  const object: Record<string, unknown> = {};
  let index = 0;
  for (const name of columns) object[name] = row[index++];
  return object;
}

function bindable(value: unknown): SQLInputValue {
  if (value === null || typeof value === 'number' || typeof value === 'string' || typeof value === 'bigint')
    return value;
  if (value instanceof Uint8Array) return value;
  throw new TypeError(
    `A ${typeof value} cannot be stored: booleans are 0 and 1, instants epoch ms, the rest JSON text`,
  );
}
