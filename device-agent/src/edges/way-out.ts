/**
 * How a line to the server comes about where it is not simply opened: through an HTTP CONNECT proxy (RFC 9110 §9.3.6),
 * and with the installation's own authority pinned. Hands out agents for `http`, `https` and `ws`, and single lines for
 * MQTT. A line is handed out only when it may be used: nothing is sent before the server's certificate was judged.
 */
import type { Agent } from 'node:http';
import { connect, isIP, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import tls from 'node:tls';
import { http, https } from './http-family.ts';
import { RuleBroken } from './network.ts';
import { judgeServer, type KnownTime, noTime, parsePins } from './pinned-authority.ts';

/** From the first packet to a judged line. */
const openMsMax = 15_000;

export interface WayOutOptions {
  /** `http://[name:password@]host:port`; absent: straight. */
  proxyUrl?: string | undefined;
  /** PEM: only servers of these authorities are trusted. Absent: those that the runtime trusts. */
  pinnedPem?: string | undefined;
}

export interface WayOut {
  /** An agent that opens its connections this way. */
  agent(options: {
    secure: boolean;
    keepAlive: boolean;
    maxSockets?: number;
    /** Hears why a line did not come about, for a user of the agent that keeps it to itself. */
    onFailed?: ((reason: string) => void) | undefined;
  }): Agent;
  /** One line. Rejects with why there is none. */
  open(to: Target): Promise<Duplex>;
  /** What the dates of certificates are judged by from now on. */
  knowsTime(time: () => KnownTime): void;
}

export interface Target {
  host: string;
  port: number;
  secure: boolean;
}

/** Throws when an option cannot be used. */
export function createWayOut(options: WayOutOptions): WayOut {
  const proxy = options.proxyUrl === undefined ? undefined : new URL(options.proxyUrl);
  const pins = options.pinnedPem === undefined ? undefined : parsePins(options.pinnedPem);
  let time: () => KnownTime = () => noTime;

  async function open({ host: named, port, secure }: Target): Promise<Duplex> {
    const host = named.replace(/^\[|\]$/g, '');
    const line = await (proxy === undefined ? straight(host, port) : through(proxy, host, port));
    if (!secure) return line;
    return secured(line, host);
  }

  function secured(line: Socket, host: string): Promise<tls.TLSSocket> {
    return settled((resolve, reject) => {
      const socket = tls.connect({
        socket: line,
        ...(isIP(host) === 0 ? { servername: host } : {}),
        host,
        ALPNProtocols: ['http/1.1'],
        // With pins the verdict is read below, before anybody gets the socket.
        ...(pins === undefined
          ? {}
          : { ca: pins.map(String), allowPartialTrustChain: true, rejectUnauthorized: false }),
      });
      const fail = (error: Error) => {
        // Not the line below it: that is in use by the very call that came here, and the process would not survive it.
        socket.destroy();
        reject(error);
      };
      socket.once('error', fail);
      socket.once('secureConnect', () => {
        const fault = pins === undefined ? undefined : faultOf(socket, { host, pins, time: time() });
        if (fault !== undefined) return fail(new RuleBroken('certificate-not-accepted', fault));
        socket.off('error', fail);
        resolve(socket);
      });
      socket.once('close', () => line.destroy());
      return () => socket.destroy();
    });
  }

  function createConnection(target: { host?: unknown; port?: unknown }, secure: boolean, done: Done): undefined {
    const to = { host: String(target.host), port: Number(target.port), secure };
    open(to).then(
      (line) => done(null, line),
      (error: unknown) => done(error instanceof Error ? error : new Error(String(error))),
    );
    return undefined;
  }

  return {
    open,
    agent({ secure, onFailed, ...shared }) {
      const agent = secure ? new https.Agent(shared) : new http.Agent(shared);
      agent.createConnection = (target, done) =>
        createConnection(target, secure, (error, line) => {
          if (error !== null) onFailed?.(error.message);
          // The callback of Node's agents takes an error alone; its type asks for both.
          if (line === undefined) Reflect.apply(done ?? (() => undefined), undefined, [error]);
          else done?.(error, line);
        });
      return agent;
    },
    knowsTime(known) {
      time = known;
    },
  };
}

type Done = (error: Error | null, line?: Duplex) => void;

function faultOf(
  socket: tls.TLSSocket,
  options: { host: string; pins: ReturnType<typeof parsePins>; time: KnownTime },
): string | undefined {
  const said: unknown = socket.authorizationError;
  const opensslError = socket.authorized ? undefined : said instanceof Error ? said.message : String(said);
  return judgeServer({ ...options, certificate: socket.getPeerX509Certificate(), opensslError });
}

function straight(host: string, port: number): Promise<Socket> {
  return settled((resolve, reject) => {
    const socket = connect({ host, port, noDelay: true });
    socket.once('error', reject);
    socket.once('connect', () => {
      socket.off('error', reject);
      resolve(socket);
    });
    return () => socket.destroy();
  });
}

function through(proxy: URL, host: string, port: number): Promise<Socket> {
  const to = `${host.includes(':') ? `[${host}]` : host}:${port}`;
  const name = `${decodeURIComponent(proxy.username)}:${decodeURIComponent(proxy.password)}`;
  const access = name === ':' ? {} : { 'proxy-authorization': `Basic ${Buffer.from(name).toString('base64')}` };
  return settled((resolve, reject) => {
    const asking = http.request({
      host: proxy.hostname.replace(/^\[|\]$/g, ''),
      port: proxy.port === '' ? 80 : Number(proxy.port),
      method: 'CONNECT',
      path: to,
      headers: { host: to, ...access },
      agent: false,
    });
    asking.once('error', (error) => reject(new Error(`The proxy ${proxy.host} cannot be reached: ${error.message}`)));
    asking.once('connect', (answer, socket: Socket, head: Buffer) => {
      if (answer.statusCode !== 200) {
        socket.destroy();
        return reject(new Error(`The proxy ${proxy.host} ${refusal(answer.statusCode ?? 0, to)}`));
      }
      socket.setNoDelay(true);
      if (head.length > 0) socket.unshift(head);
      resolve(socket);
    });
    asking.end();
    return () => asking.destroy();
  });
}

function refusal(status: number, to: string): string {
  if (status === 407) return 'wants another name and password (407): give them in LOA_PROXY';
  if (status === 403) return `lets nobody through to ${to} (403): ask whoever runs it to allow this`;
  return `does not open the way to ${to} (${status})`;
}

/** Bounds in time what opens a line; `begin` answers with how to give it up. */
function settled<T>(begin: (resolve: (value: T) => void, reject: (error: Error) => void) => () => void): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      giveUp();
      reject(new Error(`No connection within ${openMsMax} ms`));
    }, openMsMax);
    const ended = <V>(then: (value: V) => void) => {
      return (value: V) => {
        clearTimeout(timer);
        then(value);
      };
    };
    const giveUp = begin(ended(resolve), ended(reject));
  });
}
