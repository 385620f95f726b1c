/**
 * Keeps a request alive whose answer takes minutes to make, such as an hour of sound being prepared: an interim answer
 * (102, RFC 2518 §10.1) goes out now and then, so that neither this server nor anything between takes the silence for a
 * dead connection. When the sender goes away the work is told to stop. It never decides how long the work may take.
 */
import type { FastifyReply } from 'fastify';
import type { Clock } from '../../edges/clock.ts';

/** Well below the 60 s after which this server, and most proxies, give up a silent connection. */
export const interimEveryMs = 15_000;

/** Runs the task; its result or failure is the caller's. The signal aborts once nobody waits for the answer any more. */
export async function keepWaiting<T>(
  { reply, clock }: { reply: FastifyReply; clock: Pick<Clock, 'setTimer'> },
  task: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  let cancel = clock.setTimer(tell, interimEveryMs);
  function tell(): void {
    if (!reply.raw.destroyed && !reply.raw.headersSent) reply.raw.writeProcessing();
    cancel = clock.setTimer(tell, interimEveryMs);
  }
  const left = new AbortController();
  const leave = () => left.abort();
  reply.raw.once('close', leave);
  try {
    return await task(left.signal);
  } finally {
    cancel();
    reply.raw.off('close', leave);
  }
}
