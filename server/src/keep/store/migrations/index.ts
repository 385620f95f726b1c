/**
 * Every step from an empty database to `schema.ts`, oldest first. A step that has been released is never changed; the
 * next one is added below.
 */
import { first } from './0001-first.ts';

/** What differs between the databases' column types. */
export interface ColumnTypes {
  /** 64-bit whole number. */
  integer: string;
  /** Double. */
  real: string;
  /** UTF-8, compared by bytes. */
  text: string;
  /** Primary key that the database counts up. */
  growingId: string;
  /** Stands behind the closing bracket of a table. */
  end: string;
}

export interface Migration {
  name: string;
  statements(types: ColumnTypes): string[];
}

export const migrations: readonly Migration[] = [first];
