/**
 * Who may prepare sound now? One preparation at a time per lane, in order of arrival, so that a large upload takes one
 * slow core and not the server; a bounded number waits, the next is told to come again. Emergencies have a lane of their
 * own and never wait behind an upload; an ordinary notice never waits behind an hour of sound. It knows nothing of sound.
 */

/** One: a preparation keeps a core busy, and the machine may have two. */
const runningMax = 1;

/** Waiting behind it: sixteen ordinary bulletins are through in about a minute. */
export const waitingMax = 16;

/** Lanes run beside one another. `long` is for what takes minutes to prepare. */
export type PreparationLane = 'routine' | 'long' | 'emergency';

export type Queued<T> = { kind: 'done'; value: T } | { kind: 'busy' };

/** Runs tasks in their lane; `busy` at once when too many wait. A task that throws rejects its own call only. */
export interface PreparationQueue {
  run<T>(lane: PreparationLane, task: () => Promise<T>): Promise<Queued<T>>;
}

/** An empty queue. */
export function createPreparationQueue(): PreparationQueue {
  const lanes = { routine: createLane(), long: createLane(), emergency: createLane() };
  return { run: (lane, task) => lanes[lane](task) };
}

function createLane() {
  const waiting: (() => void)[] = [];
  let running = 0;
  return async <T>(task: () => Promise<T>): Promise<Queued<T>> => {
    if (running >= runningMax) {
      if (waiting.length >= waitingMax) return { kind: 'busy' };
      // The one that ends hands its place over, so `running` stays.
      await new Promise<void>((resolve) => waiting.push(resolve));
    } else {
      running++;
    }
    try {
      return { kind: 'done', value: await task() };
    } finally {
      const next = waiting.shift();
      if (next === undefined) running--;
      else next();
    }
  };
}
