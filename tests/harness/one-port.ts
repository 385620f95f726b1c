/**
 * What stands between a board and its server on a government network: an HTTP CONNECT proxy as the only way out, and a
 * door that ends TLS. Both count what passes as it passes on TCP.
 */
import http from 'node:http';
import { connect, createServer, type Socket } from 'node:net';
import tls from 'node:tls';
import type { ServerPair } from './authority.ts';

/** What has passed both ways since the last `zero`. */
export interface Traffic {
  bytes: number;
  /** Segments that carried data, at 1,448 bytes each at most; what one write gave is taken as one. */
  segments: number;
  /** Segments that carried nothing: data was not answered by data soon enough to be acknowledged with it. */
  acks: number;
}

/** Linux delays an acknowledgement for so long, in the hope of data to send it with. */
const delayedAckMs = 40;

export interface Passage {
  port: number;
  traffic(): Traffic;
  /** Connections taken so far. */
  taken(): number;
  /** Cuts what is open. */
  cut(): void;
  close(): Promise<void>;
}

const segmentBytesMax = 1_448;

/** A TLS door before a plain HTTP port on this machine. The pair may be changed for later connections. */
export async function openTlsDoor(options: { pair: () => ServerPair; toPort: number }): Promise<Passage> {
  const ending = tls.createServer(
    {
      SNICallback: (_name, done) => done(null, tls.createSecureContext(options.pair())),
      ...options.pair(),
    },
    (inner) => join(inner, connect({ port: options.toPort, host: '127.0.0.1' })),
  );
  ending.on('tlsClientError', () => undefined);
  await listening(ending);
  const counted = await openForward(() => connect({ port: portOf(ending), host: '127.0.0.1', noDelay: true }));
  return {
    ...counted,
    async close() {
      await counted.close();
      await new Promise((resolve) => ending.close(resolve));
    },
  };
}

/** A TCP port that hands everything on, and counts it. */
export async function openForward(open: () => Socket): Promise<Passage> {
  const traffic: Traffic = { bytes: 0, segments: 0, acks: 0 };
  const sockets = new Set<Socket>();
  let taken = 0;
  const server = createServer({ noDelay: true }, (outer) => {
    taken += 1;
    const inner = open();
    const owed = new Map<Socket, NodeJS.Timeout>();
    for (const socket of [outer, inner]) {
      const other = socket === outer ? inner : outer;
      sockets.add(socket);
      socket.on('close', () => sockets.delete(socket));
      socket.on('data', (chunk) => {
        traffic.bytes += chunk.length;
        traffic.segments += Math.ceil(chunk.length / segmentBytesMax);
        clearTimeout(owed.get(other));
        clearTimeout(owed.get(socket));
        owed.set(
          socket,
          setTimeout(() => (traffic.acks += 1), delayedAckMs),
        );
      });
    }
    join(outer, inner);
  });
  await listening(server);
  return {
    port: portOf(server),
    traffic: () => ({ ...traffic }),
    taken: () => taken,
    cut: () => {
      for (const socket of sockets) socket.destroy();
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export interface TestProxy {
  url: string;
  /** `host:port` of each CONNECT, and every other request it was asked for. */
  asked: string[];
  close(): Promise<void>;
}

/** A CONNECT proxy that knows the way to `routes`, by `host:port`; what is not there is refused with 403. */
export async function openProxy(options: {
  routes: Readonly<Record<string, number>>;
  /** Answered to everybody instead. */
  refusesWith?: number;
  /** Wanted of everybody: `name:password`. */
  access?: string;
}): Promise<TestProxy> {
  const asked: string[] = [];
  const sockets = new Set<Socket>();
  const server = http.createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    response.writeHead(400).end();
  });
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  server.on('connect', (request, outer: Socket, head: Buffer) => {
    asked.push(request.url ?? '');
    outer.on('error', () => undefined);
    const wanted = options.access === undefined ? undefined : Buffer.from(options.access).toString('base64');
    const isKnown = wanted === undefined || request.headers['proxy-authorization'] === `Basic ${wanted}`;
    const port = options.routes[request.url ?? ''];
    const status = options.refusesWith ?? (isKnown ? (port === undefined ? 403 : 200) : 407);
    outer.write(`HTTP/1.1 ${status} ${status === 200 ? 'Connection established' : 'No'}\r\n\r\n`);
    if (status !== 200 || port === undefined) {
      outer.end();
      return;
    }
    const inner = connect({ port, host: '127.0.0.1', noDelay: true });
    inner.write(head);
    join(outer, inner);
  });
  await listening(server);
  return {
    url: `http://127.0.0.1:${portOf(server)}`,
    asked,
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function join(one: Socket, other: Socket): void {
  one.pipe(other).pipe(one);
  for (const [socket, peer] of [
    [one, other],
    [other, one],
  ] as const) {
    socket.on('error', () => peer.destroy());
    socket.on('close', () => peer.destroy());
  }
}

function listening(server: { listen(port: number, host: string, done: () => void): unknown }): Promise<void> {
  return new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
}

function portOf(server: { address(): unknown }): number {
  const address = server.address();
  if (typeof address !== 'object' || address === null || !('port' in address)) throw new Error('Not listening');
  return Number(address.port);
}
