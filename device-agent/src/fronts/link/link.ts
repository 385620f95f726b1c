/**
 * The device's link to its server: the MQTT session down and the WebSocket up, each kept open by itself, so that one
 * tells of the other's death. Moves what comes and goes; what it means is decided elsewhere.
 */
import type { Board, LinkState, Refusals } from '../../contracts.ts';
import type { Clock } from '../../edges/clock.ts';
import type { Network } from '../../edges/network.ts';
import type { Random } from '../../edges/random.ts';
import type { DocumentShelf } from '../../keep/documents/documents.ts';
import type { ReportQueue } from '../../keep/outbox.ts';
import type { Door } from './door.ts';
import { keepOpen } from './keep-open.ts';
import { createMqttPath } from './mqtt-path.ts';
import { createSocketPath, type SocketParts } from './socket-path.ts';

export interface Link {
  start(): void;
  /** Says goodbye and ends both paths. */
  stop(): Promise<void>;
  state(): LinkState;
  /** Documents are in force, written, or gone: areas and what is held are told. */
  documentsChanged(): void;
  /** Something began, ended or moved on. */
  progressChanged(): void;
  /** The board's figures were looked at. */
  readingsSeen(): void;
}

export interface LinkParts {
  network: Network;
  clock: Clock;
  random: Random;
  door: Door;
  deviceId: string;
  board: Board;
  agentVersion: string;
  /** New at every start of the agent. */
  boot: string;
  heartbeatEveryMs?: number | undefined;
  documents: Pick<DocumentShelf, 'receive' | 'areas' | 'holds'>;
  outbox: ReportQueue;
  timekeeper: SocketParts['timekeeper'];
  progress: SocketParts['progress'];
  readings?: SocketParts['readings'];
  refusals: Refusals;
  /** A path has come up: what waits for the network may be tried. */
  onConnected: () => void;
  onState: (state: LinkState) => void;
}

/** The link, closed until started. */
export function createLink(parts: LinkParts): Link {
  const { documents } = parts;
  const socketPath = createSocketPath({ ...parts, holds: documents.holds, onBehind: () => mqttPath.probe() });
  const mqttPath = createMqttPath({ ...parts, areas: documents.areas, receive: documents.receive });
  let state: LinkState = { mqtt: { phase: 'idle', failures: 0 }, socket: { phase: 'idle', failures: 0 } };

  function enter(change: Partial<LinkState>): void {
    const isNew = Object.values(change).some(({ phase }) => phase === 'connected');
    const wasConnected = Object.keys(change).every(
      (path) => state[path === 'mqtt' ? 'mqtt' : 'socket'].phase === 'connected',
    );
    state = { ...state, ...change };
    parts.onState(state);
    if (isNew && !wasConnected) parts.onConnected();
  }

  const mqtt = keepOpen({ ...parts, open: mqttPath.open, onState: (next) => enter({ mqtt: next }) });
  const socket = keepOpen({ ...parts, open: socketPath.open, onState: (next) => enter({ socket: next }) });

  return {
    start() {
      mqtt.start();
      socket.start();
    },
    async stop() {
      await Promise.all([mqtt.stop(), socket.stop()]);
    },
    state: () => state,
    documentsChanged() {
      mqttPath.areasChanged();
      socketPath.heartbeatSoon();
    },
    progressChanged: socketPath.progressSoon,
    readingsSeen: socketPath.readingsSeen,
  };
}
