/**
 * A server for developing and looking at the panel without the real one: answers every endpoint of the panel's API from
 * the mock town, and parses each answer by the schema it promises. Never part of the product.
 */
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';
import { type ApiName, api, type Endpoint, livePath, type Person, type Problem } from '@loa/protocol/panel';
import { WebSocketServer } from 'ws';
import { answers } from './answers.ts';
import { Refused } from './call.ts';
import { serveLive } from './live.ts';
import { people } from './town.ts';
import { World } from './world.ts';

export interface MockServer {
  url: string;
  world: World;
  /** Cuts every live socket and refuses new ones until told otherwise: the panel must say that it is stale. */
  setOnline(isOnline: boolean): void;
  close(): Promise<void>;
}

const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
};

/** Serves the API and, when `webDir` is given, the built panel. `startMs` is the time in the town at the start. */
export async function startMock(input: { port?: number; webDir?: string; startMs: number }): Promise<MockServer> {
  const world = new World(input.startMs);
  const sessions = new Map<string, Person>();
  let isOnline = true;
  const personOf = (request: IncomingMessage) =>
    sessions.get(/loa=([^;]+)/.exec(request.headers.cookie ?? '')?.[1] ?? '');
  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => {
      if (error instanceof Refused) return sendProblem(response, error.problem);
      response.writeHead(500).end(String(error));
    });
  });
  const sockets = new WebSocketServer({ noServer: true });
  server.on('upgrade', (request, socket, head) => {
    const person = personOf(request);
    if (request.url !== livePath || person === undefined || !isOnline) return socket.destroy();
    sockets.handleUpgrade(request, socket, head, (live) => serveLive(live, () => world.snapshotOf(person)));
  });

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://mock');
    if (!url.pathname.startsWith('/api/')) return serveFile(input.webDir, url.pathname, response);
    if (!isOnline) return void request.socket.destroy();
    if (
      request.method !== 'GET' &&
      request.headers['x-loa'] !== '1' &&
      request.headers['content-type'] !== 'application/json'
    ) {
      throw new Refused(403, 'foreign', 'Yêu cầu không đến từ trang này.', 'The request did not come from the panel.');
    }
    const body = await readBody(request);
    if (url.pathname === '/api/session') return session(request, response, body);
    const person = personOf(request);
    if (person === undefined) throw new Refused(401, 'signed-out', 'Xin đăng nhập lại.', 'Please sign in again.');
    const matched = match(request.method ?? 'GET', url.pathname);
    if (matched === undefined) throw new Refused(404, 'unknown', 'Không có địa chỉ này.', 'No such address.');
    const { name, params } = matched;
    const answer = await answers[name]({ world, person, params, query: url.searchParams, body, response });
    if (answer === undefined) return;
    const parsed: unknown = api[name].answer.parse(answer);
    const endpoint: Endpoint = api[name];
    sendJson(response, endpoint.status ?? 200, parsed);
  }

  function session(request: IncomingMessage, response: ServerResponse, body: Buffer): void {
    if (request.method === 'POST') {
      const { login, password } = api.signIn.body.parse(JSON.parse(body.toString()));
      const person = people.find((one) => one.login === login);
      if (person === undefined || password === 'sai') {
        throw new Refused(
          401,
          'wrong-password',
          'Tên đăng nhập hoặc mật khẩu không đúng.',
          'Wrong user name or password.',
        );
      }
      const token = randomBytes(16).toString('hex');
      sessions.set(token, person);
      response.setHeader('set-cookie', `loa=${token}; Path=/; HttpOnly; SameSite=Strict`);
      sendJson(response, 200, meOf(person));
      return;
    }
    const person = personOf(request);
    if (request.method === 'DELETE') {
      response.setHeader('set-cookie', 'loa=; Path=/; Max-Age=0');
      response.writeHead(204).end();
      return;
    }
    if (person === undefined) throw new Refused(401, 'signed-out', 'Xin đăng nhập.', 'Please sign in.');
    sendJson(response, 200, meOf(person));
  }

  await new Promise<void>((resolve) => server.listen(input.port ?? 0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    world,
    setOnline: (next) => {
      isOnline = next;
      if (!next) for (const live of sockets.clients) live.terminate();
    },
    close: async () => {
      for (const live of sockets.clients) live.terminate();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function meOf(person: Person) {
  return api.me.answer.parse({ person, demo: true, timeZone: 'Asia/Ho_Chi_Minh' });
}

function match(method: string, pathname: string): { name: ApiName; params: Record<string, string> } | undefined {
  for (const name of Object.keys(api) as ApiName[]) {
    const endpoint = api[name];
    const pattern = new RegExp(`^${endpoint.path.replace(/:(\w+)/g, '(?<$1>[^/]+)')}$`);
    const found = pattern.exec(pathname);
    if (endpoint.method !== method || found === null) continue;
    const params = Object.fromEntries(
      Object.entries(found.groups ?? {}).map(([key, value]) => [key, decodeURIComponent(value)]),
    );
    return { name, params };
  }
  return undefined;
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts);
}

function sendJson(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
}

function sendProblem(response: ServerResponse, problem: Problem): void {
  response.writeHead(problem.status, { 'content-type': 'application/problem+json' }).end(JSON.stringify(problem));
}

async function serveFile(webDir: string | undefined, pathname: string, response: ServerResponse): Promise<void> {
  if (webDir === undefined) {
    response.writeHead(404).end();
    return;
  }
  const path = normalize(pathname).replace(/^[/\\]+/, '');
  const type = types[extname(path)];
  try {
    const file = await readFile(join(webDir, type === undefined ? 'index.html' : path));
    response.writeHead(200, { 'content-type': type ?? 'text/html; charset=utf-8' }).end(file);
  } catch {
    response.writeHead(404).end();
  }
}
