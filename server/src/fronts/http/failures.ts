/**
 * What becomes of a request that no handler answered: unknown paths and methods, bodies that cannot be read, and
 * errors nobody expected. All are answered as problem details; of the last kind nothing is told but an id that finds
 * it in the log.
 */
import { doorPaths } from '@loa/protocol/device';
import { api } from '@loa/protocol/panel';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod';
import * as refusals from './http-refusals.ts';
import { isPanelPath, type PanelFiles, sendPage } from './panel-files.ts';
import { violationRefusal } from './plain-words.ts';
import { type HttpRefusal, problemOf, problemType, sendProblem } from './problem.ts';

/** Adds the handlers for everything that went wrong. */
export function addFailures(app: FastifyInstance, room: PanelFiles): void {
  app.setErrorHandler<FastifyError>((error, request, reply) => sendProblem(reply, refusalOf(error, request)));
  app.setNotFoundHandler(async (request, reply) => {
    const allowed = methodsAt(request.url.split('?')[0] ?? '/');
    const isOtherMethod = allowed.length > 0 && !allowed.includes(request.method);
    if (isOtherMethod) return sendProblem(reply.header('allow', allowed.join(', ')), refusals.methodUnknown);
    return isPanelPath(request) ? sendPage(reply, room) : sendProblem(reply, refusals.notFound);
  });
}

/** Answers a request whose address the router cannot read. */
export function answerUnreadable(error: FastifyError, _request: FastifyRequest, reply: FastifyReply): void {
  const refusal = error.statusCode === 404 ? refusals.notFound : refusals.requestMalformed;
  reply
    .code(refusal.status)
    .type(problemType)
    .send(JSON.stringify(problemOf(refusal)));
}

/** The bytes that answer something that is not HTTP, before the connection is closed. */
export function unreadableAnswer(): string {
  const body = JSON.stringify(problemOf(refusals.requestMalformed));
  const head = ['HTTP/1.1 400 Bad Request', `content-type: ${problemType}`, 'connection: close'];
  return [...head, `content-length: ${Buffer.byteLength(body)}`, '', body].join('\r\n');
}

function refusalOf(error: FastifyError, request: FastifyRequest): HttpRefusal {
  if (hasZodFastifySchemaValidationErrors(error)) {
    const [issue] = error.validation;
    const field = issue?.instancePath.slice(1).replaceAll('/', '.') ?? '';
    return violationRefusal({ code: issue?.keyword ?? '', field, params: issue?.params ?? {} });
  }
  if (error instanceof SyntaxError || error.code === 'FST_ERR_CTP_INVALID_JSON_BODY') return refusals.jsonMalformed;
  if (error.code === 'FST_ERR_CTP_EMPTY_JSON_BODY') return refusals.jsonMalformed;
  if (error.statusCode === 413) return refusals.bodyTooLarge;
  if (error.statusCode === 415 || error.statusCode === 406) return refusals.contentTypeUnknown;
  if (error.statusCode === 429) return refusals.tooMany;
  if (error.statusCode !== undefined && error.statusCode >= 400 && error.statusCode < 500) {
    request.log.info({ err: error }, 'request refused');
    return error.statusCode === 404 ? refusals.notFound : refusals.requestMalformed;
  }
  request.log.error({ err: error, problemId: request.id }, 'unexpected error in a request');
  return refusals.unexpected(String(request.id));
}

const known: readonly { pattern: RegExp; method: string }[] = [
  ...Object.values(api).map(({ method, path }) => ({ method, path })),
  { method: 'GET', path: '/api/openapi.json' },
  { method: 'POST', path: doorPaths.enrol },
  { method: 'POST', path: doorPaths.nonce },
  { method: 'POST', path: doorPaths.token },
  { method: 'GET', path: doorPaths.clip(':hash') },
  { method: 'GET', path: doorPaths.body(':hash') },
  { method: 'GET', path: doorPaths.release(':hash') },
  { method: 'POST', path: doorPaths.logs(':id') },
].map(({ method, path }) => ({ method, pattern: new RegExp(`^${path.replaceAll(/:[a-z]+/g, '[^/]+')}$`) }));

function methodsAt(path: string): string[] {
  const methods = known.filter(({ pattern }) => pattern.test(path)).map(({ method }) => method);
  return methods.includes('GET') ? [...new Set([...methods, 'HEAD'])] : [...new Set(methods)];
}
