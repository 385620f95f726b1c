/**
 * The board's own small door: HTTP on an address of its own network or on a socket file in the agent's folder. Each
 * connection carries one exchange and is cut after ten seconds, whatever it does; few at once, small requests only.
 * Knows nothing of what is asked.
 */
import { chmod, unlink } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { http } from './http-family.ts';

/** Request line, headers and body together. */
export const requestBytesMax = 4_096;

/** From its opening to its end, for the slowest phone. */
export const connectionMsMax = 10_000;

/** At once, and of one address: one phone that opens many must not keep the others out. */
export const connectionsMax = { all: 16, ofOne: 6 };

export interface LocalRequest {
  method: string;
  /** Path and query as sent. */
  target: string;
  host: string | undefined;
  origin: string | undefined;
  contentType: string | undefined;
  body: string;
}

export interface LocalAnswer {
  status: number;
  headers: Record<string, string>;
  body: string;
}

export type ListenAt = { address: string; port: number } | { socketPath: string };

export interface Listener {
  /** Where it really listens; 0 for a socket file. */
  port: number;
  /** Cuts what is open. */
  close(): Promise<void>;
}

/** Why it cannot listen: a port below 1024, another program there, an address that this board has not (yet). */
export type ListenProblem = 'not-allowed' | 'in-use' | 'no-address' | 'other';

const problems: Record<string, ListenProblem> = {
  EACCES: 'not-allowed',
  EPERM: 'not-allowed',
  EADDRINUSE: 'in-use',
  EADDRNOTAVAIL: 'no-address',
};

/** Begins to listen; a value says why it cannot be. What `answer` throws is answered with 500. */
export async function listen(options: {
  at: ListenAt;
  answer: (request: LocalRequest) => Promise<LocalAnswer> | LocalAnswer;
  /** Default `connectionMsMax`. */
  connectionMs?: number;
}): Promise<{ ok: true; listener: Listener } | { ok: false; reason: string; problem: ListenProblem }> {
  const { at } = options;
  const open = new Map<Socket, string>();
  const server = http.createServer({
    maxHeaderSize: requestBytesMax,
    keepAlive: false,
    insecureHTTPParser: false,
    requireHostHeader: false,
  });
  server.maxConnections = connectionsMax.all;
  server.maxRequestsPerSocket = 1;
  server.on('connection', (socket) => {
    const from = socket.remoteAddress ?? '';
    const ofOne = [...open.values()].filter((other) => other === from).length;
    if (from !== '' && ofOne >= connectionsMax.ofOne) return socket.destroy();
    open.set(socket, from);
    const timer = setTimeout(() => socket.destroy(), options.connectionMs ?? connectionMsMax);
    socket.on('error', () => undefined);
    socket.on('close', () => {
      clearTimeout(timer);
      open.delete(socket);
    });
    return undefined;
  });
  server.on('clientError', (error, socket) => {
    const isTooLarge = 'code' in error && error.code === 'HPE_HEADER_OVERFLOW';
    if (socket.writable) socket.end(`HTTP/1.1 ${isTooLarge ? 431 : 400} -\r\nConnection: close\r\n\r\n`);
    else socket.destroy();
  });
  server.on('request', (request, response) => {
    exchange(request, options.answer)
      .catch((): LocalAnswer => ({ status: 500, headers: {}, body: '' }))
      .then(({ status, headers, body }) => {
        response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body), connection: 'close' });
        response.end(request.method === 'HEAD' ? undefined : body);
      })
      .catch(() => response.destroy());
  });
  if ('socketPath' in at) await unlink(at.socketPath).catch(() => undefined);
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      if ('socketPath' in at) server.listen(at.socketPath, resolve);
      else server.listen(at.port, at.address, resolve);
    });
    if ('socketPath' in at) await chmod(at.socketPath, 0o600);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    const reason = error instanceof Error ? error.message : String(error);
    return { ok: false, reason, problem: problems[code] ?? 'other' };
  }
  server.on('error', () => undefined);
  const address = server.address();
  return {
    ok: true,
    listener: {
      port: typeof address === 'object' && address !== null ? address.port : 0,
      close: () =>
        new Promise((resolve) => {
          server.close(() => resolve());
          for (const socket of open.keys()) socket.destroy();
        }),
    },
  };
}

async function exchange(
  request: IncomingMessage,
  answer: (request: LocalRequest) => Promise<LocalAnswer> | LocalAnswer,
): Promise<LocalAnswer> {
  const { headers } = request;
  const headBytes = request.rawHeaders.reduce(
    (sum, text) => sum + Buffer.byteLength(text) + 2,
    request.url?.length ?? 0,
  );
  const pieces: Buffer[] = [];
  let bytes = headBytes;
  for await (const piece of request) {
    const taken = Buffer.from(piece);
    bytes += taken.length;
    if (bytes > requestBytesMax) return { status: 413, headers: {}, body: '' };
    pieces.push(taken);
  }
  return answer({
    method: request.method ?? '',
    target: request.url ?? '',
    host: headers.host,
    origin: headers.origin,
    contentType: headers['content-type'],
    body: Buffer.concat(pieces).toString('utf8'),
  });
}

/** Asks the agent behind a socket file; undefined when none answers there. */
export function askSocket(options: {
  socketPath: string;
  method: 'GET' | 'POST';
  path: string;
  body?: string;
  timeoutMs: number;
}): Promise<{ status: number; body: string } | undefined> {
  const { socketPath, method, path, timeoutMs } = options;
  return new Promise((resolve) => {
    const request = http.request({ socketPath, method, path, headers: { host: 'localhost' }, timeout: timeoutMs });
    request.on('response', (response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (piece: string) => {
        body += piece;
        if (body.length > 256 * 1024) request.destroy();
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body }));
      response.on('error', () => resolve(undefined));
    });
    request.on('timeout', () => request.destroy());
    request.on('error', () => resolve(undefined));
    request.on('close', () => resolve(undefined));
    request.end(options.body);
  });
}
