/** An item that joins, and waited for another to end, comes in where it would have been by then, and ends when planned. */
import { expect, test } from 'vitest';
import { emergency, openStage, type StageItem } from '../../harness/agent-stage.ts';

const joining: Partial<StageItem> = { late: { kind: 'join', lateMsMax: 0 }, durationMs: 120_000 };

test('behind an item that runs to its end', async () => {
  const stage = await openStage();
  stage.setPlan([
    { occurrence: 'a@1', at: 10_000, durationMs: 60_000 },
    { occurrence: 'b@1', at: 20_000, ...joining },
  ]);
  await stage.advance(300_000);
  expect(stage.heard()).toMatchObject([
    { clip: 'a@1', atMs: 10_000, untilMs: 70_000 },
    { clip: 'b@1', atMs: 70_000, fromMs: 50_000, untilMs: 140_000 },
  ]);
  expect(stage.ended('b@1')).toMatchObject([{ outcome: 'partial', reason: 'late', lateMs: 50_000 }]);
});

test('behind one that is cut at its maximum length, within the time to decode', async () => {
  const stage = await openStage();
  stage.setPlan([
    { occurrence: 'a@1', at: 10_000, durationMs: 60_000, lengthMsMax: 30_000 },
    { occurrence: 'b@1', at: 20_000, ...joining },
  ]);
  await stage.advance(300_000);
  const [, joined] = stage.heard();
  expect(joined?.atMs).toBeLessThan(41_500);
  expect(joined?.untilMs).toBeLessThanOrEqual(140_100);
});

test('one that is freed in the last moment of its time does not sound beyond it', async () => {
  const stage = await openStage();
  stage.setPlan([{ occurrence: 'b@1', at: 20_000, ...joining, durationMs: 10_000, repeat: { count: 2, gapMs: 0 } }]);
  await stage.advance(15_000);
  stage.setOrders([emergency('alert@1', { at: 15_000, durationMs: 60_000 })]);
  await stage.advance(24_500);
  stage.setOrders([]);
  await stage.advance(300_000);
  expect(stage.heard().map((one) => one.clip)).toEqual(['alert@1']);
  expect(stage.ended('b@1')).toMatchObject([{ outcome: 'preempted' }]);
});

test('an end that falls into its gap lets it begin with the next play', async () => {
  const stage = await openStage();
  stage.setPlan([
    { occurrence: 'a@1', at: 10_000, durationMs: 20_000 },
    {
      occurrence: 'b@1',
      at: 20_000,
      ...joining,
      durationMs: 8_000,
      repeat: { count: 2, gapMs: 7_000 },
    },
  ]);
  await stage.advance(300_000);
  expect(stage.heard().slice(1)).toMatchObject([{ clip: 'b@1', atMs: 35_000, fromMs: 0, untilMs: 43_000 }]);
});
