/**
 * The store's contract: what rooms may ask of the database, whichever it is. A write is a function that gets `tx`,
 * awaits nothing but queries on it and never streams; when it resolves, it is on disk. Reads never wait for writes.
 */
import type { Kysely, Transaction } from 'kysely';
import type { Tables } from './schema.ts';

export type Reader = Kysely<Tables>;
export type Writer = Transaction<Tables>;

export interface Store {
  /** Runs queries that change nothing. */
  read<T>(query: (db: Reader) => Promise<T>): Promise<T>;
  /** Runs one transaction, durable when it resolves; a throw rolls it back. */
  write<T>(change: (tx: Writer) => Promise<T>): Promise<T>;
  /** Copies the whole database to a file while in use (SQLite), or dumps it (PostgreSQL). */
  backupTo(path: string): Promise<void>;
  close(): Promise<void>;
}
