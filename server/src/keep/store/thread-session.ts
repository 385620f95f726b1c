/**
 * A SQLite session whose connection lives in a worker thread, so that neither a slow disk nor a long report query
 * holds the loop that carries the alert (DESIGN §5: on the loop, 137 ms p99 and 2.3 s).
 */
import { Worker } from 'node:worker_threads';
import { QueryFailed } from './query-failed.ts';
import type { Session, StatementResult } from './session.ts';
import type { StatementKind } from './sqlite-connection.ts';
import type { ThreadAnswer, ThreadOptions, ThreadRequest } from './sqlite-thread.ts';

interface Waiting {
  resolve(result: StatementResult): void;
  reject(error: Error): void;
}

/** Opens the file in a thread of its own; fails with `QueryFailed` when it cannot be opened. */
export async function openThreadSession(options: ThreadOptions): Promise<Session & { close(): Promise<void> }> {
  const worker = new Worker(new URL('./sqlite-thread.ts', import.meta.url), { workerData: options });
  const waiting = new Map<number, Waiting>();
  let lastId = 0;
  let lost: Error | undefined;

  worker.on('message', (answer: ThreadAnswer) => {
    const waiter = waiting.get(answer.id);
    waiting.delete(answer.id);
    if (waiting.size === 0) worker.unref();
    if (answer.ok) waiter?.resolve(answer.result);
    else waiter?.reject(new QueryFailed(answer.kind, answer.message));
  });
  const lose = (error: Error) => {
    lost ??= error;
    for (const waiter of waiting.values()) waiter.reject(lost);
    waiting.clear();
  };
  worker.on('error', (error) => lose(new Error('The database thread has failed', { cause: error })));
  worker.on('exit', () => lose(new Error('The database is closed')));

  const answered = (id: number) =>
    new Promise<StatementResult>((resolve, reject) => {
      // Only a statement under way keeps the process alive.
      if (waiting.size === 0) worker.ref();
      waiting.set(id, { resolve, reject });
    });
  const send = (kind: StatementKind, sql: string, parameters: readonly unknown[]) => {
    if (lost !== undefined) return Promise.reject(lost);
    lastId += 1;
    const answer = answered(lastId);
    worker.postMessage({ id: lastId, kind, sql, parameters } satisfies ThreadRequest);
    return answer;
  };

  try {
    await answered(0);
  } catch (error) {
    await worker.terminate();
    throw error;
  }
  return {
    run: (sql, parameters) => send('run', sql, parameters),
    command: async (sql) => {
      await send('command', sql, []);
    },
    close: () =>
      new Promise((resolve) => {
        if (lost !== undefined) return resolve();
        // Closed by its own thread, so that SQLite tidies its files away.
        worker.ref();
        worker.once('exit', () => resolve());
        worker.postMessage({ id: 0, kind: 'close' } satisfies ThreadRequest);
      }),
  };
}
