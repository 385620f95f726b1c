/**
 * Promise: whichever broker carries Loa, a device gets the newest state of its own topics and nothing else, commands
 * nobody, is cut when revoked, and delays nobody when it stops reading.
 */
import { connect as connectTcp } from 'node:net';
import { type Presence, topics } from '@loa/protocol/device';
import { machineClock } from '@loa/server/edges/clock.ts';
import { machineRandom } from '@loa/server/edges/random.ts';
import type { BrokerFront, BrokerPorts } from '@loa/server/fronts/broker/broker-front.ts';
import { createEmbeddedBroker } from '@loa/server/fronts/broker/embedded.ts';
import { connectOutsideBroker } from '@loa/server/fronts/broker/outside.ts';
import mqtt, { type IClientOptions, type MqttClient } from 'mqtt';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { mosquittoMissing, startMosquitto } from './mosquitto.ts';

interface Opened {
  front: BrokerFront;
  port: number;
  close(): Promise<void>;
}

const happened = (client: MqttClient, event: 'connect' | 'close' | 'message') =>
  new Promise<void>((resolve) => client.once(event, () => resolve()));

const missing = mosquittoMissing();
if (missing !== undefined) console.error(`\n  NOT TESTED ON MOSQUITTO: ${missing}\n`);

const kinds: { kind: string; open(ports: BrokerPorts): Promise<Opened> }[] = [
  {
    kind: 'embedded',
    open: async (ports) => {
      const front = await createEmbeddedBroker(ports);
      return { front, port: await front.listen({ host: '127.0.0.1', port: 0 }), close: () => front.stop() };
    },
  },
  {
    kind: 'mosquitto',
    open: async (ports) => {
      const mosquitto = await startMosquitto();
      const edges = { clock: machineClock, random: machineRandom };
      const front = await connectOutsideBroker({ ...ports, ...edges, url: mosquitto.url, returned: async () => {} });
      return {
        front,
        port: mosquitto.port,
        close: async () => {
          await front.stop();
          await mosquitto.stop();
        },
      };
    },
  },
];

describe.each(kinds.filter(({ kind }) => kind === 'embedded' || missing === undefined))('$kind', ({ open }) => {
  let opened: Opened;
  let clients: MqttClient[];
  const told: { deviceId: string; presence: Presence }[] = [];
  const tokens = new Map<string, string>();

  beforeAll(async () => {
    opened = await open({
      deviceOf: (token) => {
        const deviceId = tokens.get(token);
        return deviceId === undefined ? undefined : { deviceId, clusterId: `k-${deviceId}` };
      },
      areasOf: () => ['village', 'commune'],
      presence: (deviceId, presence) => told.push({ deviceId, presence }),
      log: () => {},
    });
  });
  afterAll(() => opened?.close());
  beforeEach(() => {
    clients = [];
    told.length = 0;
  });
  afterEach(async () => {
    await Promise.all(clients.map((client) => client.endAsync(true)));
  });

  const dial = (options: IClientOptions): MqttClient => {
    const client = mqtt.connect({
      protocolVersion: 4,
      reconnectPeriod: 0,
      host: '127.0.0.1',
      port: opened.port,
      ...options,
    });
    client.on('error', () => {});
    clients.push(client);
    return client;
  };
  const admitted = async (deviceId: string): Promise<IClientOptions> => {
    const token = `token-of-${deviceId}`;
    tokens.set(token, deviceId);
    await opened.front.admit(deviceId, token);
    return { clientId: deviceId, username: deviceId, password: token };
  };
  const device = async (deviceId: string, options: IClientOptions = {}) => {
    const client = dial({ ...(await admitted(deviceId)), ...options });
    const heard: string[] = [];
    client.on('message', (topic, payload) => heard.push(`${topic} ${payload.toString()}`));
    await happened(client, 'connect');
    return { client, heard };
  };
  /** The code a connection was refused with. */
  const refusal = (options: IClientOptions): Promise<number | undefined> =>
    new Promise((resolve, reject) => {
      const client = dial(options);
      client.on('connect', () => reject(new Error('was let in')));
      client.on('error', (error) => resolve('code' in error ? Number(error.code) : undefined));
      client.on('close', () => resolve(undefined));
    });
  const online = (boot: string): string => JSON.stringify({ v: 1, online: true, boot });
  const offline = (boot: string): string => JSON.stringify({ v: 1, online: false, boot });

  test('retained state reaches a late subscriber, the newest wins', async () => {
    await opened.front.publish(topics.plan('late'), 'one');
    await opened.front.publish(topics.plan('late'), 'two');
    await opened.front.publish(topics.areaOrders('commune'), 'orders');
    const { client, heard } = await device('late');
    await client.subscribeAsync([topics.plan('late'), topics.areaOrders('commune')], { qos: 1 });
    await expect
      .poll(() => [...heard].sort())
      .toEqual([`${topics.areaOrders('commune')} orders`, `${topics.plan('late')} two`]);
  });

  test('what is published reaches a subscriber at once, in order', async () => {
    const { client, heard } = await device('order');
    await client.subscribeAsync(topics.plan('order'), { qos: 1 });
    for (let i = 0; i < 50; i += 1) await opened.front.publish(topics.plan('order'), String(i));
    await expect.poll(() => heard.length).toBe(50);
    expect(heard).toEqual(Array.from({ length: 50 }, (_, i) => `${topics.plan('order')} ${i}`));
  });

  test('presence is told, and the last will of a device that breaks off', async () => {
    const will = { topic: topics.presence('will'), payload: offline('b1'), qos: 1, retain: true } as const;
    const { client } = await device('will', { will });
    await client.publishAsync(topics.presence('will'), online('b1'), { qos: 1, retain: true });
    await expect.poll(() => told).toEqual([{ deviceId: 'will', presence: { v: 1, online: true, boot: 'b1' } }]);
    client.stream.destroy();
    await expect.poll(() => told.at(-1)).toEqual({ deviceId: 'will', presence: { v: 1, online: false, boot: 'b1' } });
  });

  test.each([
    topics.plan('other'),
    topics.deviceOrders('other'),
    topics.hours('other'),
    topics.presence('other'),
    topics.areaOrders('foreign'),
    'loa/v1/device/+/plan',
    'loa/#',
    '#',
    '$SYS/#',
    '$CONTROL/dynamic-security/v1/response',
  ])('a foreign topic is not read: %s', async (topic) => {
    await opened.front.publish(topics.plan('other'), 'secret');
    const own = `curious-${performance.now()}`.replace('.', '-');
    const { client, heard } = await device(own);
    const granted = await client.subscribeAsync(topic, { qos: 1 }).catch(() => 'refused');
    expect(JSON.stringify(granted)).toMatch(/refused|128/);
    await opened.front.publish(topics.plan('other'), 'secret');
    await client.subscribeAsync(topics.plan(own), { qos: 1 });
    await opened.front.publish(topics.plan(own), 'own');
    await expect.poll(() => heard).toEqual([`${topics.plan(own)} own`]);
  });

  test.each([topics.plan('victim'), topics.areaOrders('commune'), topics.keys(), topics.presence('victim')])(
    'a foreign topic is not written: %s',
    async (topic) => {
      if (topic !== topics.presence('victim')) await opened.front.publish(topic, 'genuine');
      const { client: thief } = await device('thief');
      const forged = topic === topics.presence('victim') ? online('forged') : 'forged';
      thief.publish(topic, forged, { qos: 1, retain: true });
      await thief.publishAsync(topics.presence('thief'), online('t'), { qos: 1, retain: true });
      await expect.poll(() => told).toEqual([{ deviceId: 'thief', presence: { v: 1, online: true, boot: 't' } }]);
      if (topic === topics.presence('victim')) return;
      const { client, heard } = await device('victim');
      await client.subscribeAsync(topic, { qos: 1 });
      await expect.poll(() => heard).toEqual([`${topic} genuine`]);
    },
  );

  test('a presence that is not one is not told', async () => {
    const { client } = await device('odd');
    for (const payload of ['', '{', '{"online":true}', online('x').replace('"v":1', '"v":9')]) {
      client.publish(topics.presence('odd'), payload, { qos: 1, retain: true });
    }
    await client.publishAsync(topics.presence('odd'), online('b'), { qos: 1, retain: true });
    await expect.poll(() => told).toEqual([{ deviceId: 'odd', presence: { v: 1, online: true, boot: 'b' } }]);
  });

  test('a client without identity, or with another’s, is refused', async () => {
    const own = await admitted('known');
    expect(await refusal({ clientId: 'known' })).toBe(5);
    expect(await refusal({ clientId: '' })).toSatisfy((code) => code === 5 || code === 2);
    expect(await refusal({ ...own, password: 'wrong' })).toBe(5);
    expect(await refusal({ ...own, username: 'other' })).toBe(5);
    expect(await refusal({ ...own, clientId: 'other' })).toBe(5);
  });

  test('a revoked device is cut and does not come back', async () => {
    const { client } = await device('stolen');
    const closed = happened(client, 'close');
    const startedMs = performance.now();
    tokens.delete('token-of-stolen');
    await opened.front.revoke('stolen');
    await closed;
    console.log(`revoked in ${(performance.now() - startedMs).toFixed(0)} ms`);
    const again = { clientId: 'stolen', username: 'stolen', password: 'token-of-stolen' };
    expect(await refusal(again)).toBe(5);
  });

  test('a packet that is too large is cut off, and nobody else is harmed', async () => {
    const { client: huge } = await device('huge');
    const { client, heard } = await device('calm');
    await client.subscribeAsync(topics.plan('calm'), { qos: 1 });
    const closed = happened(huge, 'close');
    huge.publish(topics.presence('huge'), 'x'.repeat(10_000_000), { qos: 1 });
    await closed;
    await opened.front.publish(topics.plan('calm'), 'still');
    await expect.poll(() => heard).toEqual([`${topics.plan('calm')} still`]);
    expect(told).toEqual([]);
  });

  test('a connection that sends no MQTT harms nobody', async () => {
    const socket = connectTcp(opened.port, '127.0.0.1');
    const closed = new Promise<void>((resolve) => socket.on('error', () => {}).on('close', () => resolve()));
    socket.write('GET / HTTP/1.1\r\n\r\n');
    await closed;
    await device('after');
  });

  test('a subscriber that stops reading delays nobody', async () => {
    const { client: stuck } = await device('stuck');
    const { client, heard } = await device('quick');
    const orders = topics.areaOrders('commune');
    await stuck.subscribeAsync(orders, { qos: 1 });
    await client.subscribeAsync(orders, { qos: 1 });
    heard.length = 0;
    stuck.stream.pause();
    const padding = 'x'.repeat(3_900);
    const delaysMs: number[] = [];
    for (let i = 0; i < 3_000; i += 1) {
      const startedMs = performance.now();
      const got = i % 100 === 0 ? happened(client, 'message') : undefined;
      await opened.front.publish(orders, `${i} ${padding}`);
      if (got !== undefined) {
        await got;
        delaysMs.push(performance.now() - startedMs);
      }
      if (i % 100 === 0) await expect.poll(() => heard.length).toBeGreaterThan(i);
    }
    await expect.poll(() => heard.length, { timeout: 10_000 }).toBeGreaterThanOrEqual(3_000);
    const worstMs = Math.max(...delaysMs);
    console.log(`worst delay of the healthy beside a stuck one: ${worstMs.toFixed(0)} ms`);
    expect(worstMs).toBeLessThan(2_000);
  });
});
