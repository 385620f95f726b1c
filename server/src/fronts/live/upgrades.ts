/**
 * Which WebSocket door does an upgrade knock at? One HTTP server carries them all, told apart by path; an unknown path
 * is refused. Never decides who may come in: each door does.
 */
import { type IncomingMessage, type Server, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';

/** Takes over a connection that asks for an upgrade. */
export type Upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer) => void;

/** Routes the upgrades of a server; returns the function that stops doing so. */
export function routeUpgrades(server: Server, doors: ReadonlyMap<string, Upgrade>): () => void {
  const onUpgrade: Upgrade = (request, socket, head) => {
    // Without a listener a connection that breaks before it is taken over would end the process.
    socket.on('error', () => socket.destroy());
    const door = doors.get(request.url?.split('?')[0] ?? '');
    if (door === undefined) refuseUpgrade(socket, 404);
    else door(request, socket, head);
  };
  server.on('upgrade', onUpgrade);
  return () => server.off('upgrade', onUpgrade);
}

/** Says no over HTTP and ends the connection. */
export function refuseUpgrade(socket: Duplex, status: 401 | 403 | 404 | 503): void {
  const text = STATUS_CODES[status] ?? 'Refused';
  const head = [`HTTP/1.1 ${status} ${text}`, 'connection: close', 'content-type: text/plain'];
  socket.end([...head, `content-length: ${text.length}`, '', text].join('\r\n'));
}
