/**
 * Writes, one after another, committed in groups: as many as wait share one COMMIT, so that a disk that syncs 200 times
 * a second still takes thousands of writes. Each stands in a savepoint of its own: one that throws undoes itself alone.
 * A write is told of its success only after the COMMIT; when that fails, the whole group is told.
 */
import type { Session, SessionPool } from './session.ts';
import { StoreBusy } from './store-busy.ts';

/** Writes in one group: enough to make the sync cheap, few enough to make little to repeat when a COMMIT fails. */
const groupWritesMax = 64;

/** A group is closed after this long, so that the first of it does not wait for a stream of others. */
const groupMsMax = 20;

/** Writes that may wait: 3,000 devices that report at once, three times over. What comes then is told to come later. */
const waitingMax = 10_000;

export interface WriteQueue {
  /** Runs `change` inside a savepoint; resolves with its value when it is on disk. */
  add<T>(change: (session: Session) => Promise<T>): Promise<T>;
  /** Resolves when nothing waits and nothing is under way. */
  drained(): Promise<void>;
}

interface Write {
  run(session: Session): Promise<() => void>;
  reject(error: unknown): void;
}

/** `monotonicMs` is absent in a simulation, where a group is bounded by its number alone. */
export function createWriteQueue(options: {
  writers: SessionPool;
  beginGroup: string;
  monotonicMs?: (() => number) | undefined;
}): WriteQueue {
  const waiting: Write[] = [];
  const onDrained: (() => void)[] = [];
  let isPumping = false;

  async function pump(): Promise<void> {
    isPumping = true;
    while (waiting.length > 0) await runGroup();
    isPumping = false;
    for (const tell of onDrained.splice(0)) tell();
  }

  async function runGroup(): Promise<void> {
    const taken: Write[] = [];
    let session: Session | undefined;
    try {
      session = await begin();
      const settlements = await runWrites(session, taken);
      await session.command('COMMIT');
      options.writers.release(session, false);
      for (const settle of settlements) settle();
    } catch (error) {
      if (session !== undefined) options.writers.release(session, true);
      if (taken.length === 0) taken.push(...waiting.splice(0, groupWritesMax));
      for (const write of taken) write.reject(error);
    }
  }

  async function begin(): Promise<Session> {
    const session = await options.writers.acquire();
    try {
      await session.command(options.beginGroup);
      return session;
    } catch {
      // A connection may have died while it lay idle; nothing has run, so a fresh one may try.
      options.writers.release(session, true);
    }
    const fresh = await options.writers.acquire();
    try {
      await fresh.command(options.beginGroup);
      return fresh;
    } catch (error) {
      options.writers.release(fresh, true);
      throw error;
    }
  }

  async function runWrites(session: Session, taken: Write[]): Promise<(() => void)[]> {
    const nowMs = options.monotonicMs ?? (() => 0);
    const startedMs = nowMs();
    const settlements: (() => void)[] = [];
    while (taken.length < groupWritesMax && nowMs() - startedMs < groupMsMax) {
      const write = waiting.shift();
      if (write === undefined) break;
      taken.push(write);
      settlements.push(await write.run(session));
    }
    return settlements;
  }

  return {
    add: (change) =>
      new Promise((resolve, reject) => {
        if (waiting.length >= waitingMax) return reject(new StoreBusy());
        waiting.push({ run: (session) => runInSavepoint({ session, change, resolve, reject }), reject });
        if (!isPumping) void pump();
      }),
    drained: async () => {
      if (isPumping) await new Promise<void>((resolve) => onDrained.push(resolve));
    },
  };
}

/** Resolves with how to tell the caller once the group is committed; throws when the group cannot go on. */
async function runInSavepoint<T>(options: {
  session: Session;
  change: (session: Session) => Promise<T>;
  resolve: (value: T) => void;
  reject: (error: unknown) => void;
}): Promise<() => void> {
  const { session, change, resolve, reject } = options;
  await session.command('SAVEPOINT change');
  try {
    const value = await change(session);
    await session.command('RELEASE change');
    return () => resolve(value);
  } catch (error) {
    try {
      await session.command('ROLLBACK TO change');
      await session.command('RELEASE change');
    } catch {
      throw new Error('The database undid a whole group of writes', { cause: error });
    }
    return () => reject(error);
  }
}
