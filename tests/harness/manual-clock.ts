/**
 * A clock that only moves when told, for the agent's rooms. `advance` runs due timers in order and lets promises that
 * they woke settle in between, so that a test reads like a timetable.
 */
import type { Cancel, Clock } from '@loa/device-agent/edges/clock.ts';

export interface ManualClock extends Clock {
  /** Lets `ms` of monotonic time pass; wall time passes with it. */
  advance(ms: number): Promise<void>;
  /** Moves the wall clock alone, as a wrong NTP server would. */
  stepWall(ms: number): void;
  /** Timers not yet run. */
  timersPending(): number;
}

/** Starts at the given wall time; monotonic time starts at an odd figure, so that mixing the two is seen. */
export function manualClock(options: { wallMs: number; monotonicMs?: number }): ManualClock {
  let monotonicMs = options.monotonicMs ?? 5_000;
  let wallOffsetMs = options.wallMs - monotonicMs;
  let timers: { atMs: number; number: number; run: () => void }[] = [];
  let numbered = 0;
  return {
    wallMs: () => Math.floor(monotonicMs + wallOffsetMs),
    monotonicMs: () => monotonicMs,
    setTimer(run, delayMs): Cancel {
      numbered += 1;
      const timer = { atMs: monotonicMs + Math.max(0, delayMs), number: numbered, run };
      timers.push(timer);
      return () => {
        timers = timers.filter((other) => other !== timer);
      };
    },
    async advance(ms) {
      const untilMs = monotonicMs + ms;
      await settle();
      for (;;) {
        timers.sort((a, b) => a.atMs - b.atMs || a.number - b.number);
        const next = timers[0];
        if (next === undefined || next.atMs > untilMs) break;
        timers.shift();
        monotonicMs = Math.max(monotonicMs, next.atMs);
        next.run();
        await settle();
      }
      monotonicMs = untilMs;
      await settle();
    },
    stepWall: (ms) => {
      wallOffsetMs += ms;
    },
    timersPending: () => timers.length,
  };
}

/** Lets everything that waits only for promises go as far as it can. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 200; turn += 1) await Promise.resolve();
  await new Promise((resolve) => setImmediate(resolve));
  for (let turn = 0; turn < 50; turn += 1) await Promise.resolve();
}
