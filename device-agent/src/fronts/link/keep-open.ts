/**
 * Keeps one path to the server open: opens it, and when it fails or ends, waits and opens it again, with full jitter so
 * that a province does not come back in step. Each path has its own, since they fail apart (DESIGN §3).
 */
import type { PathState } from '../../contracts.ts';
import { type Backoff, retryDelayMs } from '../../edges/backoff.ts';
import type { Cancel, Clock } from '../../edges/clock.ts';
import type { Random } from '../../edges/random.ts';
import { DeviceNotAccepted } from './door.ts';

/** Between tries: from one second to thirty. */
export const pathBackoff: Backoff = { floorMs: 1_000, capMs: 30_000 };

/** For a device that the server does not know: somebody has to enrol it first. */
export const notAcceptedBackoff: Backoff = { floorMs: 60_000, capMs: 300_000 };

/** Open for so long, earlier failures are forgotten; a server that throws us out at once is not hurried. */
export const stableMs = 30_000;

/** A path that is open. */
export interface Opened {
  close(): Promise<void>;
}

export interface KeptOpen {
  start(): void;
  /** Closes the path and opens it no more. */
  stop(): Promise<void>;
  state(): PathState;
}

/** `open` rejects with why it cannot be opened; once opened it calls `onClosed` exactly once. */
export function keepOpen(parts: {
  clock: Clock;
  random: Random;
  open: (onClosed: (reason: string) => void) => Promise<Opened>;
  onState: (state: PathState) => void;
}): KeptOpen {
  const { clock } = parts;
  let state: PathState = { phase: 'idle', failures: 0 };
  let isStopped = true;
  let current: Promise<Opened | undefined> = Promise.resolve(undefined);
  let cancel: Cancel | undefined;

  function enter(next: PathState): void {
    state = next;
    parts.onState(next);
  }

  function tryOnce(): void {
    let isEnded = false;
    enter({ ...state, phase: 'connecting' });
    const ended = (reason: string, backoff: Backoff) => {
      if (isEnded || isStopped) return;
      isEnded = true;
      cancel?.();
      const failures = state.failures + 1;
      const delayMs = retryDelayMs({ backoff, attempt: failures, fraction: parts.random.fraction() });
      enter({ phase: 'waiting', reason, failures });
      cancel = clock.setTimer(tryOnce, delayMs);
    };
    current = parts
      .open((reason) => ended(reason, pathBackoff))
      .then((opened) => {
        if (isEnded || isStopped) return opened;
        enter({ phase: 'connected', failures: state.failures });
        cancel = clock.setTimer(() => enter({ phase: 'connected', failures: 0 }), stableMs);
        return opened;
      })
      .catch((error: unknown) => {
        const backoff = error instanceof DeviceNotAccepted ? notAcceptedBackoff : pathBackoff;
        ended(error instanceof Error ? error.message : String(error), backoff);
        return undefined;
      });
  }

  return {
    start() {
      if (!isStopped) return;
      isStopped = false;
      tryOnce();
    },
    async stop() {
      if (isStopped) return;
      isStopped = true;
      cancel?.();
      enter({ phase: 'idle', failures: 0 });
      const opened = await current;
      await opened?.close();
    },
    state: () => state,
  };
}
