/**
 * Ends a connection whose request was refused before its body had arrived. Closing at once would reset the connection
 * and take the answer from the sender; reading on would take in gigabytes. So the rest is read away for a moment, then
 * the connection is destroyed.
 */
import type { FastifyInstance } from 'fastify';
import type { Clock } from '../../edges/clock.ts';

/** Long enough for an answer to cross a slow link. */
const lingerMs = 2_000;

/** Read away at most; past it the sender waits, so that it costs the server nothing. */
const lingerBytesMax = 16 * 1024 * 1024;

/** Applies to every answer of the server. */
export function addLinger(app: FastifyInstance, clock: Clock): void {
  // The header would have the platform close as soon as the answer is written.
  app.addHook('onSend', async ({ raw }, reply) => {
    if (raw.complete === false) reply.removeHeader('connection');
  });
  app.addHook('onResponse', async ({ raw }) => {
    if (raw.complete !== false || raw.socket.destroyed) return;
    raw.unpipe();
    let readBytes = 0;
    raw.on('data', (chunk: Buffer) => {
      readBytes += chunk.length;
      if (readBytes > lingerBytesMax) raw.pause();
    });
    const cancel = clock.setTimer(() => raw.socket.destroy(), lingerMs);
    raw.once('close', cancel);
  });
}
