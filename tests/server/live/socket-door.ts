/** A bare HTTP server with WebSocket doors on a real port, and clients that remember what they were told. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { routeUpgrades, type Upgrade } from '@loa/server/fronts/live/upgrades.ts';
import { WebSocket } from 'ws';

export interface SocketDoor {
  url: string;
  close(): Promise<void>;
}

export async function openSocketDoor(doors: Record<string, Upgrade>): Promise<SocketDoor> {
  const server = createServer();
  routeUpgrades(server, new Map(Object.entries(doors)));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `ws://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

export interface Client {
  socket: WebSocket;
  heard: unknown[];
  /** Close code, or the HTTP status the upgrade was refused with. */
  ended: Promise<number>;
}

/** Connects; resolves when open or refused. */
export function dial(url: string, headers: Record<string, string> = {}): Promise<Client> {
  return new Promise((resolve) => {
    const socket = new WebSocket(url, { headers });
    const heard: unknown[] = [];
    const client: Client = {
      socket,
      heard,
      ended: new Promise((ended) => {
        socket.on('close', (code) => ended(code));
        socket.on('unexpected-response', (_request, answer) => {
          answer.resume();
          ended(answer.statusCode ?? 0);
          resolve(client);
        });
      }),
    };
    socket.on('message', (data) => heard.push(JSON.parse(data.toString())));
    socket.on('open', () => resolve(client));
    socket.on('error', () => {});
  });
}
