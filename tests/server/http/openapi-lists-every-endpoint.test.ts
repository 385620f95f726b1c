/** Promise: `/api/openapi.json` is a valid OpenAPI 3.1 document that lists every endpoint of the API table. */
import { api, type Endpoint } from '@loa/protocol/panel';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { type HttpTown, openHttpTown } from './http-town.ts';

/** The parts of OpenAPI 3.1 §4.8 that the document uses, strictly. */
const schemaObject = z.record(z.string(), z.unknown());
const mediaSchema = z.record(z.string(), z.strictObject({ schema: schemaObject }));
const operationSchema = z.strictObject({
  operationId: z.string(),
  summary: z.string(),
  tags: z.array(z.string()),
  parameters: z
    .array(
      z.strictObject({ in: z.enum(['path', 'query']), name: z.string(), required: z.boolean(), schema: schemaObject }),
    )
    .optional(),
  requestBody: z.strictObject({ required: z.boolean().optional(), content: mediaSchema }).optional(),
  security: z.array(z.record(z.string(), z.array(z.string()))),
  responses: z.record(
    z.string().regex(/^([1-5]\d\d|default)$/),
    z.strictObject({ description: z.string(), content: mediaSchema.optional() }),
  ),
});
const documentSchema = z.strictObject({
  openapi: z.literal('3.1.0'),
  info: z.strictObject({ title: z.string(), version: z.string(), description: z.string() }),
  components: z.strictObject({
    schemas: z.record(z.string(), z.unknown()),
    securitySchemes: z.strictObject({
      session: z.strictObject({ type: z.literal('apiKey'), in: z.literal('cookie'), name: z.literal('loa_session') }),
    }),
  }),
  paths: z.record(
    z.string().startsWith('/api/'),
    z
      .record(z.enum(['get', 'post', 'delete']), operationSchema)
      .and(z.object({}))
      .or(z.partialRecord(z.enum(['get', 'post', 'delete']), operationSchema)),
  ),
});

let town: HttpTown;
beforeAll(async () => {
  town = await openHttpTown();
});
afterAll(() => town.close());

test('the document validates and lists every endpoint with its body, answer, problems and sign-in', async () => {
  const answer = await town.ask('/api/openapi.json');
  expect(answer.status).toBe(200);
  const document = documentSchema.parse(await answer.json());
  for (const [name, endpoint] of Object.entries<Endpoint>(api)) {
    const path = endpoint.path.replaceAll(/:([a-z]+)/g, '{$1}');
    const methods: Record<string, z.infer<typeof operationSchema> | undefined> = document.paths[path] ?? {};
    const operation = methods[endpoint.method.toLowerCase()];
    expect(operation, name).toBeDefined();
    expect(operation?.operationId).toBe(name);
    expect(operation?.security, name).toEqual(endpoint.right === 'open' ? [] : [{ session: [] }]);
    expect(Object.keys(operation?.responses ?? {}), name).toEqual(
      expect.arrayContaining([String(endpoint.status ?? 200), 'default']),
    );
    expect(Object.keys(operation?.responses.default?.content ?? {}), name).toEqual(['application/problem+json']);
    if (endpoint.body !== undefined) expect(operation?.requestBody?.content['application/json'], name).toBeDefined();
  }
  const upload = document.paths['/api/clips'] as Record<string, z.infer<typeof operationSchema>>;
  expect(Object.keys(upload.post?.requestBody?.content ?? {})).toEqual(['multipart/form-data']);
  const operations = Object.values(document.paths).flatMap((path) => Object.keys(path)).length;
  expect(operations).toBe(Object.keys(api).length);
});
