/** A live feed with a hand-moved clock and sockets that the test speaks for. */
import type { AiringView, ClusterView, PanelMessage } from '@loa/protocol/panel';
import type { Socket, SocketEvents } from '@loa/web/edges/socket.ts';
import { LiveFeed } from '@loa/web/live/feed.ts';

const startMs = Date.parse('2026-11-27T10:00:00Z');

/** One socket the feed has opened. */
export interface FakeSocket {
  events: SocketEvents;
  sent: unknown[];
  isClosed: boolean;
}

export class FeedBench {
  nowMs = startMs;
  sockets: FakeSocket[] = [];
  #timers: { atMs: number; run: () => void }[] = [];
  feed = new LiveFeed({
    openSocket: (events) => this.#open(events),
    clock: {
      nowMs: () => this.nowMs,
      setTimer: (run, delayMs) => {
        const timer = { atMs: this.nowMs + delayMs, run };
        this.#timers.push(timer);
        return () => {
          this.#timers = this.#timers.filter((one) => one !== timer);
        };
      },
    },
    random: () => 0.5,
  });

  #open(events: SocketEvents): Socket {
    const socket: FakeSocket = { events, sent: [], isClosed: false };
    this.sockets.push(socket);
    return {
      send: (text) => socket.sent.push(JSON.parse(text)),
      close: () => {
        socket.isClosed = true;
      },
    };
  }

  /** The socket opened last. */
  socket(): FakeSocket {
    const last = this.sockets.at(-1);
    if (last === undefined) throw new Error('The feed has opened no socket');
    return last;
  }

  say(message: PanelMessage): void {
    this.socket().events.received(JSON.stringify(message));
  }

  /** Moves time, running each timer at its own instant. */
  advance(spanMs: number): void {
    const untilMs = this.nowMs + spanMs;
    for (;;) {
      const next = this.#timers.filter((timer) => timer.atMs <= untilMs).sort((a, b) => a.atMs - b.atMs)[0];
      if (next === undefined) break;
      this.#timers = this.#timers.filter((timer) => timer !== next);
      this.nowMs = Math.max(this.nowMs, next.atMs);
      next.run();
    }
    this.nowMs = untilMs;
  }

  /** A feed that has opened and drawn the given clusters as number 1. */
  drawn(clusters: ClusterView[] = [clusterOf('c-1')]): this {
    this.feed.start();
    this.socket().events.opened();
    this.say({ kind: 'snapshot', number: 1, serverTime: this.serverTime(), areas: [], clusters, airings: [] });
    return this;
  }

  /** The server's clock runs an hour ahead of this computer's. */
  serverTime(): string {
    return new Date(this.nowMs + 3_600_000).toISOString();
  }
}

export function clusterOf(id: string, more: Partial<ClusterView> = {}): ClusterView {
  return { id, name: id, areaId: 'a-1', horns: 2, reach: 'reachable', planCurrent: true, faults: [], ...more };
}

export function airingOf(more: Partial<AiringView> = {}): AiringView {
  return {
    occurrence: 'b-1@1',
    bulletinId: 'b-1',
    title: 'Bản tin',
    class: 'normal',
    drill: false,
    at: '2026-11-27T10:00:00Z',
    until: '2026-11-27T10:01:00Z',
    areaIds: ['a-1'],
    active: true,
    targets: [],
    ...more,
  };
}
