/** Promise: an hour of sound takes minutes to prepare, and its sender gets the answer, not a broken connection. */
import { request } from 'node:http';
import { interimEveryMs } from '@loa/server/fronts/http/keep-waiting.ts';
import { accept } from '@loa/server/refusal.ts';
import { afterEach, expect, test } from 'vitest';
import { manualClock, settle } from '../../harness/manual-clock.ts';
import { clipView, type HttpTown, openHttpTown, quietDesk } from './http-town.ts';

let town: HttpTown;
afterEach(() => town.close());

test('interim answers keep the connection alive until the sound is prepared', async () => {
  const clock = manualClock({ wallMs: Date.parse('2026-11-20T03:00:00Z') });
  let finish = () => {};
  const prepared = new Promise<void>((resolve) => {
    finish = resolve;
  });
  let isPreparing = () => {};
  const preparing = new Promise<void>((resolve) => {
    isPreparing = resolve;
  });
  const makeSpeech = async () => {
    isPreparing();
    await prepared;
    return accept(clipView);
  };
  town = await openHttpTown({
    rooms: {
      desk: { ...quietDesk, makeSpeech },
      clock: { nowMs: clock.wallMs, monotonicMs: clock.monotonicMs, setTimer: clock.setTimer },
    },
  });
  const interim: number[] = [];
  const answered = new Promise<number>((resolve, reject) => {
    const headers = { 'content-type': 'application/json', cookie: 'loa_session=officer' };
    const asking = request(`${town.url}/api/clips/speech`, { method: 'POST', headers });
    asking.on('information', ({ statusCode }) => interim.push(statusCode));
    asking.on('response', (answer) => {
      answer.resume();
      resolve(answer.statusCode ?? 0);
    });
    asking.on('error', reject);
    asking.end(JSON.stringify({ text: 'Thông báo' }));
  });
  await preparing;
  for (let turn = 0; turn < 4; turn += 1) await clock.advance(interimEveryMs);
  await expect.poll(() => interim).toEqual([102, 102, 102, 102]);
  finish();
  await settle();
  expect(await answered).toBe(201);
});
