/** Promise: nothing a client does over MQTT makes the embedded broker collect memory, and one port is enough. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Presence, topics } from '@loa/protocol/device';
import { createEmbeddedBroker, type EmbeddedBroker } from '@loa/server/fronts/broker/embedded.ts';
import { createPacketMeter } from '@loa/server/fronts/broker/packet-meter.ts';
import mqtt, { type IClientOptions, type MqttClient } from 'mqtt';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

describe('the packet meter', () => {
  const packet = (length: number) => {
    const head = [0x30];
    let left = length;
    do {
      head.push((left % 128) | (left >= 128 ? 0x80 : 0));
      left = Math.floor(left / 128);
    } while (left > 0);
    return Buffer.concat([Buffer.from(head), Buffer.alloc(length)]);
  };
  test.each([
    { what: 'an empty packet', bytes: packet(0), fits: true },
    { what: 'the largest', bytes: packet(1_000), fits: true },
    { what: 'one byte more', bytes: packet(1_001), fits: false },
    { what: 'a hundred of the largest', bytes: Buffer.concat(Array(100).fill(packet(1_000))), fits: true },
    { what: 'a large one after a small one', bytes: Buffer.concat([packet(3), packet(5_000)]), fits: false },
    {
      what: 'a length of 256 MB that is only announced',
      bytes: Buffer.from([0x30, 0xff, 0xff, 0xff, 0x7f]),
      fits: false,
    },
    { what: 'a length without end', bytes: Buffer.from([0x30, 0x80, 0x80, 0x80, 0x80]), fits: false },
  ])('$what', ({ bytes, fits }) => {
    const whole = createPacketMeter(1_000);
    expect(whole(bytes)).toBe(fits);
    const inPieces = createPacketMeter(1_000);
    expect([...bytes].every((byte) => inPieces(Uint8Array.of(byte)))).toBe(fits);
  });
});

describe('the broker', () => {
  let broker: EmbeddedBroker;
  let server: Server;
  let port: number;
  let clients: MqttClient[];
  let told: { deviceId: string; presence: Presence }[];

  beforeEach(async () => {
    told = [];
    clients = [];
    broker = await createEmbeddedBroker({
      deviceOf: (token) => ({ deviceId: token, clusterId: 'k' }),
      areasOf: () => ['commune'],
      presence: (deviceId, presence) => told.push({ deviceId, presence }),
      log: () => {},
    });
    server = createServer();
    server.on('upgrade', (request, socket, head) => broker.upgrade(request, socket, head));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    port = (server.address() as AddressInfo).port;
  });
  afterEach(async () => {
    await Promise.all(clients.map((client) => client.endAsync(true)));
    await broker.stop();
    server.close();
  });

  const dial = (id: string, options: IClientOptions = {}): Promise<MqttClient> =>
    new Promise((resolve) => {
      const client = mqtt.connect(`ws://127.0.0.1:${port}/mqtt`, {
        protocolVersion: 4,
        reconnectPeriod: 0,
        clientId: id,
        username: id,
        password: id,
        ...options,
      });
      clients.push(client);
      client.on('error', () => {});
      client.once('connect', () => resolve(client));
    });

  test('a device gets its plan over WebSocket', async () => {
    const client = await dial('d1');
    const heard: string[] = [];
    client.on('message', (_topic, payload) => heard.push(payload.toString()));
    await client.subscribeAsync(topics.plan('d1'), { qos: 1 });
    await broker.publish(topics.plan('d1'), 'plan');
    await expect.poll(() => heard).toEqual(['plan']);
  });

  test('a large packet over WebSocket is cut off', async () => {
    const client = await dial('d1');
    const closed = new Promise<void>((resolve) => client.once('close', () => resolve()));
    client.publish(topics.presence('d1'), 'x'.repeat(5_000_000), { qos: 1 });
    await closed;
    expect(told).toEqual([]);
  });

  test('nothing is queued for a device that asked for a kept session and is away', async () => {
    const first = await dial('d1', { clean: false });
    await first.subscribeAsync(topics.plan('d1'), { qos: 1 });
    await first.endAsync(true);
    for (let i = 0; i < 100; i += 1) await broker.publish(topics.plan('d1'), String(i));
    const heard: string[] = [];
    const again = await dial('d1', { clean: false });
    again.on('message', (_topic, payload) => heard.push(payload.toString()));
    await again.subscribeAsync(topics.plan('d1'), { qos: 1 });
    await expect.poll(() => heard).toEqual(['99']);
  });

  test('a newer connection of a device ends the older one', async () => {
    const old = await dial('d1');
    const closed = new Promise<void>((resolve) => old.once('close', () => resolve()));
    await dial('d1');
    await closed;
  });

  test('what a device may not publish is counted; one that goes on is cut', async () => {
    const client = await dial('d1');
    const closed = new Promise<void>((resolve) => client.once('close', () => resolve()));
    for (let i = 0; i < 30; i += 1) client.publish(topics.plan('d1'), 'forged', { qos: 1, retain: true });
    await closed;
    expect(broker.refusedPublishes()).toBeGreaterThanOrEqual(20);
    const heard: string[] = [];
    const again = await dial('d1');
    again.on('message', (_topic, payload) => heard.push(payload.toString()));
    await again.subscribeAsync(topics.plan('d1'), { qos: 1 });
    await broker.publish(topics.plan('d1'), 'genuine');
    await expect.poll(() => heard).toEqual(['genuine']);
  });

  test('a document above 4 kB is not published', async () => {
    await expect(broker.publish(topics.plan('d1'), 'x'.repeat(4_097))).rejects.toThrow('too long');
  });

  test('10,000 devices’ documents are found by name: subscribing is quick', async () => {
    for (let i = 0; i < 30_000; i += 1) await broker.publish(topics.plan(`x${i}`), 'plan');
    await broker.publish(topics.plan('d1'), 'own');
    const client = await dial('d1');
    const startedMs = performance.now();
    for (let i = 0; i < 50; i += 1) {
      const told = new Promise<void>((resolve) => client.once('message', () => resolve()));
      await client.subscribeAsync(topics.plan('d1'), { qos: 1 });
      await told;
    }
    const eachMs = (performance.now() - startedMs) / 50;
    console.log(`subscribe to retained beside 30,000 others: ${eachMs.toFixed(1)} ms`);
    expect(eachMs).toBeLessThan(200);
  });
});
