/**
 * The unit tree as the store holds it, and which permitted hours apply at a node: what its own decision and all those
 * above it allow together, else the cautious default.
 */
import {
  type Area,
  type AreaLimits,
  areaChain,
  type HoursCut,
  type HoursRule,
  narrowHours,
  type Session,
} from '@loa/schedules';
import { z } from 'zod';
import type { Reader, Writer } from '../store.ts';
import { parseColumn } from './column.ts';

/** A node of the unit tree with what the panel shows of it. */
export interface AreaNode extends Area {
  code: string | null;
  oldDistrict: string | null;
  /** Decided here; null inherits from above. */
  hours: HoursRule | null;
  /** Decided here; absent until the store keeps them. */
  limits?: AreaLimits | undefined;
  sessions?: readonly Session[] | undefined;
}

export type AreaTree = ReadonlyMap<string, AreaNode>;

const kindSchema = z.enum(['province', 'commune', 'village', 'group']);
const hoursRuleSchema = z.object({
  timeZone: z.string(),
  spans: z.array(z.object({ weekdays: z.array(z.int()), from: z.string(), until: z.string() })),
  document: z.string(),
});

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
