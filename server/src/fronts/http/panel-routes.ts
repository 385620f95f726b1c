/**
 * Makes the panel's routes from the API table and from nothing else, so that no endpoint can exist without a right:
 * whoever is not signed in, or lacks the right, is refused before the body is read. Handlers come by name.
 */
import { type ApiName, api, type Endpoint, type Person, problemSchema } from '@loa/protocol/panel';
import type { FastifyInstance, FastifyReply, FastifyRequest, RouteShorthandOptions } from 'fastify';
import { z } from 'zod';
import type { Result } from '../../refusal.ts';
import { notSignedIn, rightMissing, senderNotShown } from './http-refusals.ts';
import type { HttpPorts } from './ports.ts';
import { type HttpRefusal, problemType, sendProblem } from './problem.ts';
import { isSenderShown, personOf } from './session.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Set on every route of the panel that needs a sign-in. */
    person: Person | undefined;
  }
}

type Table = typeof api;
type Read<Name extends ApiName, Part extends string> = Table[Name] extends { [P in Part]: infer S extends z.ZodType }
  ? z.output<S>
  : undefined;

/** A request to one endpoint: parsed by the table's schemas, its sender known unless the endpoint is open. */
export interface Call<Name extends ApiName> {
  person: Table[Name]['right'] extends 'open' ? undefined : Person;
  params: Read<Name, 'params'>;
  query: Read<Name, 'query'>;
  body: Read<Name, 'body'>;
  request: FastifyRequest;
  reply: FastifyReply;
}

/** What a handler answers: a value of the table's schema, a refusal, or `sent` when it has answered by itself. */
export type Answer<Name extends ApiName> =
  | Result<z.output<Table[Name]['answer']>>
  | { ok: false; refusal: HttpRefusal }
  | 'sent';

/** One handler for every endpoint; a missing one does not compile. */
export type Handlers = { [Name in ApiName]: (call: Call<Name>) => Promise<Answer<Name>> };

/** Endpoints whose body is not JSON: what they take and give, for the OpenAPI document. */
export const otherContent: Partial<Record<ApiName, { takes?: string; gives?: string }>> = {
  uploadClip: { takes: 'multipart/form-data' },
  readTimetable: { takes: 'multipart/form-data' },
  previewClip: { gives: 'audio/mpeg' },
  deviceLog: { gives: 'text/plain' },
  demoSound: { gives: 'audio/wav' },
};

/** Adds every endpoint of the table. `limits` are requests a minute for those that have their own. */
export function addPanelRoutes(
  app: FastifyInstance,
  room: { handlers: Handlers; people: HttpPorts['people']; limits: Partial<Record<ApiName, number>> },
): void {
  app.decorateRequest('person', undefined);
  for (const name of apiNames()) addRoute(app, name, room);
}

/** The table's names. */
export function apiNames(): ApiName[] {
  return Object.keys(api).filter((name): name is ApiName => name in api);
}

function addRoute<Name extends ApiName>(
  app: FastifyInstance,
  name: Name,
  room: { handlers: Handlers; people: HttpPorts['people']; limits: Partial<Record<ApiName, number>> },
): void {
  const endpoint: Endpoint = api[name];
  const limit = room.limits[name];
  app.route({
    method: endpoint.method,
    url: endpoint.path,
    schema: schemaOf(name, endpoint),
    config: limit === undefined ? {} : { rateLimit: { max: limit, timeWindow: 60_000 } },
    onRequest: async (request, reply) => {
      const refusal = await admit(request, endpoint, room.people);
      if (refusal !== undefined) return sendProblem(reply, refusal);
    },
    handler: async (request, reply) => {
      // Parsed by the schemas above, which are the table's own.
      const call = { ...pick(request), request, reply } as Call<Name>;
      const answer: Answer<ApiName> = await room.handlers[name](call);
      if (answer === 'sent') return reply;
      if (!answer.ok) return sendProblem(reply, answer.refusal);
      reply.code(endpoint.status ?? 200).header('cache-control', 'no-store');
      return endpoint.status === 204 ? reply.send() : reply.send(answer.value);
    },
  });
}

async function admit(
  request: FastifyRequest,
  endpoint: Endpoint,
  people: HttpPorts['people'],
): Promise<HttpRefusal | undefined> {
  if (!isSenderShown(request)) return senderNotShown;
  if (endpoint.right === 'open') return undefined;
  const person = await personOf(request, people);
  if (person === undefined) return notSignedIn;
  if (endpoint.right !== 'signed-in' && !person.rights.includes(endpoint.right)) return rightMissing;
  request.person = person;
  return undefined;
}

function pick({ person, params, query, body }: FastifyRequest) {
  return { person, params, query, body };
}

function schemaOf(name: ApiName, endpoint: Endpoint): NonNullable<RouteShorthandOptions['schema']> {
  const { takes, gives } = otherContent[name] ?? {};
  const success =
    gives === undefined
      ? { description: 'Done', content: { 'application/json': { schema: endpoint.answer } } }
      : { description: 'The bytes', content: { [gives]: { schema: z.string() } } };
  return {
    operationId: name,
    summary: endpoint.summary,
    tags: [endpoint.path.split('/')[2] ?? 'api'],
    ...(endpoint.params === undefined ? {} : { params: endpoint.params }),
    ...(endpoint.query === undefined ? {} : { querystring: endpoint.query }),
    ...(endpoint.body === undefined ? {} : { body: endpoint.body }),
    ...(takes === undefined ? {} : { consumes: [takes] }),
    security: endpoint.right === 'open' ? [] : [{ session: [] }],
    response: {
      [endpoint.status ?? 200]: endpoint.status === 204 ? z.null().describe('Done') : success,
      default: { description: 'Refused', content: { [problemType]: { schema: problemSchema } } },
    },
  };
}
