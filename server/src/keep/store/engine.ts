/**
 * What tells one database from another, and nothing more: its sessions, how its transactions begin, how it is copied.
 * Groups, guards, queries and migrations are the same for all (DESIGN §5).
 */
import type { SessionPool } from './session.ts';

export type Flavour = 'sqlite' | 'postgres';

export interface Engine {
  flavour: Flavour;
  /** The same pool twice when a database has but one connection: reads and groups of writes then take turns. */
  readers: SessionPool;
  writers: SessionPool;
  /** Begins a transaction that sees one state of the database throughout. */
  beginRead: string;
  /** Begins a group of writes; no other group of any process is under way when it returns. */
  beginGroup: string;
  /** Copies the database file while in use; absent where there is no file to copy. */
  copyFileTo?(path: string): Promise<void>;
  close(): Promise<void>;
}
