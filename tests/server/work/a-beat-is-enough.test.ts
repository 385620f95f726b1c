/**
 * A device that only says that it is still there is known as well as one that tells everything every five seconds: it is
 * in reach, and when a document did not reach it, it is asked and gets it as quickly. Yesterday's devices are not asked.
 */
import { beatMs, topics } from '@loa/protocol/device';
import { expect, test } from 'vitest';
import { bulletin, connect, good, openWorkTown, people, retainedFor, type WorkTown } from './work-town.ts';

async function greet(town: WorkTown, device: ReturnType<typeof connect>, beats: boolean): Promise<void> {
  await device.say({
    kind: 'hello',
    v: 1,
    agentVersion: '1',
    boot: 'b1',
    stream: 's1',
    capabilities: { formats: ['ogg-opus'], probes: [], stream: false, clockKept: true, deviceKind: 'receiver' },
    holds: retainedFor(town, 'd1'),
    clock: { trusted: true, offsetMs: 0, boundMs: 5 },
    ...(beats ? { beats } : {}),
  });
}

const asks = (device: ReturnType<typeof connect>) => device.heard.filter(({ kind }) => kind === 'say-holds').length;

test('beats are offered to who understands them, and keep a device in reach', async () => {
  const town = await openWorkTown();
  const device = connect(town, 'd1');
  await greet(town, device, true);
  expect(device.heard).toEqual([{ kind: 'welcome', storedSeq: 0, beatMs }]);
  for (let passed = 0; passed < 300_000; passed += beatMs) {
    await town.clock.advance(beatMs);
    await device.say({ kind: 'beat' });
  }
  const [cluster] = town.work.roster.snapshot(people.technician).clusters;
  expect(cluster).toMatchObject({ reach: 'reachable', faults: [] });
  expect(asks(device)).toBe(0);
  await town.clock.advance(2 * beatMs);
  expect(town.work.roster.snapshot(people.technician).clusters[0]?.reach).toBe('reachable');
  await town.clock.advance(beatMs);
  expect(town.work.roster.snapshot(people.technician).clusters[0]?.reach).toBe('out-of-reach');
});

test('questions about the time are signs of life as good: who asks them sends no beat beside', async () => {
  const town = await openWorkTown();
  const device = connect(town, 'd1');
  await greet(town, device, true);
  for (let passed = 0; passed < 300_000; passed += 7_500) {
    await town.clock.advance(7_500);
    await device.say({ kind: 'time-request', sentMs: passed });
  }
  const [cluster] = town.work.roster.snapshot(people.technician).clusters;
  expect(cluster).toMatchObject({ reach: 'reachable', faults: [] });
  expect(town.clock.wallMs() - Date.parse(cluster?.lastSeenAt ?? '')).toBeLessThanOrEqual(15_000);
  expect(await town.work.roster.faults(people.technician, {})).toEqual([]);
});

test('a document that was missed is asked for and sent again within seven seconds', async () => {
  const town = await openWorkTown();
  const device = connect(town, 'd1');
  await greet(town, device, true);
  await town.clock.advance(60_000);
  const old = retainedFor(town, 'd1');
  good(await town.work.desk.acceptBulletin(people.officer, bulletin()));
  await town.clock.advance(0);
  const count = () => town.broker.count(topics.plan('d1'));
  const before = count();
  let answered = 0;
  let afterMs = 0;
  while (count() === before && afterMs < 60_000) {
    afterMs += 500;
    await town.clock.advance(500);
    while (answered < asks(device)) {
      answered += 1;
      await device.heartbeat(old);
    }
  }
  expect(answered).toBeGreaterThan(0);
  expect(afterMs).toBeGreaterThanOrEqual(3_000);
  expect(afterMs).toBeLessThanOrEqual(7_000);
  await device.heartbeat();
  const asked = asks(device);
  await town.clock.advance(60_000);
  await device.say({ kind: 'beat' });
  expect(asks(device)).toBe(asked);
});

test('one that stays behind is a fault as before, and is then asked seldom', async () => {
  const town = await openWorkTown();
  const device = connect(town, 'd1');
  await greet(town, device, true);
  const old = retainedFor(town, 'd1');
  good(await town.work.desk.acceptBulletin(people.officer, bulletin()));
  let answered = 0;
  const live = async (seconds: number) => {
    for (let second = 0; second < seconds; second += 1) {
      await town.clock.advance(1_000);
      while (answered < asks(device)) {
        answered += 1;
        await device.heartbeat(old);
      }
    }
  };
  // A device gets its time to come back behind a broker that was away.
  await live(90);
  const faults = await town.work.roster.faults(people.technician, { open: true });
  expect(faults.map(({ code }) => code)).toEqual(['documents-not-accepted']);
  await live(20);
  const asked = asks(device);
  await live(300);
  expect(asks(device) - asked).toBeLessThanOrEqual(11);
  expect(asks(device) - asked).toBeGreaterThanOrEqual(9);
});

test('a device of yesterday is offered nothing and asked nothing', async () => {
  const town = await openWorkTown();
  const device = connect(town, 'd1');
  await greet(town, device, false);
  expect(device.heard).toEqual([{ kind: 'welcome', storedSeq: 0 }]);
  good(await town.work.desk.acceptBulletin(people.officer, bulletin()));
  await town.clock.advance(30_000);
  expect(asks(device)).toBe(0);
});

test('a beat before a hello says nothing', async () => {
  const town = await openWorkTown();
  const early = connect(town, 'd1');
  await early.say({ kind: 'beat' });
  expect(early.heard).toEqual([{ kind: 'refused', reason: 'say hello first', fatal: false }]);
});
