/**
 * Where a device stands in the tree of units, and so which areas address it. Pure; a cycle in the tree is a broken
 * invariant and throws, since the store refuses to write one.
 */

/** A node of the unit tree: province → commune → village or quarter; or a named group beside it. */
export interface Area {
  id: string;
  parentId: string | null;
  kind: 'province' | 'commune' | 'village' | 'group';
  name: string;
}

/** No tree of units is deeper: province, commune, village, and room for what a reform may add. */
export const areaDepthMax = 8;

/** The area itself and everything above it, nearest first. Unknown ids give an empty list. */
export function areaChain(areas: ReadonlyMap<string, Pick<Area, 'id' | 'parentId'>>, areaId: string): string[] {
  const chain: string[] = [];
  let next: string | null = areaId;
  while (next !== null) {
    const area = areas.get(next);
    if (area === undefined) return chain;
    chain.push(area.id);
    if (chain.length > areaDepthMax) throw new Error(`The unit tree has a cycle or is too deep at ${areaId}`);
    next = area.parentId;
  }
  return chain;
}

/** True when `areaId` is `coveringId` or lies below it. */
export function isWithin(
  areas: ReadonlyMap<string, Pick<Area, 'id' | 'parentId'>>,
  areaId: string,
  coveringId: string,
): boolean {
  return areaChain(areas, areaId).includes(coveringId);
}
