/**
 * A thread that holds one SQLite connection and runs the statements it is sent, in order, answering each. It decides
 * nothing: transactions, groups and bounds are the main thread's.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { type QueryFailure, sqliteFailure } from './query-failed.ts';
import type { StatementResult } from './session.ts';
import { createStatementRunner, openSqlite, type SqliteStatement } from './sqlite-connection.ts';

/** What the thread is started with. */
export interface ThreadOptions {
  path: string;
  readOnly: boolean;
}

export type ThreadRequest = (SqliteStatement | { kind: 'close' }) & { id: number };

/** `id` 0 says that the file is open, or why it could not be opened. */
export type ThreadAnswer =
  | { id: number; ok: true; result: StatementResult }
  | { id: number; ok: false; kind: QueryFailure; message: string };

if (parentPort !== null) serve(parentPort);

function serve(port: NonNullable<typeof parentPort>): void {
  const answer = (message: ThreadAnswer) => port.postMessage(message);
  const refuse = (id: number, error: unknown) => answer({ id, ok: false, ...sqliteFailure(error) });
  try {
    const { path, readOnly }: ThreadOptions = workerData;
    const database = openSqlite({ path, readOnly });
    const run = createStatementRunner(database);
    port.on('message', (request: ThreadRequest) => {
      try {
        if (request.kind === 'close') {
          database.close();
          port.close();
          return;
        }
        answer({ id: request.id, ok: true, result: run(request) });
      } catch (error) {
        refuse(request.id, error);
      }
    });
    answer({ id: 0, ok: true, result: { rows: [], changes: 0 } });
  } catch (error) {
    refuse(0, error);
  }
}
