/**
 * The embedded broker: aedes, memory only, reached over TCP and over WebSocket. The server publishes in process and
 * never as a client of its own broker. Who comes in shows its device's token; a device reads its own topics and writes
 * its own presence, and one that does not read is cut without anybody waiting for it.
 */
import type { IncomingMessage } from 'node:http';
import { createServer } from 'node:net';
import type { Duplex, DuplexOptions } from 'node:stream';
import { mqttMessageBytesMax } from '@loa/protocol/device';
import { Aedes, type Client, type PublishPacket } from 'aedes';
import { createWebSocketStream, type WebSocket, WebSocketServer } from 'ws';
import type { BrokerFront, BrokerPorts } from './broker-front.ts';
import { meterReads } from './packet-meter.ts';
import { keepRetainedByName } from './retained-state.ts';
import { presenceOf, readableTopics } from './topic-rights.ts';

/** A subscriber whose connection takes nothing for this long is cut. */
const drainMsMax = 5_000;

/** A connection has this long to say who it is. */
const connectMsMax = 10_000;

/** A device that is silent for one and a half of its keep-alive, at most this, is gone. */
const keepaliveSMax = 120;

/** Largest packet from a device: a subscription to 32 areas. */
const packetBytesMax = 2 * mqttMessageBytesMax;

/** Room for 10,000 devices and those that come back while their old connection has not been missed yet. */
const connectionsMax = 25_000;

/** Refused publishes of one connection before it is cut. */
const refusedMax = 20;

/** Nobody reads it: where a publish goes that was refused (refusing it would have the client send it for ever). */
const sinkTopic = 'loa/refused';

export interface EmbeddedBroker extends BrokerFront {
  /** Opens the TCP door; gives the port it got. */
  listen(address: { host: string; port: number }): Promise<number>;
  /** Takes over a WebSocket upgrade at `doorPaths.mqtt`. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** Publishes refused since the start. */
  refusedPublishes(): number;
}

/** Starts the broker; its doors are opened by `listen` and by routing `upgrade`. */
export async function createEmbeddedBroker(ports: BrokerPorts): Promise<EmbeddedBroker> {
  const { log } = ports;
  const refusedBy = new WeakMap<Client, number>();
  const clients = new Map<string, Client>();
  let refused = 0;

  const broker = await Aedes.createBroker({
    concurrency: 0,
    drainTimeout: drainMsMax,
    connectTimeout: connectMsMax,
    keepaliveLimit: keepaliveSMax,
    queueLimit: 42,
    maxInflightInbound: 4,
    maxTopicLevels: 8,
    preConnect: (_client, packet, done) => {
      // Nothing is kept for who is away, whatever a client asks for.
      packet.clean = true;
      done(null, true);
    },
    authenticate: (client, username, password, done) => {
      const device = password === undefined ? undefined : ports.deviceOf(password.toString());
      done(null, device !== undefined && device.deviceId === username && client.id === username);
    },
    authorizeSubscribe: (client, subscription, done) => {
      const isOwn = readableTopics(client.id, ports.areasOf(client.id)).includes(subscription.topic);
      if (!isOwn) log('warn', 'a device asked for a topic that is not its own', { deviceId: client.id });
      done(null, isOwn ? subscription : null);
    },
    authorizePublish: (client, packet, done) => {
      const { topic, payload } = packet;
      const presence = client === null ? undefined : presenceOf({ deviceId: client.id, topic, payload });
      if (client === null || presence === undefined) refuse(client, packet);
      else ports.presence(client.id, presence);
      done(null);
    },
  });
  keepRetainedByName(broker);

  function refuse(client: Client | null, packet: PublishPacket): void {
    refused += 1;
    packet.topic = sinkTopic;
    packet.payload = '';
    packet.retain = false;
    if (client === null) return;
    const count = (refusedBy.get(client) ?? 0) + 1;
    refusedBy.set(client, count);
    if (count === 1) log('warn', 'a device published what it may not', { deviceId: client.id });
    if (count >= refusedMax) client.close();
  }

  broker.on('client', (client) => clients.set(client.id, client));
  broker.on('clientDisconnect', (client) => {
    if (clients.get(client.id) === client) clients.delete(client.id);
  });
  broker.on('clientError', (client, error) =>
    log('debug', 'a device’s MQTT connection broke', { deviceId: client.id, error: error.message }),
  );

  const streams = new Set<Duplex>();
  const handle = (stream: Duplex, request?: IncomingMessage) => {
    streams.add(stream);
    stream.once('close', () => streams.delete(stream));
    meterReads(stream, packetBytesMax);
    broker.handle(stream, request);
  };
  const tcp = createServer({ noDelay: true }, (socket) => handle(socket));
  tcp.maxConnections = connectionsMax;
  const websockets = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: packetBytesMax * 2,
    handleProtocols: (offered) => (offered.has('mqtt') ? 'mqtt' : false),
  });

  return {
    publish: async (topic, payload) => {
      if (Buffer.byteLength(payload) > mqttMessageBytesMax) throw new Error(`A message for ${topic} is too long`);
      // Retained at once; the callback comes when the slowest subscriber has taken it, which nobody waits for.
      broker.publish(
        { cmd: 'publish', topic, payload: Buffer.from(payload), qos: 1, retain: true, dup: false },
        (error) => {
          if (error) log('error', 'the broker did not take a message', { topic, error: String(error) });
        },
      );
    },
    revoke: async (deviceId) => {
      clients.get(deviceId)?.close();
    },
    admit: async () => {},
    // Rights are looked up at each subscribe and publish.
    areasChanged: async () => {},
    listen: ({ host, port }) =>
      new Promise((resolve, reject) => {
        tcp.once('error', reject);
        tcp.listen(port, host, () => {
          tcp.off('error', reject);
          const address = tcp.address();
          resolve(typeof address === 'object' && address !== null ? address.port : port);
        });
      }),
    upgrade: (request, socket, head) => {
      websockets.handleUpgrade(request, socket, head, (websocket) => {
        handle(createWebSocketStream(websocket, gathered(websocket)), request);
      });
    },
    refusedPublishes: () => refused,
    stop: async () => {
      if (tcp.listening) tcp.close();
      websockets.close();
      await new Promise<void>((resolve) => broker.close(resolve));
      for (const stream of streams) stream.destroy();
    },
  };
}

/** The library writes a packet in pieces; together they make one frame instead of one each. */
function gathered(websocket: WebSocket): DuplexOptions {
  return {
    writev: (pieces, done) => {
      const chunks = pieces.map(({ chunk }) => (typeof chunk === 'string' ? Buffer.from(chunk) : chunk));
      websocket.send(Buffer.concat(chunks), done);
    },
  };
}
