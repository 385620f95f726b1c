/**
 * What the mock town has decided: the law of each area, days of rest, exceptions, groups; how a change alters it, and
 * what each cluster would hear of it. The narrowing is the real one; what sounds is only looked at closely enough to be
 * drawn.
 */
import type { LawChange, LawView } from '@loa/protocol/panel';
import { areaChain, civilDayAt, instantOnDay, isPermitted, type LawAt, type LawBook, lawAt } from '@loa/schedules';
import { addressed } from './airings.ts';
import { areas, clipOf, groupMembers, timeZone } from './town.ts';
import type { World } from './world.ts';

type Own = LawView['own'];
const none: Own = { hours: null, limits: null, sessions: null, languages: null, volume: null };
const tree = new Map(areas.map((area) => [area.id, area]));

/** All that was decided; replaced as a whole, so that a preview can look at the next one. */
export interface LawState {
  own: ReadonlyMap<string, Own>;
  clusterSounds: LawView['clusterSounds'];
  holidays: LawView['holidays'];
  restDays: Omit<LawView['restDays'][number], 'mayEnd'>[];
  exceptions: Omit<LawView['exceptions'][number], 'mayEnd'>[];
  groups: Omit<LawView['groups'][number], 'clusterCount'>[];
}

/** The beginning: hours and a morning at Hàm Thắng, one village that asks for more than it gets, a limit of the province. */
export function firstState(): LawState {
  const everyDay = [1, 2, 3, 4, 5, 6, 7] as const;
  const tune = clipOf({ title: 'Nhạc hiệu Hàm Thắng', durationMs: 21_000, createdMs: 0 });
  const own = new Map<string, Own>();
  own.set('lam-dong', {
    ...none,
    limits: { sessionMinutesMax: { value: 45, document: '05/QĐ-UBND' } },
  });
  own.set('ham-thang', {
    ...none,
    hours: { spans: tree.get('ham-thang')?.hours.spans ?? [], document: '12/QĐ-UBND' },
    limits: { sessionMinutesMax: { value: 60, document: '13/QĐ-UBND' } },
    languages: ['vi', 'cjm'],
    sessions: [
      {
        name: 'Buổi sáng',
        weekdays: [...everyDay],
        from: '05:00',
        until: '06:00',
        slot: 'morning',
        parts: [
          { kind: 'tune', id: 'p-1', title: 'Nhạc hiệu', clipId: tune.id },
          {
            kind: 'relay',
            id: 'p-2',
            title: 'Đài tỉnh',
            clipId: tune.id,
            url: 'https://phat.lamdong.vn/am',
            lengthMs: 15 * 60_000,
            at: '05:30',
          },
          { kind: 'bulletins', from: 'above' },
          { kind: 'bulletins', from: 'own' },
        ],
      },
    ],
  });
  own.set('ht-thon-da-dung', {
    ...none,
    hours: { spans: [{ weekdays: [...everyDay], from: '04:30', until: '05:30' }], document: '02/QĐ-THON' },
  });
  return {
    own,
    clusterSounds: [
      {
        clusterId: 'c-cho-kim-ngoc',
        languages: null,
        volume: [{ from: '05:00', until: '06:00', volumePercent: 60 }],
      },
    ],
    holidays: [{ date: '2027-01-01', name: 'Tết Dương lịch', document: '6150/TB-BLĐTBXH' }],
    restDays: [
      {
        id: 'rd-1',
        areaIds: ['ham-thang'],
        fromDate: '2026-12-05',
        untilDate: '2026-12-06',
        reason: 'Thi học sinh giỏi',
        document: '88/SGDĐT',
        by: 'Trần Văn Dũng',
      },
    ],
    exceptions: [
      {
        id: 'ex-1',
        areaIds: ['ham-thang'],
        from: '2026-11-28T21:00:00+07:00',
        until: '2026-11-28T22:30:00+07:00',
        reason: 'Phòng chống bão số 14',
        document: '17/CĐ-UBND',
        by: 'Trần Văn Dũng',
      },
    ],
    groups: Object.entries(groupMembers).map(([id, memberAreaIds]) => ({
      id,
      name: tree.get(id)?.name ?? id,
      parentId: 'lam-dong',
      memberAreaIds,
      memberClusterIds: [],
    })),
  };
}

/** The state after a change; `by` made it. What only the unit tree knows of (moves, mergers, turns) leaves it as it is. */
export function changed(state: LawState, change: LawChange, by: string): LawState {
  const withOwn = (areaId: string, part: Partial<Own>): LawState => ({
    ...state,
    own: new Map(state.own).set(areaId, { ...(state.own.get(areaId) ?? none), ...part }),
  });
  switch (change.kind) {
    case 'hours':
      return withOwn(change.areaId, { hours: change.hours });
    case 'limits':
      return withOwn(change.areaId, { limits: change.limits });
    case 'sessions':
      return withOwn(change.areaId, { sessions: change.sessions });
    case 'languages':
      return withSound(state, change, { languages: change.languages }, withOwn);
    case 'volume':
      return withSound(state, change, { volume: change.volume }, withOwn);
    case 'approval':
      return state;
    case 'amplifier':
      return withOwn(change.areaId, { amplifierStaysOn: change.staysOn });
    case 'holiday': {
      const { date, name, document } = change;
      const others = state.holidays.filter((holiday) => holiday.date !== date);
      return { ...state, holidays: [...others, { date, name, document }].sort((a, b) => (a.date < b.date ? -1 : 1)) };
    }
    case 'holiday-gone':
      return { ...state, holidays: state.holidays.filter((holiday) => holiday.date !== change.date) };
    case 'rest-days':
      return { ...state, restDays: [...state.restDays, { ...change, id: `rd-${state.restDays.length + 1}`, by }] };
    case 'rest-days-ended':
      return { ...state, restDays: state.restDays.filter((rest) => rest.id !== change.id) };
    case 'exception':
      return {
        ...state,
        exceptions: [...state.exceptions, { ...change, id: `ex-${state.exceptions.length + 1}`, by }],
      };
    case 'exception-ended':
      return { ...state, exceptions: state.exceptions.filter((exception) => exception.id !== change.id) };
    case 'group': {
      const { groupId, name, parentId, memberAreaIds, memberClusterIds } = change;
      const id = groupId ?? `nhom-${state.groups.length + 1}`;
      const others = state.groups.filter((group) => group.id !== id);
      return { ...state, groups: [...others, { id, name, parentId, memberAreaIds, memberClusterIds }] };
    }
    case 'cluster-moved':
    case 'merger':
    case 'turn':
      return state;
  }
}

function withSound(
  state: LawState,
  place: { areaId?: string | undefined; clusterId?: string | undefined },
  part: Partial<Pick<Own, 'languages' | 'volume'>>,
  withOwn: (areaId: string, part: Partial<Own>) => LawState,
): LawState {
  if (place.areaId !== undefined) return withOwn(place.areaId, part);
  const clusterId = place.clusterId ?? '';
  const former = state.clusterSounds.find((sound) => sound.clusterId === clusterId);
  const sound = { clusterId, languages: null, volume: null, ...former, ...part };
  const others = state.clusterSounds.filter((one) => one.clusterId !== clusterId);
  const isPlain = sound.languages === null && sound.volume === null;
  return { ...state, clusterSounds: isPlain ? others : [...others, sound] };
}

/** The law at an area. */
export function lawOf(state: LawState, areaId: string): LawAt {
  const decisions: LawBook['decisions'] = new Map(
    [...state.own].map(([id, own]) => [
      id,
      {
        ...(own.hours === null ? {} : { hours: { ...own.hours, timeZone } }),
        ...(own.limits === null ? {} : { limits: own.limits }),
        ...(own.languages === null ? {} : { languages: own.languages }),
        ...(own.volume === null ? {} : { volume: own.volume }),
      },
    ]),
  );
  return lawAt({ timeZone, decisions, restDays: state.restDays, holidays: state.holidays }, { areas: tree, areaId });
}

/** The sessions that hold at an area: the nearest decided. */
export function sessionsOf(state: LawState, areaId: string) {
  const decided = areaChain(tree, areaId).map((id) => state.own.get(id)?.sessions ?? null);
  return decided.find((sessions) => sessions !== null) ?? [];
}

/** One thing that sounds; `key` stays the same while it is moved. */
export interface Heard {
  key: string;
  title: string;
  atMs: number;
}

/** What each cluster hears in the next 24 hours. */
export function heardBy(world: World, state: LawState): Map<string, Heard[]> {
  const fromMs = world.nowMs();
  const window = { fromMs, untilMs: fromMs + 86_400_000 };
  return new Map(
    world.clusters().map((cluster) => {
      const { law } = lawOf(state, cluster.areaId);
      const isSilent = (atMs: number) => {
        const { date } = civilDayAt(timeZone, atMs);
        return law.restDays?.some((rest) => date >= rest.fromDate && date <= rest.untilDate) === true;
      };
      const isHeard = ({ atMs }: Heard) =>
        atMs >= window.fromMs &&
        atMs < window.untilMs &&
        isPermitted(law.hours, { atMs, durationMs: 20_000 }) &&
        !isSilent(atMs);
      const bulletins = world
        .startsIn(window)
        .flatMap(({ bulletin, occurrence, atMs }) =>
          addressed(world.scene(), bulletin.areaIds).some((one) => one.id === cluster.id)
            ? [{ key: occurrence, title: bulletin.title, atMs }]
            : [],
        );
      return [cluster.id, [...bulletins, ...standing(state, cluster.areaId, fromMs)].filter(isHeard)];
    }),
  );
}

/** Tunes and relays of the standing day, today and tomorrow: each at its fixed time, else in order from the start. */
function standing(state: LawState, areaId: string, nowMs: number): Heard[] {
  return [nowMs, nowMs + 86_400_000].flatMap((dayMs) => {
    const day = civilDayAt(timeZone, dayMs);
    return sessionsOf(state, areaId).flatMap((session) => {
      if (!session.weekdays.some((weekday) => weekday === day.weekday)) return [];
      let atMs = instantOnDay(day, session.from);
      return (session.parts ?? []).flatMap((part) => {
        if (part.kind === 'bulletins') return [];
        const startMs = part.kind === 'relay' && part.at !== undefined ? instantOnDay(day, part.at) : atMs;
        atMs = startMs + (part.kind === 'relay' ? part.lengthMs : 23_000);
        return [{ key: `${day.date} ${session.name} ${part.title}`, title: part.title, atMs: startMs }];
      });
    });
  });
}
