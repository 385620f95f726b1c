/**
 * The HTTP doors of a device: enrolment with a one-time code, sign-in by nonce, the files its own documents name, and
 * the log it was asked for. A file is found only by its hash and with the device's token; nothing is ever listed.
 */
import { doorPaths, hashSchema, logBytesMax } from '@loa/protocol/device';
import type { FastifyInstance, FastifyReply, FastifyRequest, RouteShorthandOptions } from 'fastify';
import type { Result } from '../../refusal.ts';
import type { DeviceFile, DeviceIdentity } from '../../work/contracts.ts';
import { contentTypeUnknown, deviceTokenWrong, logsBusy, notFound } from './http-refusals.ts';
import type { HttpPorts } from './ports.ts';
import { sendProblem } from './problem.ts';
import { sendBytes } from './send-bytes.ts';

/** A claim, a key and a handful of capabilities. */
const bodyBytesMax = 16 * 1024;

/** Adds the doors; `limits` are requests a minute from one address. */
export function addDeviceDoors(app: FastifyInstance, ports: HttpPorts): void {
  const { enrolment } = ports;
  const { perMinute } = ports.settings.limits;
  ask(app, { path: doorPaths.enrol, max: perMinute.enrol, status: 201 }, (body) => enrolment.enrol(body));
  ask(app, { path: doorPaths.nonce, max: perMinute.deviceSignIn, status: 200 }, (body) => enrolment.nonce(body));
  ask(app, { path: doorPaths.token, max: perMinute.deviceSignIn, status: 200 }, (body) => enrolment.token(body));
  const { desk, repairs } = ports;
  addFiles(app, ports, {
    path: doorPaths.clip,
    fileFor: (device, hash) => desk.fileFor(device, { kind: 'clip', hash }),
  });
  addFiles(app, ports, {
    path: doorPaths.body,
    fileFor: (device, hash) => desk.fileFor(device, { kind: 'body', hash }),
  });
  addFiles(app, ports, { path: doorPaths.release, fileFor: repairs.releaseFor });
  addLogs(app, ports);
}

function ask(
  app: FastifyInstance,
  door: { path: string; max: number; status: 200 | 201 },
  room: (body: unknown) => Promise<Result<object>>,
): void {
  const options: RouteShorthandOptions = {
    bodyLimit: bodyBytesMax,
    schema: { hide: true },
    config: { rateLimit: { max: door.max, timeWindow: 60_000 } },
  };
  app.post(door.path, options, async (request, reply) => {
    const answer = await room(request.body);
    if (!answer.ok) return sendProblem(reply, answer.refusal);
    return reply.code(door.status).header('cache-control', 'no-store').send(answer.value);
  });
}

function addFiles(
  app: FastifyInstance,
  ports: HttpPorts,
  door: {
    path(hash: string): string;
    fileFor(device: DeviceIdentity, hash: string): Promise<DeviceFile | undefined>;
  },
): void {
  app.get<{ Params: { hash: string } }>(door.path(':hash'), { schema: { hide: true } }, async (request, reply) => {
    const device = deviceOf(request, ports);
    if (device === undefined) return sendProblem(reply, deviceTokenWrong);
    const { hash } = request.params;
    const isHash = hashSchema.safeParse(hash).success;
    const file = isHash ? await door.fileFor(device, hash) : undefined;
    if (file === undefined) return sendProblem(reply, notFound);
    return sendFile({ request, reply, ports }, file, hash);
  });
}

/** Who sends, and whether it was asked for, is judged before the first byte of a log is read. */
function addLogs(app: FastifyInstance, ports: HttpPorts): void {
  const { repairs } = ports;
  /** Devices whose log is on its way, one each, so that none takes the others' places. */
  const sending = new Set<string>();
  // A scope of its own: no other door takes gzip.
  void app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('application/gzip', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
    scope.post<{ Params: { id: string } }>(
      doorPaths.logs(':id'),
      {
        bodyLimit: logBytesMax,
        schema: { hide: true },
        onRequest: async (request, reply) => {
          const device = deviceOf(request, ports);
          if (device === undefined) return sendProblem(reply, deviceTokenWrong);
          const judged = await repairs.mayTakeLog(device, request.params.id);
          if (!judged.ok) return sendProblem(reply, judged.refusal);
          const isBusy = sending.has(device.deviceId) || sending.size >= ports.settings.limits.logsAtOnceMax;
          if (isBusy) return sendProblem(reply, logsBusy);
          sending.add(device.deviceId);
          reply.raw.once('close', () => sending.delete(device.deviceId));
        },
      },
      async (request, reply) => {
        const device = deviceOf(request, ports);
        if (device === undefined) return sendProblem(reply, deviceTokenWrong);
        if (!Buffer.isBuffer(request.body)) return sendProblem(reply, contentTypeUnknown);
        const kept = await repairs.keepLog(device, { orderId: request.params.id, bytes: request.body });
        if (!kept.ok) return sendProblem(reply, kept.refusal);
        return reply.code(201).header('cache-control', 'no-store').send({});
      },
    );
  });
}

function sendFile(
  room: { request: FastifyRequest; reply: FastifyReply; ports: HttpPorts },
  file: DeviceFile,
  hash: string,
): FastifyReply {
  const to = { request: room.request, reply: room.reply, disk: room.ports.disk };
  if (file.kind === 'path') return sendBytes(to, { ...file, hash });
  const content = Buffer.from(file.text, 'utf8');
  return sendBytes(to, { kind: 'text', hash, content, sizeBytes: content.length, mimeType: 'application/json' });
}

function deviceOf(request: FastifyRequest, { enrolment }: HttpPorts): DeviceIdentity | undefined {
  const [scheme, token] = (request.headers.authorization ?? '').split(' ');
  return scheme?.toLowerCase() === 'bearer' && token !== undefined ? enrolment.deviceOf(token) : undefined;
}
