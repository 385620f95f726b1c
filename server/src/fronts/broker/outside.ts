/**
 * A broker outside the server, reached as an MQTT client: Mosquitto with its dynamic-security plugin, whose clients and
 * roles this front keeps. It has two connections: the account of `MQTT_URL` tells the plugin who may do what, and an
 * account made by it carries the documents. (Mosquitto 2.0 does not survive an account that changes its own rights.) It
 * assumes nothing of the broker's memory: whenever the connection comes back, everything is published again. A publish
 * that is not acknowledged in time is told to the caller, never waited for.
 */
import { mqttMessageBytesMax, parseTopic, topics } from '@loa/protocol/device';
import mqtt, { type IClientOptions, type MqttClient } from 'mqtt';
import type { Clock } from '../../edges/clock.ts';
import { newId, type Random } from '../../edges/random.ts';
import type { BrokerFront, BrokerPorts } from './broker-front.ts';
import { controlAnswerTopic, controlTopic, createDynamicSecurity } from './dynamic-security.ts';
import { presenceOf } from './topic-rights.ts';

/** The library may never settle a publish; a broker on the same network acknowledges within milliseconds. */
const publishMsMax = 5_000;

/** How long the broker may be away when the server starts. */
const firstConnectMsMax = 30_000;

/** The library would find a dead broker after 90 s by default. */
const keepaliveS = 15;
const reconnectMs = 1_000;
const connectMsMax = 5_000;

/** The account that carries documents; its password lives as long as this process. */
const documentsAccount = 'loa-server';
const presenceFilter = topics.presence('any').replace('any', '+');

export interface OutsideBrokerPorts extends BrokerPorts {
  /** `mqtt://`, `mqtts://`, `ws://` or `wss://` with the name and password of an account that administers the plugin. */
  url: string;
  clock: Clock;
  random: Random;
  /** The connection has come back: publish everything again. */
  returned(): Promise<void>;
}

/** Connects; rejects with a sentence for the installer when the broker is not there or lacks the plugin. */
export async function connectOutsideBroker(ports: OutsideBrokerPorts): Promise<BrokerFront> {
  const { clock, log } = ports;
  // The library would take a name and password in the address over those it is given.
  const address = new URL(ports.url);
  const account = { username: decodeURIComponent(address.username), password: decodeURIComponent(address.password) };
  address.username = '';
  address.password = '';
  const connect = (options: { username: string; password: string }) => {
    const client = mqtt.connect(address.href, { ...steady, clientId: newId(ports.random, 'loa-server-'), ...options });
    let last = '';
    client.on('connect', () => {
      last = '';
    });
    client.on('error', (error) => {
      if (error.message !== last) log('warn', 'the MQTT broker cannot be reached', { error: error.message });
      last = error.message;
    });
    return client;
  };
  const send = (client: MqttClient, message: { topic: string; payload: string; retain: boolean }) => {
    if (!client.connected) return Promise.reject(new Error('The MQTT broker is out of reach'));
    const { topic, payload, retain } = message;
    return within(clock, publishMsMax, client.publishAsync(topic, payload, { qos: 1, retain }));
  };

  const control = connect(account);
  const security = createDynamicSecurity({
    clock,
    send: async (payload) => {
      await send(control, { topic: controlTopic, payload, retain: false });
    },
  });
  control.on('message', (_topic, payload) => security.heard(payload.toString()));
  const password = Buffer.from(ports.random.bytes(24)).toString('base64url');
  let documents: MqttClient | undefined;
  const stop = async () => {
    await Promise.all([control.endAsync(true), documents?.endAsync(true)]);
  };
  try {
    await prepared(control, clock, async () => {
      await control.subscribeAsync(controlAnswerTopic, { qos: 1 });
      await security.admitServer({ username: documentsAccount, password, presenceFilter });
    });
    documents = connect({ username: documentsAccount, password });
    documents.on('message', (topic, payload) => tellPresence(ports, topic, payload));
    await prepared(documents, clock, () => hearPresence(documents));
  } catch (error) {
    await stop();
    throw new Error(`The MQTT broker of MQTT_URL cannot be used: ${error instanceof Error ? error.message : error}`);
  }

  const again = (client: MqttClient, prepare: () => Promise<unknown>) => {
    client.on('connect', () => {
      prepare().catch((error: unknown) => {
        log('warn', 'the MQTT broker came back and cannot be used yet', { error: String(error) });
        client.stream.destroy();
      });
    });
  };
  again(control, () => control.subscribeAsync(controlAnswerTopic, { qos: 1 }));
  again(documents, async () => {
    await hearPresence(documents);
    await ports.returned();
  });

  const carrier = documents;
  return {
    publish: async (topic, payload) => {
      if (Buffer.byteLength(payload) > mqttMessageBytesMax) throw new Error(`A message for ${topic} is too long`);
      await send(carrier, { topic, payload, retain: true });
    },
    revoke: (deviceId) => security.removeDevice(deviceId),
    admit: (deviceId, token) => security.admitDevice({ deviceId, token, areaIds: ports.areasOf(deviceId) }),
    areasChanged: (deviceId) => security.grant({ deviceId, areaIds: ports.areasOf(deviceId) }),
    stop,
  };
}

const steady: IClientOptions = {
  protocolVersion: 4,
  clean: true,
  keepalive: keepaliveS,
  reconnectPeriod: reconnectMs,
  connectTimeout: connectMsMax,
  // Without it the library stops for good after one refused CONNACK.
  reconnectOnConnackError: true,
  resubscribe: false,
  queueQoSZero: false,
};

async function hearPresence(client: MqttClient | undefined): Promise<void> {
  const granted = (await client?.subscribeAsync(presenceFilter, { qos: 1 })) ?? [];
  if (granted.some(({ qos }) => qos === 128)) throw new Error('the broker does not let the server hear presence');
}

function tellPresence(ports: BrokerPorts, topic: string, payload: Uint8Array): void {
  const place = parseTopic(topic);
  if (place?.kind !== 'presence') return;
  const presence = presenceOf({ deviceId: place.deviceId, topic, payload });
  if (presence !== undefined) ports.presence(place.deviceId, presence);
}

/** Runs `prepare` on the first connection; rejects when that takes too long, with the last reason. */
async function prepared(client: MqttClient, clock: Clock, prepare: () => Promise<void>): Promise<void> {
  let reason = 'no answer';
  const failed = (error: Error) => {
    reason = error.message;
  };
  client.on('error', failed);
  try {
    if (!client.connected) {
      await within(clock, firstConnectMsMax, new Promise<void>((resolve) => client.once('connect', () => resolve())));
    }
  } catch {
    throw new Error(reason);
  } finally {
    client.off('error', failed);
  }
  await prepare();
}

async function within<T>(clock: Clock, limitMs: number, work: Promise<T>): Promise<T> {
  let cancel = () => {};
  const late = new Promise<never>((_resolve, reject) => {
    cancel = clock.setTimer(() => reject(new Error('The MQTT broker did not answer in time')), limitMs);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    cancel();
  }
}
