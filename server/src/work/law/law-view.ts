/**
 * What is decided at an area and what holds there, as people read it: each figure with its document, what an area asked
 * for and does not get, days off, exceptions, groups. Reads only; cut to what the person may see.
 */
import type { LawView, Person, SessionForm } from '@loa/protocol/panel';
import { type AreaLimits, createAddresses, type HoursRule, lawAt } from '@loa/schedules';
import { z } from 'zod';
import { lawBookOf } from '../../keep/store/rows/area-plan.ts';
import { type AreaTree, amplifierStaysOn, readAreaTree, type TitledSession } from '../../keep/store/rows/area-tree.ts';
import { readClusterSounds, readClusters } from '../../keep/store/rows/cluster-row.ts';
import { instantText, parseColumn } from '../../keep/store/rows/column.ts';
import { readHolidays, toException, toRestDays } from '../../keep/store/rows/decided.ts';
import type { Reader } from '../../keep/store/store.ts';
import { accept, type Result, refuse } from '../../refusal.ts';
import type { WorkPorts } from '../contracts.ts';
import { workRefusal } from '../refusals.ts';
import { concerns, holds, isOwn } from '../scope.ts';
import { civilDate } from './days-off.ts';

const idsSchema = z.array(z.string());

export async function readLawView(
  ports: Pick<WorkPorts, 'store' | 'clock'>,
  { person, areaId }: { person: Person; areaId: string },
): Promise<Result<LawView>> {
  if (!holds(person, 'see')) return refuse(workRefusal('no-right'));
  const nowMs = ports.clock.nowMs();
  return await ports.store.read(async (db): Promise<Result<LawView>> => {
    const areas = await readAreaTree(db);
    const area = areas.get(areaId);
    if (area === undefined || !isOwn(areas, person, areaId)) return refuse(workRefusal('unknown-area'));
    const { time_zone: timeZone } = await db.selectFrom('installation').select('time_zone').executeTakeFirstOrThrow();
    const today = civilDate(nowMs, timeZone);
    const book = lawBookOf({ areas, timeZone, decided: {} });
    const { law, isDefault, hoursCuts, limitCuts } = lawAt(book, { areas, areaId });
    const titled = nearestSessions(areas, areaId);
    const people = new Map(
      (await db.selectFrom('people').select(['id', 'name']).execute()).map(({ id, name }) => [id, name]),
    );
    const scope: Scope = { areas, person, areaId, people, nowMs, today };
    return accept({
      areaId,
      own: {
        hours: area.hours === null ? null : hoursView(area.hours),
        limits: area.limits === undefined ? null : limitsView(area.limits),
        sessions: area.sessions === undefined ? null : area.sessions.map(sessionForm),
        languages: area.languages === undefined ? null : [...area.languages],
        volume: area.volume === undefined ? null : [...area.volume],
        amplifierStaysOn: area.amplifierStaysOn ?? null,
      },
      holds: {
        hours: { ...hoursView(law.hours), isDefault },
        limits: limitsView(law.limits ?? {}),
        sessions: titled.map(sessionForm),
        languages: [...(law.languages ?? ['vi'])],
        volume: [...(law.volume ?? [])],
        amplifierStaysOn: amplifierStaysOn(areas, areaId),
      },
      hoursCuts: hoursCuts.map((cut) => ({ ...cut, spans: cut.spans.map(spanView) })),
      limitCuts: [...limitCuts],
      clusterSounds: await readSounds(db, scope),
      holidays: await readHolidays(db, today),
      restDays: await readRestDays(db, scope),
      exceptions: await readExceptions(db, scope),
      groups: await readGroups(db, scope),
      mayChange: holds(person, 'schedule'),
      mayGovern: holds(person, 'govern'),
    });
  });
}

interface Scope {
  areas: AreaTree;
  person: Person;
  areaId: string;
  people: ReadonlyMap<string, string>;
  nowMs: number;
  /** Civil date. */
  today: string;
}

function nearestSessions(areas: AreaTree, areaId: string): readonly TitledSession[] {
  for (let area = areas.get(areaId); area !== undefined; area = areas.get(area.parentId ?? '')) {
    if (area.sessions !== undefined) return area.sessions;
  }
  return [];
}

function hoursView({ spans, document }: HoursRule) {
  return { spans: spans.map(spanView), document };
}

function spanView(span: HoursRule['spans'][number]) {
  return { ...span, weekdays: [...span.weekdays] };
}

function limitsView(limits: AreaLimits): LawView['holds']['limits'] {
  const { weekdays, ...rest } = limits;
  return { ...rest, ...(weekdays === undefined ? {} : { weekdays: { ...weekdays, value: [...weekdays.value] } }) };
}

function sessionForm({ parts, weekdays, ...session }: TitledSession): SessionForm {
  return {
    ...session,
    weekdays: weekdays.filter(isWeekday),
    ...(parts === undefined ? {} : { parts: parts.map(partForm) }),
  };
}

function isWeekday(day: number): day is SessionForm['weekdays'][number] {
  return Number.isInteger(day) && day >= 1 && day <= 7;
}

function partForm(part: NonNullable<TitledSession['parts']>[number]): NonNullable<SessionForm['parts']>[number] {
  if (part.kind === 'bulletins') return part;
  const { id, title, clipId } = part;
  if (part.kind === 'tune') return { kind: 'tune', id, title, clipId };
  const { at, relay } = part;
  return { kind: 'relay', id, title, clipId, ...relay, ...(at === undefined ? {} : { at }) };
}

async function readSounds(db: Reader, { areas, areaId }: Scope): Promise<LawView['clusterSounds']> {
  const sounds = await readClusterSounds(db);
  const addressesOf = createAddresses(areas);
  return (await readClusters(db)).flatMap((cluster) => {
    const sound = sounds.get(cluster.id);
    if (sound === undefined || !addressesOf(cluster).includes(areaId)) return [];
    const { languages, volume } = sound;
    return [
      {
        clusterId: cluster.id,
        languages: languages === undefined ? null : [...languages],
        volume: volume === undefined ? null : [...volume],
      },
    ];
  });
}

async function readRestDays(db: Reader, scope: Scope): Promise<LawView['restDays']> {
  const rows = await db
    .selectFrom('rest_days')
    .selectAll()
    .where('until_date', '>=', scope.today)
    .where('ended_ms', 'is', null)
    .orderBy('from_date')
    .orderBy('id')
    .execute();
  return rows
    .map((row) => ({ ...toRestDays(row), by: scope.people.get(row.created_by) ?? '' }))
    .flatMap((one) => {
      const { areas, person } = scope;
      const areaIds = one.areaIds.filter((id) => concerns(areas, person, id));
      const mayEnd = holds(person, 'schedule') && one.areaIds.every((id) => isOwn(areas, person, id));
      return areaIds.length === 0 ? [] : [{ ...one, areaIds, mayEnd }];
    });
}

async function readExceptions(db: Reader, scope: Scope): Promise<LawView['exceptions']> {
  const { areas, person } = scope;
  const rows = await db
    .selectFrom('exceptions')
    .selectAll()
    .where('until_ms', '>', scope.nowMs)
    .where('ended_ms', 'is', null)
    .orderBy('from_ms')
    .orderBy('id')
    .execute();
  return rows.flatMap((row) => {
    const all = parseColumn(idsSchema, row.area_ids);
    const areaIds = all.filter((id) => concerns(areas, person, id));
    const { id, reason, document } = toException(row);
    const view = { id, reason, document, from: instantText(row.from_ms), until: instantText(row.until_ms) };
    const mayEnd = holds(person, 'govern') && all.every((each) => isOwn(areas, person, each));
    return areaIds.length === 0 ? [] : [{ ...view, areaIds, by: scope.people.get(row.created_by) ?? '', mayEnd }];
  });
}

async function readGroups(db: Reader, { areas, person }: Scope): Promise<LawView['groups']> {
  const addressesOf = createAddresses(areas);
  const addresses = (await readClusters(db)).map(addressesOf);
  return [...areas.values()].flatMap((area) => {
    const { id, name, kind, parentId, memberAreaIds = [], memberClusterIds = [] } = area;
    const isNamed = area.memberAreaIds !== undefined || area.memberClusterIds !== undefined;
    if (kind !== 'group' || !isNamed || parentId === null || !isOwn(areas, person, id)) return [];
    const clusterCount = addresses.filter((ids) => ids.includes(id)).length;
    const members = { memberAreaIds: [...memberAreaIds], memberClusterIds: [...memberClusterIds] };
    return [{ id, name, parentId, ...members, clusterCount }];
  });
}
