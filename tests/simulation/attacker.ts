/**
 * Somebody between server and boards, with everything that was ever published in his hands and no key: forges, replays,
 * misdirects, and knocks at the server's door. Whatever comes of it is a breach.
 */
import { createHash } from 'node:crypto';
import {
  type EmergencyOrder,
  keyFromSeed,
  type OrdersDocument,
  type PlanDocument,
  type PrivateKey,
  seal,
  topics,
} from '@loa/protocol/device';
import { documentOf } from '@loa/server/keep/store/rows/document-row.ts';
import type { SimulatedBoard } from './simulated-board.ts';
import type { Town } from './town.ts';
import type { Chance } from './world.ts';

/** What he tries. */
export const strikes = [
  'forge-plan',
  'forge-emergency',
  'replay',
  'misdirect',
  'expire',
  'retired-key',
  'undrill',
  'garbage',
  'knock',
] as const;

/** The attacker's own key, which no key set names. */
export const attackerKey: PrivateKey = keyFromSeed(new Uint8Array(32).fill(66));

export class Attacker {
  readonly #town: Town;
  readonly #chance: Chance;

  constructor(town: Town) {
    this.#town = town;
    this.#chance = town.world.chance.fork('attacker');
  }

  /** One attempt on one board. Returns what it was. */
  strike(board: SimulatedBoard, kind = this.#chance.pick(strikes)): string {
    if (kind === 'knock') void this.#knock(board).catch((error: unknown) => this.#town.world.fail(error));
    else for (const [topic, payload] of this.#messages(board, kind)) board.network.inject(topic, payload);
    return kind;
  }

  #messages(board: SimulatedBoard, kind: (typeof strikes)[number]): [string, string][] {
    const { deviceId } = board;
    const area = this.#chance.pick(board.place.chain);
    const plan = topics.plan(deviceId);
    switch (kind) {
      case 'forge-plan':
        return [[plan, this.#forgedPlan(deviceId, attackerKey, 3_600_000)]];
      case 'expire':
        return [[plan, this.#forgedPlan(deviceId, this.#town.server.signingKey, -3_600_000)]];
      case 'retired-key': {
        const key = this.#town.server.retiredKeys.at(-1) ?? attackerKey;
        return [[plan, this.#forgedPlan(deviceId, key, 3_600_000)]];
      }
      case 'undrill':
        return board.place.chain.flatMap((id) => this.#undrilled(topics.areaOrders(id)));
      case 'forge-emergency':
        return [[topics.areaOrders(area), this.#forgedEmergency(area)]];
      case 'replay': {
        const mine = [plan, topics.hours(deviceId), ...board.place.chain.map((id) => topics.areaOrders(id))];
        const old = this.#town.server.published.filter(({ topic }) => mine.includes(topic));
        return old.length === 0 ? [] : [this.#chance.pick(old)].map(({ topic, payload }) => [topic, payload]);
      }
      case 'misdirect': {
        const foreign = this.#town.server.published.filter(({ topic }) => topic !== plan && topic.endsWith('/plan'));
        const payload = foreign.length === 0 ? '' : this.#chance.pick(foreign).payload;
        return [[plan, payload]];
      }
      default:
        return [[plan, 'x'.repeat(this.#chance.below(9_000))]];
    }
  }

  /** A clip that the board has and that is not due: its sound is nobody's order. */
  #bait(): EmergencyOrder['clip'] {
    const nowMs = this.#town.world.trueMs;
    const coming = this.#town.office.notes
      .filter((note) => (note.startsMs[0] ?? 0) > nowMs + 300_000)
      .sort((a, b) => (b.startsMs[0] ?? 0) - (a.startsMs[0] ?? 0))[0];
    const id = coming?.clipId ?? 'f'.repeat(64);
    const sizeBytes = this.#town.server.sounds.fileOf(id)?.length ?? 1_000;
    const durationMs = coming?.clipDurationMs ?? 10_000;
    return { id, durationMs, renditions: [{ format: 'ogg-opus', hash: id, sizeBytes }] };
  }

  #stamp(topic: string): { epoch: number; number: number; issuedAt: string } {
    const held = this.#town.server.newest.get(topic);
    const { epoch, number } = held === undefined ? { epoch: 1, number: 0 } : documentOf(held);
    return { epoch, number: number + 1, issuedAt: new Date(this.#town.world.trueMs).toISOString() };
  }

  #forgedPlan(deviceId: string, key: PrivateKey, lifeMs: number): string {
    const nowMs = Math.floor(this.#town.world.trueMs);
    const clip = this.#bait();
    const item = {
      occurrence: `forged@${Math.floor(nowMs / 1000)}`,
      atMs: nowMs + 10_000,
      class: 'priority',
      clip: 0,
      repeat: { count: 1, gapMs: 0 },
      late: { kind: 'start', lateMsMax: 3_600_000 },
      resume: 'drop',
      lengthMsMax: clip.durationMs + 2_000,
    };
    const inline = JSON.stringify({ clips: [clip], items: [item] });
    const hash = createHash('sha256').update(inline).digest('hex');
    const document: Omit<PlanDocument, 'v'> & { v: number } = {
      kind: 'plan',
      v: 1,
      aud: deviceId,
      ...this.#stamp(topics.plan(deviceId)),
      expiresAt: new Date(nowMs + lifeMs).toISOString(),
      areas: [],
      fromMs: nowMs - 3_600_000,
      untilMs: nowMs + 9 * 86_400_000,
      body: { hash, sizeBytes: Buffer.byteLength(inline), inline },
    };
    return seal({ payload: document, key, type: 'loa-document' });
  }

  #forgedEmergency(areaId: string): string {
    const nowMs = Math.floor(this.#town.world.trueMs);
    const clip = this.#bait();
    const order: EmergencyOrder = {
      kind: 'emergency',
      id: `forged-${nowMs}`,
      occurrence: `forged-${nowMs}@${Math.floor(nowMs / 1000)}`,
      issuedAt: new Date(nowMs).toISOString(),
      expiresAt: new Date(nowMs + 3_600_000).toISOString(),
      clip,
      repeat: { count: 1, gapMs: 0 },
      lengthMsMax: clip.durationMs + 2_000,
      drill: false,
    };
    const document: Omit<OrdersDocument, 'v'> & { v: number } = {
      kind: 'orders',
      v: 1,
      aud: areaId,
      ...this.#stamp(topics.areaOrders(areaId)),
      scope: 'area',
      orders: [order],
    };
    return seal({ payload: document, key: attackerKey, type: 'loa-document' });
  }

  /** The newest orders with every drill made real, and the other way round, under the signature they had. */
  #undrilled(topic: string): [string, string][] {
    const [header, body = '', signature] = this.#town.server.newest.get(topic)?.split('.') ?? [];
    const said = Buffer.from(body, 'base64url').toString('utf8');
    const flipped = said.replace(/"drill":(true|false)/g, (_, flag) => `"drill":${flag !== 'true'}`);
    if (flipped === said) return [];
    const next = flipped.replace(/"number":(\d+)/, (_, number) => `"number":${Number(number) + 1}`);
    return [[topic, `${header}.${Buffer.from(next).toString('base64url')}.${signature}`]];
  }

  /** Tries to sign in as the board, without its key. */
  async #knock(board: SimulatedBoard): Promise<void> {
    const { doors } = this.#town.server;
    if (doors === undefined) return;
    const { deviceId } = board;
    const answer = await doors.nonce({ deviceId }).catch(() => undefined);
    if (answer === undefined || answer.status !== 200) return;
    const parsed: unknown = JSON.parse(answer.body);
    const nonce = typeof parsed === 'object' && parsed !== null && 'nonce' in parsed ? parsed.nonce : '';
    const proof = seal({ payload: { deviceId, nonce }, key: attackerKey, type: 'loa-nonce' });
    const token = await doors.token({ proof }).catch(() => undefined);
    if (token?.status === 200) this.#town.intrusions.push(`a forged proof opened the door of ${deviceId}`);
  }
}
