/**
 * The OpenAPI document, made from the schemas that validate. What a JSON schema cannot say (a multipart form, an
 * answer that is sound) is added here, and nothing else is written by hand.
 */
import swagger from '@fastify/swagger';
import { api } from '@loa/protocol/panel';
import type { FastifyInstance } from 'fastify';
import { jsonSchemaTransform } from 'fastify-type-provider-zod';
import { sessionCookie } from './session.ts';

/** Where the document is. */
export const openapiPath = '/api/openapi.json';

type Document = Exclude<ReturnType<FastifyInstance['swagger']>, string>;

/** Collects the routes that are added after it; called before them. */
export async function addOpenapi(app: FastifyInstance, room: { version: string }): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Loa',
        version: room.version,
        description:
          'The panel’s API. Changes need the header `x-loa: 1` or `content-type: application/json`. ' +
          'Refusals are problem details (RFC 9457) with a sentence in Vietnamese and English.',
      },
      components: { securitySchemes: { session: { type: 'apiKey', in: 'cookie', name: sessionCookie } } },
    },
    transform: jsonSchemaTransform,
  });
  app.get(openapiPath, { schema: { hide: true } }, async (_request, reply) => {
    reply.header('cache-control', 'no-cache');
    const document = app.swagger();
    return reply.send(typeof document === 'string' ? document : withUploadForm(document));
  });
}

function withUploadForm(document: Document): object {
  const upload = 'paths' in document ? document.paths?.[api.uploadClip.path]?.post : undefined;
  if (upload === undefined || !('paths' in document)) return document;
  const form = {
    type: 'object',
    required: ['file'],
    properties: { file: { type: 'string', format: 'binary' }, title: { type: 'string', maxLength: 200 } },
  };
  const requestBody = { required: true, content: { 'multipart/form-data': { schema: form } } };
  const path = { ...document.paths?.[api.uploadClip.path], post: { ...upload, requestBody } };
  return { ...document, paths: { ...document.paths, [api.uploadClip.path]: path } };
}
