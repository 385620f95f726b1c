/**
 * The unit tree as the store holds it, and which permitted hours apply at a node: those of the nearest area that has
 * decided, else the cautious default.
 */
import { type Area, areaChain, cautiousHours, type HoursRule } from '@loa/schedules';
import { z } from 'zod';
import type { Reader, Writer } from '../store.ts';
import { parseColumn } from './column.ts';

/** A node of the unit tree with what the panel shows of it. */
export interface AreaNode extends Area {
  code: string | null;
  oldDistrict: string | null;
  /** Decided here; null inherits from above. */
  hours: HoursRule | null;
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

/** The rule that applies at an area, and whether nobody has decided one yet. */
export function hoursAt(
  areas: AreaTree,
  options: { areaId: string; timeZone: string },
): { rule: HoursRule; isDefault: boolean } {
  for (const id of areaChain(areas, options.areaId)) {
    const rule = areas.get(id)?.hours;
    if (rule !== null && rule !== undefined) return { rule, isDefault: false };
  }
  return { rule: cautiousHours(options.timeZone), isDefault: true };
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
