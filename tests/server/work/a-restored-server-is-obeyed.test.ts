/** P5: a server restored from an older copy publishes everything anew in a higher epoch, so every device follows it. */
import { compareSequence, topics } from '@loa/protocol/device';
import { expect, test } from 'vitest';
import { bulletin, connect, emergency, good, openWorkTown, people, planOf, retainedFor } from './work-town.ts';

test.each([
  ['with the documents forgotten', true],
  ['with the old documents still there', false],
])('after a restore %s each document is newer than any a device can hold', async (_, forgets) => {
  const town = await openWorkTown();
  good(await town.work.desk.acceptBulletin(people.officer, bulletin()));
  const view = good(await town.work.emergencies.push(people.department, emergency()));
  good(await town.work.emergencies.stop(people.department, view.id));
  await town.clock.advance(0);
  const held = retainedFor(town, 'd1');
  await town.store.write(async (tx) => {
    await tx.updateTable('installation').set({ epoch: 2, number: 1 }).execute();
    if (forgets) await tx.deleteFrom('documents').execute();
  });
  await town.restart();
  const restored = retainedFor(town, 'd1');
  const pairs = [
    [restored.plan, held.plan],
    [restored.hours, held.hours],
    ...['p68', 'thang'].map((areaId) => [restored.orders[areaId], held.orders[areaId]]),
  ];
  for (const [newer, older] of pairs) {
    expect(newer && older ? compareSequence(newer, older) : 0).toBeGreaterThan(0);
    expect(newer?.epoch).toBe(2);
  }
});

test('a restart without a restore publishes the stored envelopes unchanged', async () => {
  const town = await openWorkTown();
  good(await town.work.desk.acceptBulletin(people.officer, bulletin()));
  await town.clock.advance(0);
  const before = new Map(town.broker.retained);
  await town.clock.advance(60_000);
  await town.restart();
  expect(town.broker.retained).toEqual(before);
});

test('everything stored is published before the doors open', async () => {
  const town = await openWorkTown();
  expect([...town.broker.retained.keys()].sort()).toEqual(
    [
      topics.keys(),
      ...['d1', 'd2', 'd3'].flatMap((id) => [topics.plan(id), topics.hours(id)]),
      ...['p68', 'thang', 'kim-ngoc', 'empty', 'duc'].map(topics.areaOrders),
    ].sort(),
  );
});

test('a board that enrols while the server runs gets its documents and its place', async () => {
  const town = await openWorkTown({ devices: 2 });
  good(await town.work.desk.acceptBulletin(people.neighbour, bulletin({ areaIds: ['duc'] })));
  const row = { id: 'd3', cluster_id: 'c3', public_key: '{}', board: 'b', agent_version: '1', revoked_ms: null };
  const capabilities = JSON.stringify({
    formats: ['mp3'],
    probes: [],
    stream: false,
    clockKept: false,
    deviceKind: 'bridge',
  });
  const seen = { capabilities, enrolled_ms: town.clock.wallMs(), last_seen_ms: null, holds: null };
  await town.store.write((tx) =>
    tx
      .insertInto('devices')
      .values({ ...row, ...seen })
      .execute(),
  );
  await town.work.deviceEnrolled('d3');
  expect(planOf(town, 'd3').areas).toEqual(['duc', 'p68']);
  expect(town.broker.retained.has(topics.hours('d3'))).toBe(true);
  const [cluster] = town.work.roster.snapshot(people.neighbour).clusters;
  expect(cluster).toMatchObject({ deviceKind: 'bridge', reach: 'never' });
  const device = connect(town, 'd3');
  await device.hello();
  expect(town.work.roster.snapshot(people.neighbour).clusters[0]).toMatchObject({ reach: 'reachable' });
});
