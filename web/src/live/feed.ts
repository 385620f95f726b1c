/**
 * The one owner of the panel's socket: connects, draws the picture from the snapshot and the numbered deltas, asks for
 * a new snapshot after a gap, says that the picture is stale as soon as nothing trustworthy has come for `staleAfterMs`,
 * and connects again with jitter until somebody signs out (DESIGN P13). It keeps the last picture while stale: an old
 * truth marked as old is better than none. It never guesses what the server did not say.
 */
import { type ClockDoubt, type PanelMessage, panelMessageSchema, staleAfterMs } from '@loa/protocol/panel';
import type { Cancel, Clock } from '../edges/clock.ts';
import type { Random } from '../edges/random.ts';
import type { OpenSocket, Socket } from '../edges/socket.ts';
import { emptyPicture, nextPicture, type Picture, pictureOf } from './picture.ts';

/** How the panel stands with the server. `connecting` only before the first snapshot, and at most `staleAfterMs`. */
export type LivePhase = 'connecting' | 'live' | 'stale' | 'signed-out';

export interface LiveState {
  phase: LivePhase;
  picture: Picture;
  /** False until the first snapshot. */
  isDrawn: boolean;
  /** Server time of the last trustworthy message in epoch ms; undefined before the first. */
  heardAtMs: number | undefined;
  /** Why the server does not believe its own clock; undefined while it does, or before it has said. */
  clockDoubt: ClockDoubt | undefined;
  /** Server time minus this computer's time, in ms. */
  offsetMs: number;
}

/** Longest wait before a reconnect: a panel is back within seconds after the server is. */
export const reconnectMsMax = 8_000;
/** Shortest, so that a refusing server is not hammered. */
export const reconnectMsMin = 300;
/** An open socket that has not drawn a picture by then asks for one. */
export const askAfterMs = 1_000;

export class LiveFeed {
  #ports: { openSocket: OpenSocket; clock: Clock; random: Random };
  #state: LiveState = {
    phase: 'connecting',
    picture: emptyPicture,
    isDrawn: false,
    heardAtMs: undefined,
    clockDoubt: undefined,
    offsetMs: 0,
  };
  #listeners = new Set<() => void>();
  #socket: Socket | undefined;
  #attempt = 0;
  /** True between a gap and the snapshot that closes it: until then nothing that comes is trustworthy. */
  #awaitsSnapshot = true;
  /** This computer's time of the last trustworthy message, or of the start. */
  #heardMs = 0;
  #cancelWatch: Cancel = () => {};
  #cancelReconnect: Cancel = () => {};
  #cancelAsk: Cancel = () => {};
  #cancelPatience: Cancel = () => {};
  #started = false;

  constructor(ports: { openSocket: OpenSocket; clock: Clock; random: Random }) {
    this.#ports = ports;
  }

  /** The state at this moment; the same object until something changes. */
  state = (): LiveState => this.#state;

  /** Calls back after each change. Returns the unsubscription. */
  subscribe = (onChange: () => void): (() => void) => {
    this.#listeners.add(onChange);
    return () => this.#listeners.delete(onChange);
  };

  start(): void {
    if (this.#started) return;
    this.#started = true;
    this.#heardMs = this.#ports.clock.nowMs();
    this.#watch();
    this.#connect();
  }

  stop(): void {
    this.#started = false;
    this.#cancelWatch();
    this.#cancelReconnect();
    this.#cancelAsk();
    this.#drop();
  }

  /** The page was hidden or the computer slept, and its timers with it: looks at once whether the picture still holds. */
  wake = (): void => {
    if (!this.#started) return;
    if (this.#ports.clock.nowMs() - this.#heardMs < staleAfterMs && this.#socket !== undefined) return;
    if (this.#ports.clock.nowMs() - this.#heardMs >= staleAfterMs) this.#become({ phase: 'stale' });
    this.#attempt = 0;
    this.#connect();
  };

  #connect(): void {
    this.#drop();
    this.#cancelReconnect();
    this.#awaitsSnapshot = true;
    const socket: Socket = this.#ports.openSocket({
      opened: () => this.#isCurrent(socket) && this.#askSoon(),
      received: (text) => this.#isCurrent(socket) && this.#receive(text),
      closed: () => this.#isCurrent(socket) && this.#lost(),
    });
    this.#socket = socket;
    // A network that swallows packets never closes: an attempt without a picture is given up like a lost one.
    this.#cancelPatience = this.#ports.clock.setTimer(() => {
      if (this.#isCurrent(socket) && this.#awaitsSnapshot) this.#lost();
    }, staleAfterMs);
  }

  #isCurrent(socket: Socket): boolean {
    return this.#started && this.#socket === socket;
  }

  #drop(): void {
    const socket = this.#socket;
    this.#socket = undefined;
    this.#cancelAsk();
    this.#cancelPatience();
    socket?.close();
  }

  #lost(): void {
    this.#drop();
    if (this.#state.phase === 'live') this.#become({ phase: 'stale' });
    const capMs = Math.min(reconnectMsMax, reconnectMsMin * 2 ** Math.min(this.#attempt, 10));
    this.#attempt += 1;
    this.#cancelReconnect();
    this.#cancelReconnect = this.#ports.clock.setTimer(
      () => this.#connect(),
      reconnectMsMin + this.#ports.random() * capMs,
    );
  }

  #askSoon(): void {
    this.#cancelAsk();
    this.#cancelAsk = this.#ports.clock.setTimer(() => {
      if (this.#awaitsSnapshot) this.#ask();
    }, askAfterMs);
  }

  #ask(): void {
    this.#awaitsSnapshot = true;
    this.#socket?.send(JSON.stringify({ kind: 'resync' }));
  }

  #receive(text: string): void {
    const message = parseMessage(text);
    if (message === undefined) {
      this.#lost();
      return;
    }
    if (message.kind === 'signed-out') {
      this.stop();
      this.#become({ phase: 'signed-out' });
      return;
    }
    if (message.kind === 'snapshot') {
      this.#awaitsSnapshot = false;
      this.#attempt = 0;
      this.#trust(message.serverTime, pictureOf(message), message.clockDoubt);
      return;
    }
    if (this.#awaitsSnapshot) return;
    const next = message.kind === 'delta' ? nextPicture(this.#state.picture, message) : this.#state.picture;
    if (next === 'gap' || message.number > next.number) this.#ask();
    else this.#trust(message.serverTime, next, message.kind === 'beat' ? message.clockDoubt : this.#state.clockDoubt);
  }

  #trust(serverTime: string, picture: Picture, clockDoubt: ClockDoubt | undefined): void {
    const heardAtMs = Date.parse(serverTime);
    this.#heardMs = this.#ports.clock.nowMs();
    this.#watch();
    this.#become({ phase: 'live', picture, isDrawn: true, heardAtMs, clockDoubt, offsetMs: heardAtMs - this.#heardMs });
  }

  #watch(): void {
    this.#cancelWatch();
    this.#cancelWatch = this.#ports.clock.setTimer(() => {
      this.#become({ phase: 'stale' });
      if (this.#socket !== undefined) this.#lost();
    }, staleAfterMs);
  }

  #become(change: Partial<LiveState>): void {
    this.#state = { ...this.#state, ...change };
    for (const listener of this.#listeners) listener();
  }
}

function parseMessage(text: string): PanelMessage | undefined {
  try {
    return panelMessageSchema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}
