/**
 * True time, moved by hand, and under it the clocks of boards that run wrong by so much each. Timers run in order,
 * without a turn of the event loop between them, so that an hour of fifty blocks a second takes a second.
 */
import type { Clock } from '@loa/device-agent/edges/clock.ts';

export interface TrueTime {
  /** Ms since the beginning. */
  nowMs(): number;
  /** Runs once then; gives a way to take it back. */
  at(trueMs: number, run: () => void): () => void;
  /** Everything that falls due until then. */
  advance(ms: number): void;
  /** A board's clock: its monotonic time is `bootMs` at true zero and runs `rate` too fast. */
  clock(options: { rate: number; bootMs: number }): Clock & { trueMs(monotonicMs: number): number };
}

interface Due {
  atMs: number;
  number: number;
  run: () => void;
  isOff: boolean;
}

/** Epoch ms of true zero, and what the boards take civil time for. */
export const trueZeroMs = Date.parse('2026-11-25T05:00:00+07:00');

export function trueTime(): TrueTime {
  let nowMs = 0;
  let numbered = 0;
  const heap: Due[] = [];

  function at(trueMs: number, run: () => void): () => void {
    numbered += 1;
    const due: Due = { atMs: Math.max(nowMs, trueMs), number: numbered, run, isOff: false };
    push(heap, due);
    return () => {
      due.isOff = true;
    };
  }

  return {
    nowMs: () => nowMs,
    at,
    advance(ms) {
      const untilMs = nowMs + ms;
      for (let next = heap[0]; next !== undefined && next.atMs <= untilMs; next = heap[0]) {
        pop(heap);
        nowMs = Math.max(nowMs, next.atMs);
        if (!next.isOff) next.run();
      }
      nowMs = untilMs;
    },
    clock({ rate, bootMs }) {
      const monotonicMs = () => bootMs + nowMs * (1 + rate);
      return {
        monotonicMs,
        wallMs: () => trueZeroMs + monotonicMs() - bootMs,
        setTimer: (run, delayMs) => at(nowMs + Math.max(0, delayMs) / (1 + rate), run),
        trueMs: (boardMs) => (boardMs - bootMs) / (1 + rate),
      };
    },
  };
}

function isBefore(a: Due, b: Due): boolean {
  return a.atMs < b.atMs || (a.atMs === b.atMs && a.number < b.number);
}

function push(heap: Due[], due: Due): void {
  let place = heap.length;
  heap.push(due);
  while (place > 0) {
    const above = (place - 1) >> 1;
    const parent = heap[above];
    if (parent === undefined || isBefore(parent, due)) break;
    heap[place] = parent;
    place = above;
  }
  heap[place] = due;
}

function pop(heap: Due[]): void {
  const last = heap.pop();
  if (last === undefined || heap.length === 0) return;
  let place = 0;
  for (;;) {
    let below = 2 * place + 1;
    let child = heap[below];
    if (child === undefined) break;
    const other = heap[below + 1];
    if (other !== undefined && isBefore(other, child)) {
      below += 1;
      child = other;
    }
    if (isBefore(last, child)) break;
    heap[place] = child;
    place = below;
  }
  heap[place] = last;
}
