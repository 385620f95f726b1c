/**
 * The file an installation begins with: its unit tree, its clusters, its first people. Judged as a whole before anything
 * is written; each thing wrong is told with its line.
 */
import { isTopicId } from '@loa/protocol/device';
import { roles } from '@loa/protocol/panel';
import { areaChain, areaDepthMax, judgeHours, judgeUnits as judgeTree, type UnitFlaw } from '@loa/schedules';
import { z } from 'zod';
import { accept, type Refusal, type Result, refuse } from '../refusal.ts';
import { lineOf } from './json-lines.ts';

/** A province of 10,000 clusters is some 2 MB. */
export const unitsBytesMax = 32 * 1024 * 1024;

/** Mistakes told at once; more would not be read. */
const mistakesMax = 10;

const idSchema = z
  .string()
  .refine(isTopicId, 'an id has 1–64 of a–z, 0–9 and hyphen, and does not begin with a hyphen');
const nameSchema = z.string().trim().min(1).max(200);
const timeZoneSchema = z.string().refine(isTimeZone, 'not an IANA time zone, such as Asia/Ho_Chi_Minh');
const timeOfDay = /^([01]\d|2[0-3]):[0-5]\d$/;

const hoursSchema = z.object({
  timeZone: timeZoneSchema,
  spans: z
    .array(
      z.object({
        weekdays: z.array(z.int().min(1).max(7)).min(1).max(7),
        from: z.string().regex(timeOfDay, 'HH:MM'),
        until: z.union([z.string().regex(timeOfDay, 'HH:MM'), z.literal('24:00')]),
      }),
    )
    .max(64),
  /** Number of the document that decided them. */
  document: z.string().max(200),
});

export const unitsSchema = z.object({
  timeZone: timeZoneSchema,
  areas: z
    .array(
      z.object({
        id: idSchema,
        parentId: idSchema.nullish(),
        kind: z.enum(['province', 'commune', 'village', 'group']),
        name: nameSchema,
        code: z.string().max(20).nullish(),
        oldDistrict: z.string().max(200).nullish(),
        hours: hoursSchema.nullish(),
        /** First and last civil date in force, and what it follows. */
        validFrom: z.iso.date().optional(),
        validUntil: z.iso.date().optional(),
        predecessorIds: z.array(idSchema).max(100).optional(),
        /** Of a named group beside the tree. */
        memberAreaIds: z.array(idSchema).max(2_000).optional(),
        memberClusterIds: z.array(idSchema).max(10_000).optional(),
      }),
    )
    .min(1),
  clusters: z.array(
    z.object({
      id: idSchema,
      areaId: idSchema,
      name: nameSchema,
      horns: z.int().min(1).max(100),
      lat: z.number().min(-90).max(90).nullish(),
      lon: z.number().min(-180).max(180).nullish(),
    }),
  ),
  people: z
    .array(
      z.object({
        login: z.string().regex(/^[a-z0-9][a-z0-9._-]{1,63}$/, '2–64 of a–z, 0–9, dot, hyphen and underscore'),
        name: nameSchema,
        role: z.enum(roles),
        areaId: idSchema,
      }),
    )
    .min(1),
});

export type Units = z.output<typeof unitsSchema>;

interface Mistake {
  path: readonly PropertyKey[];
  message: string;
}

/** The units, or every mistake with its line. */
export function parseUnits(text: string): Result<Units> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    return refuseUnits([error instanceof Error ? error.message : 'not JSON']);
  }
  const parsed = unitsSchema.safeParse(json);
  const mistakes: Mistake[] = parsed.success
    ? judgeUnits(parsed.data)
    : parsed.error.issues.map(({ path, message }) => ({ path, message }));
  if (parsed.success && mistakes.length === 0) return accept(parsed.data);
  const told = mistakes
    .slice(0, mistakesMax)
    .map(({ path, message }) => `line ${lineOf(text, path)}, ${path.map(String).join('.')}: ${message}`);
  return refuseUnits(mistakes.length > mistakesMax ? [...told, `(+${mistakes.length - mistakesMax})`] : told);
}

/** What a schema cannot see: names twice, names of nothing, circles. */
function judgeUnits(units: Units): Mistake[] {
  const areas = new Map(units.areas.map((area) => [area.id, { id: area.id, parentId: area.parentId ?? null }]));
  const unknownArea = (list: 'clusters' | 'people') =>
    units[list].flatMap(({ areaId }, index) =>
      areas.has(areaId) ? [] : [{ path: [list, index, 'areaId'], message: `there is no area ${areaId}` }],
    );
  const mistakes: Mistake[] = [
    ...repeated(units.areas.map((area) => area.id)).map((at) => twice('areas', at, 'id')),
    ...repeated(units.clusters.map((cluster) => cluster.id)).map((at) => twice('clusters', at, 'id')),
    ...repeated(units.people.map((person) => person.login)).map((at) => twice('people', at, 'login')),
    ...units.areas.flatMap(({ parentId }, index) =>
      parentId === null || parentId === undefined || areas.has(parentId)
        ? []
        : [{ path: ['areas', index, 'parentId'], message: `there is no area ${parentId}` }],
    ),
    ...unknownArea('clusters'),
    ...unknownArea('people'),
  ];
  if (mistakes.length > 0) return mistakes;
  const endless = endlessAreas(units, areas);
  return endless.length > 0 ? endless : [...impossibleUnits(units), ...impossibleHours(units)];
}

const flawWords: Record<UnitFlaw['reason'], string> = {
  'too-many-units': 'too many areas',
  'same-id-twice': 'the same stands further up',
  'unknown-parent': 'there is no such area above it',
  'cycle-or-too-deep': `lies below itself, or deeper than ${areaDepthMax} levels`,
  'not-a-date': 'not a date',
  'until-before-from': 'it ends before it begins',
  'unknown-predecessor': 'it follows an area that is not there',
  'predecessor-cycle': 'it follows itself',
  'overlapping-validity': 'it begins before the area that it follows has ended',
  'unknown-member': 'a member is not there',
  'group-in-group': 'a group holds no groups',
  'members-of-no-group': 'only a group has members',
};

/** Times, successions and groups that cannot be true. */
function impossibleUnits(units: Units): Mistake[] {
  const index = new Map(units.areas.map(({ id }, at) => [id, at]));
  const areas = units.areas.map((area) => ({ ...area, parentId: area.parentId ?? null }));
  const clusterIds = new Set(units.clusters.map(({ id }) => id));
  const shared = areas.filter(({ id }) => clusterIds.has(id)).map(({ id }) => twice('areas', index.get(id) ?? 0, 'id'));
  const flaws = judgeTree(areas, clusterIds).map(({ unitId, reason, otherId }) => ({
    path: ['areas', index.get(unitId) ?? 0],
    message: `${flawWords[reason]}${otherId === undefined ? '' : ` (${otherId})`}`,
  }));
  return [...shared, ...flaws];
}

/** Hours that no clock can show, or without the document that decided them. */
function impossibleHours(units: Units): Mistake[] {
  return units.areas.flatMap(({ hours }, index) =>
    hours === null || hours === undefined
      ? []
      : judgeHours(hours).map((flaw) => ({ path: ['areas', index, 'hours'], message: flaw })),
  );
}

function endlessAreas(units: Units, areas: Map<string, { id: string; parentId: string | null }>): Mistake[] {
  return units.areas.flatMap(({ id }, index) => {
    try {
      areaChain(areas, id);
      return [];
    } catch {
      const message = `${id} lies below itself, or deeper than ${areaDepthMax} levels`;
      return [{ path: ['areas', index, 'parentId'], message }];
    }
  });
}

function twice(list: string, index: number, field: string): Mistake {
  return { path: [list, index, field], message: 'the same stands further up' };
}

function repeated(names: readonly string[]): number[] {
  const seen = new Set<string>();
  return names.flatMap((name, index) => {
    const isAgain = seen.has(name);
    seen.add(name);
    return isAgain ? [index] : [];
  });
}

function refuseUnits(mistakes: readonly string[]): { ok: false; refusal: Refusal } {
  const list = mistakes.join('\n');
  return refuse({
    code: 'bad-units',
    status: 422,
    vi: `Tệp đơn vị có lỗi, chưa ghi gì:\n${list}`,
    en: `The units file has mistakes; nothing was written:\n${list}`,
  });
}

function isTimeZone(text: string): boolean {
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(text);
    return true;
  } catch {
    return false;
  }
}
