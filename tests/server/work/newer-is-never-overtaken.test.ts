/** Numbers are given where the document is stored, and a slow broker still gets them in order, or only the newest. */
import { keyFromSeed, seal, topics } from '@loa/protocol/device';
import { createDispatch } from '@loa/server/work/dispatch/dispatch.ts';
import type { Draft } from '@loa/server/work/draft.ts';
import { expect, test } from 'vitest';
import { settle } from '../../harness/manual-clock.ts';
import { openWorkTown } from './work-town.ts';

const key = keyFromSeed(new Uint8Array(32).fill(1));

async function slowDispatch() {
  const town = await openWorkTown();
  const waiting: { number: number; take(): void }[] = [];
  const dispatch = createDispatch({
    store: town.store,
    clock: { nowMs: town.clock.wallMs, monotonicMs: town.clock.monotonicMs, setTimer: town.clock.setTimer },
    log: () => undefined,
    sign: (payload) => seal({ payload, key, type: 'loa-document' }),
    keySet: () => ({ number: 1, envelope: 'keys' }),
    signalFault: async () => undefined,
    broker: {
      publish: (_, payload) =>
        new Promise((resolve) => {
          const { number } = JSON.parse(Buffer.from(payload.split('.')[1] ?? '', 'base64url').toString());
          waiting.push({ number, take: resolve });
        }),
    },
  });
  return { town, dispatch, waiting };
}

const orders = (areaId: string): Draft => ({
  topic: topics.areaOrders(areaId),
  document: { kind: 'orders', aud: areaId, scope: 'area', orders: [] },
});

test('one topic has one publish under way; what was replaced meanwhile is not sent', async () => {
  const { dispatch, waiting } = await slowDispatch();
  const first = dispatch.publish([orders('thang')]);
  await settle();
  const all = [first, ...[2, 3].map(() => dispatch.publish([orders('thang')]))];
  await settle();
  expect(waiting).toHaveLength(1);
  waiting[0]?.take();
  await settle();
  expect(waiting).toHaveLength(2);
  expect(waiting[1]?.number).toBe((waiting[0]?.number ?? 0) + 2);
  waiting[1]?.take();
  await Promise.all(all);
  expect(waiting).toHaveLength(2);
});

test('another topic does not wait', async () => {
  const { dispatch, waiting } = await slowDispatch();
  void dispatch.publish([orders('thang')]);
  void dispatch.publish([orders('duc')]);
  await settle();
  expect(waiting).toHaveLength(2);
});

test('a repeat sends what is stored now, after what is under way', async () => {
  const { dispatch, waiting } = await slowDispatch();
  void dispatch.publish([orders('thang')]);
  void dispatch.publishAgain(topics.areaOrders('thang'));
  void dispatch.publish([orders('thang')]);
  await settle();
  for (let at = 0; at < waiting.length; at += 1) {
    waiting[at]?.take();
    await settle();
  }
  const numbers = waiting.map(({ number }) => number);
  expect(numbers).toEqual([...numbers].sort((a, b) => a - b));
  expect(numbers.length).toBeGreaterThan(1);
});

test('every document of the installation has a number of its own', async () => {
  const { dispatch, town } = await slowDispatch();
  void dispatch.publish(['thang', 'duc', 'p68'].map(orders));
  await settle();
  const rows = await town.store.read((db) => db.selectFrom('documents').select(['epoch', 'number']).execute());
  expect(new Set(rows.map(({ number }) => number)).size).toBe(rows.length);
});

test('a document too long for one message is an error before it is stored', async () => {
  const { dispatch, town } = await slowDispatch();
  const spans = Array.from({ length: 64 }, () => ({ weekdays: [1, 2, 3, 4, 5, 6, 7], from: '05:00', until: '21:00' }));
  const hours = { kind: 'hours', aud: 'd1', timeZone: 'Asia/Ho_Chi_Minh', spans, document: '' } as const;
  const before = await town.store.read((db) => db.selectFrom('installation').select('number').execute());
  await expect(dispatch.publish([{ topic: topics.hours('d1'), document: hours }])).rejects.toThrow('too long');
  expect(await town.store.read((db) => db.selectFrom('installation').select('number').execute())).toEqual(before);
});
