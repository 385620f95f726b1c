/** Nothing relies on the broker's memory: whoever says it is behind gets its documents again, and after that a fault. */
import { topics } from '@loa/protocol/device';
import { expect, test } from 'vitest';
import { bulletin, connect, emergency, good, openWorkTown, people, retainedFor } from './work-town.ts';

const openFaults = async (town: Awaited<ReturnType<typeof openWorkTown>>) =>
  (await town.work.roster.faults(people.technician, { open: true })).map(({ code }) => code);

test('an older plan is published again after three seconds, not before', async () => {
  const town = await openWorkTown();
  const device = connect(town, 'd1');
  const old = retainedFor(town, 'd1');
  good(await town.work.desk.acceptBulletin(people.officer, bulletin()));
  await town.clock.advance(0);
  await device.hello();
  const count = () => town.broker.count(topics.plan('d1'));
  const before = count();
  await device.heartbeat(old);
  await town.clock.advance(2_900);
  await device.heartbeat(old);
  expect(count()).toBe(before);
  await town.clock.advance(200);
  await device.heartbeat(old);
  expect(count()).toBe(before + 1);
  expect(town.broker.count(topics.plan('d2'))).toBe(before);
});

test("orders of an area are published again for one who missed them, and of nobody else's area", async () => {
  const town = await openWorkTown();
  const device = connect(town, 'd1');
  const old = retainedFor(town, 'd1');
  good(await town.work.emergencies.push(people.department, emergency({ areaIds: ['thang', 'duc'] })));
  await device.hello();
  await device.heartbeat(old);
  const before = town.broker.published.length;
  await town.clock.advance(5_000);
  await device.heartbeat(old);
  expect(town.broker.published.slice(before).map(({ topic }) => topic)).toEqual([topics.areaOrders('thang')]);
});

test('many who missed the same area cost one repeat', async () => {
  const town = await openWorkTown();
  const devices = ['d1', 'd2'].map((id) => ({ id, device: connect(town, id), old: retainedFor(town, id) }));
  good(await town.work.emergencies.push(people.department, emergency()));
  const before = town.broker.count(topics.areaOrders('thang'));
  for (const { device } of devices) await device.hello();
  for (const { device, old } of devices) await device.heartbeat(old);
  await town.clock.advance(5_000);
  for (const { device, old } of devices) await device.heartbeat(old);
  expect(town.broker.count(topics.areaOrders('thang'))).toBe(before + 1);
});

test('after three repeats, and time for its MQTT to come back, a fault opens; it clears when it has caught up', async () => {
  const town = await openWorkTown();
  const device = connect(town, 'd1');
  await device.hello();
  const none = { keys: 1, orders: {} };
  const before = town.broker.count(topics.plan('d1'));
  for (let beat = 0; beat < 9; beat += 1) {
    await device.heartbeat(none);
    expect(await openFaults(town)).toEqual([]);
    await town.clock.advance(5_000);
  }
  await device.heartbeat(none);
  expect(await openFaults(town)).toEqual(['documents-not-accepted']);
  const tries = town.broker.count(topics.plan('d1'));
  expect(tries).toBe(before + 3);
  await town.clock.advance(5_000);
  await device.heartbeat(none);
  expect(town.broker.count(topics.plan('d1'))).toBe(tries);
  expect(await openFaults(town)).toHaveLength(1);
  await device.heartbeat();
  expect(await openFaults(town)).toEqual([]);
});

test('a device with an older set of keys gets the set', async () => {
  const town = await openWorkTown();
  const device = connect(town, 'd1');
  await device.hello();
  const before = town.broker.count(topics.keys());
  for (let beat = 0; beat < 2; beat += 1) {
    await device.heartbeat({ ...retainedFor(town, 'd1'), keys: 0 });
    await town.clock.advance(5_000);
  }
  expect(town.broker.count(topics.keys())).toBe(before + 1);
});

test('the panel sees which device holds an older plan, and until when it plays', async () => {
  const town = await openWorkTown();
  const device = connect(town, 'd1');
  await device.hello();
  const seen = () => town.work.roster.snapshot(people.officer).clusters[0];
  const first = seen()?.planUntil;
  expect(first).toBeDefined();
  expect(seen()?.planCurrent).toBe(true);
  const old = retainedFor(town, 'd1');
  good(await town.work.desk.acceptBulletin(people.officer, bulletin()));
  await town.clock.advance(0);
  await device.heartbeat(old);
  expect(seen()).toMatchObject({ planCurrent: false, planUntil: first });
  await device.heartbeat();
  expect(seen()).toMatchObject({ planCurrent: true });
});
