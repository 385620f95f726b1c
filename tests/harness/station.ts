/**
 * A station on this machine: sends encoded sound over HTTP as Icecast does, in real time after a first burst, or
 * misbehaves as it is told. Real sockets, real time.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

export interface Station {
  url: string;
  /** Calls so far. */
  calls(): number;
  /** Everybody who listens is cut off. */
  breakOff(): void;
  close(): Promise<void>;
}

/** What a station does with its `call`, 1 for the first. */
export type Behaviour = (call: number, response: ServerResponse, request: IncomingMessage) => void;

/** Opens a station on a port of its own; `path` is what its address ends in. */
export async function openStation(behave: Behaviour, { path = '/live' } = {}): Promise<Station> {
  let calls = 0;
  const sockets = new Set<Socket>();
  const server = createServer((request, response) => {
    calls += 1;
    response.on('error', () => undefined);
    behave(calls, response, request);
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const breakOff = () => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    url: `http://127.0.0.1:${port}${path}`,
    calls: () => calls,
    breakOff,
    close() {
      breakOff();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

/** Sound as it is sent: bytes of an encoded file, and how long it lasts. */
export interface Programme {
  bytes: Buffer;
  seconds: number;
  mediaType: string;
}

/** Sends a programme from its beginning: `burstSeconds` of it at once, the rest as it is heard, until `endSeconds`. */
export function sends(programme: Programme, options: { burstSeconds?: number; endSeconds?: number } = {}): Behaviour {
  const { bytes, seconds, mediaType } = programme;
  const { burstSeconds = 2, endSeconds = seconds } = options;
  return (_call, response) => {
    response.writeHead(200, { 'content-type': mediaType, 'icy-name': 'Dai' });
    const startedMs = performance.now();
    let sentBytes = 0;
    const timer = setInterval(send, 20);
    response.on('close', () => clearInterval(timer));
    function send(): void {
      const dueSeconds = Math.min(endSeconds, burstSeconds + (performance.now() - startedMs) / 1000);
      const dueBytes = Math.floor((bytes.length * dueSeconds) / seconds);
      if (dueBytes > sentBytes) response.write(bytes.subarray(sentBytes, dueBytes));
      sentBytes = Math.max(sentBytes, dueBytes);
      if (dueSeconds < endSeconds) return;
      clearInterval(timer);
      response.destroy();
    }
    send();
  };
}

/** Writes the same bytes for ever, as fast as they are taken. */
export function endless(
  response: { write(piece: Buffer): boolean; once(event: 'drain' | 'close', run: () => void): unknown },
  bytes: Buffer,
): void {
  let isClosed = false;
  response.once('close', () => {
    isClosed = true;
  });
  const go = () => {
    while (!isClosed && response.write(bytes));
    if (!isClosed) response.once('drain', go);
  };
  go();
}
