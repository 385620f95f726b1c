/**
 * The broker of the simulation: retained state and sessions of an MQTT 3.1.1 broker, in memory only, as the embedded
 * one. Who may read and write what is decided by the server's own rules.
 */
import { mqttMessageBytesMax, type Presence } from '@loa/protocol/device';
import { presenceOf, readableTopics } from '@loa/server/fronts/broker/topic-rights.ts';

/** A device's session while it is connected. */
export interface BrokerSession {
  topics: Set<string>;
  deliver(topic: string, payload: string): void;
  drop(): void;
}

/** What it asks of the server, and tells whoever listens. */
export interface BrokerPorts {
  presence(deviceId: string, presence: Presence): void;
  areasOf(deviceId: string): readonly string[];
  published(topic: string, payload: string): void;
}

export class SimulatedBroker {
  readonly #retained = new Map<string, string>();
  readonly #sessions = new Map<string, BrokerSession>();
  readonly #ports: BrokerPorts;

  constructor(ports: BrokerPorts) {
    this.#ports = ports;
  }

  async publish(topic: string, payload: string): Promise<void> {
    if (Buffer.byteLength(payload) > mqttMessageBytesMax) throw new Error(`A message for ${topic} is too long`);
    this.#ports.published(topic, payload);
    this.#retained.set(topic, payload);
    for (const session of this.#sessions.values()) if (session.topics.has(topic)) session.deliver(topic, payload);
  }

  async revoke(deviceId: string): Promise<void> {
    this.#sessions.get(deviceId)?.drop();
  }

  attach(deviceId: string, session: BrokerSession): void {
    this.#sessions.get(deviceId)?.drop();
    this.#sessions.set(deviceId, session);
  }

  /** False when one of them is not the device's to read; the others hold. */
  subscribe(deviceId: string, session: BrokerSession, topics: readonly string[]): boolean {
    if (this.#sessions.get(deviceId) !== session) return false;
    const readable = readableTopics(deviceId, this.#ports.areasOf(deviceId));
    const allowed = topics.filter((topic) => readable.includes(topic));
    for (const topic of allowed) {
      session.topics.add(topic);
      const retained = this.#retained.get(topic);
      if (retained !== undefined) session.deliver(topic, retained);
    }
    return allowed.length === topics.length;
  }

  fromDevice(deviceId: string, topic: string, payload: string): void {
    const presence = presenceOf({ deviceId, topic, payload });
    if (presence !== undefined) this.#ports.presence(deviceId, presence);
  }

  /** A session has ended; its will is told when it ended without a word. */
  detach(deviceId: string, session: BrokerSession, will: { topic: string; payload: string } | undefined): void {
    if (this.#sessions.get(deviceId) !== session) return;
    this.#sessions.delete(deviceId);
    if (will !== undefined) this.fromDevice(deviceId, will.topic, will.payload);
  }
}
