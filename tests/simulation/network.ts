/**
 * The simulated network: what a board's `Network` edge reaches when it reaches the simulated server. Connections keep
 * order like TCP; a link can be slow, lose its connection, be cut for hours, and deliver an MQTT message twice or late.
 * Nothing arrives out of thin air but what an attacker injects, and what was in flight when a link is cut is lost.
 */
import {
  AccessRefused,
  type HttpAnswer,
  type HttpRequest,
  type MqttOpening,
  type MqttSession,
  type Network,
  type Socket,
  type SocketOpening,
} from '@loa/device-agent/edges/network.ts';
import {
  type DeviceMessage,
  deviceMessageSchema,
  doorPaths,
  parseFrame,
  type ServerMessage,
} from '@loa/protocol/device';
import type { DeviceIdentity } from '@loa/server/work/contracts.ts';
import { Connection } from './connection.ts';
import type { BrokerSession, SimulatedBroker } from './simulated-broker.ts';
import type { Chance, World } from './world.ts';

/** What the simulated server offers at its doors while it is up. */
export interface ServerDoors {
  enrol(request: unknown): Promise<DoorAnswer>;
  nonce(request: unknown): Promise<DoorAnswer>;
  token(request: unknown): Promise<DoorAnswer>;
  /** A clip or plan body that the device may fetch. */
  file(device: DeviceIdentity, wanted: { kind: 'clip' | 'body'; hash: string }): Promise<Uint8Array | undefined>;
  deviceOf(token: string): DeviceIdentity | undefined;
  openLink(device: DeviceIdentity, send: (message: ServerMessage) => void, close: () => void): ServerLink;
  broker: SimulatedBroker;
}

export type DoorAnswer = { status: number; body: string };

export interface ServerLink {
  receive(message: DeviceMessage): Promise<void>;
  closed(): void;
}

/** How a board's link behaves. */
export interface LinkQuality {
  /** Round trip: its middle, and how far it may lie from it. */
  delayMs: number;
  jitterMs: number;
  /** Chance that a message of a connection finds it broken. */
  breakChance: number;
  /** Chance that an MQTT message comes twice. */
  duplicateChance: number;
  /** Chance that an MQTT message is held up and overtaken by later ones. */
  reorderChance: number;
}

export const goodLink: LinkQuality = {
  delayMs: 40,
  jitterMs: 20,
  breakChance: 0,
  duplicateChance: 0,
  reorderChance: 0,
};
export const badLink: LinkQuality = {
  delayMs: 300,
  jitterMs: 150,
  breakChance: 0.0005,
  duplicateChance: 0.1,
  reorderChance: 0.1,
};

const chunkBytes = 8_192;
const framesPerCheck = 16;
/** How far a message may be overtaken. */
const heldUpMsMax = 4_000;

/** One board's way to the server. */
export class BoardNetwork implements Network {
  readonly #world: World;
  readonly #doors: () => ServerDoors | undefined;
  readonly #chance: Chance;
  quality: LinkQuality;
  #isUp = true;
  /** A proxy on the way lets no WebSocket through. */
  isSocketBlocked = false;
  /** Counts the board's starts: what a dead one had asked for is never answered. */
  #start = 0;
  readonly #connections = new Set<Connection>();
  #mqtt: { connection: Connection; opening: MqttOpening } | undefined;
  /** Hears of every MQTT message in the instant in which it reaches the board. */
  onArrival: (topic: string, payload: string) => void = () => {};
  /** The same, for the board itself. */
  onDelivered: (topic: string, payload: string) => void = () => {};
  /** Hears of every answer to a question for the time that reaches the board. */
  onTimeAnswer: () => void = () => {};
  /** When the MQTT connection ended, for whatever reason. */
  readonly connectionsLostMs: number[] = [];

  constructor(options: { world: World; doors: () => ServerDoors | undefined; quality: LinkQuality; name: string }) {
    this.#world = options.world;
    this.#doors = options.doors;
    this.quality = options.quality;
    this.#chance = options.world.chance.fork(`network ${options.name}`);
  }

  /** Cuts the link or mends it; what was in flight is lost, both ends notice later. */
  set isUp(isUp: boolean) {
    this.#isUp = isUp;
    if (!isUp && this.#mqtt !== undefined) this.connectionsLostMs.push(this.#world.trueMs);
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
    this.#start += 1;
    if (this.#mqtt !== undefined) this.connectionsLostMs.push(this.#world.trueMs);
    this.#mqtt = undefined;
    for (const connection of [...this.#connections]) connection.abandon();
  }

  /** Somebody between server and board slips an MQTT message into the open session; nothing happens without one. */
  inject(topic: string, payload: string): void {
    const { connection, opening } = this.#mqtt ?? {};
    connection?.down(() => opening?.onMessage(topic, Buffer.from(payload)));
  }

  /** True while MQTT messages pass quickly and in order. */
  get isGood(): boolean {
    return this.#isUp && this.#mqtt !== undefined && this.quality === goodLink;
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
      throw new AccessRefused('Connection refused: Not authorized');
    const deviceId = opening.username;
    const connection = this.#connect();
    const session: BrokerSession = {
      topics: new Set(),
      deliver: (topic, payload) => {
        const arrive = () => {
          this.onArrival(topic, payload);
          this.onDelivered(topic, payload);
          opening.onMessage(topic, Buffer.from(payload));
        };
        const { duplicateChance, reorderChance } = this.quality;
        if (this.#chance.isTrue(reorderChance)) connection.downHeldUp(arrive, this.#chance.below(heldUpMsMax));
        else connection.down(arrive);
        if (this.#chance.isTrue(duplicateChance)) connection.downHeldUp(arrive, this.#chance.below(heldUpMsMax));
      },
      drop: () => connection.break('dropped by the broker'),
    };
    broker.attach(deviceId, session);
    connection.onServerEnd = (isPolite) => broker.detach(deviceId, session, isPolite ? undefined : opening.will);
    connection.onClientEnd = (reason) => {
      this.connectionsLostMs.push(this.#world.trueMs);
      if (this.#mqtt?.connection === connection) this.#mqtt = undefined;
      opening.onClosed(reason);
    };
    await this.#travel(opening.timeoutMs);
    this.#mqtt = { connection, opening };
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
    const device = doors.deviceOf(bearerOf(opening.headers));
    if (this.isSocketBlocked) throw new Error('connection refused');
    if (opening.path !== doorPaths.link || device === undefined) throw new AccessRefused('401');
    const connection = this.#connect();
    const life = doors.openLink(
      device,
      (message) =>
        connection.down(() => {
          if (message.kind === 'time-answer') this.onTimeAnswer();
          opening.onText(JSON.stringify(message));
        }),
      () => connection.break('closed by the server'),
    );
    connection.onServerEnd = () => life.closed();
    connection.onClientEnd = (reason) => opening.onClosed(reason);
    let receiving = Promise.resolve();
    const read = frameReader();
    return {
      send: (text) =>
        connection.up(() => {
          const message = read(text);
          receiving = receiving.then(() => life.receive(message)).catch((error: unknown) => this.#world.fail(error));
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
      isBroken: () => this.quality.breakChance > 0 && this.#chance.isTrue(this.quality.breakChance),
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
    const start = this.#start;
    return new Promise((resolve, reject) => {
      const arriveAfter = (delayMs: number, arrive: () => void) =>
        this.#world.after(delayMs, () => start === this.#start && arrive());
      if (!this.#isUp) arriveAfter(timeoutMs, () => reject(new Error('timed out')));
      else arriveAfter(this.#delayMs(), () => (this.#isUp ? resolve() : reject(new Error('connection lost'))));
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
    const device = doors.deviceOf(bearerOf(request.headers ?? {}));
    if (device === undefined) return { status: 401, headers: {}, body: new Uint8Array() };
    const kind = match?.[1] === 'clips' ? 'clip' : 'body';
    const whole = match === null ? undefined : await doors.file(device, { kind, hash: match[2] ?? '' });
    if (whole === undefined) return { status: 404, headers: {}, body: new Uint8Array() };
    return ranged(whole, request.headers?.range);
  }
}

/**
 * Reads what a board sends as the server would; throws what it does not understand. Most of a day's frames say nothing
 * new, heartbeats, beats and questions for the time: those are held against the schema now and then only.
 */
function frameReader(): (text: string) => DeviceMessage {
  let everyday = 0;
  return (text) => {
    if (isEveryday(text) && everyday++ % framesPerCheck !== 0) return JSON.parse(text);
    const frame = parseFrame(deviceMessageSchema, text);
    if (frame.ok) return frame.message;
    throw new Error(`The server does not understand the agent: ${frame.reason}: ${text.slice(0, 300)}`);
  };
}

function isEveryday(text: string): boolean {
  if (text.startsWith('{"kind":"time-request"') || text.startsWith('{"kind":"beat"')) return true;
  return text.startsWith('{"kind":"heartbeat"') && text.endsWith(',"progress":[]}');
}

/** RFC 9110 §14: the whole, or from a byte on. */
function ranged(whole: Uint8Array, range: string | undefined): HttpAnswer {
  const from = /^bytes=(\d+)-$/.exec(range ?? '')?.[1];
  if (from === undefined) return { status: 200, headers: { 'content-length': String(whole.length) }, body: whole };
  const start = Number(from);
  if (start >= whole.length)
    return { status: 416, headers: { 'content-range': `bytes */${whole.length}` }, body: new Uint8Array() };
  const body = whole.subarray(start);
  const contentRange = `bytes ${start}-${whole.length - 1}/${whole.length}`;
  return { status: 206, headers: { 'content-range': contentRange, 'content-length': String(body.length) }, body };
}

function bearerOf(headers: Record<string, string>): string {
  return (headers.authorization ?? headers.Authorization ?? '').replace('Bearer ', '');
}
