/**
 * The board's real network behind `Network`: node's HTTP client, mqtt.js, ws. One address, one try each: when to come
 * again is the link's to decide. Everything is bounded in time and size; what the other side says is not looked into.
 */
import http from 'node:http';
import https from 'node:https';
import mqtt from 'mqtt';
import WebSocket from 'ws';
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

/** Two downloads, a sign-in and one to spare. */
const connectionsMax = 4;

/** A dead line is noticed within two of these; also keeps middle boxes from forgetting the connection. */
const pingEveryMs = 20_000;

/** A network below one server address, `http(s)://host[:port][/path]`. `close` lets idle connections go. */
export function machineNetwork(options: { serverUrl: string }): Network & { close(): void } {
  const base = new URL(options.serverUrl);
  const secure = base.protocol === 'https:';
  if (!secure && base.protocol !== 'http:') throw new Error(`Not an http(s) address: ${options.serverUrl}`);
  const family = secure ? https : http;
  const agent = new family.Agent({ keepAlive: true, maxSockets: connectionsMax });

  function address(path: string, scheme: 'http' | 'ws'): string {
    const url = new URL(base);
    url.protocol = secure ? `${scheme}s:` : `${scheme}:`;
    url.pathname = base.pathname.replace(/\/$/, '') + path;
    return url.toString();
  }

  return {
    http: (request) => exchange({ family, agent, url: address(request.path, 'http'), request }),
    openMqtt: (opening) => openMqtt(opening.url ?? address('/mqtt', 'ws'), opening),
    openSocket: (opening) => openSocket(address(opening.path, 'ws'), opening),
    close: () => agent.destroy(),
  };
}

async function exchange(options: {
  family: typeof http | typeof https;
  agent: http.Agent;
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
  agent: http.Agent;
  url: string;
  request: HttpRequest;
  signal: AbortSignal;
}): Promise<http.IncomingMessage> {
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

function flat(headers: http.IncomingHttpHeaders): Record<string, string> {
  const entries = Object.entries(headers).map(([name, value]) => [name, [value ?? ''].flat().join(', ')]);
  return Object.fromEntries(entries);
}

/** CONNACK codes of MQTT 3.1.1 §3.2.2.3 that a new token may cure. */
const refusedCodes = new Set<unknown>([4, 5]);

function openMqtt(url: string, opening: MqttOpening): Promise<MqttSession> {
  const client = mqtt.connect(url, {
    protocolVersion: 4,
    clean: true,
    reconnectPeriod: 0,
    resubscribe: false,
    queueQoSZero: false,
    connectTimeout: opening.timeoutMs,
    keepalive: opening.keepaliveS,
    clientId: opening.clientId,
    username: opening.username,
    password: opening.password,
    will: { topic: opening.will.topic, payload: Buffer.from(opening.will.payload), qos: 1, retain: true },
  });
  const within = <T>(what: Promise<T>) => settledWithin(what, opening.timeoutMs);
  let reason = 'the line was closed';
  return new Promise((resolve, reject) => {
    let isOpen = false;
    client.on('message', opening.onMessage);
    client.on('error', (error) => {
      reason = error.message;
      const isRefused = 'code' in error && refusedCodes.has(error.code);
      if (!isOpen) reject(isRefused ? new AccessRefused(error.message) : error);
      client.end(true);
    });
    client.on('close', () => {
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
        async close() {
          reason = 'closed by us';
          await within(client.endAsync(false)).catch(() => client.end(true));
        },
      });
    });
  });
}

function openSocket(url: string, opening: SocketOpening): Promise<Socket> {
  const socket = new WebSocket(url, {
    headers: opening.headers,
    maxPayload: opening.frameBytesMax,
    handshakeTimeout: opening.timeoutMs,
    perMessageDeflate: false,
  });
  return new Promise((resolve, reject) => {
    let reason = 'the line was closed';
    let isOpen = false;
    let isHeard = true;
    const pinging = setInterval(() => {
      if (!isHeard) {
        reason = `nothing heard for ${pingEveryMs} ms`;
        socket.terminate();
      }
      isHeard = false;
      if (socket.readyState === WebSocket.OPEN) socket.ping();
    }, pingEveryMs);
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
    socket.on('pong', () => {
      isHeard = true;
    });
    socket.on('message', (data, isBinary) => {
      isHeard = true;
      if (isBinary) socket.close(1003, 'text frames only');
      else opening.onText(String(data));
    });
    socket.on('close', (code) => {
      clearInterval(pinging);
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
