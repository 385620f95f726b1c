/**
 * A statement that the database refused, told the same way for every database, so that a room can act on "this exists
 * already" without knowing which database said so.
 */

/** duplicate: a unique key exists already; reference: a row it points to is missing, or is still pointed to. */
export type QueryFailure = 'duplicate' | 'reference' | 'missing-value' | 'wrong-value' | 'full' | 'busy' | 'other';

export class QueryFailed extends Error {
  readonly kind: QueryFailure;

  constructor(kind: QueryFailure, message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'QueryFailed';
    this.kind = kind;
  }
}

/** SQLite extended result codes (sqlite.org/rescode.html). */
const sqliteFailures: Record<number, QueryFailure> = {
  5: 'busy',
  6: 'busy',
  13: 'full',
  275: 'wrong-value',
  787: 'reference',
  1299: 'missing-value',
  1555: 'duplicate',
  1811: 'reference',
  2067: 'duplicate',
  2579: 'duplicate',
  3091: 'wrong-value',
};

/** SQLSTATE (PostgreSQL manual, appendix A). */
const postgresFailures: Record<string, QueryFailure> = {
  '22003': 'wrong-value',
  '22P02': 'wrong-value',
  '23502': 'missing-value',
  '23503': 'reference',
  '23505': 'duplicate',
  '23514': 'wrong-value',
  '53100': 'full',
  '53300': 'busy',
  '55P03': 'busy',
};

/** What an error of node:sqlite means. */
export function sqliteFailure(error: unknown): { kind: QueryFailure; message: string } {
  if (!(error instanceof Error)) return { kind: 'other', message: String(error) };
  const code = 'errcode' in error && typeof error.errcode === 'number' ? error.errcode : 0;
  const isBind = error instanceof TypeError || ('code' in error && error.code === 'ERR_INVALID_ARG_TYPE');
  return { kind: isBind ? 'wrong-value' : (sqliteFailures[code] ?? 'other'), message: error.message };
}

/** What an error of pg means. */
export function postgresFailure(error: unknown): QueryFailed {
  if (!(error instanceof Error)) return new QueryFailed('other', String(error));
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  return new QueryFailed(postgresFailures[code] ?? 'other', error.message, error);
}
