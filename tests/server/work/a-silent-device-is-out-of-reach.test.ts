/** Who is silent is shown within a minute, with patience for a lost heartbeat and for the server's own restart. */

import { topics } from '@loa/protocol/device';
import { graceMs } from '@loa/server/work/watch/reach.ts';
import { expect, test } from 'vitest';
import { bulletin, connect, good, openWorkTown, people, retainedFor, type WorkTown } from './work-town.ts';

const reachOf = (town: WorkTown) => town.work.roster.snapshot(people.technician).clusters[0];

async function beatFor(town: WorkTown, device: ReturnType<typeof connect>, seconds: number): Promise<void> {
  for (let passed = 0; passed < seconds; passed += 5) {
    await town.clock.advance(5_000);
    await device.heartbeat();
  }
}

test('shown within a minute of the last frame with when it began, cleared by the first one', async () => {
  const town = await openWorkTown();
  const device = connect(town, 'd1');
  await device.hello();
  await beatFor(town, device, 120);
  const lastMs = town.clock.wallMs();
  town.work.intake.presence('d1', { v: 1, online: false, boot: 'b1' });
  device.life.closed();
  await town.clock.advance(25_000);
  expect(reachOf(town)?.reach).toBe('reachable');
  await town.clock.advance(20_000);
  expect(reachOf(town)).toMatchObject({ reach: 'out-of-reach' });
  const [fault] = await town.work.roster.faults(people.technician, { open: true });
  expect(fault).toMatchObject({ code: 'out-of-reach', judgedBy: 'server', evidence: { mqtt: 'offline' } });
  expect(Date.parse(fault?.openedAt ?? '')).toBe(lastMs);
  await town.clock.advance(600_000);
  expect(await town.work.roster.faults(people.technician, {})).toHaveLength(1);
  await connect(town, 'd1').hello();
  expect(reachOf(town)).toMatchObject({ reach: 'reachable', faults: [] });
  expect(await town.work.roster.faults(people.technician, { open: true })).toEqual([]);
});

test('a device whose connection froze is silent too', async () => {
  const town = await openWorkTown();
  const device = connect(town, 'd1');
  await device.hello();
  await beatFor(town, device, 90);
  await town.clock.advance(45_000);
  expect(reachOf(town)?.reach).toBe('out-of-reach');
});

test('whom MQTT still has after two minutes of silence is told as a broken way of its reports, until either ends', async () => {
  const town = await openWorkTown();
  const device = connect(town, 'd1');
  const codes = async () =>
    (await town.work.roster.faults(people.technician, { open: true })).map(({ code }) => code).sort();
  await device.hello();
  town.work.intake.presence('d1', { v: 1, online: true, boot: 'b1' });
  await beatFor(town, device, 90);
  await town.clock.advance(110_000);
  expect(await codes()).toEqual(['out-of-reach']);
  await town.clock.advance(15_000);
  expect(await codes()).toEqual(['out-of-reach', 'report-path-dead']);
  town.work.intake.presence('d1', { v: 1, online: false, boot: 'b1' });
  await town.clock.advance(5_000);
  expect(await codes()).toEqual(['out-of-reach']);
  town.work.intake.presence('d1', { v: 1, online: true, boot: 'b2' });
  await town.clock.advance(5_000);
  expect(await codes()).toEqual(['out-of-reach', 'report-path-dead']);
  await connect(town, 'd1').hello();
  expect(await codes()).toEqual([]);
});

test('a restart of the server raises no false alarm, and still finds who does not come back', async () => {
  const town = await openWorkTown();
  for (const id of ['d1', 'd2']) await connect(town, id).hello();
  await town.restart();
  await town.clock.advance(85_000);
  expect(await town.work.roster.faults(people.technician, {})).toEqual([]);
  await connect(town, 'd1').hello();
  await town.clock.advance(20_000);
  const open = await town.work.roster.faults(people.technician, { open: true });
  expect(open.map(({ clusterId }) => clusterId)).toEqual(['c2']);
  await town.restart();
  await connect(town, 'd2').hello();
  expect(await town.work.roster.faults(people.technician, { open: true })).toEqual([]);
});

test('five minutes without a server are nobody’s fault: each device has the grace to come back', async () => {
  const town = await openWorkTown();
  for (const id of ['d1', 'd2']) await connect(town, id).hello();
  await town.work.stop();
  await town.clock.advance(300_000);
  await town.restart();
  await town.clock.advance(graceMs - 5_000);
  expect(await town.work.roster.faults(people.technician, {})).toEqual([]);
  expect(reachOf(town)?.reach).toBe('reachable');
  for (const id of ['d1', 'd2']) await connect(town, id).hello();
  await town.clock.advance(15_000);
  expect(await town.work.roster.faults(people.technician, {})).toEqual([]);
});

test('a broker that is away for five minutes is nobody’s fault: neither the will nor what it did not take', async () => {
  const town = await openWorkTown();
  const device = connect(town, 'd1');
  await device.hello();
  const held = retainedFor(town, 'd1');
  town.broker.failure = new Error('away');
  town.work.intake.presence('d1', { v: 1, online: false, boot: 'b1' });
  good(await town.work.desk.acceptBulletin(people.officer, bulletin()));
  for (let passed = 0; passed < 300_000; passed += 5_000) {
    await device.heartbeat(held);
    await town.clock.advance(5_000);
  }
  town.broker.failure = undefined;
  // The device's own MQTT comes back within its half minute.
  for (let passed = 0; passed < 30_000; passed += 5_000) {
    await device.heartbeat(held);
    await town.clock.advance(5_000);
  }
  expect(town.broker.count(topics.plan('d1'))).toBeGreaterThan(1);
  await device.heartbeat();
  expect(await town.work.roster.faults(people.technician, {})).toEqual([]);
});

test('a board that has never spoken is no alarm', async () => {
  const town = await openWorkTown();
  await town.clock.advance(300_000);
  expect(reachOf(town)?.reach).toBe('never');
  expect(await town.work.roster.faults(people.technician, {})).toEqual([]);
});

test('a board that is replaced while it is out of reach leaves no fault behind', async () => {
  const town = await openWorkTown();
  const device = connect(town, 'd1');
  await device.hello();
  await beatFor(town, device, 90);
  device.life.closed();
  await town.clock.advance(50_000);
  expect(await town.work.roster.faults(people.technician, { open: true })).toHaveLength(1);
  await town.store.write((tx) =>
    tx.updateTable('devices').set({ revoked_ms: town.clock.wallMs() }).where('id', '=', 'd1').execute(),
  );
  await town.restart();
  await town.clock.advance(graceMs + 5_000);
  expect(await town.work.roster.faults(people.technician, { open: true })).toEqual([]);
});
