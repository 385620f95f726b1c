/**
 * Everything a board says and hears goes through the one port it is given: an HTTP CONNECT proxy, over TLS with the
 * installation's own authority, also before the board knows the time. What stands in the way is said in plain words.
 */
import { X509Certificate } from 'node:crypto';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { machineNetwork } from '@loa/device-agent/edges/machine-network.ts';
import type { MqttOpening, SocketOpening } from '@loa/device-agent/edges/network.ts';
import { judgeServer, type KnownTime, parsePins } from '@loa/device-agent/edges/pinned-authority.ts';
import { Aedes } from 'aedes';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createWebSocketStream, WebSocketServer } from 'ws';
import { type Authority, hasOpenssl, openAuthority, type ServerPair } from '../../harness/authority.ts';
import { openProxy, openTlsDoor, type Passage, type TestProxy } from '../../harness/one-port.ts';
import { wholeReads } from '../../harness/whole-reads.ts';

const dayMs = 86_400_000;
const nowMs = Date.now();
const knows = (time: Partial<KnownTime>): KnownTime => ({ ms: nowMs, trusted: true, floorMs: 0, ...time });

const server = http.createServer((request, response) => request.pipe(response));
const links = new WebSocketServer({ noServer: true });
let broker: Aedes;
let plainPort: number;
const closing: (() => unknown)[] = [];

beforeAll(async () => {
  broker = await Aedes.createBroker();
  server.on('upgrade', (request, socket, head) => {
    links.handleUpgrade(request, socket, head, (ws) => {
      if (request.url === '/mqtt') broker.handle(wholeReads(createWebSocketStream(ws)), request);
      else ws.on('message', (data) => ws.send(String(data)));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  plainPort = (server.address() as AddressInfo).port;
});
afterAll(async () => {
  for (const close of closing.reverse()) await close();
  for (const socket of links.clients) socket.terminate();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await new Promise<void>((resolve) => broker.close(resolve));
});

type TestNetwork = ReturnType<typeof machineNetwork>;
const ask = { method: 'POST', path: '/echo', body: 'xin chào', timeoutMs: 5_000, answerBytesMax: 1_000 } as const;

function networkOf(options: Parameters<typeof machineNetwork>[0]): TestNetwork {
  const network = machineNetwork(options);
  closing.push(network.close);
  return network;
}

const socketOpening = (over: Partial<SocketOpening> = {}): SocketOpening => ({
  path: '/link',
  headers: {},
  frameBytesMax: 1_000,
  timeoutMs: 5_000,
  onText: () => undefined,
  onClosed: () => undefined,
  ...over,
});
const mqttOpening = (over: Partial<MqttOpening> = {}): MqttOpening => ({
  clientId: 'cum-01',
  username: 'cum-01',
  password: 'token',
  will: { topic: 'presence', payload: 'gone' },
  keepaliveS: 60,
  timeoutMs: 5_000,
  onMessage: () => undefined,
  onClosed: () => undefined,
  ...over,
});

/** HTTP, the link and MQTT, each there and back. */
async function allThree(network: TestNetwork, mqttUrl?: string): Promise<string[]> {
  const { body } = await network.http(ask);
  const heard = [Buffer.from(body).toString()];
  const text = await new Promise<string>((resolve, reject) => {
    network
      .openSocket(socketOpening({ onText: resolve }))
      .then((socket) => socket.send('bằng WebSocket'))
      .catch(reject);
  });
  heard.push(text);
  const payload = await new Promise<string>((resolve, reject) => {
    network
      .openMqtt(mqttOpening({ url: mqttUrl, onMessage: (_topic, bytes) => resolve(Buffer.from(bytes).toString()) }))
      .then(async (session) => {
        await session.subscribe(['plan']);
        await session.publish('plan', 'bằng MQTT');
      })
      .catch(reject);
  });
  heard.push(payload);
  return heard;
}
const all = ['xin chào', 'bằng WebSocket', 'bằng MQTT'];

async function proxyTo(options: Parameters<typeof openProxy>[0]): Promise<TestProxy> {
  const proxy = await openProxy(options);
  closing.push(proxy.close);
  return proxy;
}

describe('through a proxy', () => {
  it('go HTTP, the link and MQTT, and nothing goes beside it', async () => {
    const proxy = await proxyTo({ routes: { 'loa.invalid:80': plainPort }, access: 'cum:mật khẩu' });
    const proxyUrl = proxy.url.replace('//', `//cum:${encodeURIComponent('mật khẩu')}@`);
    expect(await allThree(networkOf({ serverUrl: 'http://loa.invalid', proxyUrl }))).toEqual(all);
    expect(proxy.asked).toEqual(Array(3).fill('loa.invalid:80'));
  });

  it.each([
    [407, 'wants another name and password (407)'],
    [403, 'lets nobody through to loa.invalid:443 (403)'],
    [502, 'does not open the way to loa.invalid:443 (502)'],
  ])('that answers %i, nothing goes, and each path says why', async (refusesWith, words) => {
    const proxy = await proxyTo({ routes: {}, refusesWith });
    const network = networkOf({ serverUrl: 'https://loa.invalid', proxyUrl: proxy.url });
    await expect(network.http(ask)).rejects.toThrow(words);
    await expect(network.openSocket(socketOpening())).rejects.toThrow(words);
    await expect(network.openMqtt(mqttOpening())).rejects.toThrow(words);
    await expect(network.openMqtt(mqttOpening({ url: 'mqtt://loa.invalid:443' }))).rejects.toThrow(words);
  });

  it('that is not there, says so', async () => {
    const network = networkOf({ serverUrl: 'http://loa.invalid', proxyUrl: 'http://127.0.0.1:1' });
    await expect(network.http(ask)).rejects.toThrow(/proxy 127.0.0.1:1 cannot be reached/);
  });
});

describe.skipIf(!hasOpenssl)('over TLS', () => {
  let authority: Authority;
  let spare: Authority;
  let stranger: Authority;
  let pair: ServerPair;
  let door: Passage;
  let proxy: TestProxy;

  beforeAll(async () => {
    authority = await openAuthority('Province');
    spare = await openAuthority('Spare');
    stranger = await openAuthority('Stranger');
    closing.push(authority.close, spare.close, stranger.close);
    pair = authority.issue({ names: ['loa.invalid'] });
    door = await openTlsDoor({ pair: () => pair, toPort: plainPort });
    proxy = await proxyTo({ routes: { 'loa.invalid:443': door.port } });
    closing.push(door.close);
  });

  function pinned(): TestNetwork {
    const pinnedPem = `${authority.pem}\n${spare.pem}`;
    return networkOf({ serverUrl: 'https://loa.invalid', proxyUrl: proxy.url, pinnedPem });
  }

  it('a server of the pinned authority, or of its spare, is spoken to on one port', async () => {
    pair = authority.issue({ names: ['loa.invalid'] });
    expect(await allThree(pinned())).toEqual(all);
    pair = spare.issue({ names: ['loa.invalid'] });
    expect(await allThree(pinned())).toEqual(all);
    expect(new Set(proxy.asked)).toEqual(new Set(['loa.invalid:443']));
  });

  it('a server of nobody known is told nothing, pinned or not', async () => {
    pair = authority.issue({ names: ['loa.invalid'] });
    await expect(networkOf({ serverUrl: 'https://loa.invalid', proxyUrl: proxy.url }).http(ask)).rejects.toThrow();
    pair = stranger.issue({ names: ['loa.invalid'] });
    const network = pinned();
    for (const tried of [network.http(ask), network.openSocket(socketOpening()), network.openMqtt(mqttOpening())])
      await expect(tried).rejects.toThrow(/not that of a pinned authority|certificate/);
    expect(links.clients.size).toBeLessThan(20);
  });

  it.each([
    ['has run out', -400, -1],
    ['is not valid yet', 1, 400],
  ])('before the time is known a certificate that %s is good, afterwards it is not', async (_name, from, until) => {
    pair = authority.issue({
      names: ['loa.invalid'],
      fromMs: nowMs + from * dayMs,
      untilMs: nowMs + until * dayMs,
    });
    const network = pinned();
    expect(await allThree(network)).toEqual(all);
    network.close();
    network.knowsTime?.(() => knows({}));
    await expect(network.http(ask)).rejects.toThrow(/expired on|valid only from/);
    network.knowsTime?.(() => knows({ ms: nowMs + ((from + until) / 2) * dayMs }));
    expect((await network.http(ask)).status).toBe(200);
  });

  it('and a date is all that is forgiven, and only where signed documents do not say it has passed', () => {
    const old = { fromMs: nowMs - 400 * dayMs, untilMs: nowMs - dayMs };
    const pins = parsePins(authority.pem);
    const judge = (
      issuer: Authority,
      over: Partial<Parameters<Authority['issue']>[0]>,
      time = knows({ trusted: false }),
    ) =>
      judgeServer({
        host: 'loa.invalid',
        certificate: new X509Certificate(issuer.issue({ names: ['loa.invalid'], ...old, ...over }).cert),
        opensslError: 'CERT_HAS_EXPIRED',
        pins,
        time,
      });
    expect(judge(authority, {})).toBeUndefined();
    // OpenSSL names one error only: a foreign certificate that has also run out is told by its date.
    expect(judge(stranger, {})).toMatch(/not issued by a pinned authority/);
    expect(judge(authority, { names: ['other.invalid'] })).toMatch(/altnames/);
    expect(judge(authority, { isClient: true })).toMatch(/not one of a server/);
    expect(judge(authority, {}, knows({ trusted: false, floorMs: nowMs }))).toMatch(/expired on/);
    expect(() => parsePins('nonsense')).toThrow('holds no certificate');
  });
});
