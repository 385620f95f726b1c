/** What a probe measured of a play becomes its outcome and its evidence; orders for tests and services never sound. */
import type { Measured } from '@loa/device-agent/contracts.ts';
import type { Order } from '@loa/protocol/device';
import { expect, test } from 'vitest';
import { openStage, stageNoonMs } from '../../harness/agent-stage.ts';

test.each<[Measured['verdict'], string]>([
  ['sound', 'confirmed'],
  ['none', 'silent'],
  ['too-low', 'played'],
  ['distorted', 'played'],
  ['wrong', 'played'],
  ['undecided', 'played'],
])('measured as %s it is %s, never more', async (measured, outcome) => {
  const stage = await openStage({ measured });
  stage.setPlan([{ occurrence: 'a@1', at: 10_000 }]);
  await stage.advance(30_000);
  const [ended] = stage.ended('a@1');
  expect(ended).toMatchObject({ outcome, playsDone: 1 });
  await stage.stop();
});

test('with nothing fitted it is played, always', async () => {
  const stage = await openStage();
  stage.setPlan([{ occurrence: 'a@1', at: 10_000 }]);
  await stage.advance(30_000);
  expect(stage.ended('a@1')).toMatchObject([{ outcome: 'played' }]);
  await stage.stop();
});

test('orders for a test, a restart, logs and an update are nothing to play', async () => {
  const stage = await openStage();
  const stamp = {
    issuedAt: new Date(stageNoonMs).toISOString(),
    expiresAt: new Date(stageNoonMs + 3_600_000).toISOString(),
  };
  const orders: Order[] = [
    { kind: 'test', id: 't', form: 'audible', ...stamp },
    { kind: 'restart', id: 'r', ...stamp },
    { kind: 'logs', id: 'l', ...stamp },
    { kind: 'update', id: 'u', release: 'x', ...stamp },
  ];
  stage.setOrders(orders);
  await stage.advance(60_000);
  expect(stage.heard()).toEqual([]);
  expect(stage.reports).toEqual([]);
  await stage.stop();
});
