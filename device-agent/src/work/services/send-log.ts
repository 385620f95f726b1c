/**
 * Carries out an order for the log: gathers it once, sends it until the server has it, the order's life is over or the
 * server says that it will not take it.
 */
import { logBytesMax } from '@loa/protocol/device';
import type { Served, ServiceHands } from '../../contracts.ts';
import { retryDelayMs } from '../../edges/backoff.ts';
import type { Cancel, Clock } from '../../edges/clock.ts';
import type { Random } from '../../edges/random.ts';

/** Between tries: a log is in no hurry, and a whole province may be asked for one. */
const backoff = { floorMs: 2_000, capMs: 5 * 60_000 };

/** The server has it already, as after an answer that was lost. */
const alreadyThere = 409;

/** These do not become right by asking again. */
const finalStatuses = new Set([400, 404, 410, 413, 415, 422]);

export interface LogSending {
  logs: ServiceHands['logs'];
  /** Gives up waiting; what was begun is taken up by the next start. */
  stop(): void;
}

/** `nowMs`: server time as best known. */
export function createLogSending(parts: {
  clock: Clock;
  random: Random;
  nowMs: () => number;
  /** The log since an instant, gzipped. */
  gather: (sinceMs: number | undefined) => Promise<Uint8Array>;
  /** Resolves with the server's status; rejects when it was not reached. */
  send: (orderId: string, gzipped: Uint8Array) => Promise<{ status: number }>;
}): LogSending {
  const waits = new Set<Cancel>();
  let isStopped = false;

  function wait(delayMs: number): Promise<void> {
    return new Promise((resolve) => {
      const cancel = parts.clock.setTimer(() => {
        waits.delete(cancel);
        resolve();
      }, delayMs);
      waits.add(cancel);
    });
  }

  return {
    async logs(order): Promise<Served> {
      const gzipped = await parts.gather(order.sinceMs);
      if (gzipped.length > logBytesMax)
        return { result: 'failed', code: 'log-too-large', reason: 'The log is too large to be sent.' };
      let reason = '';
      for (let attempt = 1; !isStopped && parts.nowMs() < Date.parse(order.expiresAt); attempt += 1) {
        try {
          const { status } = await parts.send(order.id, gzipped);
          const isThere = (status >= 200 && status < 300) || status === alreadyThere;
          if (isThere) return { result: 'done', evidence: { bytes: gzipped.length, tries: attempt } };
          reason = `The server answered ${status}.`;
          if (finalStatuses.has(status)) break;
        } catch (error) {
          reason = error instanceof Error ? error.message : String(error);
        }
        await wait(retryDelayMs({ backoff, attempt, fraction: parts.random.fraction() }));
      }
      if (reason === '') return { result: 'failed', code: 'order-expired', reason: 'The order had expired.' };
      return { result: 'failed', code: 'upload-failed', reason };
    },
    stop() {
      isStopped = true;
      for (const cancel of waits) cancel();
      waits.clear();
    },
  };
}
