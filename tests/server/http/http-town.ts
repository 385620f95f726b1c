/**
 * A real HTTP front on a real port with rooms that answer at once: for tests of the door, not of what lies behind it.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ClipView, type Person, type Role, rightsOf } from '@loa/protocol/panel';
import { machineClock } from '@loa/server/edges/clock.ts';
import { machineDisk } from '@loa/server/edges/disk.ts';
import { machineFetch } from '@loa/server/edges/network.ts';
import { createHttp } from '@loa/server/fronts/http/create-http.ts';
import { type HttpPorts, type HttpSettings, httpLimits } from '@loa/server/fronts/http/ports.ts';
import { accept, refuse } from '@loa/server/refusal.ts';
import type { Desk } from '@loa/server/work/contracts.ts';
import Fastify, { type FastifyInstance } from 'fastify';

export const clipId = 'a'.repeat(64);
export const deviceToken = 'device-token';

export function personWith(role: Role): Person {
  return { id: `p-${role}`, login: role, name: role, role, areaId: 'commune', rights: [...rightsOf[role]] };
}

export const clipView: ClipView = {
  id: clipId,
  title: 'Thông báo',
  durationMs: 1_000,
  loudnessLufs: -16,
  truePeakDbtp: -2,
  sizeBytes: 10,
  previewUrl: `/api/clips/${clipId}/preview`,
  createdAt: '2026-11-20T10:00:00Z',
  origin: 'upload',
};

export interface HttpTown {
  app: FastifyInstance;
  url: string;
  folder: string;
  /** Names of the rooms' calls, in order. */
  calls: string[];
  ask(path: string, init?: RequestInit & { as?: Role }): Promise<Response>;
  close(): Promise<void>;
}

const noRefusal = { code: 'test-refusal', status: 409 as const, vi: 'Không được.', en: 'No.' };

/** A desk that is not expected to be asked much. */
export const quietDesk: Desk = {
  checkText: (text) => accept({ text, charset: 'unicode', converted: false, spoken: text, readings: [] }),
  makeSpeech: async () => accept(clipView),
  keepUpload: async (_person, { title }) => accept({ ...clipView, title }),
  listClips: async () => [clipView],
  previewOf: async () => refuse(noRefusal),
  reach: async () => accept({ clusters: 0, reachable: 0, clusterIds: [] }),
  acceptBulletin: async () => refuse(noRefusal),
  withdrawBulletin: async () => refuse(noRefusal),
  withdrawal: async () => refuse(noRefusal),
  approveBulletin: async () => refuse(noRefusal),
  returnBulletin: async () => refuse(noRefusal),
  preview: async () => refuse(noRefusal),
  makeRest: async () => refuse(noRefusal),
  endRest: async () => refuse(noRefusal),
  listRests: async () => [],
  listBulletins: async () => [],
  timetable: async () => refuse(noRefusal),
  fileFor: async () => undefined,
};

/** Opens the door; what a test does not override answers at once. */
export async function openHttpTown(
  change: { rooms?: Partial<HttpPorts>; settings?: Partial<HttpSettings> } = {},
): Promise<HttpTown> {
  const folder = await mkdtemp(join(tmpdir(), 'loa-http-'));
  const calls: string[] = [];
  const noted = <T>(name: string, value: T): T => {
    calls.push(name);
    return value;
  };
  const settings: HttpSettings = {
    version: '0.0.0-test',
    timeZone: 'Asia/Ho_Chi_Minh',
    panelDir: join(folder, 'panel'),
    uploadDir: join(folder, 'uploads'),
    trustedProxies: [],
    limits: httpLimits,
    ...change.settings,
  };
  const ports: HttpPorts = {
    people: {
      signIn: async ({ login }) =>
        login === 'officer'
          ? accept({ token: 'officer', person: personWith('officer'), expiresMs: Date.now() + 60_000 })
          : refuse({ code: 'sign-in-wrong', status: 401, vi: 'Sai.', en: 'Wrong.' }),
      personOf: async (token) =>
        token === 'officer' ||
        token === 'leader' ||
        token === 'department' ||
        token === 'technician' ||
        token === 'auditor'
          ? personWith(token)
          : undefined,
      signOut: async () => noted('signOut', undefined),
    },
    enrolment: {
      makeClaimCode: async () => noted('makeClaimCode', accept({ claimCode: '7KQ2M-X4T9D', expiresMs: 0 })),
      enrol: async () => noted('enrol', refuse(noRefusal)),
      nonce: async () => noted('nonce', accept({ nonce: 'n' })),
      token: async () => noted('token', refuse(noRefusal)),
      deviceOf: (token) => (token === deviceToken ? { deviceId: 'd1', clusterId: 'c1' } : undefined),
    },
    law: {
      law: async () => noted('law', refuse(noRefusal)),
      previewChange: async () => noted('previewChange', refuse(noRefusal)),
      makeChange: async () => noted('makeChange', refuse(noRefusal)),
      clashes: async () => noted('clashes', []),
      explain: async () => noted('explain', refuse(noRefusal)),
    },
    timetables: {
      read: async () => noted('read', refuse(noRefusal)),
      import: async () => noted('import', refuse(noRefusal)),
    },
    inbox: {
      list: async () => noted('list', []),
      answer: async () => noted('answer', refuse(noRefusal)),
    },
    desk: Object.fromEntries(
      Object.entries(quietDesk).map(([name, run]) => [
        name,
        (...input: never[]) => noted(name, Reflect.apply(run, undefined, input)),
      ]),
    ) as unknown as Desk,
    emergencies: {
      push: async () => noted('push', refuse(noRefusal)),
      stop: async () => noted('stop', refuse(noRefusal)),
    },
    repairs: {
      orderService: async () => noted('orderService', refuse(noRefusal)),
      listServices: async () => noted('listServices', accept({ services: [], release: null })),
      deviceLog: async () => noted('deviceLog', refuse(noRefusal)),
      releaseFor: async () => noted('releaseFor', undefined),
      mayTakeLog: async () => noted('mayTakeLog', refuse(noRefusal)),
      keepLog: async () => noted('keepLog', refuse(noRefusal)),
    },
    roster: {
      snapshot: () => ({
        kind: 'snapshot',
        number: 0,
        serverTime: '2026-11-20T10:00:00Z',
        areas: [],
        clusters: [],
        airings: [],
      }),
      airing: async () => noted('airing', refuse(noRefusal)),
      airings: async () => noted('airings', []),
      faults: async () => noted('faults', []),
    },
    clock: machineClock,
    disk: machineDisk,
    fetch: machineFetch,
    log: Fastify({ logger: false }).log,
    settings,
    signedOut: () => {},
    ...change.rooms,
  };
  const app = await createHttp(ports);
  await app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = app.server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  return {
    app,
    url,
    folder,
    calls,
    ask: (path, { as, ...init } = {}) => {
      const headers = new Headers(init.headers);
      if (as !== undefined) headers.set('cookie', `loa_session=${as}`);
      return fetch(`${url}${path}`, { ...init, headers });
    },
    close: async () => {
      await app.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
