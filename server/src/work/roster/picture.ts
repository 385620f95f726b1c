/**
 * The present state in memory, from which the panel's views are made: clusters with their devices and faults, and the
 * airings around now. Only state and its lookups; who may see what is not known here.
 */
import type { Capabilities, ClockState, Holds, Readings, Sequence } from '@loa/protocol/device';
import type { TestView } from '@loa/protocol/panel';
import type { AiringPhase } from '@loa/schedules';
import type { Selectable } from 'kysely';
import type { AreaTree } from '../../keep/store/rows/area-tree.ts';
import type { AiringsTable, FaultsTable } from '../../keep/store/schema.ts';

export interface ClusterState {
  id: string;
  name: string;
  areaId: string;
  formerAreaIds: readonly string[];
  horns: number;
  lat: number | null;
  lon: number | null;
}

export interface DeviceState {
  deviceId: string;
  clusterId: string;
  /** As it last said. */
  capabilities: Capabilities;
  board: string;
  agentVersion: string;
  lastSeenMs: number | null;
  /** Since when the present reach holds. */
  reachSinceMs: number | null;
  holds: Holds | undefined;
  clock: ClockState | undefined;
  /** What it last told of its senses, and when. */
  readings: { told: Readings; atMs: number } | undefined;
  lastTest: TestView | undefined;
  /** The newest plan published for it. */
  published: { sequence: Sequence; untilMs: number } | undefined;
  /** End of the window of the plan it was last known to hold. */
  heldUntilMs: number | undefined;
  /** When panels were last told its moving figures. */
  figuresToldMs: number;
  /** Open ones, by their id. */
  faults: Map<string, Selectable<FaultsTable>>;
}

export interface BulletinState {
  title: string;
  class: 'normal' | 'priority' | 'emergency';
  drill: boolean;
  areaIds: readonly string[];
  isActive: boolean;
}

/** How an occurrence stands on one cluster. */
export interface TargetState {
  /** Absent while it is only expected. */
  row: Selectable<AiringsTable> | undefined;
  /** Planned for this cluster. */
  atMs: number;
  untilMs: number;
  /** What the device last told of its progress. */
  live: { phase: AiringPhase; fraction?: number | undefined } | undefined;
}

export interface AiringState {
  occurrence: string;
  bulletinId: string;
  atMs: number;
  untilMs: number;
  /** By cluster. */
  targets: Map<string, TargetState>;
}

export interface Picture {
  areas: AreaTree;
  timeZone: string;
  clusters: Map<string, ClusterState>;
  devices: Map<string, DeviceState>;
  /** The device of each cluster that has one. */
  deviceAt: Map<string, DeviceState>;
  bulletins: Map<string, BulletinState>;
  airings: Map<string, AiringState>;
}

export function emptyPicture(): Picture {
  return {
    areas: new Map(),
    timeZone: 'UTC',
    clusters: new Map(),
    devices: new Map(),
    deviceAt: new Map(),
    bulletins: new Map(),
    airings: new Map(),
  };
}

/**
 * Where a target stands: an outcome ends it; what has started plays, unless the device itself says that it waits again
 * (its output is gone); progress is believed until then.
 */
export function phaseOf({ row, live }: TargetState): AiringPhase {
  if (row?.outcome != null) return 'ended';
  if (live?.phase === 'playing') return 'playing';
  if (row?.phase === 'playing') return live?.phase === 'queued' ? 'queued' : 'playing';
  if (row?.phase === 'unknown') return 'unknown';
  return live?.phase === 'downloading' || live?.phase === 'ready' ? live.phase : 'queued';
}

/** True while the server believes that the device can be reached. */
export function isReachable(device: DeviceState): boolean {
  return device.lastSeenMs !== null && ![...device.faults.values()].some(({ code }) => code === 'out-of-reach');
}
