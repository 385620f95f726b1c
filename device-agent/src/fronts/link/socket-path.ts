/**
 * The way up: one WebSocket on which the device says who it is and what it holds, sends its reports, and asks the time.
 * Nothing the server says is used before its schema has passed; what is not understood is counted and refused, and a
 * server that speaks only nonsense is left.
 */
import {
  type ClockState,
  type DeviceMessage,
  deviceProtocolVersion,
  doorPaths,
  type Holds,
  linkFrameBytesMax,
  type Progress,
  parseFrame,
  type Readings,
  type ServerMessage,
  serverMessageSchema,
} from '@loa/protocol/device';
import type { Board, Refusals } from '../../contracts.ts';
import type { Cancel, Clock } from '../../edges/clock.ts';
import { AccessRefused, type Network, type Socket } from '../../edges/network.ts';
import type { ReportQueue } from '../../keep/outbox.ts';
import { createAccountFlow } from './account-flow.ts';
import type { Account } from './beats.ts';
import type { Door } from './door.ts';
import type { Opened } from './keep-open.ts';
import { freshTokenAgeMs } from './mqtt-path.ts';
import { createReportFlow } from './report-flow.ts';

const timeoutMs = 15_000;

/** A server that does not say welcome within this is not ours or not well. */
export const welcomeWaitMs = 15_000;

/** Nothing heard for so long, though the time is asked every minute: the line is dead. */
export const silentMsMax = 150_000;

/** Frames not understood on one connection before it is given up. */
export const nonsenseMax = 50;

/** Bytes not yet on the wire beyond which heartbeats only make it worse; reports have one frame in flight anyway. */
const bufferedBytesMax = 64 * 1024;

/** News wait so long for company: what is held is looked at by people, how far a clip has played less often. */
const gatherHoldsMs = 250;
const gatherProgressMs = 500;

/** What the wire takes at once. */
const progressMax = 32;

export interface SocketParts {
  network: Network;
  clock: Clock;
  door: Pick<Door, 'token' | 'spoil'>;
  board: Board;
  agentVersion: string;
  boot: string;
  /** Default `heartbeatMs`. */
  heartbeatEveryMs?: number | undefined;
  outbox: ReportQueue;
  holds: () => Holds;
  progress: () => Progress[];
  /** What the board senses of itself; absent: nothing. */
  readings?: (() => Readings) | undefined;
  /** The server thinks that we have missed documents: the way they come may be dead without a word. */
  onBehind?: (() => void) | undefined;
  timekeeper: {
    connected(ask: (sentMs: number) => void): void;
    disconnected(): void;
    answered(answer: Extract<ServerMessage, { kind: 'time-answer' }>): boolean;
    clockState(): ClockState;
  };
  refusals: Refusals;
}

export interface SocketPath {
  open(onClosed: (reason: string) => void): Promise<Opened>;
  /** What is held or sensed changed: told soon, not only with the next heartbeat. */
  heartbeatSoon(): void;
  /** Something began, ended or moved on. */
  progressSoon(): void;
  /** The board's figures were looked at: told at once when something has switched. */
  readingsSeen(): void;
}

/** The path; at most one connection at a time. */
export function createSocketPath(parts: SocketParts): SocketPath {
  const { clock, outbox, timekeeper } = parts;
  let live: { pump: () => void; tellAll: () => void; tellProgress: () => void; readingsSeen: () => void } | undefined;
  const heartbeatSoon = gathered(clock, gatherHoldsMs, () => live?.tellAll());
  outbox.onAdded(() => live?.pump());

  function converse(
    socket: Socket,
    leave: (reason: string) => void,
  ): { hear: (text: string) => void; end: () => void } {
    let nonsense = 0;
    let heardMs = clock.monotonicMs();
    let cancelWelcome: Cancel | undefined = clock.setTimer(() => leave('no welcome'), welcomeWaitMs);
    let lastFrameMs = heardMs;
    const send = (message: DeviceMessage) => {
      lastFrameMs = clock.monotonicMs();
      socket.send(JSON.stringify(message));
    };
    const account = (): Account => ({
      holds: parts.holds(),
      clock: timekeeper.clockState(),
      progress: parts.progress().slice(0, progressMax),
    });
    const isFlowing = () => socket.bufferedBytes() <= bufferedBytesMax;
    const hello = account();
    const flow = createReportFlow({ clock, outbox, send, onStuck: leave });
    const words = createAccountFlow({
      clock,
      // Hello tells no progress.
      told: { ...hello, progress: [] },
      account,
      readings: parts.readings,
      send,
      lastFrameMs: () => lastFrameMs,
      isFlowing,
      onTurn: () => clock.monotonicMs() - heardMs > silentMsMax && leave('nothing heard'),
    });

    function refuse(reason: string): void {
      nonsense += 1;
      parts.refusals.refused({ subject: 'link', reason });
      if (nonsense >= nonsenseMax) leave('too much that is not understood');
    }

    function welcome({ storedSeq, beatMs }: Extract<ServerMessage, { kind: 'welcome' }>): void {
      if (cancelWelcome === undefined) {
        refuse('welcome again');
        return;
      }
      cancelWelcome();
      cancelWelcome = undefined;
      live = { ...words, pump: flow.pump };
      words.welcomed(parts.heartbeatEveryMs ?? beatMs);
      // On a line that does not move an answer would come too late to say anything.
      timekeeper.connected((sentMs) => isFlowing() && send({ kind: 'time-request', sentMs }));
      if (flow.welcomed(storedSeq)) return;
      // A board set back to an older copy: its numbers are used up.
      void outbox.renew().then(
        () => leave('new stream'),
        () => leave('new stream cannot be written'),
      );
    }

    function take(message: ServerMessage): void {
      if (message.kind === 'welcome') welcome(message);
      else if (message.kind === 'say-holds') {
        heartbeatSoon();
        parts.onBehind?.();
      } else if (message.kind === 'receipt') {
        if (!flow.receipted(message)) refuse('receipt for what was not sent');
      } else if (message.kind === 'time-answer') {
        if (!isInstant(message.receivedMs) || !isInstant(message.answeredMs)) refuse('time that cannot be');
        else if (!timekeeper.answered(message)) refuse('time that was not asked for');
      } else {
        parts.refusals.refused({ subject: 'our frame, by the server', reason: message.reason });
        if (message.fatal) leave(`refused: ${message.reason}`);
        else flow.refused();
      }
    }

    send({
      kind: 'hello',
      v: deviceProtocolVersion,
      agentVersion: parts.agentVersion,
      boot: parts.boot,
      stream: outbox.stream(),
      capabilities: parts.board.capabilities,
      holds: hello.holds,
      clock: hello.clock,
      beats: true,
    });
    return {
      hear(text) {
        heardMs = clock.monotonicMs();
        const parsed = parseFrame(serverMessageSchema, text);
        if (parsed.ok) take(parsed.message);
        else refuse('not understood');
      },
      end() {
        if (cancelWelcome === undefined) timekeeper.disconnected();
        cancelWelcome?.();
        flow.stop();
        words.stop();
        live = undefined;
      },
    };
  }

  return {
    async open(onClosed) {
      const { token } = await parts.door.token({ ageMsMax: freshTokenAgeMs });
      let conversation: ReturnType<typeof converse> | undefined;
      let reasonToLeave: string | undefined;
      const early: string[] = [];
      const socket = await parts.network
        .openSocket({
          path: doorPaths.link,
          headers: { authorization: `Bearer ${token}` },
          frameBytesMax: linkFrameBytesMax,
          timeoutMs,
          onText: (text) => {
            if (reasonToLeave !== undefined) return;
            if (conversation === undefined) early.push(text);
            else conversation.hear(text);
          },
          onClosed: (reason) => {
            conversation?.end();
            onClosed(reasonToLeave ?? reason);
          },
        })
        .catch((error: unknown) => {
          if (error instanceof AccessRefused) parts.door.spoil(token);
          throw error;
        });
      conversation = converse(socket, (reason) => {
        reasonToLeave ??= reason;
        socket.close();
      });
      for (const text of early.splice(0)) conversation.hear(text);
      return { close: async () => socket.close() };
    },

    heartbeatSoon,
    progressSoon: gathered(clock, gatherProgressMs, () => live?.tellProgress()),
    readingsSeen: () => live?.readingsSeen(),
  };
}

/** Whether a calendar can hold it (ECMA-262 §21.4.1.1): beyond, every use of it would throw. */
function isInstant(ms: number): boolean {
  return ms >= 0 && ms <= 8.64e15;
}

/** Calls within a span become one at its end. */
function gathered(clock: Clock, gatherMs: number, run: () => void): () => void {
  let isDue = false;
  return () => {
    if (isDue) return;
    isDue = true;
    clock.setTimer(() => {
      isDue = false;
      run();
    }, gatherMs);
  };
}
