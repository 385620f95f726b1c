/**
 * What may a page of the panel load and do? Set by how the server is really reached: over plain HTTP on an office LAN
 * nothing is upgraded to https, which would take the panel its scripts (DESIGN, STACK), and no HSTS is sent.
 */
import helmet from '@fastify/helmet';
import type { FastifyInstance } from 'fastify';

/** A host as it may stand in a policy; anything else is left out of it. */
const hostPattern = /^[A-Za-z0-9.-]+(:\d+)?$|^\[[0-9A-Fa-f:]+\](:\d+)?$/;

/** Half a year; sent only over https. */
const hstsSeconds = 15_552_000;

/** Adds the headers to every answer. */
export async function addSecurityHeaders(app: FastifyInstance): Promise<void> {
  await app.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        scriptSrc: ["'self'"],
        // Mantine writes its variables and positions as inline styles.
        styleSrc: ["'self'", "'unsafe-inline'"],
        imgSrc: ["'self'", 'data:', 'blob:'],
        mediaSrc: ["'self'", 'data:', 'blob:'],
        fontSrc: ["'self'", 'data:'],
        // Firefox 115 does not count a WebSocket of the same host as 'self'.
        connectSrc: ["'self'", 'blob:', 'data:', (request) => socketsOf(request.headers.host)],
        workerSrc: ["'self'", 'blob:'],
        objectSrc: ["'none'"],
        baseUri: ["'none'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
      },
    },
    strictTransportSecurity: false,
    // Browsers ignore these two over plain HTTP and complain about them on every page.
    crossOriginOpenerPolicy: false,
    originAgentCluster: false,
    referrerPolicy: { policy: 'same-origin' },
  });
  app.addHook('onRequest', async (request, reply) => {
    if (request.protocol === 'https') reply.header('strict-transport-security', `max-age=${hstsSeconds}`);
  });
}

function socketsOf(host: string | undefined): string {
  return host !== undefined && hostPattern.test(host) ? `ws://${host} wss://${host}` : "'self'";
}
