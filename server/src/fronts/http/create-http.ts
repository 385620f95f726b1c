/**
 * The HTTP front: Fastify with everything that holds for all of Loa's doors, then the panel's API, the devices' doors
 * and the panel's own files. It makes the app; `compose.ts` gives it its rooms and opens the port.
 */
import cookie from '@fastify/cookie';
import multipart from '@fastify/multipart';
import rateLimit from '@fastify/rate-limit';
import Fastify, { type FastifyInstance, LogController } from 'fastify';
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod';
import { addDeviceDoors } from './device-doors.ts';
import { addFailures, answerUnreadable, unreadableAnswer } from './failures.ts';
import { addLinger } from './linger.ts';
import { addOpenapi } from './openapi.ts';
import { addPanelFiles } from './panel-files.ts';
import { panelHandlers } from './panel-handlers.ts';
import { addPanelRoutes } from './panel-routes.ts';
import type { HttpPorts } from './ports.ts';
import { addSecurityHeaders } from './security-headers.ts';

/** A JSON body: a pasted text of 200,000 letters, each up to three bytes, some escaped. */
const bodyBytesMax = 1_500_000;

/** 200 MB over a link of 1 Mbps. */
const requestMsMax = 30 * 60_000;

/** A connection on which nothing moves. */
const idleMsMax = 60_000;

/** Makes the app, ready but not listening. */
export async function createHttp(ports: HttpPorts): Promise<FastifyInstance> {
  const { settings, clock, disk, log } = ports;
  const { perMinute } = settings.limits;
  const app: FastifyInstance = Fastify({
    loggerInstance: log,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: bodyBytesMax,
    connectionTimeout: idleMsMax,
    requestTimeout: requestMsMax,
    forceCloseConnections: true,
    trustProxy: settings.trustedProxies.length === 0 ? false : [...settings.trustedProxies],
    routerOptions: { maxParamLength: 256 },
    frameworkErrors: answerUnreadable,
    clientErrorHandler: (_error, socket) => {
      if (socket.writable) socket.end(unreadableAnswer());
      else socket.destroy();
    },
  });
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  readEmptyJson(app);
  addFailures(app, { panelDir: settings.panelDir, disk });
  addLinger(app, clock);
  await addSecurityHeaders(app);
  await app.register(cookie);
  await app.register(multipart);
  await app.register(rateLimit, { max: perMinute.all, timeWindow: 60_000 });
  await addOpenapi(app, settings);
  addPanelRoutes(app, {
    handlers: panelHandlers(ports),
    people: ports.people,
    limits: { signIn: perMinute.signIn },
  });
  addDeviceDoors(app, ports);
  await addPanelFiles(app, { panelDir: settings.panelDir, disk });
  await app.ready();
  return app;
}

/** A change without a body may still say that it is JSON. */
function readEmptyJson(app: FastifyInstance): void {
  const parse = app.getDefaultJsonParser('error', 'error');
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    if (body.length === 0) done(null, undefined);
    else parse(request, String(body), done);
  });
}
