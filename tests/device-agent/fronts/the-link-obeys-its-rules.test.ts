/** The link by hand-moved time, against a server that a test plays: what it says, when it comes back, what it refuses. */
import { retryDelayMs } from '@loa/device-agent/edges/backoff.ts';
import { AccessRefused, type MqttOpening, type Network, type SocketOpening } from '@loa/device-agent/edges/network.ts';
import { createDoor } from '@loa/device-agent/fronts/link/door.ts';
import { notAcceptedBackoff, pathBackoff } from '@loa/device-agent/fronts/link/keep-open.ts';
import { createLink } from '@loa/device-agent/fronts/link/link.ts';
import { receiptWaitMs } from '@loa/device-agent/fronts/link/report-flow.ts';
import { nonsenseMax, silentMsMax, welcomeWaitMs } from '@loa/device-agent/fronts/link/socket-path.ts';
import { openOutbox } from '@loa/device-agent/keep/outbox.ts';
import {
  type DeviceMessage,
  deviceMessageSchema,
  doorPaths,
  open,
  publicPart,
  type ServerMessage,
} from '@loa/protocol/device';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { manualClock, settle } from '../../harness/manual-clock.ts';
import { simulatedDisk } from '../../harness/simulated-disk.ts';
import { areaId, deviceId, deviceKey, identity, issuedMs } from '../installation.ts';

/** A board whose network is in the test's hands. */
async function board() {
  const clock = manualClock({ wallMs: issuedMs });
  const random = { fraction: () => 0.5, bytes: (count: number) => new Uint8Array(count).fill(5) };
  const log = {
    signIns: 0,
    mqtt: [] as MqttOpening[],
    mqttDid: [] as string[],
    sockets: [] as SocketOpening[],
    said: [] as DeviceMessage[],
    refused: [] as string[],
    received: [] as string[],
    connected: 0,
    time: { asks: 0, answered: 0, isConnected: false },
  };
  const server = {
    status: 200,
    nonceStatus: 200,
    refusesMqtt: undefined as Error | undefined,
    refusesSocket: undefined as Error | undefined,
    refusesTopic: undefined as string | undefined,
    bufferedBytes: 0,
  };
  let areas: string[] = [];
  const network: Network = {
    async http(request) {
      const answer = (status: number, body: unknown) => ({
        status,
        headers: {},
        body: Buffer.from(JSON.stringify(body)),
      });
      if (request.path === doorPaths.nonce) return answer(server.nonceStatus, { nonce: 'n-1' });
      if (request.path === doorPaths.token) {
        const { proof } = JSON.parse(request.body ?? '{}') as { proof: string };
        const opened = open({ text: proof, keys: [publicPart(deviceKey)], type: 'loa-nonce' });
        expect(opened).toMatchObject({ ok: true, payload: { deviceId, nonce: 'n-1' } });
        log.signIns += 1;
        const expiresAt = new Date(issuedMs + 900_000).toISOString();
        return answer(server.status, { token: `token-${log.signIns}`, expiresAt });
      }
      return answer(request.headers?.authorization === 'Bearer token-1' ? 401 : 200, {});
    },
    async openMqtt(opening) {
      log.mqtt.push(opening);
      if (server.refusesMqtt !== undefined) throw server.refusesMqtt;
      return {
        async subscribe(topics) {
          log.mqttDid.push(`+ ${topics.join(' ')}`);
          if (topics.some((topic) => topic === server.refusesTopic)) throw new AccessRefused('not yours');
        },
        async unsubscribe(topics) {
          log.mqttDid.push(`- ${topics.join(' ')}`);
        },
        async publish(topic, payload) {
          log.mqttDid.push(`${topic} ${payload}`);
        },
        async close() {
          log.mqttDid.push('close');
        },
      };
    },
    async openSocket(opening) {
      log.sockets.push(opening);
      if (server.refusesSocket !== undefined) throw server.refusesSocket;
      let isOpen = true;
      return {
        send(text) {
          log.said.push(deviceMessageSchema.parse(JSON.parse(text)));
        },
        bufferedBytes: () => server.bufferedBytes,
        close() {
          if (!isOpen) return;
          isOpen = false;
          opening.onClosed('closed by us');
        },
      };
    },
  };
  const outbox = await openOutbox({
    disk: simulatedDisk({ fraction: () => 0.5 }),
    random,
    now: () => ({ ms: clock.wallMs(), trusted: true, boundMs: 1 }),
    onDamaged: () => undefined,
  });
  const link = createLink({
    network,
    clock,
    random,
    door: createDoor({ network, clock, identity, refusals: { refused: () => undefined } }),
    deviceId,
    board: {
      capabilities: { formats: ['ogg-opus'], probes: [], stream: false, clockKept: true, deviceKind: 'receiver' },
      description: 'test',
    },
    agentVersion: '0.1.0',
    boot: 'boot-1',
    documents: {
      receive: (topic) => {
        log.received.push(topic);
        return { ok: true, isNews: true };
      },
      areas: () => areas,
      holds: () => ({ keys: 1, orders: {} }),
    },
    outbox,
    timekeeper: {
      connected: () => {
        log.time.isConnected = true;
      },
      disconnected: () => {
        log.time.isConnected = false;
      },
      answered: ({ sentMs }) => sentMs === 1,
      clockState: () => ({ trusted: true, offsetMs: 0, boundMs: 1 }),
    },
    progress: () => [],
    refusals: { refused: ({ subject, reason }) => log.refused.push(`${subject}: ${reason}`) },
    onConnected: () => {
      log.connected += 1;
    },
    onState: () => undefined,
  });
  const say = (message: ServerMessage | string) =>
    log.sockets.at(-1)?.onText(typeof message === 'string' ? message : JSON.stringify(message));
  return {
    clock,
    log,
    server,
    outbox,
    link,
    setAreas: (next: string[]) => {
      areas = next;
    },
    say,
    reports: () =>
      log.said.flatMap((message) => (message.kind === 'reports' ? [message.reports.map((one) => one.seq)] : [])),
    kinds: () => log.said.map(({ kind }) => kind),
    async connect(storedSeq = 0) {
      link.start();
      await settle();
      say({ kind: 'welcome', storedSeq });
      await settle();
    },
  };
}

const refusedReport = { kind: 'refused', subject: 's', reason: 'r', count: 1 } as const;

describe('the way down', () => {
  it('subscribes to its own topics anew on every connect, says that it is there, and leaves a will', async () => {
    const { link, log, clock } = await board();
    link.start();
    await settle();
    expect(log.mqtt[0]).toMatchObject({
      clientId: deviceId,
      username: deviceId,
      password: 'token-1',
      will: { topic: `loa/v1/device/${deviceId}/presence`, payload: '{"v":1,"online":false,"boot":"boot-1"}' },
    });
    const did = [
      `+ loa/v1/keys ${['plan', 'hours', 'orders'].map((leaf) => `loa/v1/device/${deviceId}/${leaf}`).join(' ')}`,
      `loa/v1/device/${deviceId}/presence {"v":1,"online":true,"boot":"boot-1"}`,
    ];
    expect(log.mqttDid).toEqual(did);
    expect(link.state().mqtt.phase).toBe('connected');
    log.mqtt[0]?.onMessage('loa/v1/keys', new Uint8Array());
    expect(log.received).toEqual(['loa/v1/keys']);
    log.mqtt[0]?.onClosed('broken');
    expect(link.state().mqtt).toMatchObject({ phase: 'waiting', reason: 'broken' });
    await clock.advance(2_000);
    expect(log.mqttDid).toEqual([...did, ...did]);
  });

  it('follows the areas of the plan, one refused area costing no other', async () => {
    const { link, log, server, setAreas } = await board();
    server.refusesTopic = 'loa/v1/area/xa-1/orders';
    setAreas(['xa-1', areaId]);
    link.start();
    await settle();
    expect(log.mqttDid.slice(2)).toEqual(['+ loa/v1/area/xa-1/orders', `+ loa/v1/area/${areaId}/orders`]);
    server.refusesTopic = undefined;
    setAreas(['xa-1', 'xa-2']);
    link.documentsChanged();
    link.documentsChanged();
    await settle();
    expect(log.mqttDid.slice(4)).toEqual([
      `- loa/v1/area/${areaId}/orders`,
      '+ loa/v1/area/xa-1/orders',
      '+ loa/v1/area/xa-2/orders',
    ]);
  });

  it('does not stay when its own topics are refused', async () => {
    const { link, log, server, clock } = await board();
    server.refusesTopic = 'loa/v1/keys';
    link.start();
    await settle();
    expect(log.mqttDid.at(-1)).toBe('close');
    expect(link.state().mqtt.phase).toBe('waiting');
    await clock.advance(40_000);
    expect(log.mqtt.length).toBeGreaterThan(2);
    expect(log.mqtt.length).toBeLessThan(12);
  });

  it('says goodbye when it stops, and stays away', async () => {
    const { connect, link, log, clock } = await board();
    await connect();
    await link.stop();
    expect(log.mqttDid.slice(-2)).toEqual([
      `loa/v1/device/${deviceId}/presence {"v":1,"online":false,"boot":"boot-1"}`,
      'close',
    ]);
    await clock.advance(600_000);
    expect(log.mqtt).toHaveLength(1);
    expect(log.sockets).toHaveLength(1);
    expect(clock.timersPending()).toBe(0);
  });
});

describe('coming back', () => {
  it('waits between one and thirty seconds, evenly, longer with each failure', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1_000 }),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        (attempt, fraction) => {
          const delayMs = retryDelayMs({ backoff: pathBackoff, attempt, fraction });
          expect(delayMs).toBeGreaterThanOrEqual(1_000);
          expect(delayMs).toBeLessThanOrEqual(30_000);
          const next = retryDelayMs({ backoff: pathBackoff, attempt: attempt + 1, fraction });
          expect(next).toBeGreaterThanOrEqual(delayMs);
        },
      ),
    );
    const fractions = Array.from({ length: 1_000 }, (_, index) => index / 1_000);
    const delays = fractions.map((fraction) => retryDelayMs({ backoff: pathBackoff, attempt: 9, fraction }));
    expect(delays.filter((delayMs) => delayMs < 15_500)).toHaveLength(500);
  });

  it('happens on each path by itself, with a token of its own', async () => {
    const { connect, log, clock, link } = await board();
    await connect();
    expect(log.signIns).toBe(1);
    await clock.advance(60_000);
    log.mqtt[0]?.onClosed('broken');
    await clock.advance(2_000);
    expect(log.mqtt.map(({ password }) => password)).toEqual(['token-1', 'token-2']);
    expect(log.sockets).toHaveLength(1);
    expect(link.state().socket.phase).toBe('connected');
  });

  it('takes a new token when the former was refused', async () => {
    const { link, log, server, clock } = await board();
    server.refusesSocket = new AccessRefused('401');
    link.start();
    await settle();
    server.refusesSocket = undefined;
    await clock.advance(2_000);
    expect(log.sockets.map(({ headers }) => headers.authorization)).toEqual(['Bearer token-1', 'Bearer token-2']);
  });

  it('is slow where the server does not know the device, and says so', async () => {
    const { link, log, server, clock } = await board();
    server.status = 403;
    link.start();
    await settle();
    expect(link.state().mqtt).toMatchObject({ phase: 'waiting', failures: 1 });
    expect(link.state().mqtt.reason).toContain('refuses this device');
    await clock.advance(notAcceptedBackoff.floorMs - 1);
    expect(log.signIns).toBe(1);
    await clock.advance(3_600_000);
    expect(log.signIns).toBeLessThan(60);
    server.status = 200;
    await clock.advance(notAcceptedBackoff.capMs);
    expect(link.state().mqtt.phase).toBe('connected');
  });

  it('is not hurried by a server that throws it out at once', async () => {
    const { link, log, clock } = await board();
    link.start();
    for (let second = 0; second < 600; second += 1) {
      await clock.advance(1_000);
      if (link.state().mqtt.phase === 'connected') log.mqtt.at(-1)?.onClosed('kicked');
    }
    expect(log.mqtt.length).toBeLessThan(50);
    await clock.advance(60_000);
    expect(link.state().mqtt).toMatchObject({ phase: 'connected', failures: 0 });
  });
});

describe('the way up', () => {
  it('says who it is, then what it holds every five seconds, and asks the time', async () => {
    const { connect, kinds, clock, log, link } = await board();
    await connect();
    expect(kinds()).toEqual(['hello']);
    expect(log.said[0]).toMatchObject({ boot: 'boot-1', holds: { keys: 1 }, agentVersion: '0.1.0' });
    expect(log.time.isConnected).toBe(true);
    await clock.advance(10_000);
    expect(kinds()).toEqual(['hello', 'heartbeat', 'heartbeat']);
    for (let time = 0; time < 50; time += 1) {
      link.progressChanged();
      link.documentsChanged();
    }
    await clock.advance(600);
    expect(kinds().slice(3)).toEqual(['heartbeat', 'progress']);
    expect(log.connected).toBe(2);
  });

  it('sends reports in order, one frame in flight, and the next only after the receipt', async () => {
    const { connect, outbox, say, reports } = await board();
    for (let index = 0; index < 70; index += 1) await outbox.add(refusedReport);
    await connect(2);
    expect(reports().map((seqs) => [seqs[0], seqs.length])).toEqual([[3, 64]]);
    await outbox.add(refusedReport);
    expect(reports()).toHaveLength(1);
    const { stream } = { stream: outbox.stream() };
    say({ kind: 'receipt', stream, seq: 40 });
    expect(reports().map((seqs) => [seqs[0], seqs.length])).toEqual([
      [3, 64],
      [41, 31],
    ]);
    say({ kind: 'receipt', stream, seq: 71 });
    expect(outbox.next({ afterSeq: 0, countMax: 9, bytesMax: 1e6 })).toEqual([]);
    await outbox.add(refusedReport);
    await settle();
    expect(reports().at(-1)).toEqual([72]);
  });

  it('takes no receipt for another stream or for what was not sent', async () => {
    const { connect, outbox, say, log } = await board();
    for (let index = 0; index < 3; index += 1) await outbox.add(refusedReport);
    await connect();
    say({ kind: 'receipt', stream: 'other', seq: 3 });
    say({ kind: 'receipt', stream: outbox.stream(), seq: 4 });
    expect(outbox.next({ afterSeq: 0, countMax: 9, bytesMax: 1e6 })).toHaveLength(3);
    expect(log.refused).toEqual(Array(2).fill('link: receipt for what was not sent'));
    say({ kind: 'receipt', stream: outbox.stream(), seq: 3 });
    expect(outbox.next({ afterSeq: 0, countMax: 9, bytesMax: 1e6 })).toEqual([]);
  });

  it('begins a new stream where the server has stored more than was ever sent', async () => {
    const { connect, outbox, log, clock } = await board();
    await outbox.add(refusedReport);
    const former = outbox.stream();
    await connect(900);
    await clock.advance(3_000);
    expect(log.sockets).toHaveLength(2);
    const hello = log.said.findLast(({ kind }) => kind === 'hello');
    expect(hello).toMatchObject({ stream: outbox.stream() });
    expect(outbox.next({ afterSeq: 0, countMax: 9, bytesMax: 1e6 })).toHaveLength(1);
    expect(former).toHaveLength(32);
  });

  it('gives up one report that the server will never take, and counts it', async () => {
    const { connect, outbox, say, reports } = await board();
    for (let index = 0; index < 3; index += 1) await outbox.add(refusedReport);
    await connect();
    const refuse = () => say({ kind: 'refused', reason: 'unknown kind', fatal: false });
    refuse();
    expect(reports()).toEqual([[1, 2, 3], [1]]);
    say({ kind: 'receipt', stream: outbox.stream(), seq: 1 });
    expect(reports().at(-1)).toEqual([2]);
    for (let time = 0; time < 3; time += 1) refuse();
    await settle();
    expect(reports().at(-1)).toEqual([3]);
    say({ kind: 'receipt', stream: outbox.stream(), seq: 3 });
    const left = outbox.next({ afterSeq: 0, countMax: 9, bytesMax: 1e6 });
    expect(left.map(({ event }) => event)).toEqual([{ kind: 'dropped', count: 1 }]);
  });

  it.each([
    ['says no welcome', 0, welcomeWaitMs, 'no welcome'],
    ['receipts nothing', 1, receiptWaitMs, 'no receipt for reports'],
    ['falls silent', 2, silentMsMax + 5_000, 'nothing heard'],
  ])('leaves a server that %s', async (_name, stage, afterMs, reason) => {
    const { link, connect, outbox, clock } = await board();
    if (stage === 0) link.start();
    else await connect();
    if (stage === 1) await outbox.add(refusedReport);
    await clock.advance(afterMs - 100);
    expect(link.state().socket.phase).toBe('connected');
    await clock.advance(200);
    expect(link.state().socket).toMatchObject({ phase: 'waiting', reason });
  });

  it('counts and refuses nonsense, keeps the line for a while, then leaves it', async () => {
    const { connect, say, log, link } = await board();
    await connect();
    const nonsense = ['', '{', 'null', '[]', '{"kind":"reboot"}', '{"kind":"receipt","stream":1,"seq":"a"}'];
    for (const text of nonsense) say(text);
    say({ kind: 'time-answer', sentMs: 99, receivedMs: 1, answeredMs: 1 });
    say({ kind: 'welcome', storedSeq: 0 });
    expect(log.refused).toHaveLength(nonsense.length + 2);
    expect(link.state().socket.phase).toBe('connected');
    for (let count = log.refused.length; count < nonsenseMax; count += 1) say('x');
    await settle();
    expect(link.state().socket).toMatchObject({ phase: 'waiting', reason: 'too much that is not understood' });
    say('x');
    expect(log.refused).toHaveLength(nonsenseMax);
  });

  it('does not heap heartbeats onto a line that does not move', async () => {
    const { connect, server, clock, kinds } = await board();
    await connect();
    server.bufferedBytes = 100_000;
    await clock.advance(60_000);
    expect(kinds()).toEqual(['hello']);
  });
});

describe('downloads', () => {
  it('use a token for a while, and replace it once when it was refused', async () => {
    const { log } = await board();
    const clock = manualClock({ wallMs: issuedMs });
    const asked: string[] = [];
    const network: Network = {
      async http(request) {
        const answer = (status: number, body: string) => ({ status, headers: {}, body: Buffer.from(body) });
        if (request.path === doorPaths.nonce) return answer(200, '{"nonce":"n"}');
        if (request.path === doorPaths.token) {
          log.signIns += 1;
          return answer(200, JSON.stringify({ token: `t${log.signIns}`, expiresAt: new Date(issuedMs).toISOString() }));
        }
        asked.push(`${request.headers?.authorization} ${request.headers?.range ?? ''}`);
        const status = request.headers?.authorization === 'Bearer t1' ? 401 : 206;
        const headers = { 'content-range': request.headers?.range === undefined ? 'bytes 0-3/4' : 'bytes 7-10/11' };
        await request.onChunk?.(Buffer.from(status === 401 ? '{"problem":1}' : 'body'), { status, headers });
        return answer(status, '');
      },
      openMqtt: () => Promise.reject(new Error('no')),
      openSocket: () => Promise.reject(new Error('no')),
    };
    const door = createDoor({ network, clock, identity, refusals: { refused: () => undefined } });
    const heard: string[] = [];
    const request = {
      hash: 'a'.repeat(64),
      fromBytes: 7,
      sizeBytes: 11,
      signal: new AbortController().signal,
      onChunk: async (chunk: Uint8Array) => {
        heard.push(Buffer.from(chunk).toString());
      },
    };
    expect(await door.fetchClip(request)).toMatchObject({ status: 206 });
    await door.fetchClip(request);
    expect(asked).toEqual(['Bearer t1 bytes=7-', 'Bearer t2 bytes=7-', 'Bearer t2 bytes=7-']);
    expect(heard).toEqual(['body', 'body']);
    await clock.advance(11 * 60_000);
    await door.fetchClip(request);
    expect(asked.at(-1)).toBe('Bearer t3 bytes=7-');
    await expect(door.fetchBody({ hash: 'a'.repeat(64), sizeBytes: 4 })).rejects.toThrow('answered 206');
  });
});
