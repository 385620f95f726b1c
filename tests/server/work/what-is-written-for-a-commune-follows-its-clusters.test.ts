/** Units change: communes merge, clusters are carried elsewhere, groups lie beside the tree; what was written stays true. */
import type { LawChange } from '@loa/protocol/panel';
import { expect, test } from 'vitest';
import { settle } from '../../harness/manual-clock.ts';
import {
  bulletin,
  emergency,
  good,
  openWorkTown,
  ordersOf,
  people,
  plannedFor,
  refused,
  type WorkTown,
} from './work-town.ts';

/** When everything has been published. */
async function planned(town: WorkTown, deviceId: string): Promise<string[]> {
  await settle();
  return await plannedFor(town, deviceId);
}

let requests = 0;
const ask = (change: LawChange) => {
  requests += 1;
  return { requestId: `unit-${requests}`, change };
};
const daily = [{ kind: 'daily' as const, from: '2026-11-20', time: '17:00' }];

test('a bulletin of a merged commune goes on reaching its clusters and no others; its officer goes on working', async () => {
  const town = await openWorkTown();
  const { desk, law, roster } = town.work;
  const kept = good(await desk.acceptBulletin(people.officer, bulletin({ whens: daily })));
  const before = await planned(town, 'd1');
  const merger: LawChange = { kind: 'merger', areaIds: ['thang', 'duc'], name: 'Hàm Thuận', document: 'NQ 1' };
  expect(refused(await law.makeChange(people.officer, ask(merger)))).toBe('no-right');
  const foreseen = good(await law.previewChange(people.department, merger));
  expect(foreseen.clusterCount).toBe(0);
  good(await law.makeChange(people.department, ask(merger)));
  expect(await planned(town, 'd1')).toEqual(before);
  expect(await planned(town, 'd2')).toEqual(before);
  expect(await planned(town, 'd3')).toEqual([]);
  const row = await town.store.read((db) =>
    db.selectFrom('people').select('area_id').where('id', '=', 'officer').executeTakeFirstOrThrow(),
  );
  const officer = { ...people.officer, areaId: row.area_id };
  expect(roster.snapshot(officer).clusters.map(({ id }) => id)).toEqual(['c1', 'c2', 'c3']);
  expect((await desk.listBulletins(officer)).map(({ id }) => id)).toEqual([kept.id]);
  good(await desk.withdrawBulletin(officer, kept.id));
  expect(await planned(town, 'd1')).toEqual([]);
  const whole = good(await desk.acceptBulletin(officer, bulletin({ areaIds: [row.area_id], whens: daily })));
  for (const device of ['d1', 'd2', 'd3']) expect((await planned(town, device))[0]?.startsWith(whole.id)).toBe(true);
});

test('a named group is addressed like an area, by bulletins and by emergencies', async () => {
  const town = await openWorkTown();
  const { desk, law, emergencies, roster } = town.work;
  const group: LawChange = {
    kind: 'group',
    name: 'Hạ lưu hồ Sông Quao',
    parentId: 'p68',
    memberAreaIds: ['duc'],
    memberClusterIds: ['c2'],
  };
  good(await law.makeChange(people.department, ask(group)));
  const [made] = good(await law.law(people.department, 'p68')).groups;
  expect(made).toMatchObject({ name: 'Hạ lưu hồ Sông Quao', clusterCount: 2 });
  const groupId = made?.id ?? '';
  expect(roster.areasOf('d2')).toContain(groupId);
  expect(roster.areasOf('d1')).not.toContain(groupId);
  good(await desk.acceptBulletin(people.department, bulletin({ areaIds: [groupId], class: 'priority', whens: daily })));
  expect(await planned(town, 'd1')).toEqual([]);
  expect((await planned(town, 'd2')).length).toBeGreaterThan(0);
  expect((await planned(town, 'd3')).length).toBeGreaterThan(0);
  const pushed = good(await emergencies.push(people.department, emergency({ areaIds: [groupId] })));
  expect(ordersOf(town, groupId)).toEqual([pushed.id]);
  expect(pushed.clusterCount).toBe(2);
  const wider = { ...group, parentId: 'thang' };
  expect(refused(await law.makeChange(people.officer, ask(wider)))).toBe('member-elsewhere');
});

test('a cluster that is carried elsewhere follows its new place, and the preview says so', async () => {
  const town = await openWorkTown();
  const { desk, law } = town.work;
  good(await desk.acceptBulletin(people.officer, bulletin({ whens: daily })));
  const change: LawChange = { kind: 'cluster-moved', clusterId: 'c3', areaId: 'kim-ngoc' };
  expect(refused(await law.makeChange(people.officer, ask(change)))).toBe('no-right');
  const foreseen = good(await law.previewChange(people.department, change));
  expect(foreseen.groups.map(({ clusterIds }) => clusterIds)).toEqual([['c3']]);
  good(await law.makeChange(people.department, ask(change)));
  expect(await planned(town, 'd3')).toEqual(await planned(town, 'd2'));
});

test('single clusters are addressed beside areas', async () => {
  const town = await openWorkTown();
  const { desk } = town.work;
  const only = bulletin({ areaIds: [], clusterIds: ['c2'], whens: daily });
  const kept = good(await desk.acceptBulletin(people.officer, only));
  expect(kept).toMatchObject({ clusterIds: ['c2'], clusterCount: 1 });
  expect(await planned(town, 'd1')).toEqual([]);
  expect((await planned(town, 'd2')).length).toBeGreaterThan(0);
  expect(refused(await desk.acceptBulletin(people.officer, bulletin({ areaIds: [], clusterIds: ['c3'] })))).toBe(
    'unknown-area',
  );
  good(await desk.withdrawBulletin(people.officer, kept.id));
  expect(await planned(town, 'd2')).toEqual([]);
});

test('what began before a cluster was carried there is none of its own: neither planned, nor missed', async () => {
  const town = await openWorkTown();
  const { desk, law } = town.work;
  const soon = [{ kind: 'once' as const, date: '2026-11-20', time: '10:05' }];
  good(await desk.acceptBulletin(people.officer, bulletin({ whens: [...soon, ...daily] })));
  await town.clock.advance(6 * 60_000);
  good(await law.makeChange(people.department, ask({ kind: 'cluster-moved', clusterId: 'c3', areaId: 'kim-ngoc' })));
  const stayed = await planned(town, 'd2');
  expect(await planned(town, 'd3')).toEqual(stayed.slice(1));
  const rows = await town.store.read((db) =>
    db.selectFrom('airings').select('device_id').where('device_id', '=', 'd3').execute(),
  );
  expect(rows).toEqual([]);
});
