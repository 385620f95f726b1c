/** Circles, overlapping times and members of nothing are refused with a reason, in time that grows with the input. */
import { judgeUnits, type Unit, unitFlawsMax, unitsMax } from '@loa/schedules';
import { expect, test } from 'vitest';

const unit = (id: string, over: Partial<Unit> = {}): Unit => ({
  ...{ id, parentId: null, kind: 'commune', name: id },
  ...over,
});
const ended = unit('old', { validUntil: '2025-06-30' });

test.each<[string, Unit[], ReturnType<typeof judgeUnits>]>([
  ['a merger', [ended, unit('new', { validFrom: '2025-07-01', predecessorIds: ['old'] })], []],
  ['the same id twice', [unit('a'), unit('a')], [{ unitId: 'a', reason: 'same-id-twice' }]],
  ['no such parent', [unit('a', { parentId: 'x' })], [{ unitId: 'a', reason: 'unknown-parent', otherId: 'x' }]],
  [
    'a circle of parents',
    [unit('a', { parentId: 'b' }), unit('b', { parentId: 'a' })],
    [
      { unitId: 'a', reason: 'cycle-or-too-deep' },
      { unitId: 'b', reason: 'cycle-or-too-deep' },
    ],
  ],
  ['no date', [unit('a', { validFrom: '2025-02-30' })], [{ unitId: 'a', reason: 'not-a-date' }]],
  [
    'an end before its beginning',
    [unit('a', { validFrom: '2025-07-01', validUntil: '2025-06-30' })],
    [{ unitId: 'a', reason: 'until-before-from' }],
  ],
  [
    'following what is still in force',
    [ended, unit('new', { validFrom: '2025-06-30', predecessorIds: ['old'] })],
    [{ unitId: 'new', reason: 'overlapping-validity', otherId: 'old' }],
  ],
  [
    'following what never ends',
    [unit('old'), unit('new', { validFrom: '2025-07-01', predecessorIds: ['old'] })],
    [{ unitId: 'new', reason: 'overlapping-validity', otherId: 'old' }],
  ],
  [
    'following nothing',
    [unit('new', { validFrom: '2025-07-01', predecessorIds: ['x'] })],
    [{ unitId: 'new', reason: 'unknown-predecessor', otherId: 'x' }],
  ],
  [
    'a group of groups and of nothing',
    [
      unit('g', { kind: 'group', memberAreaIds: ['h', 'x'], memberClusterIds: ['k1', 'k9'] }),
      unit('h', { kind: 'group' }),
    ],
    [
      { unitId: 'g', reason: 'group-in-group', otherId: 'h' },
      { unitId: 'g', reason: 'unknown-member', otherId: 'x' },
      { unitId: 'g', reason: 'unknown-member', otherId: 'k9' },
    ],
  ],
  ['members of a commune', [unit('a', { memberClusterIds: ['k1'] })], [{ unitId: 'a', reason: 'members-of-no-group' }]],
])('%s', (_name, units, flaws) => {
  expect(judgeUnits(units, new Set(['k1']))).toEqual(flaws);
});

test('a circle of successions is told of everyone in it', () => {
  const flaws = judgeUnits([
    unit('a', { validFrom: '2020-01-01', validUntil: '2020-12-31', predecessorIds: ['b'] }),
    unit('b', { validFrom: '2021-01-01', validUntil: '2021-12-31', predecessorIds: ['a'] }),
  ]);
  expect(flaws.filter(({ reason }) => reason === 'predecessor-cycle').map(({ unitId }) => unitId)).toEqual(['a', 'b']);
});

test('eight levels can be, nine cannot', () => {
  const levels = (count: number) =>
    Array.from({ length: count }, (_, index) => unit(`u${index}`, { parentId: index === 0 ? null : `u${index - 1}` }));
  expect(judgeUnits(levels(8))).toEqual([]);
  expect(judgeUnits(levels(9))).toEqual([{ unitId: 'u8', reason: 'cycle-or-too-deep' }]);
});

test('hostile trees are answered at once, with a bounded list', () => {
  const count = 100_000;
  const fan = Array.from({ length: count }, (_, index) =>
    unit(`u${index}`, { validFrom: '2025-07-01', predecessorIds: ['old', `u${(index + 1) % count}`] }),
  );
  const chain = Array.from({ length: count }, (_, index) => unit(`v${index}`, { parentId: `v${index + 1}` }));
  const startedMs = performance.now();
  expect(judgeUnits([ended, ...fan])).toHaveLength(unitFlawsMax);
  expect(judgeUnits(chain)).toHaveLength(unitFlawsMax);
  expect(judgeUnits(Array.from({ length: unitsMax + 1 }, (_, index) => unit(`w${index}`)))).toMatchObject([
    { reason: 'too-many-units' },
  ]);
  expect(performance.now() - startedMs).toBeLessThan(20_000);
});
