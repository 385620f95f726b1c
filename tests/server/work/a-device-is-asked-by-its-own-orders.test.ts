/**
 * What a technician asks of one device goes out as that device's own signed orders: accepted means kept, asked once,
 * gone when answered or outlived, and nothing that the device does not declare or that the law forbids.
 */
import { ordersMax, ordersSchema, type ServiceKind, serviceKinds, topics } from '@loa/protocol/device';
import type { Person } from '@loa/protocol/panel';
import { beforeEach, describe, expect, test } from 'vitest';
import { makeLocation, storeKinds } from '../../harness/stores.ts';
import {
  connect,
  good,
  openWorkTown,
  ownOrdersOf,
  people,
  refused,
  retainedFor,
  type TestDevice,
  type WorkTown,
} from './work-town.ts';

const able = { services: [...serviceKinds] };
let requests = 0;
beforeEach(() => {
  requests = 0;
});
const ask = (kind: ServiceKind, requestId?: string) => {
  requests += 1;
  return { requestId: requestId ?? `service-${requests}`, kind };
};

async function openTown(capabilities = able): Promise<{ town: WorkTown; device: TestDevice }> {
  const town = await openWorkTown();
  const device = connect(town, 'd1', capabilities);
  await device.hello();
  return { town, device };
}

const order = (town: WorkTown, kind: ServiceKind, person: Person = people.technician) =>
  town.work.repairs.orderService(person, 'c1', ask(kind));

async function addRelease(town: WorkTown, number: number, version: string): Promise<void> {
  const row = { number, version, hash: String(number).repeat(64).slice(0, 64), size_bytes: 3, added_ms: 1 };
  await town.store.write((tx) =>
    tx
      .insertInto('releases')
      .values({ ...row, envelope: `envelope-${number}` })
      .execute(),
  );
}

describe.each(storeKinds)('on %s', (kind) => {
  test('asked, published with a number of the one sequence, answered, gone', { timeout: 60_000 }, async () => {
    const town = await openWorkTown({ location: await makeLocation(kind) });
    const device = connect(town, 'd1', able);
    await device.hello();
    // The plans that a start makes take numbers too, in the background.
    const planned = ['d1', 'd2', 'd3'].flatMap((id) => [topics.plan(id), topics.hours(id)]);
    await expect.poll(() => planned.map((topic) => town.broker.count(topic)), { timeout: 10_000 }).not.toContain(0);
    const view = good(await order(town, 'silent-test'));
    expect(view).toMatchObject({ clusterId: 'c1', deviceId: 'd1', phase: 'sent', orderedBy: 'technician' });
    expect(Date.parse(view.expiresAt) - Date.parse(view.orderedAt)).toBe(600_000);
    expect(ownOrdersOf(town, 'd1')).toMatchObject([{ kind: 'test', form: 'silent', id: view.id }]);
    const document = ordersSchema.parse(town.broker.document(topics.deviceOrders('d1')));
    const { number } = await town.store.read((db) =>
      db.selectFrom('installation').select('number').executeTakeFirstOrThrow(),
    );
    expect(document).toMatchObject({ aud: 'd1', scope: 'device', epoch: 1, number });
    expect([ownOrdersOf(town, 'd2'), ownOrdersOf(town, 'd3')]).toEqual([undefined, undefined]);
    const startedMs = town.clock.wallMs();
    await device.report(1, {
      kind: 'tested',
      order: view.id,
      form: 'silent',
      verdict: 'sound',
      startedMs,
      endedMs: startedMs + 1_000,
      evidence: { probe: 'microphone' },
    });
    await expect.poll(() => ownOrdersOf(town, 'd1'), { timeout: 10_000 }).toEqual([]);
    const { services } = good(await town.work.repairs.listServices(people.technician, 'c1'));
    expect(services).toMatchObject([
      { id: view.id, phase: 'done', verdict: 'sound', evidence: { probe: 'microphone' } },
    ]);
    const audit = await town.store.read((db) => db.selectFrom('audit').select(['who', 'action', 'target']).execute());
    expect(audit).toContainEqual({ who: 'technician', action: 'service-silent-test', target: 'c1' });
  });
});

test('the newest stands first; each leaves when its time is over, with nothing said about it', async () => {
  const { town } = await openTown();
  for (const kind of ['restart', 'logs'] as const) {
    good(await order(town, kind));
    await town.clock.advance(1_000);
  }
  expect(ownOrdersOf(town, 'd1')?.map(({ kind }) => kind)).toEqual(['logs', 'restart']);
  await town.clock.advance(10 * 60_000);
  await town.clock.advance(30_000);
  expect(ownOrdersOf(town, 'd1')?.map(({ kind }) => kind)).toEqual(['logs']);
  const { services } = good(await town.work.repairs.listServices(people.technician, 'c1'));
  expect(services.map(({ kind, phase }) => [kind, phase])).toEqual([
    ['logs', 'sent'],
    ['restart', 'expired'],
  ]);
  await town.clock.advance(3_600_000);
  await town.clock.advance(30_000);
  expect(ownOrdersOf(town, 'd1')).toEqual([]);
});

test('the same request again changes nothing; another wish under its id is refused', async () => {
  const { town } = await openTown();
  const { repairs } = town.work;
  const request = ask('restart');
  const view = good(await repairs.orderService(people.technician, 'c1', request));
  const count = town.broker.published.length;
  expect(good(await repairs.orderService(people.technician, 'c1', request))).toEqual(view);
  expect(town.broker.published.length).toBe(count);
  expect(refused(await repairs.orderService(people.technician, 'c1', { ...request, kind: 'logs' }))).toBe(
    'request-reused',
  );
  const both = ask('logs');
  const [one, two] = await Promise.all([
    repairs.orderService(people.technician, 'c1', both),
    repairs.orderService(people.technician, 'c1', both),
  ]);
  expect(good(one).id).toBe(good(two).id);
});

test('the same kind is not asked twice at a time, also not by another person', async () => {
  const { town } = await openTown();
  good(await order(town, 'restart'));
  expect(refused(await order(town, 'restart', { ...people.technician, id: 'other' }))).toBe('already-under-way');
  await town.clock.advance(600_000);
  good(await order(town, 'restart'));
});

test('a cluster without a device, a device that never spoke, and a kind that is not declared', async () => {
  const town = await openWorkTown({ devices: 1 });
  const { repairs } = town.work;
  expect(refused(await repairs.orderService(people.technician, 'c2', ask('restart')))).toBe('no-device');
  expect(refused(await order(town, 'restart'))).toBe('never-spoken');
  const old = connect(town, 'd1');
  await old.hello();
  for (const kind of serviceKinds) expect(refused(await order(town, kind))).toBe('not-able');
  expect(ownOrdersOf(town, 'd1')).toBeUndefined();
});

test('a device that declares it no more is sent it no more', async () => {
  const { town } = await openTown();
  good(await order(town, 'logs'));
  await connect(town, 'd1').hello();
  await town.clock.advance(30_000);
  expect(ownOrdersOf(town, 'd1')).toEqual([]);
});

test.each([
  { at: '2026-11-20T12:00:00+07:00', answer: 'accepted' },
  { at: '2026-11-20T18:00:00+07:00', answer: 'accepted' },
  { at: '2026-11-20T21:30:00+07:00', answer: 'outside-test-hours' },
  { at: '2026-11-21T03:00:00+07:00', answer: 'outside-test-hours' },
])('an audible test at $at: $answer', async ({ at, answer }) => {
  const { town } = await openTown();
  await town.clock.advance(Date.parse(at) - town.clock.wallMs());
  expect(refused(await order(town, 'audible-test'))).toBe(answer);
  expect(refused(await order(town, 'silent-test'))).toBe('accepted');
});

test('where hours end at noon, an audible test of the afternoon is a daytime test, and none of the evening is', async () => {
  const { town } = await openTown();
  const spans = [{ weekdays: [1, 2, 3, 4, 5, 6, 7] as (1 | 2 | 3 | 4 | 5 | 6 | 7)[], from: '05:00', until: '12:00' }];
  const change = { kind: 'hours' as const, areaId: 'thang', hours: { spans, document: 'QĐ 1' } };
  good(await town.work.law.makeChange(people.officer, { requestId: 'hours-00001', change }));
  await town.clock.advance(Date.parse('2026-11-20T16:59:00+07:00') - town.clock.wallMs());
  expect(refused(await order(town, 'audible-test'))).toBe('accepted');
  await town.clock.advance(600_000);
  expect(refused(await order(town, 'audible-test'))).toBe('outside-test-hours');
});

test('an update needs a release that is newer than what the device runs', async () => {
  const { town } = await openTown();
  expect(refused(await order(town, 'update'))).toBe('no-release');
  // The device says that it runs version 1.
  await addRelease(town, 3, '1');
  expect(refused(await order(town, 'update'))).toBe('release-not-newer');
  await addRelease(town, 4, '1.1');
  const view = good(await order(town, 'update'));
  expect(view).toMatchObject({ kind: 'update', version: '1.1', phase: 'sent' });
  expect(Date.parse(view.expiresAt) - Date.parse(view.orderedAt)).toBe(86_400_000);
  expect(ownOrdersOf(town, 'd1')).toMatchObject([{ kind: 'update', release: 'envelope-4' }]);
  const { release } = good(await town.work.repairs.listServices(people.technician, 'c1'));
  expect(release).toMatchObject({ number: 4, version: '1.1' });
});

test('a device fetches the release that its own order in force names, and no other one', async () => {
  const { town } = await openTown();
  await addRelease(town, 4, '1.1');
  const hash = '4'.repeat(64);
  town.disk.place(`/data/releases/${hash}`, new Uint8Array(3));
  const fetch = (deviceId: string) =>
    town.work.repairs.releaseFor({ deviceId, clusterId: deviceId.replace('d', 'c') }, hash);
  expect(await fetch('d1')).toBeUndefined();
  good(await order(town, 'update'));
  expect(await fetch('d1')).toMatchObject({ kind: 'path', sizeBytes: 3, mimeType: 'application/gzip' });
  expect(await fetch('d2')).toBeUndefined();
  await town.clock.advance(86_400_000);
  expect(await fetch('d1')).toBeUndefined();
});

test('what one document holds is a bound: the next is refused, and what is in force stays', async () => {
  const { town } = await openTown();
  for (let index = 0; index < ordersMax; index += 1) {
    const row = { id: `v${index}`, request_id: `r${index}`, cluster_id: 'c1', device_id: 'd1', kind: 'logs' };
    const times = { created_ms: town.clock.wallMs(), expires_ms: town.clock.wallMs() + 600_000 };
    await town.store.write((tx) =>
      tx
        .insertInto('services')
        .values({ ...row, ...times, created_by: 'technician' })
        .execute(),
    );
  }
  await town.clock.advance(30_000);
  expect(ownOrdersOf(town, 'd1')).toHaveLength(ordersMax);
  const before = town.broker.document(topics.deviceOrders('d1'));
  expect(refused(await order(town, 'restart'))).toBe('too-many-services');
  expect(town.broker.document(topics.deviceOrders('d1'))).toEqual(before);
});

test('a restart publishes the stored envelope again, before anybody asks', async () => {
  const { town } = await openTown();
  good(await order(town, 'logs'));
  const before = town.broker.retained.get(topics.deviceOrders('d1'));
  await town.restart();
  expect(town.broker.retained.get(topics.deviceOrders('d1'))).toBe(before);
});

test('what ended while the server was down is gone before any door opens', async () => {
  const { town } = await openTown();
  good(await order(town, 'restart'));
  good(await order(town, 'logs'));
  await town.clock.advance(20 * 60_000);
  await town.restart();
  expect(ownOrdersOf(town, 'd1')?.map(({ kind }) => kind)).toEqual(['logs']);
});

test('under a newer epoch what is in force is signed anew, so that a restored server is obeyed', async () => {
  const { town } = await openTown();
  const { id } = good(await order(town, 'logs'));
  await town.store.write((tx) => tx.updateTable('installation').set({ epoch: 2 }).execute());
  await town.restart();
  expect(town.broker.document(topics.deviceOrders('d1'))).toMatchObject({ epoch: 2, orders: [{ id }] });
});

test('a device that does not hold its orders gets them again', async () => {
  const { town, device } = await openTown();
  const old = retainedFor(town, 'd1');
  good(await order(town, 'logs'));
  const count = () => town.broker.count(topics.deviceOrders('d1'));
  await device.heartbeat(old);
  await town.clock.advance(3_100);
  await device.heartbeat(old);
  expect(count()).toBe(2);
  await device.heartbeat();
  await town.clock.advance(10_000);
  await device.heartbeat();
  expect(count()).toBe(2);
});

test('an order that the broker did not take is accepted all the same, and repaired', async () => {
  const { town, device } = await openTown();
  town.broker.failure = new Error('away');
  const view = good(await order(town, 'logs'));
  expect(view.phase).toBe('sent');
  town.broker.failure = undefined;
  for (let beat = 0; beat < 2; beat += 1) {
    await device.heartbeat({ ...retainedFor(town, 'd1') });
    await town.clock.advance(5_000);
  }
  expect(ownOrdersOf(town, 'd1')).toMatchObject([{ id: view.id }]);
});

test('a revoked board gets none, and what was asked of it leaves its document', async () => {
  const { town } = await openTown();
  good(await order(town, 'logs'));
  await town.store.write((tx) => tx.updateTable('devices').set({ revoked_ms: 1 }).where('id', '=', 'd1').execute());
  await town.clock.advance(30_000);
  expect(ownOrdersOf(town, 'd1')).toEqual([]);
  expect(refused(await order(town, 'restart'))).toBe('no-device');
});

test.each([
  { who: 'an officer', person: people.officer, code: 'no-right' },
  { who: 'the department, which repairs nothing', person: people.department, code: 'no-right' },
  { who: 'a technician of another commune', person: { ...people.technician, areaId: 'duc' }, code: 'unknown-cluster' },
  {
    who: 'a technician of a village beside it',
    person: { ...people.technician, areaId: 'empty' },
    code: 'unknown-cluster',
  },
])('$who asks nothing and reads nothing', async ({ person, code }) => {
  const { town } = await openTown();
  const { repairs } = town.work;
  const own = good(await order(town, 'logs'));
  const answers = await Promise.all([
    repairs.orderService(person, 'c1', ask('restart')),
    repairs.listServices(person, 'c1'),
  ]);
  expect(answers.map(refused)).toEqual([code, code]);
  const unknown = await Promise.all([
    repairs.orderService(person, 'nowhere', ask('restart')),
    repairs.listServices(person, 'nowhere'),
  ]);
  expect(answers).toEqual(unknown);
  expect(await repairs.deviceLog(person, own.id)).toEqual(await repairs.deviceLog(person, 'nothing'));
  expect(ownOrdersOf(town, 'd1')).toHaveLength(1);
});

test('who loses the right reads no earlier answer by the same request', async () => {
  const { town } = await openTown();
  const request = ask('restart');
  good(await town.work.repairs.orderService(people.technician, 'c1', request));
  const elsewhere = { ...people.technician, areaId: 'duc' };
  expect(refused(await town.work.repairs.orderService(elsewhere, 'c1', request))).toBe('unknown-cluster');
});
