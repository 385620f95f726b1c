/**
 * The body of a plan: checked against the hash in the signed head before a word of it is read, and fetched with
 * patience where it did not fit into the head. Fetches one body at a time, the newest wanted.
 */
import { createHash } from 'node:crypto';
import { type PlanBody, type PlanDocument, planBodySchema } from '@loa/protocol/device';
import { retryDelayMs } from '../../edges/backoff.ts';
import type { Cancel, Clock } from '../../edges/clock.ts';
import type { Random } from '../../edges/random.ts';

/** Wait between tries; without end, since a plan that was signed stays wanted. */
export const bodyBackoff = { floorMs: 1_000, capMs: 60_000 };

/** Reads a body that belongs to a plan, or says why it does not. */
export function readBody(
  plan: PlanDocument,
  bytes: Uint8Array,
): { ok: true; body: PlanBody } | { ok: false; reason: 'body-does-not-match' | 'not-understood' } {
  const isGenuine =
    bytes.length === plan.body.sizeBytes && createHash('sha256').update(bytes).digest('hex') === plan.body.hash;
  if (!isGenuine) return { ok: false, reason: 'body-does-not-match' };
  try {
    const parsed = planBodySchema.safeParse(JSON.parse(Buffer.from(bytes).toString('utf8')));
    if (parsed.success) return { ok: true, body: parsed.data };
  } catch {
    // Not JSON: the same refusal.
  }
  return { ok: false, reason: 'not-understood' };
}

export interface BodyFetch {
  /** Fetches the body of this plan from now on, instead of any other. */
  want(plan: PlanDocument): void;
  /** Tries again at once, if one is wanted and not on its way. */
  retry(): void;
  stop(): void;
}

/** `onBytes` is handed what came and says whether it was the body; if not, it is fetched again later. */
export function createBodyFetch(parts: {
  clock: Clock;
  random: Random;
  fetchBody: (body: { hash: string; sizeBytes: number }) => Promise<Uint8Array>;
  onBytes: (plan: PlanDocument, bytes: Uint8Array) => boolean;
}): BodyFetch {
  let wanted: PlanDocument | undefined;
  let running: PlanDocument | undefined;
  let attempt = 0;
  let cancel: Cancel | undefined;

  async function fetchOnce(): Promise<void> {
    const plan = wanted;
    if (plan === undefined || running === plan) return;
    running = plan;
    let isDone = false;
    try {
      const bytes = await parts.fetchBody(plan.body);
      isDone = wanted === plan && parts.onBytes(plan, bytes);
    } catch {
      // Not to be had now: tried again below.
    }
    if (running === plan) running = undefined;
    if (wanted !== plan) return;
    if (isDone) wanted = undefined;
    else waitAndRetry();
  }

  function waitAndRetry(): void {
    attempt += 1;
    cancel?.();
    const delayMs = retryDelayMs({ backoff: bodyBackoff, attempt, fraction: parts.random.fraction() });
    cancel = parts.clock.setTimer(() => void fetchOnce(), delayMs);
  }

  function start(): void {
    cancel?.();
    attempt = 0;
    void fetchOnce();
  }

  return {
    want(plan) {
      wanted = plan;
      start();
    },
    retry: start,
    stop() {
      wanted = undefined;
      cancel?.();
    },
  };
}
