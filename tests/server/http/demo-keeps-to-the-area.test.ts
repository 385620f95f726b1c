/** Promise: the demo's door exists only in a demo, and shows and touches only clusters of the person's own area. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ClusterView } from '@loa/protocol/panel';
import { refuse } from '@loa/server/refusal.ts';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type HttpTown, openHttpTown } from './http-town.ts';

let town: HttpTown;
let launcher: Server;
let asked: { path: string; token: string | undefined; body: string }[];

const cluster: ClusterView = {
  id: 'own',
  name: 'Own',
  areaId: 'commune',
  horns: 2,
  reach: 'never',
  planCurrent: true,
  faults: [],
};

beforeEach(async () => {
  asked = [];
  launcher = createServer((request, answer) => {
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      asked.push({ path: `${request.method} ${request.url}`, token: request.headers.authorization, body });
      const state = { unplugged: true, outputBroken: false };
      if (request.url === '/clusters/own/sound') answer.end('RIFF');
      else if (request.url === '/clusters') {
        answer.end(
          JSON.stringify([
            { clusterId: 'own', ...state },
            { clusterId: 'other', ...state },
          ]),
        );
      } else answer.end(JSON.stringify(state));
    });
  });
  await new Promise<void>((resolve) => launcher.listen(0, '127.0.0.1', resolve));
});
afterEach(async () => {
  await town.close();
  launcher.close();
});

async function openDemo(): Promise<void> {
  const { port } = launcher.address() as AddressInfo;
  const no = refuse({ code: 'x', status: 409, vi: 'x', en: 'x' });
  town = await openHttpTown({
    settings: { demo: { url: `http://127.0.0.1:${port}`, token: 'secret' } },
    rooms: {
      roster: {
        snapshot: () => ({
          kind: 'snapshot',
          number: 0,
          serverTime: '2026-11-20T10:00:00Z',
          areas: [],
          clusters: [cluster],
          airings: [],
        }),
        airing: async () => no,
        airings: async () => [],
        faults: async () => [],
      },
    },
  });
}

const fault = {
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: '{"kind":"unplugged","present":true}',
};

test('a fault is made at an own cluster, with the launcher’s token', async () => {
  await openDemo();
  const answer = await town.ask('/api/demo/clusters/own/fault', { as: 'technician', ...fault });
  expect(answer.status).toBe(200);
  expect(await answer.json()).toEqual({ unplugged: true, outputBroken: false });
  expect(asked).toEqual([{ path: 'POST /clusters/own/fault', token: 'Bearer secret', body: fault.body }]);
});

test('what is made by hand is told of own clusters only', async () => {
  await openDemo();
  const answer = await town.ask('/api/demo/clusters', { as: 'officer' });
  expect(await answer.json()).toEqual([{ clusterId: 'own', unplugged: true, outputBroken: false }]);
});

test('a pole is listened to', async () => {
  await openDemo();
  const answer = await town.ask('/api/demo/clusters/own/sound', { as: 'officer' });
  expect(answer.headers.get('content-type')).toBe('audio/wav');
  expect(await answer.text()).toBe('RIFF');
});

test('another’s cluster is not found, and the launcher is not asked', async () => {
  await openDemo();
  expect((await town.ask('/api/demo/clusters/other/fault', { as: 'technician', ...fault })).status).toBe(404);
  expect((await town.ask('/api/demo/clusters/other/sound', { as: 'officer' })).status).toBe(404);
  expect(asked).toEqual([]);
});

test('a launcher that has gone is said so', async () => {
  await openDemo();
  await new Promise((resolve) => launcher.close(resolve));
  const answer = await town.ask('/api/demo/clusters', { as: 'officer' });
  expect(answer.status).toBe(503);
});

test('outside a demo the door does not exist', async () => {
  town = await openHttpTown();
  expect((await town.ask('/api/demo/clusters', { as: 'officer' })).status).toBe(404);
  expect((await town.ask('/api/demo/clusters/own/fault', { as: 'technician', ...fault })).status).toBe(404);
});
