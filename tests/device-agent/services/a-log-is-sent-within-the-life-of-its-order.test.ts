/** A log that was ordered goes on being sent until the server has it, will not take it, or the order is over. */

import { isQuiet } from '@loa/device-agent/work/quiet.ts';
import { withServices } from '@loa/device-agent/work/services/open-services.ts';
import { createLogSending } from '@loa/device-agent/work/services/send-log.ts';
import { logBytesMax } from '@loa/protocol/device';
import { expect, test } from 'vitest';
import { manualClock } from '../../harness/manual-clock.ts';
import { emergency, issuedMs } from '../installation.ts';

const order = {
  kind: 'logs',
  id: 'l-1',
  issuedAt: new Date(issuedMs).toISOString(),
  expiresAt: new Date(issuedMs + 3_600_000).toISOString(),
} as const;

async function send(answers: (number | Error)[], { bytes = 10, forMs = 4_000_000 } = {}) {
  const clock = manualClock({ wallMs: issuedMs });
  let tries = 0;
  const sending = createLogSending({
    clock,
    random: { fraction: () => 0.5, bytes: (count) => new Uint8Array(count) },
    nowMs: clock.wallMs,
    gather: async () => new Uint8Array(bytes),
    async send() {
      tries += 1;
      const answer = answers[Math.min(tries, answers.length) - 1] ?? 503;
      if (answer instanceof Error) throw answer;
      return { status: answer };
    },
  });
  let served: unknown;
  void sending.logs(order).then((value) => (served = value));
  await clock.advance(forMs);
  sending.stop();
  return { served, tries, timers: clock.timersPending() };
}

test.each<[string, (number | Error)[], string, number]>([
  ['it is stored', [201], 'done', 1],
  ['the line is away at first', [new Error('no route'), 503, 200], 'done', 3],
  ['the server has it already, after an answer that was lost', [new Error('reset'), 409], 'done', 2],
  ['nobody waits for it', [404], 'failed', 1],
  ['it is refused as too large', [503, 413], 'failed', 2],
])('%s', async (_what, answers, result, tries) => {
  expect(await send(answers)).toMatchObject({ served: { result }, tries });
});

test('a server that is away until the order is over is told as that, and nothing is left waiting', async () => {
  const { served, tries, timers } = await send([new Error('no route')]);
  expect(served).toEqual({ result: 'failed', code: 'upload-failed', reason: 'no route' });
  expect(tries).toBeLessThan(60);
  expect(timers).toBe(0);
});

test('an end of the agent while it waits leaves no timer behind', async () => {
  expect(await send([503], { forMs: 1_000 })).toMatchObject({ served: undefined, timers: 0 });
});

test('more than the server takes is not sent', async () => {
  expect(await send([201], { bytes: logBytesMax + 1 })).toMatchObject({ served: { result: 'failed' }, tries: 0 });
});

test('only what has hands is declared', () => {
  const board = {
    capabilities: { formats: [], probes: [], stream: false, clockKept: true, deviceKind: 'receiver' as const },
    description: '',
  };
  expect(withServices(board, { logs: false, restart: false, update: false }).capabilities.services).toEqual([]);
  expect(withServices(board, { logs: true, restart: true, update: false }).capabilities.services).toEqual([
    'logs',
    'restart',
  ]);
});

test.each<[string, Partial<Parameters<typeof isQuiet>[0]>, boolean]>([
  ['nothing is near', { items: [{ occurrence: 'a', atMs: 120_000 }] }, true],
  ['something sounds', { progress: [{ occurrence: 'a', phase: 'playing' }] }, false],
  ['something is due within a minute', { items: [{ occurrence: 'a', atMs: 59_000 }] }, false],
  [
    'something pauses between its plays',
    { items: [{ occurrence: 'a', atMs: -90_000 }], progress: [{ occurrence: 'a', phase: 'ready' }] },
    false,
  ],
  ['what was planned has ended', { items: [{ occurrence: 'a', atMs: -90_000 }] }, true],
  [
    'an emergency pauses between its plays',
    { orders: [emergency('e')], progress: [{ occurrence: 'e@1', phase: 'ready' }] },
    false,
  ],
])('quiet or not: %s', (_what, given, quiet) => {
  expect(isQuiet({ nowMs: 0, progress: [], orders: [], items: [], ...given })).toBe(quiet);
});
