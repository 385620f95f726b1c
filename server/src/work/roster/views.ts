/**
 * The picture's entities as the panel sees them, cut to what a viewer may see. Pure.
 */
import { compareSequence, evidenceSchema, fittingOf } from '@loa/protocol/device';
import type { AiringView, AreaView, ClusterView, FaultView, Person, TargetView } from '@loa/protocol/panel';
import { classRank, languageOf, outcomes } from '@loa/schedules';
import type { Selectable } from 'kysely';
import { z } from 'zod';
import { hoursAt, needsApproval } from '../../keep/store/rows/area-tree.ts';
import { instantText, parseColumn } from '../../keep/store/rows/column.ts';
import type { FaultsTable } from '../../keep/store/schema.ts';
import type { HeldPlan } from '../contracts.ts';
import { visibleAreas } from '../scope.ts';
import {
  type AiringState,
  type BulletinState,
  type ClusterState,
  type DeviceState,
  isReachable,
  type Picture,
  phaseOf,
  type TargetState,
} from './picture.ts';

const outcomeSchema = z.enum(outcomes);
const judgedBySchema = z.enum(['device', 'server']);

export function areaView(picture: Picture, areaId: string): AreaView | undefined {
  const area = picture.areas.get(areaId);
  if (area === undefined) return undefined;
  const { rule, isDefault } = hoursAt(picture.areas, { areaId, timeZone: picture.timeZone });
  return {
    id: area.id,
    parentId: area.parentId,
    kind: area.kind,
    name: area.name,
    ...(area.code === null ? {} : { code: area.code }),
    ...(area.oldDistrict === null ? {} : { oldDistrict: area.oldDistrict }),
    // A last day that lies ahead says nothing yet; areas end by a merger, with yesterday.
    ...(area.validUntil === undefined ? {} : { endedOn: area.validUntil }),
    ...(needsApproval(picture.areas, areaId) ? { needsApproval: true } : {}),
    ...(area.memberAreaIds === undefined ? {} : { memberAreaIds: [...area.memberAreaIds] }),
    ...(area.memberClusterIds === undefined ? {} : { memberClusterIds: [...area.memberClusterIds] }),
    hours: {
      spans: rule.spans.map((span) => ({ ...span, weekdays: [...span.weekdays] })),
      document: rule.document,
      isDefault,
    },
  };
}

export function faultView(row: Selectable<FaultsTable>): FaultView {
  return {
    id: row.id,
    clusterId: row.cluster_id,
    code: row.code,
    openedAt: instantText(row.opened_ms),
    ...(row.cleared_ms === null ? {} : { clearedAt: instantText(row.cleared_ms) }),
    evidence: parseColumn(evidenceSchema, row.evidence),
    judgedBy: judgedBySchema.parse(row.judged_by),
  };
}

/** `playing` are the airings that sound on the cluster now. */
export function clusterView(
  picture: Picture,
  options: { cluster: ClusterState; playing: readonly AiringState[] },
): ClusterView {
  const { cluster } = options;
  const device = picture.deviceAt.get(cluster.id);
  const playing = soundingView(picture, options);
  return {
    id: cluster.id,
    name: cluster.name,
    areaId: cluster.areaId,
    horns: cluster.horns,
    ...(cluster.lat === null ? {} : { lat: cluster.lat }),
    ...(cluster.lon === null ? {} : { lon: cluster.lon }),
    ...(device === undefined ? noDevice : deviceView(device)),
    ...(playing === undefined ? {} : { playing }),
  };
}

const noDevice = { reach: 'never' as const, planCurrent: true, faults: [] };

/** What is known of the plan on the device. */
export function heldPlan(device: DeviceState): HeldPlan {
  const { published, holds, heldUntilMs } = device;
  const held = holds?.plan;
  const isCurrent = published === undefined || (held !== undefined && compareSequence(held, published.sequence) >= 0);
  return { reach: reachOf(device), isCurrent, untilMs: heldUntilMs };
}

function deviceView(device: DeviceState) {
  const { lastSeenMs, reachSinceMs, heldUntilMs } = device;
  const { reach, isCurrent } = heldPlan(device);
  return {
    deviceId: device.deviceId,
    deviceKind: device.capabilities.deviceKind,
    board: device.board,
    agentVersion: device.agentVersion,
    reach,
    ...(reachSinceMs === null ? {} : { reachSince: instantText(reachSinceMs) }),
    ...(lastSeenMs === null ? {} : { lastSeenAt: instantText(lastSeenMs) }),
    ...(heldUntilMs === undefined ? {} : { planUntil: instantText(heldUntilMs) }),
    planCurrent: isCurrent,
    ...(device.clock === undefined ? {} : { clock: device.clock }),
    ...(lastSeenMs === null ? {} : abilitiesView(device)),
    ...(device.readings === undefined
      ? {}
      : { readings: device.readings.told, readingsAt: instantText(device.readings.atMs) }),
    ...(device.lastTest === undefined ? {} : { lastTest: device.lastTest }),
    faults: [...device.faults.values()].sort((a, b) => a.opened_ms - b.opened_ms).map(faultView),
  };
}

/** What the device declares; before it has spoken it may have been fitted otherwise. */
function abilitiesView({ capabilities }: DeviceState) {
  const { probes, sensors = [], services = [], shadow } = capabilities;
  return {
    fitting: fittingOf(probes),
    sensors,
    services,
    ...(shadow === true ? { shadow } : {}),
  };
}

function reachOf(device: DeviceState): ClusterView['reach'] {
  if (device.lastSeenMs === null) return 'never';
  return isReachable(device) ? 'reachable' : 'out-of-reach';
}

/** Of several that count as playing, the one that is heard: the highest class, then the latest. */
function soundingView(
  picture: Picture,
  options: { cluster: ClusterState; playing: readonly AiringState[] },
): ClusterView['playing'] {
  const heard = options.playing
    .flatMap((airing) => {
      const bulletin = picture.bulletins.get(airing.bulletinId);
      const row = airing.targets.get(options.cluster.id)?.row;
      return bulletin === undefined ? [] : [{ airing, bulletin, sinceMs: row?.started_ms ?? airing.atMs }];
    })
    .sort((a, b) => classRank[b.bulletin.class] - classRank[a.bulletin.class] || b.sinceMs - a.sinceMs)[0];
  if (heard === undefined) return undefined;
  const { airing, bulletin, sinceMs } = heard;
  return {
    occurrence: airing.occurrence,
    title: bulletin.title,
    class: bulletin.class,
    since: instantText(sinceMs),
  };
}

/** The airing with the targets on `clusterIds`; undefined when none of them is the viewer's. */
export function airingView(
  picture: Pick<Picture, 'areas'>,
  options: { airing: AiringState; bulletin: BulletinState; person: Person; clusterIds: ReadonlySet<string> },
): AiringView | undefined {
  const { airing, bulletin, person, clusterIds } = options;
  const targets = [...airing.targets]
    .filter(([clusterId]) => clusterIds.has(clusterId))
    .map(([clusterId, target]) => targetView(clusterId, target, airing.atMs))
    .sort((a, b) => (a.clusterId < b.clusterId ? -1 : 1));
  if (targets.length === 0) return undefined;
  const language = languageOf(airing.occurrence);
  return {
    occurrence: airing.occurrence,
    bulletinId: airing.bulletinId,
    title: bulletin.title,
    class: bulletin.class,
    drill: bulletin.drill,
    ...(language === 'vi' ? {} : { language }),
    at: instantText(airing.atMs),
    until: instantText(airing.untilMs),
    areaIds: visibleAreas(picture.areas, person, bulletin.areaIds),
    active: bulletin.isActive,
    targets,
  };
}

function targetView(clusterId: string, target: TargetState, airingMs: number): TargetView {
  const { row, live, atMs } = target;
  const phase = phaseOf(target);
  return {
    clusterId,
    ...(atMs === airingMs ? {} : { at: instantText(atMs) }),
    phase,
    ...(live?.phase === phase && live.fraction !== undefined ? { fraction: live.fraction } : {}),
    ...(row?.outcome == null ? {} : { outcome: outcomeSchema.parse(row.outcome) }),
    ...(row?.reason == null ? {} : { reason: row.reason }),
    ...(row?.shadow === 1 ? { shadow: true } : {}),
    ...(row?.late_ms == null ? {} : { lateMs: Math.round(row.late_ms) }),
    ...(row?.started_ms == null ? {} : { startedAt: instantText(row.started_ms) }),
    ...(row?.ended_ms == null ? {} : { endedAt: instantText(row.ended_ms) }),
    ...(row === undefined || row.plays_done === 0 ? {} : { playsDone: row.plays_done }),
  };
}
