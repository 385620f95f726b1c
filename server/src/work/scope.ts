/**
 * Whether an area is a person's: rights hold inside the person's own area and below, and nowhere else (DESIGN P11).
 * Pure and deny by default: an area that is unknown is nobody's, and cannot be told from a foreign one.
 */
import type { Person, Right } from '@loa/protocol/panel';
import { areaChain, isWithin } from '@loa/schedules';
import type { AreaTree } from '../keep/store/rows/area-tree.ts';

/** True when the person holds the right at all. */
export function holds(person: Person, right: Right): boolean {
  return person.rights.includes(right);
}

/** True when the area is known and the person's own or below it. */
export function isOwn(areas: AreaTree, person: Person, areaId: string): boolean {
  return areas.has(areaId) && areas.has(person.areaId) && isWithin(areas, areaId, person.areaId);
}

/** True when something addressed to the area is heard somewhere in the person's: it lies below or above it. */
export function concerns(areas: AreaTree, person: Person, areaId: string): boolean {
  return isOwn(areas, person, areaId) || areaChain(areas, person.areaId).includes(areaId);
}

/** The addressed areas that the person may see: own ones and those above; never a neighbour's. */
export function visibleAreas(areas: AreaTree, person: Person, areaIds: readonly string[]): string[] {
  return areaIds.filter((areaId) => concerns(areas, person, areaId));
}
