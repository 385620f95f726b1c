/**
 * A device's log: taken from the device that was asked, while it is asked, once and whole; the newest five are kept; read
 * as bounded text by who repairs there.
 */
import { gzipSync } from 'node:zlib';
import { serviceKinds } from '@loa/protocol/device';
import { logTextBytesMax } from '@loa/server/keep/device-files/log-folder.ts';
import { expect, test } from 'vitest';
import { connect, good, openWorkTown, people, refused, type WorkTown } from './work-town.ts';

const d1 = { deviceId: 'd1', clusterId: 'c1' };
const text = 'loa-agent: sẵn sàng\n';
let requests = 0;

async function openTown(): Promise<WorkTown> {
  const town = await openWorkTown();
  await connect(town, 'd1', { services: [...serviceKinds] }).hello();
  return town;
}

async function ask(town: WorkTown): Promise<string> {
  requests += 1;
  const request = { requestId: `log-request-${requests}`, kind: 'logs' as const };
  return good(await town.work.repairs.orderService(people.technician, 'c1', request)).id;
}

const keep = (town: WorkTown, orderId: string, bytes: Uint8Array = gzipSync(text)) =>
  town.work.repairs.keepLog(d1, { orderId, bytes });

async function read(town: WorkTown, id: string): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of good(await town.work.repairs.deviceLog(people.technician, id))) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

test('sent, stored once, shown with its size, read as it was written', async () => {
  const town = await openTown();
  const { repairs } = town.work;
  const id = await ask(town);
  expect(refused(await repairs.deviceLog(people.technician, id))).toBe('log-not-here');
  expect(refused(await repairs.mayTakeLog(d1, id))).toBe('accepted');
  const bytes = gzipSync(text);
  expect(refused(await keep(town, id, bytes))).toBe('accepted');
  expect(await read(town, id)).toBe(text);
  const { services } = good(await repairs.listServices(people.technician, 'c1'));
  expect(services).toMatchObject([{ id, logBytes: bytes.length }]);
  for (const answer of [await repairs.mayTakeLog(d1, id), await keep(town, id, gzipSync('other'))])
    expect(refused(answer)).toBe('log-stored-already');
  expect(await read(town, id)).toBe(text);
  const foreign = { ...people.technician, areaId: 'duc' };
  expect(await repairs.deviceLog(foreign, id)).toEqual(await repairs.deviceLog(foreign, 'nothing'));
  expect(refused(await repairs.deviceLog(people.officer, id))).toBe('no-right');
});

test('only from the device that was asked, for a log, while it is asked', async () => {
  const town = await openTown();
  const { repairs } = town.work;
  const id = await ask(town);
  const restart = { requestId: 'restart-1', kind: 'restart' as const };
  const other = good(await repairs.orderService(people.technician, 'c1', restart)).id;
  const d2 = { deviceId: 'd2', clusterId: 'c2' };
  expect(refused(await repairs.mayTakeLog(d2, id))).toBe('order-not-in-force');
  expect(refused(await repairs.keepLog(d2, { orderId: id, bytes: gzipSync(text) }))).toBe('order-not-in-force');
  for (const orderId of [other, 'nothing', '../../etc'])
    expect(refused(await keep(town, orderId))).toBe('order-not-in-force');
  expect(refused(await keep(town, id, Buffer.from(text)))).toBe('log-not-gzip');
  expect(refused(await keep(town, id, new Uint8Array()))).toBe('log-not-gzip');
  await town.clock.advance(3_600_000);
  expect(refused(await repairs.mayTakeLog(d1, id))).toBe('order-not-in-force');
  expect(refused(await keep(town, id))).toBe('order-not-in-force');
  expect(town.disk.files()).toEqual([]);
});

test('of two that come at once one is stored', async () => {
  const town = await openTown();
  const id = await ask(town);
  const answers = await Promise.all([keep(town, id), keep(town, id)]);
  expect(answers.map(refused).sort()).toEqual(['accepted', 'log-stored-already']);
  expect(await read(town, id)).toBe(text);
});

test('the newest five stay on disk; an older one says that it is kept no more', async () => {
  const town = await openTown();
  const ids: string[] = [];
  for (let index = 0; index < 6; index += 1) {
    const id = await ask(town);
    ids.push(id);
    expect(refused(await keep(town, id))).toBe('accepted');
    await town.clock.advance(3_600_000);
  }
  expect(town.disk.files()).toEqual(
    ids
      .slice(1)
      .map((id) => `/data/device-logs/d1/${id}.gz`)
      .sort(),
  );
  expect(refused(await town.work.repairs.deviceLog(people.technician, ids[0] ?? ''))).toBe('log-not-here');
  const { services } = good(await town.work.repairs.listServices(people.technician, 'c1'));
  expect(services.map(({ logBytes }) => logBytes !== undefined)).toEqual([true, true, true, true, true, false]);
});

test('what is said to be stored survives a power cut, and a write that failed leaves nothing', async () => {
  const town = await openTown();
  const first = await ask(town);
  town.disk.beforeStep = (step) => {
    if (step === 'rename') throw new Error('disk full');
  };
  await expect(keep(town, first)).rejects.toThrow('disk full');
  expect(town.disk.files()).toEqual([]);
  town.disk.beforeStep = () => {};
  good(await keep(town, first));
  town.disk.cutPower();
  expect(await read(town, first)).toBe(text);
});

test('a bomb is cut at its bound, and a damaged log says where it ends', async () => {
  const town = await openTown();
  const bomb = await ask(town);
  good(await keep(town, bomb, gzipSync(Buffer.alloc(logTextBytesMax + 1_000_000))));
  const unpacked = await read(town, bomb);
  expect(unpacked.length).toBeLessThan(logTextBytesMax + 200);
  expect(unpacked).toContain('cut here');
  await town.clock.advance(3_600_000);
  const torn = await ask(town);
  good(await keep(town, torn, gzipSync(text.repeat(1_000)).subarray(0, 60)));
  expect(await read(town, torn)).toContain('damaged here');
});
