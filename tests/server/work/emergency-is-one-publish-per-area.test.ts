/** An emergency is one orders document per topmost area, durable before it goes out, and always made from the store. */
import { mqttMessageBytesMax, topics } from '@loa/protocol/device';
import { expect, test } from 'vitest';
import { airing, connect, emergency, good, openWorkTown, ordersOf, people, refused } from './work-town.ts';

test('one publish reaches a province, and every device below is expected to sound it', async () => {
  const town = await openWorkTown();
  const before = town.broker.published.length;
  const view = good(await town.work.emergencies.push(people.department, emergency({ areaIds: ['p68'] })));
  expect(town.broker.published.slice(before).map(({ topic }) => topic)).toEqual([topics.areaOrders('p68')]);
  const [seen] = town.work.roster.snapshot(people.department).airings;
  expect(seen).toMatchObject({ class: 'emergency', drill: false, active: true });
  expect(seen?.targets.map(({ clusterId }) => clusterId)).toEqual(['c1', 'c2', 'c3']);
  const document = town.broker.document(topics.areaOrders('p68'));
  expect(document).toMatchObject({
    aud: 'p68',
    orders: [{ kind: 'emergency', id: view.id, occurrence: seen?.occurrence, repeat: { count: 3 }, drill: false }],
  });
});

test('a commune chosen together with its village is ordered once', async () => {
  const town = await openWorkTown();
  const before = town.broker.published.length;
  const areaIds = ['kim-ngoc', 'thang', 'duc'];
  good(await town.work.emergencies.push(people.department, emergency({ areaIds })));
  expect(town.broker.published.slice(before).map(({ topic }) => topic)).toEqual([
    topics.areaOrders('thang'),
    topics.areaOrders('duc'),
  ]);
});

test('several are in force with the newest first; a stopped one is gone from the document', async () => {
  const town = await openWorkTown();
  const first = good(await town.work.emergencies.push(people.department, emergency()));
  const second = good(await town.work.emergencies.push(people.department, emergency()));
  const third = good(await town.work.emergencies.push(people.department, emergency()));
  expect(ordersOf(town, 'thang')).toEqual([third.id, second.id, first.id]);
  const stopped = good(await town.work.emergencies.stop(people.department, third.id));
  expect(stopped.state).toBe('withdrawn');
  expect(ordersOf(town, 'thang')).toEqual([second.id, first.id]);
});

test('a restart has every order in force again, and drops those that ended while it was down', async () => {
  const town = await openWorkTown();
  const long = good(await town.work.emergencies.push(people.department, emergency()));
  good(await town.work.emergencies.push(people.department, emergency({ lifeMs: 60_000 })));
  await town.work.stop();
  await town.clock.advance(120_000);
  await town.restart();
  expect(ordersOf(town, 'thang')).toEqual([long.id]);
});

test('an expired one leaves the document by itself', async () => {
  const town = await openWorkTown();
  good(await town.work.emergencies.push(people.department, emergency({ lifeMs: 60_000 })));
  await town.clock.advance(91_000);
  expect(ordersOf(town, 'thang')).toEqual([]);
});

test('the same request again is the same emergency, published once', async () => {
  const town = await openWorkTown();
  const request = emergency();
  const first = good(await town.work.emergencies.push(people.department, request));
  const count = town.broker.count(topics.areaOrders('thang'));
  const again = good(await town.work.emergencies.push(people.department, request));
  expect(again.id).toBe(first.id);
  expect(town.broker.count(topics.areaOrders('thang'))).toBe(count);
});

test('more than one message holds are refused, and those in force stay as they are', async () => {
  const town = await openWorkTown();
  let last = 'accepted';
  let pushed = 0;
  for (; last === 'accepted' && pushed < 20; pushed += 1) {
    last = refused(await town.work.emergencies.push(people.department, emergency()));
  }
  expect(last).toBe('too-many-orders');
  expect(pushed).toBeGreaterThan(4);
  expect(ordersOf(town, 'thang')).toHaveLength(pushed - 1);
  expect(town.broker.retained.get(topics.areaOrders('thang'))?.length).toBeLessThanOrEqual(mqttMessageBytesMax);
  expect(await town.work.desk.listBulletins(people.department)).toHaveLength(pushed - 1);
});

test('a drill says so in the signed order', async () => {
  const town = await openWorkTown();
  good(await town.work.emergencies.push(people.department, emergency({ drill: true })));
  expect(town.broker.document(topics.areaOrders('thang'))).toMatchObject({ orders: [{ drill: true }] });
  expect(town.work.roster.snapshot(people.officer).airings).toMatchObject([{ drill: true }]);
});

test('a stop is on its way though a device still plays, and the panel sees who has not confirmed', async () => {
  const town = await openWorkTown();
  const device = connect(town, 'd1');
  await device.hello();
  const view = good(await town.work.emergencies.push(people.department, emergency()));
  const plannedMs = Date.parse(view.nowAt ?? '');
  const occurrence = town.work.roster.snapshot(people.officer).airings[0]?.occurrence ?? '';
  await device.report(1, { kind: 'started', occurrence, play: 1, plannedMs, startedMs: plannedMs + 200 });
  good(await town.work.emergencies.stop(people.department, view.id));
  const stillPlaying = good(await town.work.roster.airing(people.department, occurrence));
  expect(stillPlaying).toMatchObject({ active: false, targets: [{ phase: 'playing' }, { phase: 'queued' }] });
  const end = { occurrence, plannedMs, playsDone: 0, startedMs: plannedMs + 200, endedMs: plannedMs + 900 };
  await device.report(2, { kind: 'ended', outcome: 'stopped', reason: 'stopped-by-person', ...end });
  expect(await airing(town, occurrence, 'd1')).toMatchObject({ outcome: 'stopped' });
});
