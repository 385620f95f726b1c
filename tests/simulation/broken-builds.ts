/**
 * Builds that break a promise on purpose, each by one room or edge that does not do its work, with the promise whose
 * check must go red. They show that the checker can fail.
 */
import { createHash } from 'node:crypto';
import type { Player } from '@loa/device-agent/contracts.ts';
import type { Disk } from '@loa/device-agent/edges/disk.ts';
import {
  keyId,
  nonceProofSchema,
  ordersSchema,
  type PlanItem,
  planBodySchema,
  planSchema,
  publicPart,
  type ServerMessage,
  seal,
} from '@loa/protocol/device';
import { accept } from '@loa/server/refusal.ts';
import type { DeviceLife, Enrolment, Intake } from '@loa/server/work/contracts.ts';
import { attackerKey } from './attacker.ts';
import type { Breach } from './checker.ts';
import type { Scene } from './gauntlet.ts';
import type { MortalClock } from './life.ts';
import type { SimulatedServer } from './simulated-server.ts';
import type { TownOptions } from './town.ts';

export interface BrokenBuild extends Pick<TownOptions, 'boardSabotage' | 'serverSabotage'> {
  name: string;
  breaks: Breach['promise'];
  /** Where it is caught. */
  scene: Scene;
}

export const brokenBuilds: readonly BrokenBuild[] = [
  {
    name: 'a server that says accepted before it has written',
    breaks: 'P1',
    scene: 'deathsAtTheAnswer',
    serverSabotage: { losesLastMs: 2_000 },
  },
  {
    name: 'an outbox that sends again under new numbers',
    breaks: 'P2',
    scene: 'powerCutsInPlay',
    serverSabotage: { work: (work) => ({ ...work, intake: { ...work.intake, open: twice(work.intake) } }) },
  },
  {
    name: 'an intake that receipts what it does not store',
    breaks: 'P2',
    scene: 'powerCutsInPlay',
    serverSabotage: { work: (work) => ({ ...work, intake: { ...work.intake, open: unread(work.intake) } }) },
  },
  {
    name: 'a restore that does not raise the epoch',
    breaks: 'P5',
    scene: 'restoring',
    serverSabotage: { keepsEpoch: true },
  },
  {
    name: 'a ledger that forgets',
    breaks: 'P3',
    scene: 'powerCutsInPlay',
    boardSabotage: { disk: (disk) => without(disk, (path) => path === 'ledger') },
  },
  {
    name: 'a ledger that is written one entry late',
    breaks: 'P3',
    scene: 'powerCutsInPlay',
    boardSabotage: { disk: behind },
  },
  {
    name: 'a plan that is not kept on disk',
    breaks: 'P4',
    scene: 'alone',
    boardSabotage: { disk: (disk) => without(disk, (path) => path.endsWith('/plan')) },
  },
  {
    name: 'clips that are not kept on disk',
    breaks: 'P4',
    scene: 'alone',
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
    scene: 'attacks',
    boardSabotage: ({ server }) => ({ mqtt: (_topic, payload) => believed(server, payload, isForged) }),
  },
  {
    name: 'a verifier that believes any number',
    breaks: 'P5',
    scene: 'replays',
    boardSabotage: ({ server }) => ({ mqtt: (topic, payload) => renumbered(server, topic, payload) }),
  },
  {
    name: 'a withdrawal that is answered and not carried out',
    breaks: 'P5',
    scene: 'replays',
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
    name: 'a server that tells the time some seconds ahead',
    breaks: 'P5',
    scene: 'powerCutsInPlay',
    serverSabotage: { work: (work) => ({ ...work, intake: { ...work.intake, open: ahead(work.intake) } }) },
  },
  {
    name: 'a door that asks for no key',
    breaks: 'P5',
    scene: 'attacks',
    serverSabotage: { enrolment: openDoor },
  },
  {
    name: 'an intake that drops one report of a frame and receipts it',
    breaks: 'P2',
    scene: 'alone',
    serverSabotage: { work: (work) => ({ ...work, intake: { ...work.intake, open: oneLost(work.intake) } }) },
  },
  {
    name: 'reports dated when they are received',
    breaks: 'P2',
    scene: 'alone',
    serverSabotage: { work: (work) => ({ ...work, intake: { ...work.intake, open: redated(work.intake) } }) },
  },
  {
    name: 'a player that lets what sounds run out before an emergency',
    breaks: 'P6',
    scene: 'interruptions',
    boardSabotage: { player: deaf },
  },
  {
    name: 'an emergency at the level of routine',
    breaks: 'P6',
    scene: 'interruptions',
    boardSabotage: {
      player: (player) => ({ ...player, prepare: (asked) => player.prepare({ ...asked, level: 'routine' }) }),
    },
  },
  {
    name: 'a policy of dropping that goes on all the same',
    breaks: 'P6',
    scene: 'interruptions',
    boardSabotage: ({ server }) => ({
      mqtt: (topic, payload) => replanned(server, topic, payload, (item) => ({ ...item, resume: 'resume' })),
    }),
  },
  {
    name: 'a player that does not stop',
    breaks: 'P7',
    scene: 'stops',
    boardSabotage: { player: deaf },
  },
  {
    name: 'a stop that is answered and not carried out',
    breaks: 'P7',
    scene: 'stops',
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
    name: 'a withdrawal that names nobody',
    breaks: 'P7',
    scene: 'stops',
    serverSabotage: {
      work: (work) => ({
        ...work,
        desk: {
          ...work.desk,
          withdrawal: async (person, bulletinId) => {
            const answer = await work.desk.withdrawal(person, bulletinId);
            return answer.ok ? accept({ ...answer.value, untold: [] }) : answer;
          },
        },
      }),
    },
  },
  {
    name: 'a board that judges no hours',
    breaks: 'P8',
    scene: 'evening',
    boardSabotage: ({ server }) => ({
      mqtt: (topic, payload) => atAnyHour(server, topic, payload),
    }),
  },
  {
    name: 'a board that believes a clock which nobody has set',
    breaks: 'P9',
    scene: 'blindBoards',
    boardSabotage: { clock: (clock, world) => ({ ...clock, wallMs: () => Math.floor(world.trueMs) - 3_000 }) },
  },
  {
    name: 'a server that believes its clock whatever it says',
    breaks: 'P9',
    scene: 'wrongClock',
    serverSabotage: {
      clock: credulous,
      work: (work) => ({ ...work, intake: { ...work.intake, open: unasked(work.intake) } }),
    },
  },
  {
    name: 'a board that keeps emergencies back until it knows the time',
    breaks: 'P9',
    scene: 'blindBoards',
    boardSabotage: {
      mqtt: (topic, payload, knowsTime) => (topic.endsWith('/orders') && !knowsTime ? 'later' : payload),
    },
  },
  {
    name: 'a board that knows no drills',
    breaks: 'P12',
    scene: 'drills',
    boardSabotage: ({ server }) => ({ mqtt: (topic, payload) => undrilled(server, topic, payload) }),
  },
  {
    name: 'a server that signs drills as real',
    breaks: 'P12',
    scene: 'drills',
    serverSabotage: {
      work: (work) => ({
        ...work,
        emergencies: {
          ...work.emergencies,
          push: (person, request) => work.emergencies.push(person, { ...request, drill: false }),
        },
      }),
    },
  },
];

/** A server that plans for the night: one mistake, which boards that judge by themselves make good (P8). */
export const nightPlanner: Pick<TownOptions, 'boardSabotage'> = {
  boardSabotage: ({ server }) => ({
    mqtt: (topic, payload) =>
      replanned(server, topic, payload, (item) => ({ ...item, atMs: item.atMs + nightAfterMs })),
  }),
};

/** From the end of the evening's scene into hours that permit nothing. */
const nightAfterMs = 5 * 60_000;

function oneLost(intake: Intake): Intake['open'] {
  return (device, send, close) => {
    const life = intake.open(device, send, close);
    return receiving(life, async (message) => {
      if (message.kind !== 'reports' || message.reports.length < 2) return life.receive(message);
      await life.receive({ ...message, reports: message.reports.slice(1) });
    });
  };
}

/** Nobody listens to what devices think of the time. */
function unasked(intake: Intake): Intake['open'] {
  return (device, send, close) => {
    const life = intake.open(device, send, close);
    return receiving(life, (message) => {
      if (message.kind !== 'hello' && message.kind !== 'heartbeat') return life.receive(message);
      return life.receive({ ...message, clock: { ...message.clock, atMs: undefined } });
    });
  };
}

function redated(intake: Intake): Intake['open'] {
  return (device, send, close) => {
    const life = intake.open(device, send, close);
    return receiving(life, async (message) => {
      if (message.kind !== 'reports') return life.receive(message);
      const at = message.reports.at(-1)?.at ?? '';
      await life.receive({ ...message, reports: message.reports.map((report) => ({ ...report, at })) });
    });
  };
}

/** A player whose sounds end when they end. */
function deaf(player: Player): Player {
  return {
    ...player,
    prepare: async (asked) => {
      const answer = await player.prepare(asked);
      if (!answer.ok) return answer;
      const { prepared } = answer;
      return {
        ok: true,
        prepared: {
          ...prepared,
          startAt: (...args) => {
            const playing = prepared.startAt(...args);
            return { ...playing, stop: async () => ({ emittedMs: (await playing.ended).emittedMs }) };
          },
        },
      };
    },
  };
}

/** A machine whose jumps nobody can tell from time that has passed: its other clock jumps with it. */
function credulous(clock: MortalClock): MortalClock {
  const startMs = clock.wallMs() - clock.monotonicMs();
  return { ...clock, monotonicMs: () => clock.nowMs() - startMs };
}

/** A plan whose items are changed, where it carries its body. */
function replanned(
  server: SimulatedServer,
  topic: string,
  payload: string,
  change: (item: PlanItem) => PlanItem,
): string {
  const [, body = ''] = payload.split('.');
  if (!topic.endsWith('/plan') || server.newest.get(topic) !== payload) return payload;
  return resealed(server, body, (document) => {
    const plan = planSchema.parse(document);
    if (plan.body.inline === undefined) return plan;
    const { clips, items } = planBodySchema.parse(JSON.parse(plan.body.inline));
    const inline = JSON.stringify({ clips, items: items.map(change) });
    const hash = createHash('sha256').update(inline).digest('hex');
    return { ...plan, body: { hash, sizeBytes: Buffer.byteLength(inline), inline } };
  });
}

/** An hours rule that permits everything. */
function atAnyHour(server: SimulatedServer, topic: string, payload: string): string {
  if (!topic.endsWith('/hours') || server.newest.get(topic) !== payload) return payload;
  const spans = [{ weekdays: [1, 2, 3, 4, 5, 6, 7], from: '00:00', until: '24:00' }];
  return resealed(server, payload.split('.')[1] ?? '', (document) => ({ ...document, spans }));
}

/** Orders in which every drill is real. */
function undrilled(server: SimulatedServer, topic: string, payload: string): string {
  if (!topic.endsWith('/orders') || server.newest.get(topic) !== payload) return payload;
  return resealed(server, payload.split('.')[1] ?? '', (document) => {
    const orders = ordersSchema.parse(document);
    return { ...orders, orders: orders.orders.map((order) => ('drill' in order ? { ...order, drill: false } : order)) };
  });
}

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
  // Less than what a server's guard of its clock takes for a fault of its own.
  const byMs = 20_000;
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
