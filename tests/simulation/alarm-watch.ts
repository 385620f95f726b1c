/**
 * When emergencies came into force on one board, told from what reached it: documents that the server published, newer
 * than any before, signed by a key that the board has been told of. Outlives the board's boots; asks the agent nothing.
 */
import { compareSequence, keyId, keySetSchema, parseTopic, type Sequence, topics } from '@loa/protocol/device';
import { documentOf } from '@loa/server/keep/store/rows/document-row.ts';
import type { Arrival } from './history.ts';
import type { World } from './world.ts';

/** A board's clock may be so far off when it judges an expiry. */
const expiryDoubtMs = 60_000;

type Watched = Omit<Arrival, 'deviceId'> & { topic: string; clipId: string };

export class AlarmWatch {
  readonly #world: World;
  readonly #newest = new Map<string, Sequence>();
  readonly #watched = new Map<string, Watched>();
  #keyIds: ReadonlySet<string> | undefined;
  #keysNumber = 0;

  constructor(world: World) {
    this.#world = world;
  }

  /** A message reached the running program. */
  arrived(message: { topic: string; payload: string; knewTime: boolean; hasClip: (id: string) => boolean }): void {
    const { topic, payload } = message;
    if (topic === topics.keys()) this.#seeKeys(payload);
    if (parseTopic(topic)?.kind !== 'area-orders' || !this.#isBelieved(payload)) return;
    const document = documentOf(payload);
    const known = this.#newest.get(topic);
    if (document.kind !== 'orders' || (known !== undefined && compareSequence(document, known) <= 0)) return;
    this.#newest.set(topic, document);
    const nowMs = this.#world.trueMs;
    const listed = new Set(document.orders.map(({ id }) => id));
    for (const one of this.#watched.values())
      if (one.topic === topic && !listed.has(one.bulletinId)) one.untilMs = Math.min(one.untilMs, nowMs);
    for (const order of document.orders) {
      if (order.kind !== 'emergency' || this.#watched.has(order.id)) continue;
      this.#watched.set(order.id, {
        topic,
        clipId: order.clip.id,
        bulletinId: order.id,
        arrivedMs: nowMs,
        clipMs: message.hasClip(order.clip.id) ? nowMs : undefined,
        untilMs: Date.parse(order.expiresAt) - expiryDoubtMs,
        issuedMs: Date.parse(order.issuedAt),
        knewTime: message.knewTime,
      });
    }
  }

  clipCame(clipId: string): void {
    for (const one of this.#watched.values()) if (one.clipId === clipId) one.clipMs ??= this.#world.trueMs;
  }

  /** Nothing more is owed of what has arrived: the card lost something. */
  forget(): void {
    for (const one of this.#watched.values()) one.untilMs = Math.min(one.untilMs, this.#world.trueMs);
  }

  arrivals(deviceId: string): Arrival[] {
    return [...this.#watched.values()].map(({ topic: _topic, clipId: _clipId, ...arrival }) => ({
      deviceId,
      ...arrival,
    }));
  }

  #seeKeys(payload: string): void {
    const set = keySetSchema.parse(partOf(payload, 1));
    if (set.number <= this.#keysNumber) return;
    this.#keysNumber = set.number;
    this.#keyIds = new Set(set.keys.map(keyId));
  }

  #isBelieved(payload: string): boolean {
    const header = partOf(payload, 0);
    const kid = typeof header === 'object' && header !== null && 'kid' in header ? String(header.kid) : '';
    return this.#keyIds === undefined || this.#keyIds.has(kid);
  }
}

function partOf(envelope: string, index: number): unknown {
  return JSON.parse(Buffer.from(envelope.split('.')[index] ?? '', 'base64url').toString('utf8'));
}
