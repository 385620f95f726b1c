/**
 * The way down: one MQTT session that reads the device's state topics and says that the device is there. Clean session
 * and subscriptions anew on every connect; what the broker remembers plays no part (DESIGN §3). Judges no message.
 */
import { deviceProtocolVersion, type Presence, topics } from '@loa/protocol/device';
import { AccessRefused, type MqttSession, type Network } from '../../edges/network.ts';
import type { Door } from './door.ts';
import type { Opened } from './keep-open.ts';

/**
 * A dead line is noticed within one and a half of these; sooner when the server, over the other path, thinks that
 * documents were missed. A third of the data that 20 s cost.
 */
const keepaliveS = 60;

const timeoutMs = 15_000;

/** A token so old still counts as fresh: both paths open at about the same time. */
export const freshTokenAgeMs = 30_000;

export interface MqttPath {
  open(onClosed: (reason: string) => void): Promise<Opened>;
  /** Subscribes and unsubscribes as the plan's areas changed. */
  areasChanged(): void;
  /** The session may be dead without a word: it is asked. */
  probe(): void;
}

/** `receive` is handed every message as it came. */
export function createMqttPath(parts: {
  network: Network;
  door: Pick<Door, 'token' | 'spoil'>;
  deviceId: string;
  boot: string;
  areas: () => readonly string[];
  receive: (topic: string, payload: Uint8Array) => void;
}): MqttPath {
  const { network, deviceId } = parts;
  let session: MqttSession | undefined;
  let subscribed = new Set<string>();
  let syncing: Promise<void> = Promise.resolve();

  const presence = (online: boolean): string =>
    JSON.stringify({ v: deviceProtocolVersion, online, boot: parts.boot } satisfies Presence);

  /** One after the other; an area the broker refuses must not cost the others. */
  function syncAreas(): Promise<void> {
    syncing = syncing.then(() => syncOnce()).catch(() => undefined);
    return syncing;
  }

  async function syncOnce(): Promise<void> {
    const open = session;
    if (open === undefined) return;
    const wanted = new Set(parts.areas().map(topics.areaOrders));
    const gone = [...subscribed].filter((topic) => !wanted.has(topic));
    for (const topic of gone) subscribed.delete(topic);
    if (gone.length > 0) await open.unsubscribe(gone);
    for (const topic of wanted) {
      if (session !== open || subscribed.has(topic)) continue;
      // Tried again when the areas change and on the next connect; the server sees what is not held.
      const isGranted = await open.subscribe([topic]).then(
        () => true,
        () => false,
      );
      if (isGranted && session === open) subscribed.add(topic);
    }
  }

  return {
    async open(onClosed) {
      const { token, mqttUrl } = await parts.door.token({ ageMsMax: freshTokenAgeMs });
      let opened: MqttSession | undefined;
      opened = await network
        .openMqtt({
          url: mqttUrl,
          clientId: deviceId,
          username: deviceId,
          password: token,
          will: { topic: topics.presence(deviceId), payload: presence(false) },
          keepaliveS,
          timeoutMs,
          onMessage: parts.receive,
          onClosed: (reason) => {
            if (session === opened) session = undefined;
            onClosed(reason);
          },
        })
        .catch((error: unknown) => {
          if (error instanceof AccessRefused) parts.door.spoil(token);
          throw error;
        });
      const live = opened;
      session = live;
      subscribed = new Set();
      try {
        const own = [topics.keys(), topics.plan(deviceId), topics.hours(deviceId), topics.deviceOrders(deviceId)];
        await live.subscribe(own);
        await live.publish(topics.presence(deviceId), presence(true));
      } catch (error) {
        session = undefined;
        await live.close();
        throw error;
      }
      void syncAreas();
      return {
        async close() {
          session = undefined;
          // A clean goodbye sends no will, so it is said.
          await live.publish(topics.presence(deviceId), presence(false)).catch(() => undefined);
          await live.close();
        },
      };
    },
    areasChanged: () => void syncAreas(),
    probe: () => session?.probe?.(),
  };
}
