/**
 * The board's MQTT session behind `MqttSession`: mqtt.js over WebSocket or TCP, one try, ended for good when closed.
 * What comes is bounded before mqtt.js gathers it; what the messages say is not looked into.
 */
import mqtt, { type IClientOptions } from 'mqtt';
import { ruleOf } from './broken-rules.ts';
import { brokerPlace } from './broker-place.ts';
import { agentFor, boundedWebSocket } from './machine-socket.ts';
import { createMqttGuard } from './mqtt-guard.ts';
import { AccessRefused, type MqttOpening, type MqttSession, type Rule, RuleBroken } from './network.ts';
import type { WayOut } from './way-out.ts';

/** A broker that was asked for a sign of life has so long. */
const probeMsMax = 10_000;

/** Some brokers put several packets into one frame of their WebSocket. */
const frameBytesMax = 256 * 1024;

/** CONNACK codes of MQTT 3.1.1 §3.2.2.3 that a new token may cure. */
const refusedCodes = new Set<unknown>([4, 5]);

/** Rejects with why there is no session. */
export async function openMqtt(address: string, opening: MqttOpening, way: WayOut | undefined): Promise<MqttSession> {
  const url = new URL(address);
  const place = brokerPlace(url);
  const isWebSocket = place.path !== undefined;
  const { host, port } = place;
  const secure = place.protocol === 'mqtts';
  let reason = 'the line was closed';
  let broken: Rule | undefined;
  const breaks = (rule: Rule | undefined, said: string) => {
    broken ??= rule;
    reason = said;
  };
  // mqtt.js does not hand on why a WebSocket could not be opened.
  const agent = isWebSocket ? agentFor(url, way, (said) => (reason = said)) : undefined;
  const line = isWebSocket ? undefined : await way?.open({ host, port, secure });
  const settings: IClientOptions = {
    protocolVersion: 4,
    clean: true,
    reconnectPeriod: 0,
    resubscribe: false,
    queueQoSZero: false,
    // Otherwise a buffer of two bytes is kept for each of 65,536 numbers: 7 MB.
    writeCache: false,
    connectTimeout: opening.timeoutMs,
    keepalive: opening.keepaliveS,
    clientId: opening.clientId,
    username: opening.username,
    password: opening.password,
    will: { topic: opening.will.topic, payload: Buffer.from(opening.will.payload), qos: 1, retain: true },
    createWebsocket(to: string, protocols: string[]) {
      const socket = boundedWebSocket(to, { protocols, agent, frameBytesMax, openMsMax: opening.timeoutMs });
      // Which mqtt.js does not hand on either.
      socket.on('error', (error) => breaks(ruleOf(error), error.message));
      return socket;
    },
  };
  const client =
    line === undefined ? mqtt.connect({ ...place, ...settings }) : new mqtt.MqttClient(() => line, settings);
  const within = <T>(what: Promise<T>) => settledWithin(what, opening.timeoutMs);
  return new Promise((resolve, reject) => {
    let isOpen = false;
    let probing: NodeJS.Timeout | undefined;
    const guard = createMqttGuard();
    // Before the parser, which would gather whatever is announced.
    client.stream.prependListener('data', (piece: Buffer) => {
      const rule = broken === undefined ? guard(piece) : undefined;
      if (rule === undefined) return;
      breaks(rule, `the broker broke a rule: ${rule}`);
      client.stream.destroy();
    });
    client.on('packetreceive', () => {
      clearTimeout(probing);
      probing = undefined;
    });
    client.on('message', (topic, payload) => (broken === undefined ? opening.onMessage(topic, payload) : undefined));
    client.on('error', (error) => {
      const code = 'code' in error ? error.code : undefined;
      // What mqtt.js cannot parse has no code, and comes before the session is open only when the guard has seen it.
      const isUnreadable = isOpen && code === undefined && error.message !== 'Keepalive timeout';
      breaks(ruleOf(error) ?? (isUnreadable ? 'not-mqtt' : undefined), broken === undefined ? error.message : reason);
      if (!isOpen) reject(rejection({ code, reason, broken }));
      client.end(true);
    });
    client.on('close', () => {
      clearTimeout(probing);
      if (isOpen) opening.onClosed(reason, broken);
      else reject(rejection({ code: undefined, reason: `No MQTT session: ${reason}`, broken }));
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
        probe() {
          // One question at a time: whoever makes us ask for ever must not make us write for ever.
          if (!isOpen || probing !== undefined) return;
          probing = setTimeout(() => {
            reason = `no sign of life from the broker within ${probeMsMax} ms`;
            client.stream.destroy();
          }, probeMsMax);
          client.sendPing();
        },
        async close() {
          reason = 'closed by us';
          await within(client.endAsync(false)).catch(() => client.end(true));
        },
      });
    });
  });
}

function rejection({ code, reason, broken }: { code: unknown; reason: string; broken: Rule | undefined }): Error {
  if (broken !== undefined) return new RuleBroken(broken, reason);
  return refusedCodes.has(code) ? new AccessRefused(reason) : new Error(reason);
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
