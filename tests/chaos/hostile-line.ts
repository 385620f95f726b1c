/**
 * The line between a board and its server, for HTTP, WebSocket and MQTT alike: passes bytes on, or does to them what bad
 * lines do. Holds at most one piece of each direction of each connection.
 */
import { connect, createServer, type Socket } from 'node:net';
import type { Chance } from '../simulation/world.ts';

/**
 * `drop` ends every connection and refuses new ones; `stall` takes them and reads nothing; `swallow` is half open: reads
 * all and answers nothing; `garbage` answers noise; `trickle` lets 64 bytes through every 20 ms.
 */
export const lineManners = ['drop', 'stall', 'swallow', 'garbage', 'trickle'] as const;
export type LineManner = (typeof lineManners)[number] | 'pass';

const trickleBytes = 64;
const trickleEveryMs = 20;

export interface HostileLine {
  port: number;
  turn(manner: LineManner): void;
  close(): Promise<void>;
}

/** Opens a line on a free port of this machine to `toPort`; it passes everything on at first. */
export async function openHostileLine({ toPort, chance }: { toPort: number; chance: Chance }): Promise<HostileLine> {
  let manner: LineManner = 'pass';
  const sockets = new Set<Socket>();
  const endAll = () => {
    for (const socket of sockets) socket.destroy();
  };
  const server = createServer((near) => {
    if (manner === 'drop') return void near.destroy();
    const far = connect(toPort, '127.0.0.1');
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(one);
      one.on('error', () => undefined);
      one.on('data', (piece: Buffer) => hand(piece, { from: one, to: other, isDown: one === far }));
      one.on('end', () => other.end());
      one.on('close', () => {
        sockets.delete(one);
        other.destroy();
      });
      one.on('drain', () => {
        if (manner === 'pass') other.resume();
      });
    }
    if (manner === 'stall') near.pause();
  });

  function hand(piece: Buffer, way: { from: Socket; to: Socket; isDown: boolean }): void {
    switch (manner) {
      case 'pass':
        if (!way.to.write(piece)) way.from.pause();
        return;
      case 'garbage':
        if (way.isDown) way.to.write(chance.bytes(Math.min(piece.length, 2_000)));
        else if (!way.to.write(piece)) way.from.pause();
        return;
      case 'trickle':
        way.from.pause();
        trickle(piece, way);
        return;
      case 'stall':
        way.from.pause();
        return;
      default:
        return;
    }
  }

  function trickle(piece: Buffer, way: { from: Socket; to: Socket }): void {
    if (way.to.destroyed) return;
    way.to.write(piece.subarray(0, trickleBytes));
    const rest = piece.subarray(trickleBytes);
    setTimeout(() => (rest.length > 0 ? trickle(rest, way) : way.from.resume()), trickleEveryMs);
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('No port');
  return {
    port: address.port,
    turn(next) {
      // What was lost in a bad spell is never made good: a connection with a hole in it does not come back.
      if (next === 'drop' || (next === 'pass' && manner !== 'trickle')) endAll();
      manner = next;
    },
    async close() {
      manner = 'drop';
      endAll();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
