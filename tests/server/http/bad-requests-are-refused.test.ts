/** Promise: whatever comes in at an HTTP door, the answer is a problem a person can act on, and no room is troubled. */
import { connect } from 'node:net';
import { doorPaths } from '@loa/protocol/device';
import { type Problem, problemSchema } from '@loa/protocol/panel';
import { httpLimits } from '@loa/server/fronts/http/ports.ts';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type HttpTown, openHttpTown } from './http-town.ts';

let town: HttpTown;
beforeAll(async () => {
  town = await openHttpTown({
    settings: { limits: { ...httpLimits, perMinute: { all: 10_000, signIn: 5, enrol: 3, deviceSignIn: 10_000 } } },
  });
});
afterAll(() => town.close());
beforeEach(() => {
  town.calls.length = 0;
});

const json = { 'content-type': 'application/json' };

async function problemOf(answer: Response): Promise<Problem> {
  expect(answer.headers.get('content-type')).toContain('application/problem+json');
  const problem = problemSchema.parse(await answer.json());
  expect(problem.status).toBe(answer.status);
  expect(problem.type).toBe(`urn:loa:problem:${problem.code}`);
  expect(problem.vi.length * problem.en.length).toBeGreaterThan(0);
  return problem;
}

describe.each([
  { path: '/api/bulletins', as: 'officer' },
  { path: '/api/clusters/c1/services', as: 'technician' },
  { path: doorPaths.enrol, as: 'officer' },
  { path: doorPaths.nonce, as: 'officer' },
  { path: doorPaths.token, as: 'officer' },
] as const)('$path', ({ path, as }) => {
  test('refuses malformed JSON', async () => {
    const answer = await town.ask(path, { as, method: 'POST', headers: json, body: '{"title": "x' });
    expect((await problemOf(answer)).code).toBe('malformed-json');
    expect(town.calls).toEqual([]);
  });

  test('refuses content that is not JSON', async () => {
    const headers = { 'content-type': 'text/xml', 'x-loa': '1' };
    const answer = await town.ask(path, { as, method: 'POST', headers, body: '<a/>' });
    expect(answer.status).toBe(415);
    await problemOf(answer);
    expect(town.calls).toEqual([]);
  });

  test('refuses a body that is too large', async () => {
    const body = JSON.stringify({ text: 'x'.repeat(2_000_000) });
    const answer = await town.ask(path, { as, method: 'POST', headers: json, body });
    expect(answer.status).toBe(413);
    expect((await problemOf(answer)).code).toBe('body-too-large');
    expect(town.calls).toEqual([]);
  });
});

test.each([
  { body: {}, field: 'requestId' },
  { body: { requestId: '12345678', title: '' }, field: 'title', vi: 'Mục “tiêu đề” còn để trống.' },
  {
    body: { requestId: '12345678', title: 'a', clipId: 'b'.repeat(64), areaIds: 'x', whens: [{ kind: 'now' }] },
    field: 'areaIds',
  },
  {
    body: {
      requestId: '12345678',
      title: 'a',
      clipId: 'b'.repeat(64),
      areaIds: ['x'],
      whens: [{ kind: 'once', date: '2026-02-30', time: '10:00' }],
    },
    field: 'whens.0.date',
  },
])('a field that is wrong is named: $field', async ({ body, field, vi }) => {
  const sent = { as: 'officer' as const, method: 'POST', headers: json, body: JSON.stringify(body) };
  const problem = await problemOf(await town.ask('/api/bulletins', sent));
  expect(problem).toMatchObject({ code: 'invalid-request', status: 400, field });
  if (vi !== undefined) expect(problem.vi).toBe(vi);
  expect(town.calls).toEqual([]);
});

test('a service of a kind that there is none of names its field', async () => {
  const body = JSON.stringify({ requestId: '12345678', kind: 'explode' });
  const sent = { as: 'technician' as const, method: 'POST', headers: json, body };
  const problem = await problemOf(await town.ask('/api/clusters/c1/services', sent));
  expect(problem).toMatchObject({ code: 'invalid-request', status: 400, field: 'kind' });
  expect(town.calls).toEqual([]);
});

test.each([
  '/api/nothing',
  '/device/v1/nothing',
  '/assets/nothing.js',
  '/device/v1/clips',
  '/device/v1/releases',
  '/device/v1/logs',
])('an unknown path is not found: %s', async (path) => {
  const problem = await problemOf(await town.ask(path, { as: 'officer' }));
  expect(problem.code).toBe('not-found');
});

test('a known path with another method answers 405 and says which it takes', async () => {
  const answer = await town.ask('/api/bulletins', { as: 'officer', method: 'DELETE', headers: { 'x-loa': '1' } });
  expect(answer.headers.get('allow')?.split(', ').sort()).toEqual(['GET', 'HEAD', 'POST']);
  expect((await problemOf(answer)).code).toBe('method-not-allowed');
});

test('a span of the playback log that ends before it begins is refused', async () => {
  const query = 'from=2026-11-20T10:00:00Z&until=2026-11-19T10:00:00Z';
  const problem = await problemOf(await town.ask(`/api/airings?${query}`, { as: 'officer' }));
  expect(problem).toMatchObject({ code: 'span-wrong', field: 'from' });
});

test('guessing passwords is slowed down', async () => {
  const body = JSON.stringify({ login: 'x', password: 'y' });
  const statuses: number[] = [];
  for (let i = 0; i < 6; i += 1) {
    const answer = await town.ask('/api/session', { method: 'POST', headers: json, body });
    statuses.push(answer.status);
    if (i === 5) expect((await problemOf(answer)).code).toBe('too-many-requests');
  }
  expect(statuses).toEqual([401, 401, 401, 401, 401, 429]);
});

test('an unexpected error tells an id and nothing of the inside', async () => {
  const broken = await openHttpTown({
    rooms: {
      people: {
        signIn: async () => {
          throw new Error('secret inside');
        },
        personOf: async () => undefined,
        signOut: async () => {},
      },
    },
  });
  const body = JSON.stringify({ login: 'x', password: 'y' });
  const answer = await broken.ask('/api/session', { method: 'POST', headers: json, body });
  const text = await answer.clone().text();
  expect(answer.status).toBe(500);
  expect((await problemOf(answer)).en).toMatch(/report the code req-/);
  expect(text).not.toContain('secret');
  await broken.close();
});

test('what is not HTTP is answered and cut', async () => {
  const { port } = new URL(town.url);
  const answer = await new Promise<string>((resolve, reject) => {
    let text = '';
    const socket = connect(Number(port), '127.0.0.1', () => socket.write('NOT HTTP AT ALL\r\n\r\n'));
    socket.on('data', (chunk) => {
      text += chunk.toString();
    });
    socket.on('close', () => resolve(text));
    socket.on('error', reject);
  });
  expect(answer).toMatch(/^HTTP\/1.1 400/);
  expect(problemSchema.parse(JSON.parse(answer.split('\r\n\r\n')[1] ?? '')).code).toBe('malformed-request');
});

test('an address that cannot be decoded is refused', async () => {
  const answer = await town.ask('/api/clips/%zz/preview', { as: 'officer' });
  expect(answer.status).toBe(400);
  await problemOf(answer);
});
