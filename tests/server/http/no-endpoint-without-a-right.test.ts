/** Promise: every endpoint of the API table refuses whoever is not signed in, lacks the right, or hides who sends. */
import { api, type Endpoint, problemSchema, type Role, rightsOf, roles } from '@loa/protocol/panel';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type HttpTown, openHttpTown } from './http-town.ts';

let town: HttpTown;
beforeAll(async () => {
  town = await openHttpTown();
});
afterAll(() => town.close());

const endpoints = Object.entries<Endpoint>(api);
const pathOf = ({ path }: Endpoint) => path.replace(':id', 'x');

describe.each(endpoints.filter(([, { right }]) => right !== 'open'))('%s', (_name, endpoint) => {
  test('refuses whoever is not signed in with 401, and asks no room', async () => {
    town.calls.length = 0;
    const answer = await town.ask(pathOf(endpoint), { method: endpoint.method, headers: { 'x-loa': '1' } });
    expect(answer.status).toBe(401);
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
    expect(problemSchema.parse(await answer.json())).toMatchObject({ code: 'not-signed-in', status: 401 });
    expect(town.calls).toEqual([]);
  });

  test('refuses whoever lacks the right with 403, and asks no room', async () => {
    const right = endpoint.right;
    const without = roles.filter(
      (role) => right !== 'signed-in' && right !== 'open' && !rightsOf[role].includes(right),
    );
    for (const role of without) {
      town.calls.length = 0;
      const answer = await town.ask(pathOf(endpoint), { as: role, method: endpoint.method, headers: { 'x-loa': '1' } });
      expect(answer.status, role).toBe(403);
      expect(problemSchema.parse(await answer.json()).code).toBe('right-missing');
      expect(town.calls).toEqual([]);
    }
  });
});

describe.each(endpoints.filter(([, { method }]) => method !== 'GET'))('%s', (_name, endpoint) => {
  test('refuses a change that another site’s page could send', async () => {
    town.calls.length = 0;
    const as: Role = 'department';
    const headers = { 'content-type': 'text/plain' };
    const answer = await town.ask(pathOf(endpoint), { as, method: endpoint.method, headers });
    expect(answer.status).toBe(403);
    expect(problemSchema.parse(await answer.json()).code).toBe('sender-not-shown');
    expect(town.calls).toEqual([]);
  });
});

test('a person who holds the right is let through to the room', async () => {
  town.calls.length = 0;
  const answer = await town.ask('/api/clips', { as: 'officer' });
  expect(answer.status).toBe(200);
  expect(town.calls).toEqual(['listClips']);
});
