/**
 * Builds that break a promise on purpose, each by one room or edge that does not do its work, with the promise whose
 * check must go red. They show that the checker can fail.
 */
import type { Disk } from '@loa/device-agent/edges/disk.ts';
import { keyId, nonceProofSchema, publicPart, type ServerMessage, seal } from '@loa/protocol/device';
import { accept } from '@loa/server/refusal.ts';
import type { DeviceLife, Enrolment, Intake } from '@loa/server/work/contracts.ts';
import { attackerKey } from './attacker.ts';
import type { Breach } from './checker.ts';
import type { SimulatedServer } from './simulated-server.ts';
import type { TownOptions } from './town.ts';

export interface BrokenBuild extends Pick<TownOptions, 'boardSabotage' | 'serverSabotage'> {
  name: string;
  breaks: Breach['promise'];
}

export const brokenBuilds: readonly BrokenBuild[] = [
  {
    name: 'a server that says accepted before it has written',
    breaks: 'P1',
    serverSabotage: { losesLastMs: 2_000 },
  },
  {
    name: 'an outbox that sends again under new numbers',
    breaks: 'P2',
    serverSabotage: { work: (work) => ({ ...work, intake: { ...work.intake, open: twice(work.intake) } }) },
  },
  {
    name: 'an intake that receipts what it does not store',
    breaks: 'P2',
    serverSabotage: { work: (work) => ({ ...work, intake: { ...work.intake, open: unread(work.intake) } }) },
  },
  {
    name: 'a restore that does not raise the epoch',
    breaks: 'P5',
    serverSabotage: { keepsEpoch: true },
  },
  {
    name: 'a ledger that forgets',
    breaks: 'P3',
    boardSabotage: { disk: (disk) => without(disk, (path) => path === 'ledger') },
  },
  {
    name: 'a ledger that is written one entry late',
    breaks: 'P3',
    boardSabotage: { disk: behind },
  },
  {
    name: 'a plan that is not kept on disk',
    breaks: 'P4',
    boardSabotage: { disk: (disk) => without(disk, (path) => path.endsWith('/plan')) },
  },
  {
    name: 'clips that are not kept on disk',
    breaks: 'P4',
    boardSabotage: {
      disk: (disk) => ({
        ...without(disk, isClip),
        list: async (folder) => (folder === 'clips' ? [] : disk.list(folder)),
      }),
    },
  },
  {
    name: 'a verifier that believes any signature',
    breaks: 'P5',
    boardSabotage: ({ server }) => ({ mqtt: (_topic, payload) => believed(server, payload, isForged) }),
  },
  {
    name: 'a verifier that believes any number',
    breaks: 'P5',
    boardSabotage: ({ server }) => ({ mqtt: (topic, payload) => renumbered(server, topic, payload) }),
  },
  {
    name: 'a withdrawal that is answered and not carried out',
    breaks: 'P5',
    serverSabotage: {
      work: (work) => ({
        ...work,
        desk: {
          ...work.desk,
          withdrawBulletin: async (person, bulletinId) => {
            const found = (await work.desk.listBulletins(person)).find(({ id }) => id === bulletinId);
            if (found === undefined) throw new Error('Nothing to withdraw');
            return accept(found);
          },
        },
      }),
    },
  },
  {
    name: 'a server that is three minutes ahead',
    breaks: 'P5',
    serverSabotage: { work: (work) => ({ ...work, intake: { ...work.intake, open: ahead(work.intake) } }) },
  },
  {
    name: 'a door that asks for no key',
    breaks: 'P5',
    serverSabotage: { enrolment: openDoor },
  },
];

function twice(intake: Intake): Intake['open'] {
  return (device, send, close) => {
    const isOwn = (message: ServerMessage) => message.kind !== 'receipt' || !message.stream.endsWith('-again');
    const life = intake.open(device, (message) => isOwn(message) && send(message), close);
    return receiving(life, async (message) => {
      await life.receive(message);
      if (message.kind === 'reports') await life.receive({ ...message, stream: `${message.stream}-again` });
    });
  };
}

function unread(intake: Intake): Intake['open'] {
  return (device, send, close) => {
    const life = intake.open(device, send, close);
    return receiving(life, async (message) => {
      if (message.kind !== 'reports') return life.receive(message);
      send({ kind: 'receipt', stream: message.stream, seq: message.reports.at(-1)?.seq ?? 0 });
    });
  };
}

function ahead(intake: Intake): Intake['open'] {
  const byMs = 180_000;
  return (device, send, close) =>
    intake.open(
      device,
      (message) =>
        send(
          message.kind === 'time-answer'
            ? { ...message, receivedMs: message.receivedMs + byMs, answeredMs: message.answeredMs + byMs }
            : message,
        ),
      close,
    );
}

function receiving(life: DeviceLife, receive: DeviceLife['receive']): DeviceLife {
  return { receive, closed: () => life.closed() };
}

function openDoor(enrolment: Enrolment): Enrolment {
  const prefix = 'anybody-';
  return {
    ...enrolment,
    token: async (request) => {
      const answer = await enrolment.token(request);
      if (answer.ok || typeof request !== 'object' || request === null || !('proof' in request)) return answer;
      const body = String(request.proof).split('.')[1] ?? '';
      const { deviceId } = nonceProofSchema.parse(JSON.parse(Buffer.from(body, 'base64url').toString('utf8')));
      return accept({ token: prefix + deviceId, expiresAt: new Date(0).toISOString() });
    },
    deviceOf: (token) => enrolment.deviceOf(token),
  };
}

/** A disk on which some files are not found when they are looked for at a start. */
function without(disk: Disk, isGone: (path: string) => boolean): Disk {
  return {
    ...disk,
    read: async (path) => (isGone(path) ? undefined : disk.read(path)),
    sizeBytes: async (path) => (isGone(path) ? undefined : disk.sizeBytes(path)),
  };
}

function isClip(path: string): boolean {
  return path.startsWith('clips/') && !path.endsWith('.part');
}

/** The last entry of the ledger is still in memory when it is said to be on disk. */
function behind(disk: Disk): Disk {
  let waiting: Uint8Array | string | undefined;
  return {
    ...disk,
    append: async (path, content) => {
      if (path !== 'ledger') return disk.append(path, content);
      const before = waiting;
      waiting = content;
      if (before !== undefined) await disk.append(path, before);
    },
  };
}

function isForged(header: string): boolean {
  return Buffer.from(header, 'base64url')
    .toString('utf8')
    .includes(keyId(publicPart(attackerKey)));
}

/** What was forged, as if its signature were good. */
function believed(server: SimulatedServer, payload: string, isMeant: (header: string) => boolean): string {
  const [header = '', body = ''] = payload.split('.');
  if (body === '' || !isMeant(header)) return payload;
  return resealed(server, body, (document) => document);
}

let number = 1_000_000;

/** What is older than the newest, as if it were newer. */
function renumbered(server: SimulatedServer, topic: string, payload: string): string {
  const [, body = ''] = payload.split('.');
  if (!topic.endsWith('/plan') || body === '' || server.newest.get(topic) === payload) return payload;
  if (!server.published.some((one) => one.topic === topic && one.payload === payload)) return payload;
  number += 1;
  return resealed(server, body, (document) => ({ ...document, number }));
}

function resealed(server: SimulatedServer, body: string, change: (document: object) => object): string {
  const parsed: unknown = JSON.parse(Buffer.from(body, 'base64url').toString('utf8'));
  if (typeof parsed !== 'object' || parsed === null) throw new Error('Not a document');
  return seal({ payload: change(parsed), key: server.signingKey, type: 'loa-document' });
}
