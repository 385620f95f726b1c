/**
 * The tree of areas as a person chooses from it: which hang below which, how many clusters each holds and how many of
 * them can be reached, and what ticking and unticking does to a choice. Pure. A choice is the ids ticked themselves;
 * whatever lies below a ticked area is covered by it.
 */
import type { AreaView, ClusterView } from '@loa/protocol/panel';
import { isFound } from './folding.ts';

/** One area with what lies below it. Counts include everything below. `parent` is the whole one, also in a search. */
export interface AreaNode {
  area: AreaView;
  parent: AreaNode | undefined;
  children: AreaNode[];
  clusters: number;
  reachable: number;
}

const kindRank: Record<AreaView['kind'], number> = { province: 0, commune: 1, village: 2, group: 3 };

/** The trees of what the viewer sees, sorted by kind, then name. An area whose parent is not seen is a root. */
export function areaTree(
  areas: ReadonlyMap<string, AreaView>,
  clusters: ReadonlyMap<string, Pick<ClusterView, 'areaId' | 'reach'>>,
): AreaNode[] {
  const nodes = new Map<string, AreaNode>();
  for (const area of areas.values()) {
    // An ended area is only the name of what was written for it.
    if (area.endedOn === undefined)
      nodes.set(area.id, { area, parent: undefined, children: [], clusters: 0, reachable: 0 });
  }
  const groups = [...areas.values()].filter(({ memberAreaIds }) => memberAreaIds !== undefined);
  const roots: AreaNode[] = [];
  for (const node of nodes.values()) {
    const parent = node.area.parentId === null ? undefined : nodes.get(node.area.parentId);
    node.parent = parent;
    (parent?.children ?? roots).push(node);
  }
  for (const [clusterId, cluster] of clusters) {
    const chain = chainOf(areas, cluster.areaId);
    const own = groups.filter((group) => isMember(group, clusterId, chain)).map(({ id }) => id);
    for (const id of new Set([...chain, ...own])) {
      const node = nodes.get(id);
      if (node === undefined) continue;
      node.clusters += 1;
      if (cluster.reach === 'reachable') node.reachable += 1;
    }
  }
  for (const node of nodes.values()) node.children.sort(inOrder);
  return roots.sort(inOrder);
}

function isMember(group: AreaView, clusterId: string, chain: readonly string[]): boolean {
  return (
    group.memberClusterIds?.includes(clusterId) === true ||
    group.memberAreaIds?.some((areaId) => chain.includes(areaId)) === true
  );
}

/** The area and everything above it that the viewer sees, nearest first. */
export function chainOf(areas: ReadonlyMap<string, AreaView>, areaId: string): string[] {
  const chain: string[] = [];
  let next: string | null = areaId;
  while (next !== null && !chain.includes(next)) {
    const area: AreaView | undefined = areas.get(next);
    if (area === undefined) break;
    chain.push(area.id);
    next = area.parentId;
  }
  return chain;
}

/** `Thôn 3, Phường Hàm Thắng`: the area up to its commune. */
export function placeWords(areas: ReadonlyMap<string, AreaView>, areaId: string): string {
  const seen = chainOf(areas, areaId).flatMap((id) => areas.get(id) ?? []);
  const near = seen.filter((area) => area.kind !== 'province');
  return (near.length > 0 ? near : seen).map((area) => area.name).join(', ');
}

/** The commune an area lies in, else the area itself. */
export function communeOf(areas: ReadonlyMap<string, AreaView>, areaId: string): AreaView | undefined {
  const seen = chainOf(areas, areaId).flatMap((id) => areas.get(id) ?? []);
  return seen.find((area) => area.kind === 'commune') ?? seen[0];
}

/** How an area stands in a choice: ticked or covered from above, partly through something below, or not at all. */
export type Tick = 'on' | 'part' | 'off';

export function tickOf(node: AreaNode, chosen: ReadonlySet<string>): Tick {
  if (wayUp(node).some((one) => chosen.has(one.area.id))) return 'on';
  return isAnyBelow(node, chosen) ? 'part' : 'off';
}

/** The choice after a press on an area: what was not wholly chosen becomes so, what was is taken out. */
export function toggleArea(node: AreaNode, chosen: ReadonlySet<string>): Set<string> {
  const next = new Set(chosen);
  const way = wayUp(node);
  const covering = way.findIndex((one) => chosen.has(one.area.id));
  if (covering === -1) {
    for (const id of idsBelow(node)) next.delete(id);
    next.add(node.area.id);
    return next;
  }
  for (const one of way.slice(0, covering)) for (const id of idsBeside(one)) next.add(id);
  for (const one of way) next.delete(one.area.id);
  return next;
}

/** The nodes whose name is found, with the way to them; everything below a found one stays. */
export function findAreas(roots: readonly AreaNode[], wanted: string): AreaNode[] {
  return roots.flatMap((node) => {
    const name = `${node.area.name} ${node.area.code ?? ''} ${node.area.oldDistrict ?? ''}`;
    if (isFound(name, wanted)) return [node];
    const children = findAreas(node.children, wanted);
    return children.length === 0 ? [] : [{ ...node, children }];
  });
}

/** Clusters below the chosen areas, each once. Named groups are not counted here: only the server knows their members. */
export function clustersIn<C extends Pick<ClusterView, 'areaId'>>(
  areas: ReadonlyMap<string, AreaView>,
  clusters: Iterable<C>,
  chosen: ReadonlySet<string>,
): C[] {
  return [...clusters].filter((cluster) => chainOf(areas, cluster.areaId).some((id) => chosen.has(id)));
}

function isAnyBelow(node: AreaNode, chosen: ReadonlySet<string>): boolean {
  return node.children.some((child) => chosen.has(child.area.id) || isAnyBelow(child, chosen));
}

function idsBelow(node: AreaNode): string[] {
  return node.children.flatMap((child) => [child.area.id, ...idsBelow(child)]);
}

/** A group that holds no cluster of its own only names clusters of others once more, and is nobody's sibling. */
function idsBeside(node: AreaNode): string[] {
  const beside = (node.parent?.children ?? []).filter((one) => one.area.id !== node.area.id);
  return beside.filter((one) => one.area.kind !== 'group' || one.clusters > 0).map((one) => one.area.id);
}

/** The node itself and everything above it, nearest first. */
function wayUp(node: AreaNode): AreaNode[] {
  const way: AreaNode[] = [];
  for (let next: AreaNode | undefined = node; next !== undefined; next = next.parent) way.push(next);
  return way;
}

function inOrder(a: AreaNode, b: AreaNode): number {
  return (
    kindRank[a.area.kind] - kindRank[b.area.kind] ||
    a.area.name.localeCompare(b.area.name, 'vi', { numeric: true, sensitivity: 'base' })
  );
}
