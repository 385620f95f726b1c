/**
 * The live picture: what every cluster is doing, told of each change by the rooms that make it, shown to each person cut
 * to the person's own areas (DESIGN P11). Holds the present only; the store holds what was.
 */
import type { Progress, Sequence } from '@loa/protocol/device';
import {
  type AiringView,
  airingsMax,
  type Change,
  type Person,
  type Snapshot,
  type TestView,
} from '@loa/protocol/panel';
import { createAddresses } from '@loa/schedules';
import type { Selectable } from 'kysely';
import type { StoredBulletin } from '../../keep/store/rows/bulletin-row.ts';
import { instantText } from '../../keep/store/rows/column.ts';
import type { AiringsTable, FaultsTable } from '../../keep/store/schema.ts';
import { accept, refuse } from '../../refusal.ts';
import type { DeviceIdentity, DeviceNews, Expectation, HeldPlan, Roster, WorkPorts } from '../contracts.ts';
import { workRefusal } from '../refusals.ts';
import { holds, isOwn } from '../scope.ts';
import { createChanges, type Gathered } from './changes.ts';
import { rememberHeld, takeNews } from './device-news.ts';
import {
  addRow,
  bulletinState,
  loadDevice,
  loadPicture,
  loadPlaces,
  readBulletinStates,
  spanTargets,
} from './load-picture.ts';
import { readAiring, readAirings, readFaults, type Viewer } from './past.ts';
import { type AiringState, emptyPicture, isReachable, phaseOf } from './picture.ts';
import { airingView, areaView, clusterView, heldPlan } from './views.ts';

/** The panel's span: so far back and so far ahead. */
const backMs = 6 * 3_600_000;
const aheadMs = 24 * 3_600_000;

export interface RosterRoom extends Roster {
  load(): Promise<void>;
  /** The tree, its law, or where clusters stand in it has changed: read anew. Gives the devices with other addresses. */
  placesChanged(): Promise<string[]>;
  deviceEnrolled(deviceId: string): Promise<void>;
  deviceSeen(news: DeviceNews): void;
  progressed(deviceId: string, progress: readonly Progress[]): void;
  planPublished(plan: { deviceId: string; sequence: Sequence; untilMs: number }): void;
  bulletinChanged(bulletin: StoredBulletin): void;
  airingsChanged(rows: readonly Selectable<AiringsTable>[]): void;
  expected(expectations: readonly Expectation[]): void;
  faultsChanged(rows: readonly Selectable<FaultsTable>[]): void;
  /** The device's newest test of its sound path has changed. */
  tested(deviceId: string, test: TestView): void;
  devices(): readonly (DeviceIdentity & { lastSeenMs: number | null })[];
  isReachable(clusterId: string): boolean;
  /** Undefined where no device has been enrolled. */
  heldPlanOf(clusterId: string): HeldPlan | undefined;
}

export function createRoster(ports: Pick<WorkPorts, 'store' | 'clock' | 'log'>): RosterRoom {
  const { store, clock } = ports;
  const picture = emptyPicture();
  const changes = createChanges(clock);
  let known = { of: picture.areas, addresses: createAddresses(picture.areas) };
  /** Occurrences that sound, by cluster. */
  const playing = new Map<string, Set<string>>();

  /** Made anew when the tree has been read anew. */
  function addressesOf(): ReturnType<typeof createAddresses> {
    if (known.of !== picture.areas) known = { of: picture.areas, addresses: createAddresses(picture.areas) };
    return known.addresses;
  }

  /** What addresses each device, as text. */
  function addressing(): Map<string, string> {
    return new Map([...picture.devices.keys()].map((id) => [id, areasOf(id).join(' ')]));
  }

  function areasOf(deviceId: string): readonly string[] {
    const clusterId = picture.devices.get(deviceId)?.clusterId;
    const cluster = clusterId === undefined ? undefined : picture.clusters.get(clusterId);
    return cluster === undefined ? [] : addressesOf()(cluster);
  }

  function viewerOf(person: Person): Viewer {
    const own = holds(person, 'see') ? [...picture.clusters.values()] : [];
    const visible = own.filter((cluster) => isOwn(picture.areas, person, cluster.areaId));
    return { person, clusterIds: new Set(visible.map(({ id }) => id)) };
  }

  function viewOf(airing: AiringState, viewer: Viewer): AiringView | undefined {
    const bulletin = picture.bulletins.get(airing.bulletinId);
    return bulletin === undefined ? undefined : airingView(picture, { airing, bulletin, ...viewer });
  }

  function clusterViewOf(clusterId: string) {
    const cluster = picture.clusters.get(clusterId);
    if (cluster === undefined) return undefined;
    const sounding = [...(playing.get(clusterId) ?? [])].map((occurrence) => picture.airings.get(occurrence));
    return clusterView(picture, { cluster, playing: sounding.filter((airing) => airing !== undefined) });
  }

  function changesFor(viewer: Viewer, gathered: Gathered): Change[] {
    const found: Change[] = [];
    for (const clusterId of gathered.clusters) {
      const cluster = viewer.clusterIds.has(clusterId) ? clusterViewOf(clusterId) : undefined;
      if (cluster !== undefined) found.push({ kind: 'cluster', cluster });
    }
    for (const occurrence of gathered.airings) {
      const airing = picture.airings.get(occurrence);
      const view = airing === undefined ? undefined : viewOf(airing, viewer);
      if (view !== undefined) found.push({ kind: 'airing', airing: view });
    }
    for (const [occurrence, clusterIds] of gathered.gone) {
      if (clusterIds.some((id) => viewer.clusterIds.has(id))) found.push({ kind: 'airing-gone', occurrence });
    }
    return found;
  }

  /** Keeps the list of what sounds where, and tells of the airing. */
  function touch(airing: AiringState, clusterId: string): void {
    const target = airing.targets.get(clusterId);
    const sounding = playing.get(clusterId) ?? new Set<string>();
    const sounds = target !== undefined && phaseOf(target) === 'playing';
    if (sounds !== sounding.has(airing.occurrence)) {
      if (sounds) sounding.add(airing.occurrence);
      else sounding.delete(airing.occurrence);
      playing.set(clusterId, sounding);
      changes.cluster(clusterId);
    }
    changes.airing(airing.occurrence);
  }

  function remove(airing: AiringState): void {
    picture.airings.delete(airing.occurrence);
    for (const clusterId of airing.targets.keys()) playing.get(clusterId)?.delete(airing.occurrence);
    changes.gone(airing.occurrence, [...airing.targets.keys()]);
  }

  /** Bulletins that airings name and memory does not hold are read; their airings are shown when they are there. */
  function learnBulletins(): void {
    const missing = new Set<string>();
    for (const { bulletinId } of picture.airings.values()) {
      if (!picture.bulletins.has(bulletinId)) missing.add(bulletinId);
    }
    if (missing.size === 0) return;
    readMissing([...missing]).catch((error: unknown) => {
      ports.log('error', 'bulletins could not be read for the live picture', { error: String(error) });
    });
  }

  async function readMissing(ids: readonly string[]): Promise<void> {
    const found = await store.read((db) => readBulletinStates(db, ids));
    for (const [id, bulletin] of found) if (!picture.bulletins.has(id)) picture.bulletins.set(id, bulletin);
    for (const airing of picture.airings.values()) if (found.has(airing.bulletinId)) changes.airing(airing.occurrence);
  }

  /** Drops what the panel no longer shows, and bulletins that no airing names. */
  function forget(): void {
    const nowMs = clock.nowMs();
    for (const airing of picture.airings.values()) if (airing.untilMs < nowMs - backMs) remove(airing);
    const named = new Set([...picture.airings.values()].map(({ bulletinId }) => bulletinId));
    for (const id of picture.bulletins.keys()) if (!named.has(id)) picture.bulletins.delete(id);
  }

  function expect(expectation: Expectation): void {
    const { targets, ...rest } = expectation;
    const airing: AiringState = picture.airings.get(rest.occurrence) ?? { ...rest, targets: new Map() };
    picture.airings.set(rest.occurrence, airing);
    const wanted = new Set(targets.map(({ clusterId }) => clusterId));
    // What is in no plan any more was only expected; what has its row is told of by the device.
    const lost = [...airing.targets].filter(([id, { row }]) => row === undefined && !wanted.has(id));
    for (const [clusterId] of lost) airing.targets.delete(clusterId);
    let hasChanged = lost.length > 0;
    for (const { clusterId, atMs, untilMs } of targets) {
      const known = airing.targets.get(clusterId);
      if (known?.row !== undefined || (known?.atMs === atMs && known.untilMs === untilMs)) continue;
      airing.targets.set(clusterId, { row: undefined, live: known?.live, atMs, untilMs });
      hasChanged = true;
    }
    if (!hasChanged) return;
    spanTargets(airing);
    changes.airing(rest.occurrence);
  }

  return {
    load: async () => {
      await store.read((db) => loadPicture(db, picture, clock.nowMs() - backMs));
      await readMissing([...new Set([...picture.airings.values()].map(({ bulletinId }) => bulletinId))]);
      for (const airing of picture.airings.values()) {
        for (const clusterId of airing.targets.keys()) touch(airing, clusterId);
      }
    },

    placesChanged: async () => {
      const before = addressing();
      await store.read((db) => loadPlaces(db, picture));
      const after = addressing();
      return [...picture.devices.keys()].filter((id) => before.get(id) !== after.get(id));
    },

    deviceEnrolled: async (deviceId) => {
      await store.read((db) => loadDevice(db, picture, deviceId));
      const device = picture.devices.get(deviceId);
      if (device !== undefined) changes.cluster(device.clusterId);
    },

    deviceSeen: (news) => {
      const device = picture.devices.get(news.deviceId);
      if (device !== undefined && takeNews(device, news)) changes.cluster(device.clusterId);
    },

    tested: (deviceId, test) => {
      const device = picture.devices.get(deviceId);
      if (device === undefined) return;
      device.lastTest = test;
      changes.cluster(device.clusterId);
    },

    progressed: (deviceId, progress) => {
      const clusterId = picture.devices.get(deviceId)?.clusterId;
      for (const { occurrence, phase, fraction } of progress) {
        const airing = picture.airings.get(occurrence);
        const target = clusterId === undefined ? undefined : airing?.targets.get(clusterId);
        if (clusterId === undefined || airing === undefined || target === undefined) continue;
        if (target.live?.phase === phase && target.live.fraction === fraction) continue;
        target.live = { phase, fraction };
        touch(airing, clusterId);
      }
    },

    planPublished: ({ deviceId, ...published }) => {
      const device = picture.devices.get(deviceId);
      if (device === undefined) return;
      device.published = published;
      rememberHeld(device);
      changes.cluster(device.clusterId);
    },

    bulletinChanged: (bulletin) => {
      picture.bulletins.set(bulletin.id, bulletinState(bulletin));
      for (const airing of picture.airings.values()) {
        if (airing.bulletinId === bulletin.id) changes.airing(airing.occurrence);
      }
    },

    airingsChanged: (rows) => {
      for (const row of rows) {
        if (row.until_ms < clock.nowMs() - backMs && !picture.airings.has(row.occurrence)) continue;
        touch(addRow(picture, row), row.cluster_id);
      }
      learnBulletins();
    },

    expected: (expectations) => {
      const wanted = new Set(expectations.map(({ occurrence }) => occurrence));
      for (const airing of picture.airings.values()) {
        const isOnlyExpected = [...airing.targets.values()].every(({ row }) => row === undefined);
        if (isOnlyExpected && !wanted.has(airing.occurrence)) remove(airing);
      }
      for (const expectation of expectations) expect(expectation);
      forget();
      learnBulletins();
    },

    faultsChanged: (rows) => {
      for (const row of rows) {
        const device = picture.devices.get(row.device_id);
        if (device === undefined) continue;
        if (row.cleared_ms === null) device.faults.set(row.id, row);
        else device.faults.delete(row.id);
        if (row.code === 'out-of-reach') {
          device.reachSinceMs = row.cleared_ms ?? row.opened_ms;
          if (row.cleared_ms === null) forgetProgress(device.clusterId);
        }
        changes.cluster(device.clusterId);
      }
    },

    snapshot: (person) => {
      const viewer = viewerOf(person);
      const nowMs = clock.nowMs();
      const nearest = [...picture.airings.values()]
        .filter(({ atMs, untilMs }) => untilMs >= nowMs - backMs && atMs < nowMs + aheadMs)
        .sort((a, b) => Math.abs(a.atMs - nowMs) - Math.abs(b.atMs - nowMs))
        .map((airing) => viewOf(airing, viewer))
        .filter((view) => view !== undefined)
        .slice(0, airingsMax);
      const areaIds = holds(person, 'see') ? [...picture.areas.keys()] : [];
      return {
        kind: 'snapshot',
        number: 0,
        serverTime: instantText(nowMs),
        areas: areaIds
          .filter((areaId) => isOwn(picture.areas, person, areaId))
          .map((areaId) => areaView(picture, areaId))
          .filter((view) => view !== undefined),
        clusters: [...viewer.clusterIds].map(clusterViewOf).filter((view) => view !== undefined),
        airings: nearest,
      } satisfies Snapshot;
    },

    subscribe: (person, onChanges) => {
      const viewer = viewerOf(person);
      return changes.subscribe((gathered) => {
        const found = changesFor(viewer, gathered);
        if (found.length > 0) onChanges(found);
      });
    },

    airing: async (person, occurrence) => {
      const viewer = viewerOf(person);
      const known = picture.airings.get(occurrence);
      const view =
        (known === undefined ? undefined : viewOf(known, viewer)) ??
        (await readAiring(store, { picture, viewer, occurrence }));
      return view === undefined ? refuse(workRefusal('unknown-airing')) : accept(view);
    },

    airings: (person, span) => readAirings(store, { picture, viewer: viewerOf(person), span }),
    faults: (person, { open }) => readFaults(store, { viewer: viewerOf(person), open }),

    areasOf,
    devices: () => [...picture.devices.values()],
    isReachable: (clusterId) => {
      const device = picture.deviceAt.get(clusterId);
      return device !== undefined && isReachable(device);
    },
    heldPlanOf: (clusterId) => {
      const device = picture.deviceAt.get(clusterId);
      return device === undefined ? undefined : heldPlan(device);
    },
  };

  /** What a silent device last told of its progress may be true no more. */
  function forgetProgress(clusterId: string): void {
    for (const airing of picture.airings.values()) {
      const target = airing.targets.get(clusterId);
      if (target?.live === undefined) continue;
      target.live = undefined;
      touch(airing, clusterId);
    }
  }
}
