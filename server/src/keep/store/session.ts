/**
 * What the store asks of a database connection, whichever database it is: run one statement at a time, in order. A
 * session belongs to one caller between `acquire` and `release`; nothing here knows of queries or tables.
 */

import { StoreBusy } from './store-busy.ts';

/** Callers that may wait for a session: far more than the doors let in at once. */
const waitingMax = 2_000;

/** What a statement gave. `changes` counts inserted, updated or deleted rows, 0 for a select. */
export interface StatementResult {
  rows: Record<string, unknown>[];
  changes: number;
}

/** One connection. Statements are executed in the order they are handed in. */
export interface Session {
  /** Runs a statement of an open transaction; fails with `QueryFailed`, also when no transaction is open any more. */
  run(sql: string, parameters: readonly unknown[]): Promise<StatementResult>;
  /** Runs what opens, ends or stands outside a transaction. */
  command(sql: string): Promise<void>;
}

/** Sessions that are lent out one caller at a time, first come first served. */
export interface SessionPool {
  acquire(): Promise<Session>;
  /** `isBroken` when the session may be in the middle of something: it is not lent out again as it is. */
  release(session: Session, isBroken: boolean): void;
  close(): Promise<void>;
}

/** A pool of sessions that exist from the start. A broken one is rolled back; `end` closes one for good. */
export function createFixedPool(sessions: readonly Session[], end: () => Promise<void>): SessionPool {
  const idle = [...sessions];
  const waiting: ((session: Session) => void)[] = [];
  const lend = (session: Session) => {
    const next = waiting.shift();
    if (next === undefined) idle.push(session);
    else next(session);
  };
  return {
    acquire: async () => {
      const session = idle.pop();
      if (session !== undefined) return session;
      if (waiting.length >= waitingMax) throw new StoreBusy();
      return await new Promise((resolve) => waiting.push(resolve));
    },
    release: (session, isBroken) => {
      if (!isBroken) return lend(session);
      const next = () => lend(session);
      session.command('ROLLBACK').then(next, next);
    },
    close: end,
  };
}
