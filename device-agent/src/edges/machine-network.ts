/**
 * The board's real network behind `Network`: node's HTTP client, mqtt.js, ws. One address, one try each: when to come
 * again is the link's to decide. Everything is bounded in time and size; what the other side says is not looked into.
 */
import type { Agent, IncomingHttpHeaders, IncomingMessage } from 'node:http';
import mqtt, { type IClientOptions } from 'mqtt';
import WebSocket from 'ws';
import { http, https } from './http-family.ts';
import {
  AccessRefused,
  type HttpAnswer,
  type HttpRequest,
  type MqttOpening,
  type MqttSession,
  type Network,
  type Socket,
  type SocketOpening,
} from './network.ts';
import { createWayOut, type WayOut, type WayOutOptions } from './way-out.ts';

/** Two downloads, a sign-in and one to spare. */
const connectionsMax = 4;

/**
 * A WebSocket on which nothing was heard for so long is asked whether it lives, and left when no answer comes: a dead
 * line is noticed within 90 s. The server's answers about the time come once a minute, so a live one is not asked.
 */
const quietMsMax = 70_000;
const pongMsMax = 20_000;

/** A broker that was asked for a sign of life has so long. */
const probeMsMax = 10_000;

/**
 * A network below one server address, `http(s)://host[:port][/path]`, straight or by a way out: everything goes through
 * the one proxy, and only servers of the pinned authorities are spoken to. `close` lets idle connections go.
 */
export function machineNetwork(options: { serverUrl: string } & WayOutOptions): Network & { close(): void } {
  const base = new URL(options.serverUrl);
  const secure = base.protocol === 'https:';
  if (!secure && base.protocol !== 'http:') throw new Error(`Not an http(s) address: ${options.serverUrl}`);
  const family = secure ? https : http;
  const isPlain = options.proxyUrl === undefined && options.pinnedPem === undefined;
  const way = isPlain ? undefined : createWayOut(options);
  const pool = { keepAlive: true, maxSockets: connectionsMax };
  const agent = way?.agent({ secure, ...pool }) ?? new family.Agent(pool);

  function address(path: string, scheme: 'http' | 'ws'): string {
    const url = new URL(base);
    url.protocol = secure ? `${scheme}s:` : `${scheme}:`;
    url.pathname = base.pathname.replace(/\/$/, '') + path;
    return url.toString();
  }

  return {
    http: (request) => exchange({ family, agent, url: address(request.path, 'http'), request }),
    openMqtt: (opening) => openMqtt(opening.url ?? address('/mqtt', 'ws'), opening, way),
    openSocket: (opening) => openSocket(address(opening.path, 'ws'), opening, way),
    ...(way === undefined ? {} : { knowsTime: way.knowsTime }),
    close: () => agent.destroy(),
  };
}

async function exchange(options: {
  family: typeof http | typeof https;
  agent: Agent;
  url: string;
  request: HttpRequest;
}): Promise<HttpAnswer> {
  const { family, agent, url, request } = options;
  const giveUp = new AbortController();
  const timer = setTimeout(
    () => giveUp.abort(new Error(`No answer within ${request.timeoutMs} ms`)),
    request.timeoutMs,
  );
  const stop = () => giveUp.abort(new Error('Given up'));
  request.signal?.addEventListener('abort', stop);
  if (request.signal?.aborted === true) stop();
  try {
    const response = await begin({ family, agent, url, request, signal: giveUp.signal });
    const head = { status: response.statusCode ?? 0, headers: flat(response.headers) };
    const chunks: Uint8Array[] = [];
    let received = 0;
    for await (const chunk of response) {
      const bytes: Uint8Array = Buffer.isBuffer(chunk) ? chunk : Buffer.from(String(chunk));
      received += bytes.length;
      if (received > request.answerBytesMax) throw new Error(`The answer exceeds ${request.answerBytesMax} bytes`);
      if (request.onChunk === undefined) chunks.push(bytes);
      else {
        await request.onChunk(bytes, head);
        timer.refresh();
      }
    }
    return { ...head, body: Buffer.concat(chunks) };
  } catch (error) {
    throw giveUp.signal.aborted ? giveUp.signal.reason : error;
  } finally {
    clearTimeout(timer);
    request.signal?.removeEventListener('abort', stop);
  }
}

function begin(options: {
  family: typeof http | typeof https;
  agent: Agent;
  url: string;
  request: HttpRequest;
  signal: AbortSignal;
}): Promise<IncomingMessage> {
  const { request } = options;
  const body = request.bytes ?? (request.body === undefined ? undefined : Buffer.from(request.body));
  const headers = body === undefined ? request.headers : { ...request.headers, 'content-length': String(body.length) };
  return new Promise((resolve, reject) => {
    const outgoing = options.family.request(
      options.url,
      { method: request.method, agent: options.agent, headers: headers ?? {}, signal: options.signal },
      resolve,
    );
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

function flat(headers: IncomingHttpHeaders): Record<string, string> {
  const entries = Object.entries(headers).map(([name, value]) => [name, [value ?? ''].flat().join(', ')]);
  return Object.fromEntries(entries);
}

/** CONNACK codes of MQTT 3.1.1 §3.2.2.3 that a new token may cure. */
const refusedCodes = new Set<unknown>([4, 5]);

/** The agent of one upgraded connection; undefined opens it straight. */
function agentFor(url: URL, way: WayOut | undefined, onFailed?: (reason: string) => void): Agent | undefined {
  return way?.agent({ secure: url.protocol === 'wss:', keepAlive: false, onFailed });
}

async function openMqtt(address: string, opening: MqttOpening, way: WayOut | undefined): Promise<MqttSession> {
  const url = new URL(address);
  const isWebSocket = url.protocol === 'ws:' || url.protocol === 'wss:';
  const secure = url.protocol === 'mqtts:';
  const port = url.port === '' ? (secure ? 8883 : 1883) : Number(url.port);
  let reason = 'the line was closed';
  // mqtt.js does not hand on why a WebSocket could not be opened.
  const agent = isWebSocket ? agentFor(url, way, (said) => (reason = said)) : undefined;
  const line = isWebSocket ? undefined : await way?.open({ host: url.hostname, port, secure });
  const settings: IClientOptions = {
    protocolVersion: 4,
    clean: true,
    reconnectPeriod: 0,
    resubscribe: false,
    queueQoSZero: false,
    // Otherwise a buffer of two bytes is kept for each of 65,536 numbers: 7 MB.
    writeCache: false,
    connectTimeout: opening.timeoutMs,
    keepalive: opening.keepaliveS,
    clientId: opening.clientId,
    username: opening.username,
    password: opening.password,
    will: { topic: opening.will.topic, payload: Buffer.from(opening.will.payload), qos: 1, retain: true },
    ...(agent === undefined ? {} : { wsOptions: { agent } }),
  };
  const client = line === undefined ? mqtt.connect(address, settings) : new mqtt.MqttClient(() => line, settings);
  const within = <T>(what: Promise<T>) => settledWithin(what, opening.timeoutMs);
  return new Promise((resolve, reject) => {
    let isOpen = false;
    let probing: NodeJS.Timeout | undefined;
    client.on('packetreceive', () => clearTimeout(probing));
    client.on('message', opening.onMessage);
    client.on('error', (error) => {
      reason = error.message;
      const isRefused = 'code' in error && refusedCodes.has(error.code);
      if (!isOpen) reject(isRefused ? new AccessRefused(error.message) : error);
      client.end(true);
    });
    client.on('close', () => {
      clearTimeout(probing);
      if (isOpen) opening.onClosed(reason);
      else reject(new Error(`No MQTT session: ${reason}`));
      isOpen = false;
      client.end(true);
    });
    client.on('connect', () => {
      isOpen = true;
      resolve({
        async subscribe(topics) {
          try {
            await within(client.subscribeAsync([...topics], { qos: 1 }));
          } catch (error) {
            // mqtt.js hands the SUBACK along when the broker refused, and only then.
            const isRefused = error instanceof Error && 'packet' in error;
            throw isRefused ? new AccessRefused(`The broker refuses one of ${topics.join(', ')}`) : error;
          }
        },
        async unsubscribe(topics) {
          await within(client.unsubscribeAsync([...topics]));
        },
        async publish(topic, payload) {
          await within(client.publishAsync(topic, payload, { qos: 1, retain: true }));
        },
        probe() {
          if (!isOpen) return;
          clearTimeout(probing);
          probing = setTimeout(() => {
            reason = `no sign of life from the broker within ${probeMsMax} ms`;
            client.stream.destroy();
          }, probeMsMax);
          client.sendPing();
        },
        async close() {
          reason = 'closed by us';
          await within(client.endAsync(false)).catch(() => client.end(true));
        },
      });
    });
  });
}

function openSocket(url: string, opening: SocketOpening, way: WayOut | undefined): Promise<Socket> {
  const agent = agentFor(new URL(url), way);
  const socket = new WebSocket(url, {
    ...(agent === undefined ? {} : { agent }),
    headers: opening.headers,
    maxPayload: opening.frameBytesMax,
    handshakeTimeout: opening.timeoutMs,
    perMessageDeflate: false,
  });
  return new Promise((resolve, reject) => {
    let reason = 'the line was closed';
    let isOpen = false;
    let dying: NodeJS.Timeout | undefined;
    const quiet = setTimeout(() => {
      if (socket.readyState === WebSocket.OPEN) socket.ping();
      dying = setTimeout(() => {
        reason = `nothing heard for ${quietMsMax + pongMsMax} ms`;
        socket.terminate();
      }, pongMsMax);
    }, quietMsMax);
    const hear = () => {
      clearTimeout(dying);
      quiet.refresh();
    };
    socket.on('unexpected-response', (request, response) => {
      const status = response.statusCode ?? 0;
      const message = `The server answered ${status}`;
      reject(status === 401 || status === 403 ? new AccessRefused(message) : new Error(message));
      request.destroy();
      socket.terminate();
    });
    socket.on('error', (error) => {
      reason = error.message;
      reject(error);
    });
    socket.on('pong', hear);
    socket.on('ping', hear);
    socket.on('message', (data, isBinary) => {
      hear();
      if (isBinary) socket.close(1003, 'text frames only');
      else opening.onText(String(data));
    });
    socket.on('close', (code) => {
      clearTimeout(quiet);
      clearTimeout(dying);
      if (isOpen) opening.onClosed(code === 1006 || code === 1005 ? reason : `closed with ${code}`);
      else reject(new Error(`No connection: ${reason}`));
    });
    socket.on('open', () => {
      isOpen = true;
      resolve({
        send: (text) => socket.send(text, () => undefined),
        bufferedBytes: () => socket.bufferedAmount,
        close() {
          reason = 'closed by us';
          socket.close();
          // A peer that does not answer the closing would hold the connection for half a minute.
          setTimeout(() => socket.terminate(), 2_000).unref();
        },
      });
    });
  });
}

/** mqtt.js may never settle what was asked of a connection that went away. */
async function settledWithin<T>(what: Promise<T>, timeoutMs: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`No answer within ${timeoutMs} ms`)), timeoutMs);
  });
  try {
    return await Promise.race([what, late]);
  } finally {
    clearTimeout(timer);
  }
}
