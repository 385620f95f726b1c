/** What the mock says of the law: hours, limits, sessions, exceptions, units, and what a change would do. */
import { api, type ChangedView, type ExplanationView, type LawView } from '@loa/protocol/panel';
import { airTimeMs, areaChain, isWithin } from '@loa/schedules';
import { addressed } from './airings.ts';
import { type Call, Refused } from './call.ts';
import { changed, firstState, type Heard, heardBy, type LawState, lawOf, sessionsOf } from './law-state.ts';
import { areas } from './town.ts';
import type { World } from './world.ts';

const tree = new Map(areas.map((area) => [area.id, area]));
const states = new WeakMap<World, LawState>();

function stateOf(world: World): LawState {
  const state = states.get(world) ?? firstState();
  states.set(world, state);
  return state;
}

function json(body: Buffer): unknown {
  return JSON.parse(body.toString('utf8'));
}

function law({ world, person, params }: Call): LawView {
  const areaId = params.id ?? '';
  if (!isWithin(tree, areaId, person.areaId)) {
    throw new Refused(404, 'unknown-area', 'Không có nơi này.', 'No such place.');
  }
  const state = stateOf(world);
  const mayChange = person.rights.includes('schedule');
  const mayGovern = person.rights.includes('govern');
  const at = lawOf(state, areaId);
  const isHere = (ids: readonly string[]) => ids.some((id) => isWithin(tree, areaId, id) || isWithin(tree, id, areaId));
  const { hours, limits = {}, languages = ['vi'], volume = [] } = at.law;
  return api.law.answer.parse({
    areaId,
    own: state.own.get(areaId) ?? { hours: null, limits: null, sessions: null, languages: null, volume: null },
    holds: {
      hours: { ...hours, isDefault: at.isDefault },
      limits,
      sessions: sessionsOf(state, areaId),
      languages,
      volume,
      amplifierStaysOn: areaChain(tree, areaId).flatMap((id) => state.own.get(id)?.amplifierStaysOn ?? [])[0] ?? false,
    },
    hoursCuts: at.hoursCuts,
    limitCuts: at.limitCuts,
    clusterSounds: state.clusterSounds.filter(({ clusterId }) =>
      world.clusters().some((cluster) => cluster.id === clusterId && isWithin(tree, cluster.areaId, areaId)),
    ),
    holidays: state.holidays,
    restDays: state.restDays.filter((rest) => isHere(rest.areaIds)).map((rest) => ({ ...rest, mayEnd: mayChange })),
    exceptions: state.exceptions
      .filter((exception) => isHere(exception.areaIds))
      .map((exception) => ({ ...exception, mayEnd: mayGovern })),
    groups: state.groups
      .filter((group) => isWithin(tree, group.parentId, areaId))
      .map((group) => {
        const inAreas = addressed(world.scene(), group.memberAreaIds).map((cluster) => cluster.id);
        return { ...group, clusterCount: new Set([...inAreas, ...group.memberClusterIds]).size };
      }),
    mayChange,
    mayGovern,
  });
}

/** A document of this number is refused, so that a refusal can be looked at. */
export const refusedDocument = 'SAI';

function judge({ world, person, body }: Call, change: ReturnType<typeof api.previewChange.body.parse>['change']) {
  if (JSON.stringify(json(body)).includes(`"document":"${refusedDocument}"`)) {
    throw new Refused(
      422,
      'no-such-document',
      'Số văn bản này không đúng.',
      'The number of the document is not right.',
    );
  }
  const before = stateOf(world);
  const after = changed(before, change, person.name);
  return { after, view: difference(world, heardBy(world, before), heardBy(world, after)) };
}

type Group = ChangedView['groups'][number];

function difference(world: World, before: Map<string, Heard[]>, after: Map<string, Heard[]>): ChangedView {
  const groups = new Map<string, Group>();
  for (const [clusterId, is] of after) {
    const was = before.get(clusterId) ?? [];
    const lines: Group['lines'] = [
      ...is.flatMap((heard): Group['lines'] => {
        const former = was.find(({ key }) => key === heard.key);
        if (former === undefined) return [{ title: heard.title, at: iso(heard.atMs), how: 'added' }];
        if (former.atMs === heard.atMs) return [];
        return [{ title: heard.title, at: iso(heard.atMs), how: 'moved', fromAt: iso(former.atMs) }];
      }),
      ...was
        .filter(({ key }) => !is.some((heard) => heard.key === key))
        .map(({ title, atMs }) => ({ title, at: iso(atMs), how: 'removed' as const })),
    ].sort((a, b) => (a.at < b.at ? -1 : 1));
    if (lines.length === 0) continue;
    const key = JSON.stringify(lines);
    const group: Group = groups.get(key) ?? { clusterIds: [], lines, leftOutCount: 0 };
    group.clusterIds.push(clusterId);
    groups.set(key, group);
  }
  return {
    until: iso(world.nowMs() + 86_400_000),
    clusterCount: [...groups.values()].reduce((sum, group) => sum + group.clusterIds.length, 0),
    groups: [...groups.values()],
    groupsLeftOutCount: 0,
  };
}

function explain({ world, person, query }: Call): ExplanationView {
  const clusterId = query.get('cluster') ?? '';
  const at = query.get('at') ?? '';
  const atMs = Date.parse(at);
  const window = { fromMs: atMs - 12 * 3_600_000, untilMs: atMs + 12 * 3_600_000 };
  const lines = world.startsIn(window).flatMap(({ bulletin, occurrence, atMs: startMs }) => {
    if (!addressed(world.scene(), bulletin.areaIds).some((cluster) => cluster.id === clusterId)) return [];
    const endMs = startMs + airTimeMs({ clipDurationMs: bulletin.clip.durationMs, repeat: bulletin.repeat });
    const line = {
      at: iso(startMs),
      startAt: iso(startMs),
      endAt: iso(endMs),
      isNew: false,
      title: bulletin.title,
      verdict: 'plays' as const,
      code: 'on-time',
      lateMs: 0,
    };
    return [{ line, occurrence, startMs, endMs }];
  });
  lines.sort((a, b) => a.startMs - b.startMs);
  const told = world.airings(person, window);
  const concerned = lines
    .filter(({ startMs, endMs }) => startMs <= atMs && atMs < endMs)
    .map(({ line, occurrence }) => {
      const target = told
        .find((airing) => airing.occurrence === occurrence)
        ?.targets.find((one) => one.clusterId === clusterId);
      const { outcome, reason } = target ?? {};
      if (outcome === undefined) return { line, verdict: 'not-told' as const };
      const isFine = outcome === 'played' || outcome === 'confirmed';
      return { line, verdict: isFine ? ('as-foretold' as const) : ('otherwise' as const), outcome, reason };
    });
  const previous = lines.findLast(({ endMs }) => endMs <= atMs)?.line;
  const next = lines.find(({ startMs }) => startMs > atMs)?.line;
  return { clusterId, at, concerned, ...(previous ? { previous } : {}), ...(next ? { next } : {}) };
}

export const lawAnswers = {
  law,
  previewChange: (call: Call) => judge(call, api.previewChange.body.parse(json(call.body)).change).view,
  makeChange: (call: Call) => {
    const { after, view } = judge(call, api.makeChange.body.parse(json(call.body)).change);
    states.set(call.world, after);
    return view;
  },
  explain,
  readTimetable: () => ({ entries: [], mistakes: [] }),
  importTimetable: ({ world }: Call) => ({
    changed: difference(world, new Map(), new Map()),
    bulletinIds: [],
    mistakes: [],
  }),
};

function iso(atMs: number): string {
  return new Date(Math.round(atMs)).toISOString();
}
