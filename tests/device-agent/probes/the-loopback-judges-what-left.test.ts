import { watchDiskSpace } from '@loa/device-agent/fronts/probes/disk-space.ts';
import { judgeLevel, loopbackProbe } from '@loa/device-agent/fronts/probes/loopback.ts';
import { outputEveryMs, watchOutput } from '@loa/device-agent/fronts/probes/output.ts';
import { expect, test } from 'vitest';
import { manualClock } from '../../harness/manual-clock.ts';

test.each<[string, number | undefined, number | undefined, number, string]>([
  ['as sent', -18, -18.2, 5_000, 'sound'],
  ['a little softer', -18, -26, 5_000, 'sound'],
  ['much softer', -18, -30, 5_000, 'too-low'],
  ['half of it', -18, -18, 2_500, 'too-low'],
  ['silence', -18, -90, 5_000, 'none'],
  ['nothing at all', -18, undefined, 0, 'none'],
  ['a silent clip', -80, -80, 5_000, 'undecided'],
  ['nothing sent', undefined, undefined, 0, 'undecided'],
])('%s', async (_name, sentDbfs, dbfs, foundMs, verdict) => {
  const stretch = { fromMonotonicMs: 1_000, untilMonotonicMs: 6_100, emittedMs: 5_000, sentDbfs };
  expect(judgeLevel(stretch, { foundMs, dbfs }).verdict).toBe(verdict);
  const probe = loopbackProbe(async () => ({ foundMs, dbfs }));
  expect(await probe.measure(stretch)).toMatchObject({ verdict, evidence: { probe: 'loopback', foundMs } });
});

test('the output is asked every two seconds; one that does not answer counts as missing', async () => {
  const clock = manualClock({ wallMs: 0 });
  const answers: boolean[] = [];
  let isMute = false;
  const watch = watchOutput({
    clock,
    player: {
      output: () =>
        isMute ? new Promise(() => undefined) : Promise.resolve({ present: true, evidence: { player: 'test' } }),
    },
    onAnswer: ({ present }) => answers.push(present),
  });
  await clock.advance(2 * outputEveryMs);
  expect(answers).toEqual([true, true, true]);
  isMute = true;
  await clock.advance(outputEveryMs + 5_000);
  expect(answers.at(-1)).toBe(false);
  watch.stop();
  await clock.advance(60_000);
  expect(clock.timersPending()).toBe(0);
});

test('the disk is asked every minute; one that does not answer is told as that', async () => {
  const clock = manualClock({ wallMs: 0 });
  const answers: unknown[] = [];
  let fails = false;
  const watch = watchDiskSpace({
    clock,
    disk: { space: async () => (fails ? Promise.reject(new Error('gone')) : { freeBytes: 1, totalBytes: 2 }) },
    onAnswer: (answer) => answers.push(answer),
  });
  await clock.advance(0);
  fails = true;
  await clock.advance(60_000);
  expect(answers).toEqual([{ freeBytes: 1, totalBytes: 2 }, undefined]);
  watch.stop();
});
