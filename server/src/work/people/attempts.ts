/**
 * How long somebody who keeps guessing must wait. Counts failures per key (a login, an address), in memory: a restart
 * forgets them, which costs a guesser more than it gives.
 */

/** Doubles with each failure beyond the free ones, up to this: long for a guesser, short for the person locked out. */
const waitMsMax = 60_000;
const firstWaitMs = 1_000;

/** A key is forgotten after so long without a failure. */
const rememberedMs = 15 * 60_000;

/** Keys remembered; the one longest without a failure goes first. */
const keysMax = 10_000;

interface Record {
  failures: number;
  untilMs: number;
  lastMs: number;
}

export interface Attempts {
  /** Ms until the key may try again, 0 when it may now. */
  waitMs(key: string): number;
  /** Counts a failure, before the attempt is judged, so that many at once do not slip through. */
  count(key: string): void;
  /** The attempt was right after all: takes this one failure back, or all of them. */
  forgive(key: string, howMuch: 'one' | 'all'): void;
}

/** `freeFailures` cost no wait: people mistype. */
export function createAttempts(options: { monotonicMs: () => number; freeFailures: number }): Attempts {
  const records = new Map<string, Record>();

  function known(key: string): Record | undefined {
    const record = records.get(key);
    if (record === undefined || options.monotonicMs() - record.lastMs <= rememberedMs) return record;
    records.delete(key);
    return undefined;
  }

  return {
    waitMs: (key) => Math.max(0, Math.ceil((known(key)?.untilMs ?? 0) - options.monotonicMs())),
    count: (key) => {
      const nowMs = options.monotonicMs();
      const failures = (known(key)?.failures ?? 0) + 1;
      const excess = failures - options.freeFailures;
      const waitMs = excess < 0 ? 0 : Math.min(waitMsMax, firstWaitMs * 2 ** Math.min(excess, 20));
      records.delete(key);
      const oldest = records.size >= keysMax ? records.keys().next().value : undefined;
      if (oldest !== undefined) records.delete(oldest);
      records.set(key, { failures, untilMs: nowMs + waitMs, lastMs: nowMs });
    },
    forgive: (key, howMuch) => {
      const record = known(key);
      if (record === undefined) return;
      if (howMuch === 'all' || record.failures <= 1) records.delete(key);
      else records.set(key, { ...record, failures: record.failures - 1, untilMs: 0 });
    },
  };
}
