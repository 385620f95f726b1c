/** A clock that a test moves by hand; timers run in order when their instant is reached. */
import type { Clock } from '@loa/server/edges/clock.ts';

export interface HandClock extends Clock {
  advance(ms: number): void;
}

export function handClock(startMs = Date.parse('2026-11-20T10:00:00Z')): HandClock {
  let nowMs = startMs;
  const timers = new Set<{ atMs: number; run: () => void }>();
  return {
    nowMs: () => nowMs,
    monotonicMs: () => nowMs - startMs,
    setTimer: (run, delayMs) => {
      const timer = { atMs: nowMs + delayMs, run };
      timers.add(timer);
      return () => timers.delete(timer);
    },
    advance: (ms) => {
      const untilMs = nowMs + ms;
      for (;;) {
        const [next] = [...timers].filter(({ atMs }) => atMs <= untilMs).sort((a, b) => a.atMs - b.atMs);
        if (next === undefined) break;
        timers.delete(next);
        nowMs = Math.max(nowMs, next.atMs);
        next.run();
      }
      nowMs = untilMs;
    },
  };
}
