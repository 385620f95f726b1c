/** The mock town with its state: what was sent, stopped, broken and mended; seen through each person's area. */
import type {
  AiringView,
  BulletinView,
  ClipView,
  ClusterView,
  FaultView,
  Person,
  RestView,
  Snapshot,
  WhenForm,
} from '@loa/protocol/panel';
import { areaChain, isWithin, nextInstantOf, occurrencesOf, type When } from '@loa/schedules';
import { whenForm } from '@loa/server/work/bulletin-view.ts';
import { addressed, airingsIn, type Scene } from './airings.ts';
import { offeredAt } from './offered.ts';
import { submittedAt } from './submitted.ts';
import { areas, bulletinsAt, clipOf, clustersAt, faultsAt, type MockBulletin, timeZone } from './town.ts';

const hourMs = 3_600_000;

/** Lead of a "play now", long enough to see every phase. */
const leadMs = 4_000;

export class World {
  #startedMs: number;
  #startMs: number;
  clips: ClipView[];
  bulletins: MockBulletin[];
  faults: FaultView[];
  readonly rests: RestView[] = [];
  /** What areas have decided about approval; what is not named inherits. */
  readonly approvals = new Map<string, boolean>();
  demo = new Map<string, { unplugged: boolean; outputBroken: boolean }>();
  #clusters: ClusterView[];
  #areas = new Map(areas.map((area) => [area.id, area]));

  /** `startMs`: what time it is in the town when it starts; from there it runs at the usual pace. */
  constructor(startMs: number) {
    this.#startedMs = performance.now();
    this.#startMs = startMs;
    this.#clusters = clustersAt(startMs);
    this.faults = faultsAt(startMs);
    this.bulletins = [...submittedAt(startMs), ...offeredAt(startMs), ...bulletinsAt(startMs)];
    const tune = clipOf({ title: 'Nhạc hiệu Hàm Thắng', durationMs: 21_000, createdMs: startMs - 40 * 24 * hourMs });
    this.clips = [...this.bulletins.map((bulletin) => bulletin.clip), tune];
  }

  nowMs(): number {
    return Math.round(this.#startMs + (performance.now() - this.#startedMs));
  }

  /** Every cluster of the town. */
  clusters(): readonly ClusterView[] {
    return this.#clusters;
  }

  /** What starts inside the window, unless it was withdrawn. */
  startsIn(window: { fromMs: number; untilMs: number }) {
    return this.bulletins
      .filter((bulletin) => bulletin.withdrawnMs === undefined && bulletin.standing === undefined)
      .flatMap((bulletin) =>
        occurrencesOf({ ...bulletin, timeZone }, window).map(({ id, atMs }) => ({ bulletin, occurrence: id, atMs })),
      );
  }

  /** The town as it stands now. */
  scene(): Scene {
    const nowMs = this.nowMs();
    const clusters = this.#clusters.map((cluster): ClusterView => {
      const faults = this.faults.filter((fault) => fault.clusterId === cluster.id && fault.clearedAt === undefined);
      const away = faults.find((fault) => fault.code === 'out-of-reach');
      if (away === undefined) return { ...cluster, faults };
      return { ...cluster, faults, reach: 'out-of-reach', reachSince: away.openedAt, lastSeenAt: away.openedAt };
    });
    const bulletins = this.bulletins.filter(({ isOffered, standing }) => !isOffered && standing === undefined);
    return { nowMs, areas: this.#areas, clusters, bulletins };
  }

  /** Whether officers of an area need a leader's word: by the nearest decision. */
  needsApproval(areaId: string): boolean {
    return areaChain(this.#areas, areaId).flatMap((id) => this.approvals.get(id) ?? [])[0] === true;
  }

  /** What a person sees now. */
  snapshotOf(person: Person): Snapshot {
    const scene = this.scene();
    const clusters = scene.clusters.filter((cluster) => isWithin(this.#areas, cluster.areaId, person.areaId));
    const own = new Set(clusters.map((cluster) => cluster.id));
    const airings = airingsIn(scene, { fromMs: scene.nowMs - 6 * hourMs, untilMs: scene.nowMs + 24 * hourMs });
    const seen = airings.map((airing) => cut(airing, own)).filter((airing) => airing.targets.length > 0);
    return {
      kind: 'snapshot',
      number: 1,
      serverTime: new Date(scene.nowMs).toISOString(),
      areas: areas
        .filter((area) => isWithin(this.#areas, area.id, person.areaId))
        .map((area) => (this.needsApproval(area.id) ? { ...area, needsApproval: true } : area)),
      clusters: clusters.map((cluster) => withPlaying(cluster, seen)),
      airings: seen,
    };
  }

  airings(person: Person, span: { fromMs: number; untilMs: number }): AiringView[] {
    const scene = this.scene();
    const own = new Set(
      scene.clusters.filter((cluster) => isWithin(this.#areas, cluster.areaId, person.areaId)).map((one) => one.id),
    );
    return airingsIn(scene, { fromMs: span.fromMs, untilMs: Math.min(span.untilMs, scene.nowMs) })
      .map((airing) => cut(airing, own))
      .filter((airing) => airing.targets.length > 0)
      .sort((a, b) => Date.parse(b.at) - Date.parse(a.at));
  }

  reach(person: Person, areaIds: readonly string[]) {
    const scene = this.scene();
    const found = addressed(scene, areaIds).filter((cluster) => isWithin(this.#areas, cluster.areaId, person.areaId));
    return {
      clusters: found.length,
      reachable: found.filter((cluster) => cluster.reach === 'reachable').length,
      clusterIds: found.map((cluster) => cluster.id),
    };
  }

  addClip(input: { title: string; durationMs: number; text?: string }): ClipView {
    const clip = clipOf({ ...input, createdMs: this.nowMs() });
    this.clips = [clip, ...this.clips.filter((one) => one.id !== clip.id)];
    return clip;
  }

  accept(input: {
    title: string;
    class: MockBulletin['class'];
    clipId: string;
    areaIds: string[];
    whens: WhenForm[];
    repeat: { count: number; gapMs: number };
    drill: boolean;
    by: string;
    clusterIds?: string[] | undefined;
    slot?: MockBulletin['slot'];
    versions?: { language: 'cjm' | 'kpm' | 'rog'; clipId: string }[] | undefined;
    originId?: string;
    isFromAbove?: boolean;
    isOffered?: boolean;
    isSubmitted?: boolean;
  }): MockBulletin {
    const clip = this.clips.find((one) => one.id === input.clipId);
    if (clip === undefined) throw new Error('No such clip');
    const nowMs = this.nowMs();
    const isNow = input.whens.some((when) => when.kind === 'now');
    const bulletin: MockBulletin = {
      id: `b-${this.bulletins.length + 1}-${Math.round(nowMs).toString(36)}`,
      title: input.title,
      class: input.class,
      clip,
      areaIds: input.areaIds,
      whens: input.whens.filter((when): when is When & WhenForm => when.kind !== 'now'),
      ...(input.isSubmitted ? { standing: 'submitted' as const, isNow } : {}),
      ...(isNow && !input.isSubmitted
        ? { nowAtMs: Math.round(nowMs + (input.class === 'emergency' ? 500 : leadMs)) }
        : {}),
      repeat: input.repeat,
      drill: input.drill,
      createdBy: input.by,
      createdMs: nowMs,
      clusterIds: input.clusterIds,
      slot: input.slot,
      versions: input.versions?.map((version) => ({ ...version, durationMs: 31_000 })),
      originId: input.originId,
      isFromAbove: input.isFromAbove,
      isOffered: input.isOffered,
    };
    this.bulletins = [bulletin, ...this.bulletins];
    return bulletin;
  }

  /** A submitted one approved, as of now; a returned one keeps its reason. */
  decide(bulletin: MockBulletin, decision: { by: string; reason?: string }): void {
    const nowMs = this.nowMs();
    bulletin.decision = { ...decision, atMs: nowMs };
    bulletin.standing = decision.reason === undefined ? undefined : 'returned';
    if (bulletin.isNow && bulletin.standing === undefined) bulletin.nowAtMs = nowMs + leadMs;
  }

  view(bulletin: MockBulletin): BulletinView {
    const nowMs = this.nowMs();
    const isOver = bulletin.withdrawnMs !== undefined;
    const isSilent = isOver || bulletin.standing !== undefined;
    const isNow = bulletin.nowAtMs !== undefined || bulletin.isNow === true;
    const nexts = bulletin.whens.flatMap((when) => nextInstantOf(when, timeZone, nowMs) ?? []);
    if (bulletin.nowAtMs !== undefined && bulletin.nowAtMs > nowMs) nexts.push(bulletin.nowAtMs);
    const nextMs = isSilent || nexts.length === 0 ? undefined : Math.min(...nexts);
    return {
      id: bulletin.id,
      title: bulletin.title,
      class: bulletin.class,
      state: isOver ? 'withdrawn' : bulletin.isOffered ? 'offered' : (bulletin.standing ?? 'accepted'),
      drill: bulletin.drill,
      clip: bulletin.clip,
      areaIds: bulletin.areaIds,
      clusterIds: bulletin.clusterIds,
      slot: bulletin.slot,
      versions: bulletin.versions,
      originId: bulletin.originId,
      isFromAbove: bulletin.isFromAbove,
      whens: isNow ? [{ kind: 'now' }] : bulletin.whens.map(whenForm),
      ...(bulletin.nowAtMs === undefined ? {} : { nowAt: iso(bulletin.nowAtMs) }),
      repeat: bulletin.repeat,
      late: { kind: 'start', lateMsMax: 300_000 },
      resume: 'drop',
      createdBy: bulletin.createdBy,
      createdAt: iso(bulletin.createdMs),
      ...(bulletin.decision === undefined
        ? {}
        : {
            decision: { by: bulletin.decision.by, at: iso(bulletin.decision.atMs), reason: bulletin.decision.reason },
          }),
      ...(bulletin.withdrawnMs === undefined ? {} : { withdrawnAt: iso(bulletin.withdrawnMs) }),
      ...(nextMs === undefined ? {} : { nextAt: iso(nextMs) }),
      clusterCount: new Set([
        ...addressed(this.scene(), bulletin.areaIds).map(({ id }) => id),
        ...(bulletin.clusterIds ?? []),
      ]).size,
    };
  }

  /** Makes or mends a fault by hand. */
  setFault(clusterId: string, kind: 'unplugged' | 'output-broken', present: boolean) {
    const state = this.demo.get(clusterId) ?? { unplugged: false, outputBroken: false };
    if (kind === 'unplugged') state.unplugged = present;
    else state.outputBroken = present;
    this.demo.set(clusterId, state);
    const code = kind === 'unplugged' ? 'out-of-reach' : 'output-missing';
    const nowAt = iso(this.nowMs());
    if (present) {
      this.faults.push({
        id: `f-${this.faults.length + 1}`,
        clusterId,
        code,
        openedAt: nowAt,
        evidence: {},
        judgedBy: 'server',
      });
    } else {
      this.faults = this.faults.map((fault) =>
        fault.clusterId === clusterId && fault.code === code && fault.clearedAt === undefined
          ? { ...fault, clearedAt: nowAt }
          : fault,
      );
    }
    return state;
  }

  demoState() {
    return this.#clusters.map((cluster) => ({
      clusterId: cluster.id,
      ...(this.demo.get(cluster.id) ?? { unplugged: false, outputBroken: false }),
    }));
  }
}

function cut(airing: AiringView, own: ReadonlySet<string>): AiringView {
  return { ...airing, targets: airing.targets.filter((target) => own.has(target.clusterId)) };
}

function withPlaying(cluster: ClusterView, airings: readonly AiringView[]): ClusterView {
  for (const airing of airings) {
    const target = airing.targets.find((one) => one.clusterId === cluster.id && one.phase === 'playing');
    if (target?.startedAt !== undefined) {
      const { occurrence, title } = airing;
      return { ...cluster, playing: { occurrence, title, class: airing.class, since: target.startedAt } };
    }
  }
  return cluster;
}

function iso(atMs: number): string {
  return new Date(Math.round(atMs)).toISOString();
}
