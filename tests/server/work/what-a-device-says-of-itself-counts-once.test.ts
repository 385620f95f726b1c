/**
 * What a device tells of a test, a restart, its senses and its fittings: stored once, applied to its own order only,
 * shown as it said it; and a board with nothing connected is never taken for one that was heard.
 */
import { type ReportEvent, serviceKinds } from '@loa/protocol/device';
import { clusterViewSchema } from '@loa/protocol/panel';
import { occurrenceId } from '@loa/schedules';
import { expect, test } from 'vitest';
import { bulletin, connect, good, openWorkTown, people, type TestDevice, type WorkTown } from './work-town.ts';

const able = { services: [...serviceKinds] };
const shown = (town: WorkTown, clusterId = 'c1') => {
  const found = town.work.roster.snapshot(people.technician).clusters.find(({ id }) => id === clusterId);
  return clusterViewSchema.parse(found);
};
const services = async (town: WorkTown) => good(await town.work.repairs.listServices(people.technician, 'c1')).services;
const tested = (town: WorkTown, changes: Partial<Extract<ReportEvent, { kind: 'tested' }>> = {}) => {
  const startedMs = changes.startedMs ?? town.clock.wallMs();
  const event = { kind: 'tested', form: 'silent', verdict: 'sound', evidence: {}, endedMs: startedMs + 900 } as const;
  return { ...event, ...changes, startedMs } satisfies ReportEvent;
};
const served = (order: string, changes: Partial<Extract<ReportEvent, { kind: 'served' }>> = {}) =>
  ({ kind: 'served', order, service: 'restart', result: 'done', ...changes }) satisfies ReportEvent;

async function openTown(): Promise<{ town: WorkTown; device: TestDevice }> {
  const town = await openWorkTown();
  const device = connect(town, 'd1', able);
  await device.hello();
  return { town, device };
}

const ask = async (town: WorkTown, kind: 'restart' | 'logs' | 'silent-test', requestId: string = kind) =>
  good(await town.work.repairs.orderService(people.technician, 'c1', { requestId: `request-${requestId}`, kind }));

test('the first answer stays; the same report again and another answer change nothing and are logged', async () => {
  const { town, device } = await openTown();
  const { id } = await ask(town, 'restart');
  await device.report(1, served(id, { evidence: { seconds: 4 } }));
  await device.report(1, served(id, { result: 'failed' }));
  expect(town.log).toEqual([]);
  await device.report(2, served(id, { result: 'failed', reason: 'no supervisor' }));
  expect(await services(town)).toMatchObject([{ id, phase: 'done', evidence: { seconds: 4 } }]);
  expect(town.log).toMatchObject([{ level: 'warn', detail: { deviceId: 'd1', order: id, why: 'already done' } }]);
});

test('an answer that comes after the order’s time is the truth, and replaces what was not known', async () => {
  const { town, device } = await openTown();
  const { id } = await ask(town, 'restart');
  await town.clock.advance(3_600_000);
  expect(await services(town)).toMatchObject([{ phase: 'expired' }]);
  await device.report(1, served(id, { result: 'refused', reason: 'đang phát' }));
  expect(await services(town)).toMatchObject([{ phase: 'refused', reason: 'đang phát' }]);
});

test.each([
  {
    what: 'an order for another device',
    from: 'd2',
    event: (id: string) => served(id),
    why: 'an order for another device',
  },
  { what: 'an unknown order', from: 'd1', event: () => served('nothing'), why: 'unknown order' },
  {
    what: 'an order of another kind',
    from: 'd1',
    event: (id: string) => served(id, { service: 'logs' }),
    why: 'an order for restart',
  },
])('$what: kept as a report, logged, and nothing else', async ({ from, event, why }) => {
  const { town } = await openTown();
  const { id } = await ask(town, 'restart');
  const device = connect(town, from, able);
  await device.hello();
  await device.report(1, event(id));
  expect(await services(town)).toMatchObject([{ id, phase: 'sent' }]);
  expect(town.log).toMatchObject([{ level: 'warn', detail: { why } }]);
  expect(device.heard.at(-1)).toMatchObject({ kind: 'receipt', seq: 1 });
});

test('the newest test is shown, whatever order they are told in; one that was not made is not', async () => {
  const { town, device } = await openTown();
  const nowMs = town.clock.wallMs();
  await device.report(
    1,
    tested(town, { startedMs: nowMs - 1_000, verdict: 'none', evidence: { probe: 'microphone' } }),
  );
  await device.report(2, tested(town, { startedMs: nowMs - 90_000 }));
  const newest = { form: 'silent', verdict: 'none', evidence: { probe: 'microphone' }, isOwn: true };
  expect(shown(town).lastTest).toMatchObject({
    ...newest,
    at: new Date(nowMs - 1_000).toISOString().replace('.000', ''),
  });
  const { id } = await ask(town, 'silent-test');
  await device.report(3, tested(town, { order: id, verdict: 'refused', evidence: { reason: 'something sounds' } }));
  expect(await services(town)).toMatchObject([{ phase: 'refused', verdict: 'refused', reason: 'something sounds' }]);
  expect(shown(town).lastTest).toMatchObject(newest);
  const { id: again } = await ask(town, 'silent-test', 'again');
  await device.report(4, tested(town, { order: again }));
  expect(shown(town).lastTest).toMatchObject({ verdict: 'sound', isOwn: false });
  await town.restart();
  expect(shown(town).lastTest).toMatchObject({ verdict: 'sound', isOwn: false });
});

test('a test told under another device’s order is not taken for one of its own', async () => {
  const { town } = await openTown();
  const { id } = await ask(town, 'silent-test');
  const device = connect(town, 'd2', able);
  await device.hello();
  await device.report(1, tested(town, { order: id }));
  expect(shown(town, 'c2').lastTest).toBeUndefined();
  expect(await services(town)).toMatchObject([{ phase: 'sent' }]);
});

test('fittings and senses are shown once it has spoken, change with the next hello, and outlive a restart', async () => {
  const town = await openWorkTown();
  expect(shown(town)).not.toHaveProperty('fitting');
  await connect(town, 'd1').hello();
  expect(shown(town)).toMatchObject({ fitting: 'none', sensors: [], services: [] });
  const fitted = { probes: ['amplifier-current'], sensors: ['mains', 'door'], services: ['restart'], shadow: true };
  await connect(town, 'd1', fitted).hello();
  const view = { fitting: 'amplifier-current', sensors: ['mains', 'door'], services: ['restart'], shadow: true };
  expect(shown(town)).toMatchObject(view);
  await town.restart();
  expect(shown(town)).toMatchObject(view);
});

test('readings are live at once, and written soon when a yes turned no, else every five minutes', async () => {
  const { town, device } = await openTown();
  const beat = async (readings: { mainsPresent: boolean; temperatureC: number }) => {
    const { holds } = { holds: { keys: 1, orders: {} } };
    const clock = { trusted: true, offsetMs: 0, boundMs: 5 };
    await device.say({ kind: 'heartbeat', holds, clock, progress: [], readings });
  };
  const written = async () => {
    const row = await town.store.read((db) =>
      db.selectFrom('devices').select(['readings', 'readings_ms']).where('id', '=', 'd1').executeTakeFirstOrThrow(),
    );
    return row.readings === null ? undefined : JSON.parse(row.readings);
  };
  await beat({ mainsPresent: true, temperatureC: 40 });
  expect(shown(town)).toMatchObject({ readings: { mainsPresent: true, temperatureC: 40 } });
  expect(Date.parse(shown(town).readingsAt ?? '')).toBe(town.clock.wallMs());
  await town.clock.advance(5_000);
  expect(await written()).toEqual({ mainsPresent: true, temperatureC: 40 });
  for (const temperatureC of [41, 42, 43]) {
    await town.clock.advance(60_000);
    await beat({ mainsPresent: true, temperatureC });
  }
  expect(shown(town).readings).toMatchObject({ temperatureC: 43 });
  expect(await written()).toMatchObject({ temperatureC: 40 });
  await beat({ mainsPresent: false, temperatureC: 44 });
  await town.clock.advance(5_000);
  expect(await written()).toEqual({ mainsPresent: false, temperatureC: 44 });
  await beat({ mainsPresent: false, temperatureC: 45 });
  await town.clock.advance(5 * 60_000);
  expect(await written()).toMatchObject({ temperatureC: 44 });
  await beat({ mainsPresent: false, temperatureC: 46 });
  await town.clock.advance(5_000);
  expect(await written()).toMatchObject({ temperatureC: 46 });
  await beat({ mainsPresent: false, temperatureC: 47 });
  await device.heartbeat();
  expect(shown(town).readings).toMatchObject({ temperatureC: 47 });
  await town.restart();
  expect(shown(town).readings).toMatchObject({ mainsPresent: false, temperatureC: 47 });
});

test('panels are told at once of what turned, and of figures a minute apart', async () => {
  const { town, device } = await openTown();
  let told = 0;
  town.work.roster.subscribe(people.technician, (changes) => {
    told += changes.filter(({ kind }) => kind === 'cluster').length;
  });
  const beat = async (readings: { doorOpen: boolean; temperatureC: number }) => {
    const clock = { trusted: true, offsetMs: 0, boundMs: 5 };
    await device.say({ kind: 'heartbeat', holds: { keys: 1, orders: {} }, clock, progress: [], readings });
    await town.clock.advance(1_000);
  };
  await beat({ doorOpen: false, temperatureC: 40 });
  const before = told;
  for (const temperatureC of [41, 42, 43]) await beat({ doorOpen: false, temperatureC });
  expect(told).toBe(before);
  await beat({ doorOpen: true, temperatureC: 43 });
  expect(told).toBe(before + 1);
});

test('an outcome of a shadow board is marked, also after it is one no more, and counts nowhere as sounded', async () => {
  const town = await openWorkTown();
  const { desk, roster } = town.work;
  const shadow = connect(town, 'd1', { shadow: true });
  await shadow.hello();
  const plain = connect(town, 'd2');
  await plain.hello();
  const view = good(await desk.acceptBulletin(people.officer, bulletin({ whens: [{ kind: 'now' }] })));
  const plannedMs = Date.parse(view.nowAt ?? '');
  const occurrence = occurrenceId(view.id, plannedMs);
  const at = { occurrence, plannedMs, startedMs: plannedMs + 40 };
  for (const device of [shadow, plain]) {
    await device.report(1, { kind: 'started', play: 1, ...at });
    await device.report(2, { kind: 'ended', outcome: 'played', playsDone: 1, endedMs: plannedMs + 20_040, ...at });
  }
  await connect(town, 'd1').hello();
  const { targets } = good(await roster.airing(people.officer, occurrence));
  expect(targets.map(({ clusterId, outcome, shadow: isShadow }) => [clusterId, outcome, isShadow])).toEqual([
    ['c1', 'played', true],
    ['c2', 'played', undefined],
  ]);
  good(await desk.withdrawBulletin(people.officer, view.id));
  const { sounded } = good(await desk.withdrawal(people.officer, view.id));
  expect(sounded.map(({ clusterId }) => clusterId)).toEqual(['c2']);
});
