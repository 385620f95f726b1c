/**
 * A server and a broker that do whatever a test says: well-behaved until told otherwise, raw bytes from then on. Counts
 * what the other side let it send, and keeps what it was told.
 */
import http from 'node:http';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { type DeviceMessage, deviceMessageSchema, doorPaths, type ServerMessage } from '@loa/protocol/device';
import { type WebSocket, WebSocketServer } from 'ws';

/** A WebSocket that is open, and the raw line below it. */
export interface HostileLink {
  say(message: ServerMessage | string): void;
  line: Socket;
}

/** An MQTT session whose client has subscribed, as raw bytes. */
export interface HostileSession {
  line: Socket;
  publish(topic: string, payload: Uint8Array, qos?: 0 | 1 | 2): void;
}

/** Each takes the place of what a well-behaved server would do; the last argument counts from 0 how often it happened. */
export interface Behaviour {
  nonce?: ((line: Socket, nth: number) => void) | undefined;
  clip?: ((line: Socket, request: http.IncomingMessage, nth: number) => void) | undefined;
  body?: ((line: Socket) => void) | undefined;
  upgrade?: ((line: Socket, request: http.IncomingMessage) => void) | undefined;
  /** After the welcome. */
  link?: ((link: HostileLink, nth: number) => void) | undefined;
  /** In place of a CONNACK. */
  connect?: ((line: Socket) => void) | undefined;
  /** After the first SUBACK. */
  session?: ((session: HostileSession, nth: number) => void) | undefined;
}

export interface HostileServer {
  url: string;
  mqttUrl: string;
  behaviour: Behaviour;
  /** Everything that devices said on the link. */
  heard: DeviceMessage[];
  close(): Promise<void>;
}

/** Both, on the loopback. */
export async function openHostileServer(behaviour: Behaviour = {}): Promise<HostileServer> {
  const lines = new Set<Socket>();
  const counts = { nonce: 0, clip: 0, link: 0, session: 0 };
  const heard: DeviceMessage[] = [];
  const links = new WebSocketServer({ noServer: true });
  const keep = (line: Socket) => {
    lines.add(line);
    line.on('error', () => undefined);
    line.on('close', () => lines.delete(line));
  };

  const broker = createServer({ noDelay: true }, (line) => {
    keep(line);
    serveMqtt(line, server.behaviour, () => counts.session++);
  });
  const web = http.createServer((request, response) => {
    const { clip, nonce, body } = server.behaviour;
    const line = request.socket;
    request.resume();
    const json = (value: unknown) => response.end(JSON.stringify(value));
    if (request.url === doorPaths.nonce && nonce !== undefined) nonce(line, counts.nonce++);
    else if (request.url === doorPaths.nonce) json({ nonce: 'n' });
    else if (request.url === doorPaths.token)
      json({ token: 't', expiresAt: new Date(Date.now() + 900_000).toISOString(), mqttUrl: server.mqttUrl });
    else if (request.url?.includes('/clips/') === true && clip !== undefined) clip(line, request, counts.clip++);
    else if (request.url?.includes('/bodies/') === true && body !== undefined) body(line);
    else response.writeHead(404).end();
  });
  web.on('connection', keep);
  web.on('upgrade', (request, duplex, head) => {
    const line = [...lines].find((one) => one === duplex);
    if (line === undefined) return;
    if (server.behaviour.upgrade !== undefined) return server.behaviour.upgrade(line, request);
    links.handleUpgrade(request, line, head, (socket) => {
      serveLink(socket, line, { heard, behaviour: server.behaviour, take: () => counts.link++ });
    });
  });
  const port = async (one: http.Server | ReturnType<typeof createServer>) => {
    await new Promise<void>((resolve) => one.listen(0, '127.0.0.1', resolve));
    return (one.address() as AddressInfo).port;
  };
  const server: HostileServer = {
    url: `http://127.0.0.1:${await port(web)}`,
    mqttUrl: `mqtt://127.0.0.1:${await port(broker)}`,
    behaviour,
    heard,
    async close() {
      for (const line of lines) line.destroy();
      await Promise.all([web, broker].map((one) => new Promise((resolve) => one.close(resolve))));
    },
  };
  return server;
}

function serveLink(
  socket: WebSocket,
  line: Socket,
  parts: { heard: DeviceMessage[]; behaviour: Behaviour; take: () => number },
): void {
  const say = (message: ServerMessage | string) =>
    socket.send(typeof message === 'string' ? message : JSON.stringify(message));
  socket.on('error', () => undefined);
  socket.on('message', (data) => {
    const message = deviceMessageSchema.parse(JSON.parse(String(data)));
    parts.heard.push(message);
    if (message.kind === 'hello') {
      say({ kind: 'welcome', storedSeq: 0, beatMs: 5_000 });
      parts.behaviour.link?.({ say, line }, parts.take());
    } else if (message.kind === 'reports')
      say({ kind: 'receipt', stream: message.stream, seq: message.reports.at(-1)?.seq ?? 0 });
    else if (message.kind === 'time-request')
      say({ kind: 'time-answer', sentMs: message.sentMs, receivedMs: Date.now(), answeredMs: Date.now() });
  });
}

/** Enough of MQTT 3.1.1 for a client that connects, subscribes and publishes with QoS 1. */
function serveMqtt(line: Socket, behaviour: Behaviour, take: () => number): void {
  let rest: Buffer = Buffer.alloc(0);
  let hasSubscribed = false;
  line.on('data', (piece: Buffer) => {
    rest = Buffer.concat([rest, piece]);
    for (;;) {
      const length = lengthOf(rest);
      if (length === undefined || rest.length < length.headBytes + length.bytes) return;
      const kind = (rest[0] ?? 0) >> 4;
      const packet = rest.subarray(length.headBytes, length.headBytes + length.bytes);
      rest = rest.subarray(length.headBytes + length.bytes);
      if (kind === 1 && behaviour.connect !== undefined) behaviour.connect(line);
      else if (kind === 1) line.write(Buffer.from([0x20, 2, 0, 0]));
      else if (kind === 3)
        line.write(Buffer.from([0x40, 2, ...packet.subarray(2 + packet.readUInt16BE(0)).subarray(0, 2)]));
      else if (kind === 8) {
        const topics = topicsOf(packet);
        line.write(Buffer.from([0x90, 2 + topics, ...packet.subarray(0, 2), ...new Array<number>(topics).fill(1)]));
        const publish: HostileSession['publish'] = (topic, payload, qos = 1) =>
          line.write(publishPacket(topic, payload, qos));
        if (!hasSubscribed) behaviour.session?.({ line, publish }, take());
        hasSubscribed = true;
      } else if (kind === 12) line.write(Buffer.from([0xd0, 0]));
    }
  });
}

function topicsOf(packet: Buffer): number {
  let count = 0;
  for (let at = 2; at < packet.length; at += 3 + packet.readUInt16BE(at)) count += 1;
  return count;
}

function lengthOf(bytes: Buffer): { headBytes: number; bytes: number } | undefined {
  let length = 0;
  for (let at = 1; at < Math.min(5, bytes.length); at += 1) {
    const byte = bytes[at] ?? 0;
    length += (byte & 0x7f) << (7 * (at - 1));
    if (byte < 0x80) return { headBytes: at + 1, bytes: length };
  }
  return undefined;
}

/** One PUBLISH. */
export function publishPacket(topic: string, payload: Uint8Array, qos: 0 | 1 | 2): Buffer {
  const name = Buffer.from(topic);
  const id = qos === 0 ? [] : [0, 7];
  const head = Buffer.from([name.length >> 8, name.length & 255]);
  const rest = Buffer.concat([head, name, Buffer.from(id), payload]);
  return Buffer.concat([Buffer.from([0x30 | (qos << 1)]), remaining(rest.length), rest]);
}

/** A length as MQTT writes it (3.1.1 §2.2.3). */
export function remaining(length: number): Buffer {
  const bytes: number[] = [];
  for (let left = length; ; left = Math.floor(left / 128)) {
    bytes.push((left % 128) | (left >= 128 ? 128 : 0));
    if (left < 128) return Buffer.from(bytes);
  }
}

/** One unmasked WebSocket frame's head (RFC 6455 §5.2), for a payload of this length. */
export function frameHead(options: { first: number; length: number }): Buffer {
  const head = Buffer.alloc(10);
  head[0] = options.first;
  head[1] = 127;
  head.writeBigUInt64BE(BigInt(options.length), 2);
  return head;
}

/** Sends a piece again and again for as long as it is taken, up to a limit; resolves with the bytes that were. */
export function pour(line: Socket, piece: Uint8Array, bytesMax = 256 * 1024 * 1024): Promise<number> {
  const beforeBytes = line.bytesWritten;
  return new Promise((resolve) => {
    const sent = () => line.bytesWritten - beforeBytes - line.writableLength;
    const go = () => {
      while (!line.destroyed && sent() < bytesMax) if (!line.write(piece)) return;
      resolve(sent());
    };
    line.on('drain', go);
    line.once('close', () => resolve(sent()));
    go();
  });
}

/** Sends a piece every so often until the line is cut. */
export function drip(line: Socket, piece: string | Uint8Array, everyMs: number): void {
  const timer = setInterval(() => line.write(piece), everyMs);
  line.once('close', () => clearInterval(timer));
}
