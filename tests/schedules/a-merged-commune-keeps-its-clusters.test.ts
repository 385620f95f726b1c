/** What was written for an area goes on reaching the clusters that stood in it, and no others, whatever follows it. */
import {
  clustersAddressed,
  createAddresses,
  movedByReform,
  resolveAddressed,
  type StandingCluster,
  type Unit,
} from '@loa/schedules';
import fc from 'fast-check';
import { expect, test } from 'vitest';

const seed = 20_261_125;
const units = (list: readonly Unit[]) => new Map(list.map((unit) => [unit.id, unit]));
const unit = (id: string, parentId: string | null, over: Partial<Unit> = {}): Unit => ({
  ...{ id, parentId, kind: 'commune', name: id },
  ...over,
});

const reformDate = '2025-07-01';
const before = units([
  unit('p60', null, { kind: 'province' }),
  unit('old-a', 'p60'),
  unit('old-b', 'p60'),
  unit('village-a', 'old-a', { kind: 'village' }),
]);
const standing: StandingCluster[] = [
  { id: 'k1', areaId: 'village-a' },
  { id: 'k2', areaId: 'old-a' },
  { id: 'k3', areaId: 'old-b' },
];
const after = units([
  unit('p60', null, { kind: 'province', validUntil: '2025-06-30' }),
  unit('p68', null, { kind: 'province', validFrom: reformDate, predecessorIds: ['p60'] }),
  unit('old-a', 'p60', { validUntil: '2025-06-30' }),
  unit('old-b', 'p60', { validUntil: '2025-06-30' }),
  unit('new', 'p68', { validFrom: reformDate, predecessorIds: ['old-a', 'old-b'] }),
  unit('village-a', 'new', { kind: 'village' }),
  unit('shore', 'p68', { kind: 'group', memberAreaIds: ['old-a'], memberClusterIds: ['k3'] }),
]);
const chains = new Map([
  ['k1', ['village-a', 'old-a', 'p60']],
  ['k2', ['old-a', 'p60']],
  ['k3', ['old-b', 'p60']],
]);
const moved = standing.map((cluster) =>
  movedByReform(after, cluster, {
    formerChain: chains.get(cluster.id) ?? [],
    areaId: cluster.id === 'k1' ? 'village-a' : 'new',
    onDate: reformDate,
  }),
);
const all = [...moved, { id: 'k4', areaId: 'new' }];

test.each<[string, string[], string[]]>([
  ['the commune that was merged', ['old-a'], ['k1', 'k2']],
  ['the other one', ['old-b'], ['k3']],
  ['the commune that followed', ['new'], ['k1', 'k2', 'k3', 'k4']],
  ['the province that was merged', ['p60'], ['k1', 'k2', 'k3']],
  ['a village that stayed', ['village-a'], ['k1']],
  ['a group of an ended area and a cluster', ['shore'], ['k1', 'k2', 'k3']],
  ['nothing', [], []],
])('%s reaches its clusters', (_name, areaIds, expected) => {
  expect(clustersAddressed(after, all, areaIds)).toEqual(expected);
});

test('a merger changes nothing in what an older bulletin reaches', () => {
  for (const areaId of before.keys()) {
    expect(clustersAddressed(after, moved, [areaId])).toEqual(clustersAddressed(before, standing, [areaId]));
  }
});

test('the eye is told which areas followed, through every step', () => {
  const chain = units([
    unit('a', null, { validUntil: '2019-12-31' }),
    unit('b', null, { validFrom: '2020-01-01', validUntil: '2025-06-30', predecessorIds: ['a'] }),
    unit('c1', null, { validFrom: reformDate, predecessorIds: ['b'] }),
    unit('c2', null, { validFrom: reformDate, predecessorIds: ['b'] }),
  ]);
  expect(resolveAddressed(chain, ['a', 'c2', 'nowhere'], '2026-01-01')).toEqual({
    areaIds: ['c2'],
    formerAreaIds: ['a'],
    successorIds: ['c1', 'c2'],
    unknownIds: ['nowhere'],
  });
  expect(resolveAddressed(chain, ['a', 'c1'], '2022-01-01')).toMatchObject({
    successorIds: ['b'],
    unknownIds: ['c1'],
  });
});

test('a cluster that is carried elsewhere leaves its former area', () => {
  const carried = { id: 'k2', areaId: 'village-a' };
  expect(createAddresses(after)(carried)).toEqual(['village-a', 'new', 'p68']);
});

test('a circle of successors ends the search', () => {
  const circle = units([
    unit('a', null, { validUntil: '2020-01-01', predecessorIds: ['b'] }),
    unit('b', null, { validUntil: '2020-01-01', predecessorIds: ['a'] }),
  ]);
  expect(resolveAddressed(circle, ['a'], '2026-01-01').successorIds).toEqual([]);
});

test('a cluster is reached exactly by its addresses', () => {
  const ids = [...after.keys(), 'nowhere'];
  fc.assert(
    fc.property(fc.subarray(ids), (areaIds) => {
      const addressesOf = createAddresses(after);
      const expected = all.filter((cluster) => areaIds.some((id) => addressesOf(cluster).includes(id)));
      expect(clustersAddressed(after, all, areaIds)).toEqual(expected.map(({ id }) => id));
    }),
    { seed },
  );
});
