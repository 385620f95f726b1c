/**
 * Wires the whole server: the one file that knows all rooms and hands them each other's functions. Everything published
 * is in the broker before any door opens; doors close before the rooms behind them stop. What touches the machine comes
 * in as edges.
 */
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { doorPaths, type Presence } from '@loa/protocol/device';
import { livePath } from '@loa/protocol/panel';
import type { Logger } from 'pino';
import { composeWork } from './compose-work.ts';
import type { Clock } from './edges/clock.ts';
import type { Disk } from './edges/disk.ts';
import type { Fetch } from './edges/network.ts';
import type { Random } from './edges/random.ts';
import type { BrokerFront, BrokerPorts } from './fronts/broker/broker-front.ts';
import { createEmbeddedBroker, type EmbeddedBroker } from './fronts/broker/embedded.ts';
import { connectOutsideBroker } from './fronts/broker/outside.ts';
import { createHttp } from './fronts/http/create-http.ts';
import { httpLimits } from './fronts/http/ports.ts';
import { sessionCookie } from './fronts/http/session.ts';
import { createDeviceLinks } from './fronts/live/device-links.ts';
import { createPanelFeeds } from './fronts/live/panel-feeds.ts';
import { routeUpgrades, type Upgrade } from './fronts/live/upgrades.ts';
import type { Installation } from './installation/open-installation.ts';
import { openLogFolder } from './keep/device-files/log-folder.ts';
import { openReleaseFolder } from './keep/device-files/release-folder.ts';
import { refuse } from './refusal.ts';
import type { Settings } from './settings.ts';
import type { Broker, Enrolment, Log, Sounds } from './work/contracts.ts';
import { createEnrolment } from './work/enrolment/enrolment.ts';
import { createPeople } from './work/people/people.ts';

export interface ServerEdges {
  clock: Clock;
  random: Random;
  disk: Disk;
  fetch: Fetch;
}

export interface ServerParts {
  settings: Settings;
  installation: Installation;
  sounds: Sounds;
  edges: ServerEdges;
  logger: Logger;
  version: string;
}

export interface RunningServer {
  httpPort: number;
  /** Port of MQTT over TCP, where one was asked for. */
  mqttPort: number | undefined;
  /** Closes the doors, then the rooms, then the store. */
  stop(): Promise<void>;
}

/** Presence that an outside broker tells before the rooms are ready: one for each device there is. */
type EarlyPresence = Map<string, Presence>;

/** Starts the server; rejects when a port is taken (`EADDRINUSE`) or an outside broker cannot be used. */
export async function startServer(parts: ServerParts): Promise<RunningServer> {
  const { settings, installation, edges, logger } = parts;
  const { store, keys } = installation;
  const { clock, random } = edges;
  const log: Log = (level, message, detail) => logger[level](detail ?? {}, message);

  const early: EarlyPresence = new Map();
  let presence = (deviceId: string, told: Presence): void => void early.set(deviceId, told);
  const work = composeWork({
    store,
    clock,
    random,
    log,
    sounds: parts.sounds,
    sign: keys.sign,
    keySet: keys.keySet,
    nowLeadMs: settings.nowLeadMs,
    deviceFiles: {
      logs: openLogFolder({ root: installation.places.logs, disk: edges.disk }),
      releases: openReleaseFolder({ root: installation.places.releases, disk: edges.disk }),
    },
    placesChanged: async (movedIds) => {
      feeds.placesChanged();
      await Promise.all(movedIds.map((deviceId) => broker.areasChanged(deviceId)));
    },
    broker: { publish: (topic, payload) => broker.publish(topic, payload) },
  });
  const people = createPeople({ store, clock, random });
  const enrolment: Enrolment = createEnrolment({
    store,
    clock,
    random,
    keys,
    mqttUrl: settings.mqttPublicUrl,
    onEnrolled: work.deviceEnrolled,
    onRevoked: async (deviceId) => {
      links.revoke(deviceId);
      await revokeAtBroker(broker, deviceId, log);
    },
  });
  const links = createDeviceLinks({ deviceOf: enrolment.deviceOf, intake: work.intake, clock, log });
  const feeds = createPanelFeeds({
    people,
    roster: work.roster,
    clock: work.clock,
    clockDoubt: work.clockDoubt,
    log,
    cookieName: sessionCookie,
    hosts: settings.publicUrl === undefined ? [] : [new URL(settings.publicUrl).host],
  });
  const broker = await openBroker(settings, edges, {
    deviceOf: enrolment.deviceOf,
    areasOf: work.roster.areasOf,
    presence: (deviceId, told) => presence(deviceId, told),
    returned: work.dispatch.publishAll,
    log,
  });

  await work.start();
  presence = work.intake.presence;
  for (const [deviceId, told] of early) presence(deviceId, told);

  const http = await createHttp({
    people,
    enrolment: admitting(enrolment, broker, log),
    desk: work.desk,
    law: work.law,
    inbox: work.inbox,
    timetables: work.timetables,
    emergencies: work.emergencies,
    repairs: work.repairs,
    roster: work.roster,
    clock,
    disk: edges.disk,
    fetch: edges.fetch,
    log: logger,
    signedOut: feeds.signedOut,
    settings: {
      version: parts.version,
      timeZone: installation.timeZone,
      panelDir: settings.panelDir,
      uploadDir: join(temporaryDir(settings), 'uploads'),
      demo: settings.demo,
      trustedProxies: settings.trustedProxies,
      limits: { ...httpLimits, diskReserveBytes: settings.diskReserveBytes },
    },
  });
  const doors = new Map<string, Upgrade>([
    [doorPaths.link, links.upgrade],
    [livePath, feeds.upgrade],
  ]);
  if ('upgrade' in broker) doors.set(doorPaths.mqtt, broker.upgrade);
  routeUpgrades(http.server, doors);

  const stop = async () => {
    presence = () => {};
    feeds.stop();
    links.stop();
    await broker.stop();
    await http.close();
    await work.stop();
    await store.close();
  };
  try {
    const { host } = settings.http;
    const mqttPort =
      settings.mqttPort === undefined || !('listen' in broker)
        ? undefined
        : await broker.listen({ host, port: settings.mqttPort });
    await http.listen(settings.http);
    return { httpPort: portOf(http.server.address()), mqttPort, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** For files that are still arriving or being made; nothing in it outlives a restart. */
export function temporaryDir(settings: Settings): string {
  return join(settings.dataDir, 'tmp');
}

function openBroker(
  settings: Settings,
  { clock, random }: ServerEdges,
  ports: BrokerPorts & { returned(): Promise<void> },
): Promise<BrokerFront | EmbeddedBroker> {
  const { mqttUrl } = settings;
  return mqttUrl === undefined
    ? createEmbeddedBroker(ports)
    : connectOutsideBroker({ ...ports, url: mqttUrl, clock, random });
}

/** A device that gets a token may come in at the broker with it, also when that is outside. */
function admitting(enrolment: Enrolment, broker: BrokerFront, log: Log): Enrolment {
  return {
    ...enrolment,
    token: async (request) => {
      const answer = await enrolment.token(request);
      const device = answer.ok ? enrolment.deviceOf(answer.value.token) : undefined;
      if (!answer.ok || device === undefined) return answer;
      try {
        await broker.admit(device.deviceId, answer.value.token);
        return answer;
      } catch (error) {
        log('warn', 'the broker did not admit a device', { deviceId: device.deviceId, error: String(error) });
        return refuse({
          code: 'broker-away',
          status: 503,
          vi: 'Máy chủ MQTT chưa sẵn sàng. Thiết bị sẽ tự thử lại.',
          en: 'The MQTT broker is not ready. Try again.',
        });
      }
    },
  };
}

async function revokeAtBroker(broker: Broker, deviceId: string, log: Log): Promise<void> {
  await broker.revoke(deviceId).catch((error: unknown) => {
    log('error', 'the broker did not end a revoked device', { deviceId, error: String(error) });
  });
}

function portOf(address: string | AddressInfo | null): number {
  return typeof address === 'object' && address !== null ? address.port : 0;
}
