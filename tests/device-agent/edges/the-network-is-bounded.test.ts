/** The real network against real servers on the loopback: what it carries, what it refuses, and that it never waits for ever. */
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { machineNetwork } from '@loa/device-agent/edges/machine-network.ts';
import { AccessRefused, type MqttOpening, type SocketOpening } from '@loa/device-agent/edges/network.ts';
import { Aedes } from 'aedes';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createWebSocketStream, type WebSocket, WebSocketServer } from 'ws';
import { wholeReads } from '../../harness/whole-reads.ts';

const server = http.createServer((request, response) => {
  if (request.url === '/base/echo') {
    request.pipe(response);
  } else if (request.url === '/base/big') {
    response.end(Buffer.alloc(100_000, 1));
  } else if (request.url === '/base/slow') {
    let pieces = 0;
    const timer = setInterval(() => {
      pieces += 1;
      response.write('x'.repeat(10));
      if (pieces === 8) {
        clearInterval(timer);
        response.end();
      }
    }, 40);
  } else if (request.url !== '/base/never') {
    response.writeHead(404).end('no');
  }
});
const links = new WebSocketServer({ noServer: true });
const mqttLinks = new WebSocketServer({ noServer: true });
const linked: WebSocket[] = [];
let broker: Aedes;
let network: ReturnType<typeof machineNetwork>;

beforeAll(async () => {
  broker = await Aedes.createBroker();
  broker.authenticate = (_client, username, password, done) => {
    const isRight = username === 'cum-01' && String(password) === 'token';
    done(isRight ? null : Object.assign(new Error('no'), { returnCode: 5 }), isRight);
  };
  broker.authorizeSubscribe = (_client, subscription, done) =>
    done(null, subscription.topic.includes('foreign') ? null : subscription);
  server.on('upgrade', (request, socket, head) => {
    if (request.url === '/base/mqtt') {
      mqttLinks.handleUpgrade(request, socket, head, (ws) => {
        broker.handle(wholeReads(createWebSocketStream(ws)), request);
      });
    } else if (request.headers.authorization === 'Bearer token') {
      links.handleUpgrade(request, socket, head, (ws) => {
        linked.push(ws);
        ws.on('message', (data) => ws.send(String(data)));
      });
    } else socket.end('HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  network = machineNetwork({ serverUrl: `http://127.0.0.1:${port}/base/` });
});

afterAll(async () => {
  network.close();
  for (const socket of linked) socket.terminate();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await new Promise<void>((resolve) => broker.close(resolve));
});

const ask = { method: 'GET', timeoutMs: 2_000, answerBytesMax: 200_000 } as const;

describe('one exchange', () => {
  it('carries a body there and back', async () => {
    const answer = await network.http({ ...ask, method: 'POST', path: '/echo', body: 'xin chào' });
    expect(answer.status).toBe(200);
    expect(Buffer.from(answer.body).toString()).toBe('xin chào');
  });

  it('hands a refusal on as what it is', async () => {
    expect((await network.http({ ...ask, path: '/missing' })).status).toBe(404);
  });

  it('ends when the answer is too long, too late, or no longer wanted', async () => {
    await expect(network.http({ ...ask, path: '/big', answerBytesMax: 99_999 })).rejects.toThrow('exceeds 99999');
    await expect(network.http({ ...ask, path: '/never', timeoutMs: 50 })).rejects.toThrow('No answer within 50 ms');
    await expect(network.http({ ...ask, path: '/slow', timeoutMs: 100 })).rejects.toThrow('No answer within 100 ms');
    const giveUp = new AbortController();
    const asked = network.http({ ...ask, path: '/never', signal: giveUp.signal });
    giveUp.abort();
    await expect(asked).rejects.toThrow('Given up');
  });

  it('hands over pieces one after the other, and waits as long as some come', async () => {
    let received = 0;
    let busy = 0;
    const answer = await network.http({
      ...ask,
      path: '/slow',
      timeoutMs: 200,
      async onChunk(chunk, head) {
        expect(head.status).toBe(200);
        busy += 1;
        expect(busy).toBe(1);
        await new Promise((resolve) => setTimeout(resolve, 5));
        busy -= 1;
        received += chunk.length;
      },
    });
    expect(answer.body).toHaveLength(0);
    expect(received).toBe(80);
    const failing = async () => {
      throw new Error('disk full');
    };
    await expect(network.http({ ...ask, path: '/big', onChunk: failing })).rejects.toThrow('disk full');
  });
});

describe('one socket', () => {
  const opening = (over: Partial<SocketOpening>): SocketOpening => ({
    path: '/link',
    headers: { authorization: 'Bearer token' },
    frameBytesMax: 1_000,
    timeoutMs: 2_000,
    onText: () => undefined,
    onClosed: () => undefined,
    ...over,
  });

  it('carries text, and ends once, saying why', async () => {
    const closed: string[] = [];
    const text = await new Promise<string>((resolve, reject) => {
      network
        .openSocket(opening({ onText: resolve, onClosed: (reason) => closed.push(reason) }))
        .then((socket) => socket.send('xin chào'))
        .catch(reject);
    });
    expect(text).toBe('xin chào');
    linked.at(-1)?.close(1012);
    await expect.poll(() => closed).toEqual(['closed with 1012']);
  });

  it('is closed by a frame that is too large or binary', async () => {
    for (const frame of ['x'.repeat(1_001), Buffer.from([1, 2, 3])]) {
      const heard: string[] = [];
      const reason = new Promise<string>((resolve) => {
        void network
          .openSocket(opening({ onText: (text) => heard.push(text), onClosed: resolve }))
          .then(() => linked.at(-1)?.send(frame));
      });
      await reason;
      expect(heard).toEqual([]);
    }
  });

  it('is refused without a token in a way that tells it from a dead line', async () => {
    await expect(network.openSocket(opening({ headers: {} }))).rejects.toBeInstanceOf(AccessRefused);
    const nowhere = machineNetwork({ serverUrl: 'http://127.0.0.1:1' });
    await expect(nowhere.openSocket(opening({}))).rejects.not.toBeInstanceOf(AccessRefused);
  });
});

describe('one MQTT session', () => {
  const opening = (over: Partial<MqttOpening>): MqttOpening => ({
    clientId: 'cum-01',
    username: 'cum-01',
    password: 'token',
    will: { topic: 'presence', payload: 'gone' },
    keepaliveS: 20,
    timeoutMs: 2_000,
    onMessage: () => undefined,
    onClosed: () => undefined,
    ...over,
  });

  it('reads retained state, publishes retained, and says once that it ended', async () => {
    await new Promise<void>((resolve) =>
      broker.publish({ cmd: 'publish', topic: 'plan', payload: 'một', qos: 1, retain: true, dup: false }, () =>
        resolve(),
      ),
    );
    const heard: string[] = [];
    const closed: string[] = [];
    const session = await network.openMqtt(
      opening({
        onMessage: (topic, payload) => heard.push(`${topic} ${Buffer.from(payload).toString()}`),
        onClosed: (reason) => closed.push(reason),
      }),
    );
    await session.subscribe(['plan', 'presence']);
    await session.publish('presence', 'here');
    await expect.poll(() => heard).toEqual(['plan một', 'presence here']);
    await session.unsubscribe(['presence']);
    await session.publish('presence', 'again');
    await expect(session.subscribe(['plan', 'foreign/x'])).rejects.toBeInstanceOf(AccessRefused);
    expect(heard).not.toContain('presence again');
    await session.close();
    expect(closed).toEqual(['closed by us']);
    await expect(session.publish('presence', 'late')).rejects.toThrow();
  });

  it('leaves its last will when the line breaks', async () => {
    const heard: string[] = [];
    const watcher = await network.openMqtt(
      opening({ clientId: 'watcher', onMessage: (_topic, payload) => heard.push(Buffer.from(payload).toString()) }),
    );
    const closed: string[] = [];
    await network.openMqtt(opening({ onClosed: (reason) => closed.push(reason) }));
    await watcher.subscribe(['presence']);
    for (const socket of mqttLinks.clients) if (socket !== [...mqttLinks.clients][0]) socket.terminate();
    await expect.poll(() => heard).toContain('gone');
    expect(closed).toHaveLength(1);
    await watcher.close();
  });

  it('is refused with a wrong token, and by nobody there, without trying again by itself', async () => {
    await expect(network.openMqtt(opening({ password: 'old' }))).rejects.toBeInstanceOf(AccessRefused);
    await expect(network.openMqtt(opening({ url: 'mqtt://127.0.0.1:1' }))).rejects.toThrow(/ECONNREFUSED|No MQTT/);
  });
});
