/** What is ticked is what will sound: counts, covering, taking out one village, and finding names without marks. */
import type { AreaView } from '@loa/protocol/panel';
import {
  type AreaNode,
  areaTree,
  clustersIn,
  findAreas,
  placeWords,
  tickOf,
  toggleArea,
} from '@loa/web/model/area-tree.ts';
import { foldText, isFound } from '@loa/web/model/folding.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clusterOf } from './live-feed.ts';

const hours = { spans: [], document: '', isDefault: true };
const area = (id: string, parentId: string | null, kind: AreaView['kind'], name: string): AreaView => ({
  id,
  parentId,
  kind,
  name,
  hours,
});
const areas = new Map(
  [
    area('p', null, 'province', 'Lâm Đồng'),
    area('x', 'p', 'commune', 'Xã Hàm Thuận Bắc'),
    area('y', 'p', 'commune', 'Phường Hàm Thắng'),
    area('x1', 'x', 'village', 'Thôn 1'),
    area('x2', 'x', 'village', 'Thôn 10'),
    area('x3', 'x', 'village', 'Thôn 2'),
    area('y1', 'y', 'village', 'Thôn Đá Dựng'),
    area('g', 'p', 'group', 'Hạ lưu hồ Sông Quao'),
  ].map((one) => [one.id, one]),
);
const clusters = new Map(
  [
    clusterOf('c1', { areaId: 'x1' }),
    clusterOf('c2', { areaId: 'x2', reach: 'out-of-reach' }),
    clusterOf('c3', { areaId: 'x3' }),
    clusterOf('c4', { areaId: 'y1' }),
    clusterOf('c5', { areaId: 'y1', reach: 'never' }),
  ].map((one) => [one.id, one]),
);
const roots = areaTree(areas, clusters);
const nodes = new Map<string, AreaNode>();
const collect = (list: readonly AreaNode[]) => {
  for (const node of list) {
    nodes.set(node.area.id, node);
    collect(node.children);
  }
};
collect(roots);
const node = (id: string): AreaNode => {
  const found = nodes.get(id);
  if (found === undefined) throw new Error(`No area ${id}`);
  return found;
};
const named = (chosen: ReadonlySet<string>) =>
  clustersIn(areas, clusters.values(), chosen)
    .map((cluster) => cluster.id)
    .sort();

describe('the tree', () => {
  it('counts what lies below, and what can be reached', () => {
    expect([node('p').clusters, node('p').reachable]).toEqual([5, 3]);
    expect([node('x').clusters, node('x').reachable]).toEqual([3, 2]);
  });

  it('sorts villages as people count, and groups last', () => {
    expect(node('x').children.map((child) => child.area.name)).toEqual(['Thôn 1', 'Thôn 2', 'Thôn 10']);
    expect(node('p').children.map((child) => child.area.id)).toEqual(['y', 'x', 'g']);
  });

  it('makes a root of an area whose parent the viewer does not see', () => {
    const own = new Map([...areas].filter(([id]) => id === 'x' || id.startsWith('x')));
    expect(areaTree(own, clusters).map((root) => [root.area.id, root.clusters])).toEqual([['x', 3]]);
  });

  it('names a place up to its commune', () => {
    expect(placeWords(areas, 'y1')).toBe('Thôn Đá Dựng, Phường Hàm Thắng');
    expect(placeWords(areas, 'p')).toBe('Lâm Đồng');
  });
});

describe('ticking', () => {
  it('a commune covers its villages', () => {
    const chosen = toggleArea(node('x'), new Set(['x1']));
    expect([...chosen]).toEqual(['x']);
    expect(tickOf(node('x2'), chosen)).toBe('on');
    expect(tickOf(node('p'), chosen)).toBe('part');
    expect(tickOf(node('y'), chosen)).toBe('off');
  });

  it('one village out of a chosen province leaves everything else, and no group comes in', () => {
    const chosen = toggleArea(node('x2'), new Set(['p']));
    expect([...chosen].sort()).toEqual(['x1', 'x3', 'y']);
    expect(named(chosen)).toEqual(['c1', 'c3', 'c4', 'c5']);
  });

  it('a group that holds clusters of its own is a sibling like any other', () => {
    const own = new Map([...clusters, ['c6', clusterOf('c6', { areaId: 'g' })]]);
    const province = areaTree(areas, own)[0];
    const commune = province?.children.find((child) => child.area.id === 'x');
    if (commune === undefined) throw new Error('The tree is not as expected');
    expect([...toggleArea(commune, new Set(['p']))].sort()).toEqual(['g', 'y']);
  });

  it('any presses end where the boxes say they end', () => {
    const units = [...areas.keys()].filter((id) => id !== 'g');
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...units), { maxLength: 12 }), (presses) => {
        let chosen: ReadonlySet<string> = new Set();
        for (const id of presses) {
          const before = tickOf(node(id), chosen);
          const others = named(chosen).filter((one) => !named(new Set([id])).includes(one));
          chosen = toggleArea(node(id), chosen);
          expect(tickOf(node(id), chosen)).toBe(before === 'on' ? 'off' : 'on');
          expect(named(chosen).filter((one) => !named(new Set([id])).includes(one))).toEqual(others);
        }
      }),
    );
  });
});

describe('finding', () => {
  it.each([
    ['Thôn Đá Dựng', 'da dung'],
    ['Thôn Đá Dựng', 'DỰNG đá'],
    ['Nguyễn Thị Hồng', 'nguyen thi'],
    ['Phú Quý'.normalize('NFD'), 'phú quý'],
    ['anything', '  '],
  ])('%s is found by %s', (text, wanted) => {
    expect(isFound(text, wanted)).toBe(true);
  });

  it('keeps the way to what it found, and what lies below', () => {
    expect(foldText('Đường  Đê')).toBe('duong de');
    const [province] = findAreas(roots, 'da dung');
    expect(province?.children.map((child) => child.area.id)).toEqual(['y']);
    expect(findAreas(roots, 'ham thang')[0]?.children[0]?.children).toHaveLength(1);
    expect(findAreas(roots, 'ninh bình')).toEqual([]);
  });
});
