/**
 * The WebSocket door of panels: who may watch, how many at once, and the end of a watch when its sign-in ends. What is
 * sent stands in `panel-feed.ts`.
 */
import type { IncomingMessage } from 'node:http';
import type { Person } from '@loa/protocol/panel';
import { WebSocketServer } from 'ws';
import type { Clock } from '../../edges/clock.ts';
import type { Log, People, Roster, Work } from '../../work/contracts.ts';
import { feed, type PanelFeed } from './panel-feed.ts';
import { refuseUpgrade, type Upgrade } from './upgrades.ts';

/** Some tabs on some devices of one person. */
const feedsPerPersonMax = 8;

/** Each costs a snapshot in memory while its panel is slow. */
const feedsMax = 500;

/** Panels ask for a new snapshot and nothing else. */
const requestBytesMax = 1_024;
const closeMsMax = 2_000;

export interface PanelFeedPorts {
  people: Pick<People, 'personOf'>;
  roster: Pick<Roster, 'snapshot' | 'subscribe'>;
  clock: Clock;
  clockDoubt: Work['clockDoubt'];
  log: Log;
  /** Name of the cookie that carries the sign-in. */
  cookieName: string;
  /** Hosts besides the request's own that a panel's page may come from: that of the public address, behind a proxy. */
  hosts: readonly string[];
}

export interface PanelFeeds {
  upgrade: Upgrade;
  /** Ends the feeds of a sign-in that was ended. */
  signedOut(token: string): void;
  /** The tree, its law, or where clusters stand has changed: every feed begins anew. */
  placesChanged(): void;
  count(): number;
  stop(): void;
}

/** Opens the door; `upgrade` is to be routed to `livePath`. */
export function createPanelFeeds(ports: PanelFeedPorts): PanelFeeds {
  // `closeTimeout` is known to ws 8.23 and not yet to its types.
  const options = {
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: requestBytesMax,
    closeTimeout: closeMsMax,
  };
  const server = new WebSocketServer(options);
  const feeds = new Set<{ feed: PanelFeed; token: string; personId: string }>();
  const isFull = (person: Person) =>
    feeds.size >= feedsMax || [...feeds].filter(({ personId }) => personId === person.id).length >= feedsPerPersonMax;

  const admit: (...upgrade: Parameters<Upgrade>) => Promise<void> = async (request, socket, head) => {
    if (!isOwnPage(request, ports.hosts)) return refuseUpgrade(socket, 403);
    const token = cookieOf(request, ports.cookieName);
    const person = token === undefined ? undefined : await ports.people.personOf(token);
    if (token === undefined || person === undefined) return refuseUpgrade(socket, 401);
    if (isFull(person)) return refuseUpgrade(socket, 503);
    server.handleUpgrade(request, socket, head, (websocket) => {
      const entry = {
        token,
        personId: person.id,
        feed: feed(websocket, { ...ports, person, stillSignedIn: () => ports.people.personOf(token) }, () =>
          feeds.delete(entry),
        ),
      };
      feeds.add(entry);
    });
  };

  return {
    upgrade: (request, socket, head) => {
      admit(request, socket, head).catch((error: unknown) => {
        ports.log('error', 'a panel’s feed could not be opened', { error: String(error) });
        socket.destroy();
      });
    },
    signedOut: (token) => {
      for (const entry of [...feeds]) if (entry.token === token) entry.feed.signedOut();
    },
    placesChanged: () => {
      for (const entry of feeds) entry.feed.begin();
    },
    count: () => feeds.size,
    stop: () => {
      for (const entry of [...feeds]) entry.feed.end();
      server.close();
    },
  };
}

/**
 * A page of another site may open a WebSocket with this site's cookie, so the browser's own word of where the page
 * came from is compared. Programs send no `Origin` and carry no one else's cookie.
 */
function isOwnPage({ headers }: IncomingMessage, hosts: readonly string[]): boolean {
  if (headers.origin === undefined) return true;
  const host = URL.canParse(headers.origin) ? new URL(headers.origin).host : undefined;
  return host !== undefined && (host === headers.host || hosts.includes(host));
}

function cookieOf({ headers }: IncomingMessage, name: string): string | undefined {
  for (const pair of headers.cookie?.split(';') ?? []) {
    const [key, value] = pair.split('=', 2);
    if (key?.trim() === name && value !== undefined) return decodeURIComponent(value.trim());
  }
  return undefined;
}
