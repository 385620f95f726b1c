/**
 * How an occurrence of the mock town stands on each cluster at an instant: a pure function of time, so that the pages
 * can be watched from queued to outcome without any device.
 */
import type { AiringView, AreaView, ClusterView, TargetView } from '@loa/protocol/panel';
import { airTimeMs, isWithin, occurrencesOf } from '@loa/schedules';
import { groupMembers, type MockBulletin, timeZone } from './town.ts';

/** What the mock knows when it judges. */
export interface Scene {
  nowMs: number;
  areas: ReadonlyMap<string, AreaView>;
  clusters: readonly ClusterView[];
  bulletins: readonly MockBulletin[];
}

/** The clusters a choice of areas addresses. */
export function addressed(scene: Pick<Scene, 'areas' | 'clusters'>, areaIds: readonly string[]): ClusterView[] {
  const wanted = areaIds.flatMap((id) => groupMembers[id] ?? [id]);
  return scene.clusters.filter((cluster) => wanted.some((id) => isWithin(scene.areas, cluster.areaId, id)));
}

/** Every airing that starts inside the window, as it stands. */
export function airingsIn(scene: Scene, window: { fromMs: number; untilMs: number }): AiringView[] {
  return scene.bulletins.flatMap((bulletin) =>
    occurrencesOf({ ...bulletin, timeZone }, window).map(({ id, atMs }) => airingOf(scene, bulletin, id, atMs)),
  );
}

function airingOf(scene: Scene, bulletin: MockBulletin, occurrence: string, atMs: number): AiringView {
  const lengthMs = airTimeMs({ clipDurationMs: bulletin.clip.durationMs, repeat: bulletin.repeat });
  return {
    occurrence,
    bulletinId: bulletin.id,
    title: bulletin.title,
    class: bulletin.class,
    drill: bulletin.drill,
    at: iso(atMs),
    until: iso(atMs + lengthMs),
    areaIds: bulletin.areaIds,
    active: bulletin.withdrawnMs === undefined || bulletin.withdrawnMs > atMs + lengthMs,
    targets: addressed(scene, bulletin.areaIds).map((cluster) =>
      targetOf(scene, bulletin, cluster, { atMs, lengthMs }),
    ),
  };
}

function targetOf(
  scene: Scene,
  bulletin: MockBulletin,
  cluster: ClusterView,
  span: { atMs: number; lengthMs: number },
): TargetView {
  const { nowMs } = scene;
  const { atMs, lengthMs } = span;
  const clusterId = cluster.id;
  const endMs = atMs + lengthMs;
  const lateMs = (clusterId.length % 4) * 9;
  const started = { startedAt: iso(atMs + lateMs), lateMs };
  const cut = cutOf(scene, bulletin, cluster, span);
  if (cut !== undefined && cut.atMs <= nowMs) {
    if (cut.atMs < atMs) return { clusterId, phase: 'ended', outcome: 'withdrawn' };
    return { clusterId, phase: 'ended', outcome: cut.outcome, reason: cut.reason, ...started, endedAt: iso(cut.atMs) };
  }
  if (cluster.reach !== 'reachable') {
    if (nowMs < atMs) return { clusterId, phase: 'queued' };
    return nowMs < endMs + 12 * 3_600_000
      ? { clusterId, phase: 'unknown' }
      : { clusterId, phase: 'ended', outcome: 'missed', reason: 'offline-at-start' };
  }
  const isBroken = cluster.faults.some((fault) => fault.code === 'output-missing' && fault.clearedAt === undefined);
  if (isBroken && nowMs >= atMs) return { clusterId, phase: 'ended', outcome: 'refused', reason: 'output-missing' };
  if (nowMs < atMs) return { clusterId, ...waitingOf(bulletin, nowMs, atMs) };
  if (nowMs < endMs) return { clusterId, phase: 'playing', fraction: (nowMs - atMs) / lengthMs, ...started };
  const ended = {
    clusterId,
    phase: 'ended',
    ...started,
    endedAt: iso(endMs),
    playsDone: bulletin.repeat.count,
  } as const;
  if (clusterId === 'c-cho-kim-ngoc' && bulletin.id === 'b-trua') {
    return { ...ended, outcome: 'partial', reason: 'interrupted-by-restart', playsDone: 0 };
  }
  if (clusterId === 'c-thang-loi' && bulletin.id === 'b-sang') {
    return { ...ended, outcome: 'played', lateMs: 244_000, startedAt: iso(atMs + 244_000) };
  }
  return { ...ended, outcome: cluster.horns > 2 ? 'confirmed' : 'played' };
}

/** A "play now" goes through all phases within its lead; others are ready a quarter of an hour before. */
function waitingOf(bulletin: MockBulletin, nowMs: number, atMs: number): Pick<TargetView, 'phase' | 'fraction'> {
  const leftMs = atMs - nowMs;
  if (bulletin.nowAtMs === undefined) return { phase: leftMs < 15 * 60_000 ? 'ready' : 'queued' };
  if (leftMs > 3_000) return { phase: 'queued' };
  return leftMs > 1_000 ? { phase: 'downloading', fraction: (3_000 - leftMs) / 2_000 } : { phase: 'ready' };
}

interface Cut {
  atMs: number;
  outcome: 'stopped' | 'preempted';
  reason: 'stopped-by-person' | 'interrupted-by-emergency';
}

/** What ended it early: a person, or an emergency on the same cluster. */
function cutOf(scene: Scene, bulletin: MockBulletin, cluster: ClusterView, span: { atMs: number; lengthMs: number }) {
  const cuts: Cut[] = [];
  const endMs = span.atMs + span.lengthMs;
  if (bulletin.withdrawnMs !== undefined && bulletin.withdrawnMs < endMs) {
    cuts.push({ atMs: bulletin.withdrawnMs, outcome: 'stopped', reason: 'stopped-by-person' });
  }
  for (const other of bulletin.class === 'emergency' ? [] : scene.bulletins) {
    const atMs = other.nowAtMs;
    if (other.class !== 'emergency' || atMs === undefined || atMs < span.atMs || atMs >= endMs) continue;
    if (addressed(scene, other.areaIds).some((one) => one.id === cluster.id)) {
      cuts.push({ atMs, outcome: 'preempted', reason: 'interrupted-by-emergency' });
    }
  }
  return cuts.sort((a, b) => a.atMs - b.atMs)[0];
}

function iso(atMs: number): string {
  return new Date(Math.round(atMs)).toISOString();
}
