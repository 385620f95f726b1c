/**
 * The WebSocket door of devices. A device shows its token before the door opens, has one link (the newest wins), and is
 * read one frame at a time: while the intake works on a frame, nothing more is read from that device, so that none can
 * fill memory or hold up another. Never interprets what a frame says.
 */
import type { IncomingMessage } from 'node:http';
import { deviceMessageSchema, linkFrameBytesMax, parseFrame, type ServerMessage } from '@loa/protocol/device';
import { WebSocket, WebSocketServer } from 'ws';
import type { Clock } from '../../edges/clock.ts';
import type { DeviceIdentity, DeviceLife, Intake, Log } from '../../work/contracts.ts';
import { refuseUpgrade, type Upgrade } from './upgrades.ts';

/**
 * Looked at this often: a device that said nothing since the last look is pinged (one that beats is not, which spares
 * its data), one that was silent for `silentMsMax` is taken for gone.
 */
const pingMs = 15_000;
const silentMsMax = 40_000;

/** Frames that are not understood, within a minute, before the link is closed. */
const malformedMax = 5;
const malformedSpanMs = 60_000;

/** What may wait for a device that does not read: some thousand receipts. */
const sendBytesMax = 256 * 1024;

/** How long a closing handshake may take. */
const closeMsMax = 2_000;

/** Close codes of RFC 6455 §7.4 and one of our own. */
const closing = { policy: 1008, broken: 1011, away: 1001, replaced: 4001, revoked: 4003 } as const;

export interface DeviceLinkPorts {
  deviceOf(token: string): DeviceIdentity | undefined;
  intake: Pick<Intake, 'open'>;
  clock: Clock;
  log: Log;
}

export interface DeviceLinks {
  upgrade: Upgrade;
  /** Ends a device's link at once. */
  revoke(deviceId: string): void;
  /** Links open now. */
  count(): number;
  /** Ends all links. */
  stop(): void;
}

interface Link {
  end(code: number, reason: string): void;
}

/** Opens the door; `upgrade` is to be routed to `doorPaths.link`. */
export function createDeviceLinks(ports: DeviceLinkPorts): DeviceLinks {
  // `closeTimeout` is known to ws 8.23 and not yet to its types.
  const options = {
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: linkFrameBytesMax,
    closeTimeout: closeMsMax,
  };
  const server = new WebSocketServer(options);
  const links = new Map<string, Link>();

  return {
    upgrade: (request, socket, head) => {
      const token = bearerOf(request);
      const device = token === undefined ? undefined : ports.deviceOf(token);
      if (device === undefined) return refuseUpgrade(socket, 401);
      server.handleUpgrade(request, socket, head, (websocket) => {
        const { deviceId } = device;
        links.get(deviceId)?.end(closing.replaced, 'another link of this device has opened');
        const link = hold(websocket, device, ports, () => {
          if (links.get(deviceId) === link) links.delete(deviceId);
        });
        links.set(deviceId, link);
      });
    },
    revoke: (deviceId) => links.get(deviceId)?.end(closing.revoked, 'the device has been revoked'),
    count: () => links.size,
    stop: () => {
      for (const link of [...links.values()]) link.end(closing.away, 'the server is stopping');
      server.close();
    },
  };
}

function hold(websocket: WebSocket, device: DeviceIdentity, ports: DeviceLinkPorts, onEnd: () => void): Link {
  const { clock, log } = ports;
  /** What one read of the socket held beyond the frame in work. */
  const waiting: (string | undefined)[] = [];
  let malformedAtMs: number[] = [];
  let heardAtMs = clock.monotonicMs();
  let isHeard = false;
  let isWorking = false;
  let isOver = false;
  let cancelPing = () => {};

  const finish = () => {
    if (isOver) return;
    isOver = true;
    cancelPing();
    waiting.length = 0;
    onEnd();
    life.closed();
  };
  const end = (code: number, reason: string) => {
    finish();
    // A paused socket would never read the other side's half of the closing handshake.
    websocket.resume();
    websocket.close(code, reason);
  };
  const send = (message: ServerMessage) => {
    if (isOver || websocket.readyState !== WebSocket.OPEN) return;
    if (websocket.bufferedAmount > sendBytesMax) {
      log('warn', 'a device does not read its link; it is cut', { deviceId: device.deviceId });
      finish();
      websocket.terminate();
      return;
    }
    websocket.send(JSON.stringify(message));
  };
  const life: DeviceLife = ports.intake.open(device, send, () => end(closing.policy, 'closed by the server'));

  const refuse = (reason: string) => {
    const nowMs = clock.monotonicMs();
    malformedAtMs = [...malformedAtMs.filter((atMs) => nowMs - atMs < malformedSpanMs), nowMs];
    const fatal = malformedAtMs.length >= malformedMax;
    send({ kind: 'refused', reason, fatal });
    if (fatal) end(closing.policy, 'too many frames that are not understood');
  };
  const handle = async (text: string | undefined) => {
    if (text === undefined) return refuse('a binary frame; frames are JSON text');
    const parsed = parseFrame(deviceMessageSchema, text);
    if (parsed.ok) await life.receive(parsed.message);
    else refuse(parsed.reason);
  };
  const work = async () => {
    isWorking = true;
    websocket.pause();
    try {
      while (!isOver && waiting.length > 0) await handle(waiting.shift());
    } catch (error) {
      log('error', 'a device’s frame could not be handled', { deviceId: device.deviceId, error: String(error) });
      end(closing.broken, 'the server could not handle a frame');
    }
    isWorking = false;
    heardAtMs = clock.monotonicMs();
    if (!isOver) websocket.resume();
  };
  const ping = () => {
    cancelPing = clock.setTimer(() => {
      if (!isWorking && clock.monotonicMs() - heardAtMs >= silentMsMax) {
        finish();
        websocket.terminate();
      } else {
        if (!isHeard && websocket.readyState === WebSocket.OPEN) websocket.ping();
        isHeard = false;
        ping();
      }
    }, pingMs);
  };

  websocket.on('message', (data, isBinary) => {
    heardAtMs = clock.monotonicMs();
    isHeard = true;
    if (isOver) return;
    waiting.push(isBinary ? undefined : data.toString());
    if (!isWorking) void work();
  });
  // Signs of life, though a device that says nothing else is pinged all the same.
  for (const sign of ['ping', 'pong'] as const) {
    websocket.on(sign, () => {
      heardAtMs = clock.monotonicMs();
    });
  }
  // Too large a frame and broken framing arrive here; the library has answered with 1009 or 1002 itself.
  websocket.on('error', (error) =>
    log('warn', 'a device’s link broke', { deviceId: device.deviceId, error: error.message }),
  );
  websocket.on('close', finish);
  ping();
  return { end };
}

function bearerOf(request: IncomingMessage): string | undefined {
  const [scheme, token] = (request.headers.authorization ?? '').split(' ');
  return scheme?.toLowerCase() === 'bearer' ? token : undefined;
}
