/**
 * The board's real network behind `Network`: node's HTTP client here, MQTT and WebSocket in their own files. One
 * address, one try each: when to come again is the link's to decide. Everything is bounded in time and size, no answer
 * is followed anywhere or unpacked; what the other side says is not looked into.
 */
import type { Agent, IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { ruleBrokenBy, ruleOf } from './broken-rules.ts';
import { http, https } from './http-family.ts';
import { openMqtt } from './machine-mqtt.ts';
import { openSocket } from './machine-socket.ts';
import { type HttpAnswer, type HttpRequest, type Network, RuleBroken } from './network.ts';
import { createWayOut, type WayOutOptions } from './way-out.ts';

/** Two clips, a plan body, a release and a log may all hang; a sign-in must still come through, and one to spare. */
const connectionsMax = 7;

/**
 * A download that trickles lives for so many of its silences, and for one more with each of these bytes: a byte now and
 * then must not keep the place of another clip for ever. On 1 kB/s nothing is given up by this.
 */
const tricklesMax = 10;
const trickleBytes = 1_024;

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
  const { answerBytesMax, timeoutMs } = request;
  const giveUp = new AbortController();
  /** What the request heard: once an answer has begun, its reader hears only that it broke off. */
  let heard: unknown;
  let isReached = false;
  const late = () => {
    const message = `No answer within ${timeoutMs} ms`;
    giveUp.abort(isReached ? new RuleBroken('no-answer', message) : new Error(message));
  };
  const timer = setTimeout(late, timeoutMs);
  const startedMs = performance.now();
  const stop = () => giveUp.abort(new Error('Given up'));
  request.signal?.addEventListener('abort', stop);
  if (request.signal?.aborted === true) stop();
  try {
    const onReached = () => {
      isReached = true;
    };
    const onError = (error: unknown) => {
      heard ??= error;
    };
    const response = await begin({ family, agent, url, request, signal: giveUp.signal, onReached, onError });
    const head = { status: response.statusCode ?? 0, headers: flat(response.headers) };
    const tooLong = () => new RuleBroken('answer-too-long', `The answer exceeds ${answerBytesMax} bytes`);
    if (Number(response.headers['content-length'] ?? 0) > answerBytesMax) {
      response.destroy();
      throw tooLong();
    }
    const chunks: Uint8Array[] = [];
    let received = 0;
    for await (const chunk of response) {
      const bytes: Uint8Array = Buffer.isBuffer(chunk) ? chunk : Buffer.from(String(chunk));
      received += bytes.length;
      if (received > answerBytesMax) throw tooLong();
      if (request.onChunk === undefined) chunks.push(bytes);
      else {
        await request.onChunk(bytes, head);
        if (performance.now() - startedMs < timeoutMs * (tricklesMax + received / trickleBytes)) timer.refresh();
      }
    }
    return { ...head, body: Buffer.concat(chunks) };
  } catch (error) {
    throw giveUp.signal.aborted
      ? giveUp.signal.reason
      : ruleBrokenBy(ruleOf(error) === undefined ? (heard ?? error) : error);
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
  /** The server has taken the connection. */
  onReached: () => void;
  onError: (error: unknown) => void;
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
    outgoing.on('error', (error) => {
      options.onError(error);
      reject(error);
    });
    outgoing.on('socket', (socket) => {
      if (socket.connecting) socket.once('connect', options.onReached);
      else options.onReached();
    });
    outgoing.end(body);
  });
}

function flat(headers: IncomingHttpHeaders): Record<string, string> {
  const entries = Object.entries(headers).map(([name, value]) => [name, [value ?? ''].flat().join(', ')]);
  return Object.fromEntries(entries);
}
