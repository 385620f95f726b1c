/** What broken boards do differently; each breaks one thing. */
import { createHash } from 'node:crypto';
import type { Player } from '@loa/device-agent/contracts.ts';
import type { Disk } from '@loa/device-agent/edges/disk.ts';
import { keyId, ordersSchema, type PlanItem, planBodySchema, planSchema, publicPart, seal } from '@loa/protocol/device';
import { attackerKey } from './attacker.ts';
import type { SimulatedServer } from './simulated-server.ts';

/** A player whose sounds end when they end. */
export function deaf(player: Player): Player {
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

/** A plan whose items are changed, where it carries its body. */
export function replanned(
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
export function atAnyHour(server: SimulatedServer, topic: string, payload: string): string {
  if (!topic.endsWith('/hours') || server.newest.get(topic) !== payload) return payload;
  const spans = [{ weekdays: [1, 2, 3, 4, 5, 6, 7], from: '00:00', until: '24:00' }];
  return resealed(server, payload.split('.')[1] ?? '', (document) => ({ ...document, spans }));
}

/** Orders in which every drill is real. */
export function undrilled(server: SimulatedServer, topic: string, payload: string): string {
  if (!topic.endsWith('/orders') || server.newest.get(topic) !== payload) return payload;
  return resealed(server, payload.split('.')[1] ?? '', (document) => {
    const orders = ordersSchema.parse(document);
    return { ...orders, orders: orders.orders.map((order) => ('drill' in order ? { ...order, drill: false } : order)) };
  });
}

/** A disk on which some files are not found when they are looked for at a start. */
export function without(disk: Disk, isGone: (path: string) => boolean): Disk {
  return {
    ...disk,
    read: async (path) => (isGone(path) ? undefined : disk.read(path)),
    sizeBytes: async (path) => (isGone(path) ? undefined : disk.sizeBytes(path)),
  };
}

/** A whole clip. */
export function isClip(path: string): boolean {
  return path.startsWith('clips/') && !path.endsWith('.part');
}

/** The last entry of the ledger is still in memory when it is said to be on disk. */
export function behind(disk: Disk): Disk {
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

/** Signed by the attacker. */
export function isForged(header: string): boolean {
  return Buffer.from(header, 'base64url')
    .toString('utf8')
    .includes(keyId(publicPart(attackerKey)));
}

/** What was forged, as if its signature were good. */
export function believed(server: SimulatedServer, payload: string, isMeant: (header: string) => boolean): string {
  const [header = '', body = ''] = payload.split('.');
  if (body === '' || !isMeant(header)) return payload;
  return resealed(server, body, (document) => document);
}

let number = 1_000_000;

/** What is older than the newest, as if it were newer. */
export function renumbered(server: SimulatedServer, topic: string, payload: string): string {
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
