/**
 * The simulated network: what a board's `Network` edge reaches when it reaches the simulated server. Connections keep
 * order like TCP; a link can be slow, lose its connection, be cut for hours, or deliver an MQTT message twice. Nothing
 * arrives out of thin air, and what was in flight when a link is cut is lost.
 */

import type {
  HttpAnswer,
  HttpRequest,
  MqttOpening,
  MqttSession,
  Network,
  Socket,
  SocketOpening,
} from '@loa/device-agent/edges/network.ts';
import {
  type DeviceMessage,
  deviceMessageSchema,
  doorPaths,
  mqttMessageBytesMax,
  type Presence,
  parseFrame,
  parseTopic,
  presenceSchema,
  type ServerMessage,
} from '@loa/protocol/device';
import type { Chance, World } from './world.ts';

/** What the simulated server offers at its doors; set to undefined while it is down. */
export interface ServerDoors {
  enrol(request: unknown): Promise<DoorAnswer>;
  nonce(request: unknown): Promise<DoorAnswer>;
  token(request: unknown): Promise<DoorAnswer>;
  file(token: string, wanted: { kind: 'clip' | 'body'; hash: string }): Promise<Uint8Array | undefined>;
  deviceOf(token: string): { deviceId: string } | undefined;
  openLink(deviceId: string, send: (message: ServerMessage) => void, close: () => void): ServerLink;
  broker: SimulatedBroker;
}

export type DoorAnswer = { status: number; body: string };

export interface ServerLink {
  receive(message: DeviceMessage): Promise<void>;
  closed(): void;
}

/** How a board's link behaves. */
export interface LinkQuality {
  delayMs: number;
  jitterMs: number;
  /** Chance that a message of a connection finds it broken. */
  breakChance: number;
  /** Chance that an MQTT message comes twice. */
  duplicateChance: number;
}

export const goodLink: LinkQuality = { delayMs: 40, jitterMs: 20, breakChance: 0, duplicateChance: 0 };
export const badLink: LinkQuality = { delayMs: 300, jitterMs: 150, breakChance: 0.002, duplicateChance: 0.05 };

/** A dead peer is noticed after this, by either side. */
const noticeDeathMs = 25_000;
const chunkBytes = 8_192;

/** Retained state and sessions of an MQTT 3.1.1 broker; memory only, as the embedded one. */
export class SimulatedBroker {
  readonly #retained = new Map<string, string>();
  readonly #sessions = new Map<string, BrokerSession>();
  readonly #onPresence: (deviceId: string, presence: Presence) => void;
  readonly #mayRead: (deviceId: string, topic: string) => boolean;
  /** Every message published, for checkers. */
  readonly published: { topic: string; payload: string }[] = [];

  constructor(options: {
    onPresence(deviceId: string, presence: Presence): void;
    mayRead(deviceId: string, topic: string): boolean;
  }) {
    this.#onPresence = options.onPresence;
    this.#mayRead = options.mayRead;
  }

  async publish(topic: string, payload: string): Promise<void> {
    if (payload.length > mqttMessageBytesMax) throw new Error(`Larger than ${mqttMessageBytesMax} bytes: ${topic}`);
    this.published.push({ topic, payload });
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

  subscribe(deviceId: string, session: BrokerSession, topics: readonly string[]): boolean {
    if (this.#sessions.get(deviceId) !== session) return false;
    const allowed = topics.filter((topic) => this.#mayRead(deviceId, topic));
    for (const topic of allowed) {
      session.topics.add(topic);
      const retained = this.#retained.get(topic);
      if (retained !== undefined) session.deliver(topic, retained);
    }
    return allowed.length === topics.length;
  }

  fromDevice(deviceId: string, topic: string, payload: string): void {
    const parsed = parseTopic(topic);
    if (parsed?.kind !== 'presence' || parsed.deviceId !== deviceId) return;
    const presence = parseFrame(presenceSchema, payload);
    if (presence.ok) this.#onPresence(deviceId, presence.message);
  }

  detach(deviceId: string, session: BrokerSession, will: { topic: string; payload: string } | undefined): void {
    if (this.#sessions.get(deviceId) !== session) return;
    this.#sessions.delete(deviceId);
    if (will !== undefined) this.fromDevice(deviceId, will.topic, will.payload);
  }
}

export interface BrokerSession {
  topics: Set<string>;
  deliver(topic: string, payload: string): void;
  drop(): void;
}

/** One board's way to the server. */
export class BoardNetwork implements Network {
  readonly #world: World;
  readonly #doors: () => ServerDoors | undefined;
  readonly #chance: Chance;
  quality: LinkQuality;
  #isUp = true;
  readonly #connections = new Set<Connection>();

  constructor(options: { world: World; doors: () => ServerDoors | undefined; quality: LinkQuality; name: string }) {
    this.#world = options.world;
    this.#doors = options.doors;
    this.quality = options.quality;
    this.#chance = options.world.chance.fork(options.name);
  }

  /** Cuts the link or mends it; what was in flight is lost, both ends notice later. */
  set isUp(isUp: boolean) {
    this.#isUp = isUp;
    if (!isUp) for (const connection of this.#connections) connection.stall();
  }

  get isUp(): boolean {
    return this.#isUp;
  }

  /** The server's process has gone: its connections are reset. */
  resetAll(): void {
    for (const connection of [...this.#connections]) connection.break('connection reset');
  }

  /** The board lost power: its ends are gone at once, the server notices later. */
  powerCut(): void {
    for (const connection of [...this.#connections]) connection.abandon();
  }

  async http(request: HttpRequest): Promise<HttpAnswer> {
    await this.#travel(request.timeoutMs);
    const doors = this.#doors();
    if (doors === undefined) throw new Error('connection refused');
    const answer = await this.#serve(doors, request);
    await this.#travel(request.timeoutMs);
    if (answer.body.length > request.answerBytesMax) throw new Error('answer too large');
    if (request.onChunk === undefined) return answer;
    const head = { status: answer.status, headers: answer.headers };
    for (let at = 0; at < answer.body.length; at += chunkBytes) {
      await this.#travel(request.timeoutMs);
      if (request.signal?.aborted === true) throw new Error('given up');
      await request.onChunk(answer.body.subarray(at, at + chunkBytes), head);
    }
    return { ...head, body: new Uint8Array() };
  }

  async openMqtt(opening: MqttOpening): Promise<MqttSession> {
    await this.#travel(opening.timeoutMs);
    const doors = this.#doors();
    if (doors === undefined) throw new Error('connection refused');
    const { broker } = doors;
    if (doors.deviceOf(opening.password)?.deviceId !== opening.username)
      throw new Error('Connection refused: Not authorized');
    const deviceId = opening.username;
    const connection = this.#connect();
    const session: BrokerSession = {
      topics: new Set(),
      deliver: (topic, payload) => {
        const times = this.#chance.isTrue(this.quality.duplicateChance) ? 2 : 1;
        for (let n = 0; n < times; n += 1) {
          connection.down(() => opening.onMessage(topic, Buffer.from(payload)));
        }
      },
      drop: () => connection.break('dropped by the broker'),
    };
    broker.attach(deviceId, session);
    connection.onServerEnd = (isPolite) => broker.detach(deviceId, session, isPolite ? undefined : opening.will);
    connection.onClientEnd = (reason) => opening.onClosed(reason);
    await this.#travel(opening.timeoutMs);
    return {
      subscribe: (topics) =>
        connection.roundTrip(() => {
          if (!broker.subscribe(deviceId, session, topics)) throw new Error('subscription refused');
        }),
      unsubscribe: (topics) =>
        connection.roundTrip(() => {
          for (const topic of topics) session.topics.delete(topic);
        }),
      publish: (topic, payload) => connection.roundTrip(() => broker.fromDevice(deviceId, topic, payload)),
      close: async () => connection.closePolitely(),
    };
  }

  async openSocket(opening: SocketOpening): Promise<Socket> {
    await this.#travel(opening.timeoutMs);
    const doors = this.#doors();
    if (doors === undefined) throw new Error('connection refused');
    const token = (opening.headers.authorization ?? opening.headers.Authorization ?? '').replace('Bearer ', '');
    const device = doors.deviceOf(token);
    if (opening.path !== doorPaths.link || device === undefined) throw new Error('401');
    const connection = this.#connect();
    const life = doors.openLink(
      device.deviceId,
      (message) => connection.down(() => opening.onText(JSON.stringify(message))),
      () => connection.break('closed by the server'),
    );
    connection.onServerEnd = () => life.closed();
    connection.onClientEnd = (reason) => opening.onClosed(reason);
    let receiving = Promise.resolve();
    return {
      send: (text) =>
        connection.up(() => {
          const frame = parseFrame(deviceMessageSchema, text);
          if (!frame.ok)
            throw new Error(`The server does not understand the agent: ${frame.reason}: ${text.slice(0, 300)}`);
          receiving = receiving
            .then(() => life.receive(frame.message))
            .catch((error: unknown) => this.#world.fail(error));
        }),
      bufferedBytes: () => 0,
      close: () => connection.closePolitely(),
    };
  }

  #connect(): Connection {
    const connection: Connection = new Connection({
      world: this.#world,
      delayMs: () => this.#delayMs(),
      isUp: () => this.#isUp,
      isBroken: () => this.#chance.isTrue(this.quality.breakChance),
      onGone: () => this.#connections.delete(connection),
    });
    this.#connections.add(connection);
    return connection;
  }

  #delayMs(): number {
    return Math.max(0.2, this.quality.delayMs + this.#chance.between(-1, 1) * this.quality.jitterMs) / 2;
  }

  /** One way of an exchange that has no connection of its own; times out while the link is down. */
  #travel(timeoutMs: number): Promise<void> {
    return new Promise((resolve, reject) => {
      if (!this.#isUp) this.#world.after(timeoutMs, () => reject(new Error('timed out')));
      else this.#world.after(this.#delayMs(), () => (this.#isUp ? resolve() : reject(new Error('connection lost'))));
    });
  }

  async #serve(doors: ServerDoors, request: HttpRequest): Promise<HttpAnswer> {
    const text = async (answer: Promise<DoorAnswer>): Promise<HttpAnswer> => {
      const { status, body } = await answer;
      return { status, headers: { 'content-type': 'application/json' }, body: Buffer.from(body) };
    };
    const json = (): unknown => JSON.parse(request.body ?? 'null');
    if (request.path === doorPaths.enrol) return text(doors.enrol(json()));
    if (request.path === doorPaths.nonce) return text(doors.nonce(json()));
    if (request.path === doorPaths.token) return text(doors.token(json()));
    const match = /^\/device\/v1\/(clips|bodies)\/([0-9a-f]{64})$/.exec(request.path);
    if (match === null) return { status: 404, headers: {}, body: new Uint8Array() };
    const headers = Object.fromEntries(
      Object.entries(request.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]),
    );
    const token = (headers.authorization ?? '').replace('Bearer ', '');
    const whole = await doors.file(token, { kind: match[1] === 'clips' ? 'clip' : 'body', hash: match[2] ?? '' });
    if (whole === undefined) return { status: 404, headers: {}, body: new Uint8Array() };
    const from = /^bytes=(\d+)-$/.exec(headers.range ?? '')?.[1];
    if (from === undefined) return { status: 200, headers: { 'content-length': String(whole.length) }, body: whole };
    const start = Number(from);
    if (start >= whole.length)
      return { status: 416, headers: { 'content-range': `bytes */${whole.length}` }, body: new Uint8Array() };
    const body = whole.subarray(start);
    const range = `bytes ${start}-${whole.length - 1}/${whole.length}`;
    return { status: 206, headers: { 'content-range': range, 'content-length': String(body.length) }, body };
  }
}

interface ConnectionOptions {
  world: World;
  delayMs: () => number;
  isUp: () => boolean;
  isBroken: () => boolean;
  onGone: () => void;
}

/** An ordered, two-way connection that can stall and break. */
class Connection {
  readonly #options: ConnectionOptions;
  #lastDownMs = 0;
  #lastUpMs = 0;
  #clientIsOpen = true;
  #serverIsOpen = true;
  #isStalled = false;
  onClientEnd: (reason: string) => void = () => {};
  onServerEnd: (isPolite: boolean) => void = () => {};
  readonly #waiting = new Set<(error: Error) => void>();

  constructor(options: ConnectionOptions) {
    this.#options = options;
  }

  /** Server → board. */
  down(arrive: () => void): void {
    if (!this.#passes()) return;
    const { world } = this.#options;
    this.#lastDownMs = Math.max(this.#lastDownMs, world.trueMs + this.#options.delayMs());
    world.after(this.#lastDownMs - world.trueMs, () => {
      if (this.#clientIsOpen && !this.#isStalled) arrive();
    });
  }

  /** Board → server. */
  up(arrive: () => void): void {
    if (!this.#passes()) return;
    const { world } = this.#options;
    this.#lastUpMs = Math.max(this.#lastUpMs, world.trueMs + this.#options.delayMs());
    world.after(this.#lastUpMs - world.trueMs, () => {
      if (this.#serverIsOpen && !this.#isStalled) arrive();
    });
  }

  roundTrip(atServer: () => void): Promise<void> {
    return new Promise((resolve, reject) => {
      if (!this.#clientIsOpen) return reject(new Error('closed'));
      this.#waiting.add(reject);
      this.up(() => {
        try {
          atServer();
          this.down(() => {
            this.#waiting.delete(reject);
            resolve();
          });
        } catch (error) {
          this.down(() => reject(error instanceof Error ? error : new Error(String(error))));
        }
      });
    });
  }

  /** The link was cut: nothing passes any more, both ends find out. */
  stall(): void {
    if (this.#isStalled) return;
    this.#isStalled = true;
    this.#options.world.after(noticeDeathMs, () => this.break('keepalive timed out'));
  }

  break(reason: string): void {
    this.#endServer(false);
    this.#endClient(reason);
  }

  /** The board is gone without a word. */
  abandon(): void {
    this.#clientIsOpen = false;
    this.#isStalled = true;
    this.#options.world.after(noticeDeathMs, () => this.#endServer(false));
    this.#options.onGone();
  }

  closePolitely(): void {
    this.#options.world.after(this.#options.delayMs(), () => this.#endServer(true));
    this.#endClient('closed');
  }

  #passes(): boolean {
    if (this.#isStalled || !this.#options.isUp()) return false;
    if (this.#options.isBroken()) {
      this.break('connection reset');
      return false;
    }
    return true;
  }

  #endServer(isPolite: boolean): void {
    if (!this.#serverIsOpen) return;
    this.#serverIsOpen = false;
    this.onServerEnd(isPolite);
  }

  #endClient(reason: string): void {
    if (!this.#clientIsOpen) return;
    this.#clientIsOpen = false;
    this.#options.onGone();
    for (const reject of this.#waiting) reject(new Error(reason));
    this.#waiting.clear();
    this.onClientEnd(reason);
  }
}
