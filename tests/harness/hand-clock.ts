/**
 * A clock that a test moves by hand, and randomness that gives the same bytes again. Nothing here reads real time.
 */
import { createHash } from 'node:crypto';
import type { Clock } from '@loa/server/edges/clock.ts';
import type { Random } from '@loa/server/edges/random.ts';

export interface HandClock extends Clock {
  /** Moves both civil and monotonic time; timers that fall due run, earliest first. */
  advance(ms: number): void;
}

/** Starts at 2026-11-23T00:00Z unless told otherwise. */
export function createHandClock(startMs = Date.UTC(2026, 10, 23)): HandClock {
  let passedMs = 0;
  let timers: { atMs: number; run: () => void }[] = [];
  return {
    nowMs: () => startMs + passedMs,
    monotonicMs: () => passedMs,
    setTimer: (run, delayMs) => {
      const timer = { atMs: passedMs + delayMs, run };
      timers.push(timer);
      return () => {
        timers = timers.filter((each) => each !== timer);
      };
    },
    advance: (ms) => {
      const untilMs = passedMs + ms;
      for (;;) {
        const next = timers.filter((each) => each.atMs <= untilMs).sort((a, b) => a.atMs - b.atMs)[0];
        if (next === undefined) break;
        timers = timers.filter((each) => each !== next);
        passedMs = Math.max(passedMs, next.atMs);
        next.run();
      }
      passedMs = untilMs;
    },
  };
}

/** Bytes from a seed: a hash of a counter. */
export function createSeededRandom(seed: string): Random {
  let count = 0;
  return {
    bytes: (length) => {
      const chunks: Buffer[] = [];
      for (let filled = 0; filled < length; filled += 32) {
        count += 1;
        chunks.push(createHash('sha256').update(`${seed} ${count}`).digest());
      }
      return Uint8Array.from(Buffer.concat(chunks).subarray(0, length));
    },
  };
}
