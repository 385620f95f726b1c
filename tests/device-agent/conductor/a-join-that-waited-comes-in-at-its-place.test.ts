/** An item that joins, and waited for another to end, comes in where it would have been by then, and ends when planned. */
import { expect, test } from 'vitest';
import { openStage, type StageItem } from '../../harness/agent-stage.ts';

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
  expect(joined?.untilMs).toBeCloseTo(140_000, -1);
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
