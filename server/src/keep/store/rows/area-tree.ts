/**
 * The unit tree as the store holds it, and which permitted hours apply at a node: what its own decision and all those
 * above it allow together, else the cautious default.
 */
import { areaLimitsSchema, languagesSchema, volumeSchema } from '@loa/protocol/panel';
import {
  type AreaLimits,
  areaChain,
  type HoursCut,
  type HoursRule,
  narrowHours,
  type SoundDecision,
  sessionSlots,
  type Unit,
} from '@loa/schedules';
import { z } from 'zod';
import type { Reader, Writer } from '../store.ts';
import { parseColumn } from './column.ts';

/** A node of the unit tree with what is decided there. */
export interface AreaNode extends Unit, SoundDecision {
  code: string | null;
  oldDistrict: string | null;
  /** Decided here; null inherits from above. */
  hours: HoursRule | null;
  limits?: AreaLimits | undefined;
  /** What its officers schedule waits for a leader; absent inherits. */
  needsApproval?: boolean | undefined;
  /** Amplifiers stay switched on between items; absent inherits. */
  amplifierStaysOn?: boolean | undefined;
  sessions?: readonly TitledSession[] | undefined;
}

/** Parts with the titles that people gave them. */
export type TitledSession = z.output<typeof sessionSchema>;

export type AreaTree = ReadonlyMap<string, AreaNode>;

const kindSchema = z.enum(['province', 'commune', 'village', 'group']);
const hoursRuleSchema = z.object({
  timeZone: z.string(),
  spans: z.array(z.object({ weekdays: z.array(z.int()), from: z.string(), until: z.string() })),
  document: z.string(),
});

const idsSchema = z.array(z.string());
const ownClipShape = {
  id: z.string(),
  title: z.string(),
  clipId: z.string(),
  clipDurationMs: z.number(),
  sinceMs: z.number().optional(),
};

/** A session as it is kept: parts know the length of their clips. */
export const sessionSchema = z.object({
  name: z.string(),
  weekdays: z.array(z.int().min(1).max(7)),
  from: z.string(),
  until: z.string(),
  slot: z.enum(sessionSlots).optional(),
  gapMs: z.int().optional(),
  parts: z
    .array(
      z.discriminatedUnion('kind', [
        z.object({ kind: z.literal('tune'), ...ownClipShape }),
        z.object({
          kind: z.literal('relay'),
          ...ownClipShape,
          at: z.string().optional(),
          relay: z.object({ url: z.string(), lengthMs: z.int() }),
        }),
        z.object({ kind: z.literal('bulletins'), from: z.enum(['above', 'own', 'all']) }),
      ]),
    )
    .optional(),
});

function perhaps<K extends string, T>(key: K, schema: z.ZodType<T>, text: string | null): { [key in K]?: T } {
  const found: { [key in K]?: T } = {};
  if (text !== null) found[key] = parseColumn(schema, text);
  return found;
}

/** All areas by id. */
export async function readAreaTree(db: Reader | Writer): Promise<AreaTree> {
  const rows = await db.selectFrom('areas').selectAll().orderBy('id').execute();
  return new Map(
    rows.map((row) => [
      row.id,
      {
        id: row.id,
        parentId: row.parent_id,
        kind: kindSchema.parse(row.kind),
        name: row.name,
        code: row.code,
        oldDistrict: row.old_district,
        hours: row.hours === null ? null : parseColumn(hoursRuleSchema, row.hours),
        ...perhaps('limits', areaLimitsSchema, row.limits),
        ...perhaps('sessions', z.array(sessionSchema), row.sessions),
        ...perhaps('languages', languagesSchema, row.languages),
        ...perhaps('volume', volumeSchema, row.volume),
        ...(row.approval === null ? {} : { needsApproval: row.approval === 'leader' }),
        ...(row.amplifier === null ? {} : { amplifierStaysOn: row.amplifier === 'on' }),
        ...(row.valid_from === null ? {} : { validFrom: row.valid_from }),
        ...(row.valid_until === null ? {} : { validUntil: row.valid_until }),
        ...perhaps('predecessorIds', idsSchema, row.predecessor_ids),
        ...perhaps('memberAreaIds', idsSchema, row.member_area_ids),
        ...perhaps('memberClusterIds', idsSchema, row.member_cluster_ids),
      },
    ]),
  );
}

/** The rule that applies at an area, whether nobody has decided one yet, and what decisions below others do not get. */
export function hoursAt(
  areas: AreaTree,
  options: { areaId: string; timeZone: string },
): { rule: HoursRule; isDefault: boolean; cuts: HoursCut[] } {
  const decisions = areaChain(areas, options.areaId).flatMap((areaId) => {
    const rule = areas.get(areaId)?.hours;
    return rule === null || rule === undefined ? [] : [{ areaId, rule }];
  });
  return narrowHours(decisions, options.timeZone);
}

/** The commune that an area is or lies in. */
export function communeOf(areas: AreaTree, areaId: string): string | undefined {
  return areaChain(areas, areaId).find((id) => areas.get(id)?.kind === 'commune');
}

/** Whether amplifiers at an area stay on between items: the nearest decision up the tree, else not. */
export function amplifierStaysOn(areas: AreaTree, areaId: string): boolean {
  const decided = areaChain(areas, areaId).map((id) => areas.get(id)?.amplifierStaysOn);
  return decided.find((each) => each !== undefined) ?? false;
}

/** Whether what is made in an area waits for a leader: the nearest decision, else not. */
export function needsApproval(areas: AreaTree, areaId: string): boolean {
  const decided = areaChain(areas, areaId).map((id) => areas.get(id)?.needsApproval);
  return decided.find((each) => each !== undefined) ?? false;
}

/** The chosen areas without those that lie below another chosen one, in the order given, each once. */
export function topmostAreas(areas: AreaTree, areaIds: readonly string[]): string[] {
  const chosen = new Set(areaIds);
  return [...chosen].filter(
    (areaId) =>
      !areaChain(areas, areaId)
        .slice(1)
        .some((above) => chosen.has(above)),
  );
}
