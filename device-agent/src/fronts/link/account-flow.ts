/**
 * The device's account of itself over one connection: a full heartbeat when something changed or moves, a beat when
 * nothing did, nothing at all onto a line that does not move. What is said when is decided by `beats.ts`.
 */
import { type DeviceMessage, heartbeatMs, type Readings } from '@loa/protocol/device';
import type { Cancel, Clock } from '../../edges/clock.ts';
import { type Account, nextWord } from './beats.ts';
import { createReadingsNews } from './readings-news.ts';

export interface AccountFlow {
  /** Begins; `beatMs` as the server's welcome offers it. */
  welcomed(beatMs: number | undefined): void;
  /** A full heartbeat now. */
  tellAll(): void;
  /** How far things have come, now. */
  tellProgress(): void;
  /** The board's figures were looked at: they go at once when they are worth it. */
  readingsSeen(): void;
  stop(): void;
}

/** `told` is what hello said. */
export function createAccountFlow(parts: {
  clock: Clock;
  told: Account;
  account: () => Account;
  readings: (() => Readings) | undefined;
  send: (message: DeviceMessage) => void;
  /** When the last frame of any kind was sent, monotonic. */
  lastFrameMs: () => number;
  /** Whether what was sent before has mostly left. */
  isFlowing: () => boolean;
  /** Called before each word is due. */
  onTurn: () => void;
}): AccountFlow {
  const { clock } = parts;
  let told = { ...parts.told, atMs: clock.monotonicMs() };
  const news = createReadingsNews();
  let beatMs: number | undefined;
  let isOpen = false;
  let cancel: Cancel | undefined;

  function heartbeat(): void {
    const { holds, clock: clockState, progress } = parts.account();
    const nowMs = clock.monotonicMs();
    const readings = news.take(parts.readings?.() ?? {}, nowMs);
    const sensed = readings === undefined ? {} : { readings };
    parts.send({ kind: 'heartbeat', holds, clock: clockState, progress: [...progress], ...sensed });
    told = { holds, clock: clockState, progress, atMs: nowMs };
  }

  function next(): ReturnType<typeof nextWord> {
    const times = { nowMs: clock.monotonicMs(), lastFrameMs: parts.lastFrameMs() };
    return nextWord({ told, present: parts.account(), beatMs, ...times });
  }

  function wait(leastMs = 0): void {
    cancel?.();
    if (isOpen) cancel = clock.setTimer(turn, Math.max(leastMs, next().delayMs));
  }

  function turn(): void {
    parts.onTurn();
    if (!isOpen) return;
    // What is due on a line that does not move is looked at again later.
    if (!parts.isFlowing()) {
      wait(heartbeatMs);
      return;
    }
    const { kind, delayMs } = next();
    if (delayMs <= 0 && kind === 'heartbeat') heartbeat();
    else if (delayMs <= 0) parts.send({ kind: 'beat' });
    wait();
  }

  return {
    welcomed(offeredMs) {
      isOpen = true;
      beatMs = offeredMs;
      wait();
    },
    tellAll() {
      if (parts.isFlowing()) heartbeat();
      wait();
    },
    tellProgress() {
      const { progress } = parts.account();
      if (parts.isFlowing()) {
        parts.send({ kind: 'progress', progress: [...progress] });
        told = { ...told, progress };
      }
      wait();
    },
    readingsSeen() {
      if (!isOpen || !parts.isFlowing() || !news.isWorth(parts.readings?.() ?? {}, clock.monotonicMs())) return;
      heartbeat();
      wait();
    },
    stop() {
      isOpen = false;
      cancel?.();
    },
  };
}
