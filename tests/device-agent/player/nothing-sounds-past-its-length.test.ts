/**
 * The last guard, in the player itself: whatever a decoder gives and whatever the conductor forgets, a sound is over
 * at the length it was given, faded out, and told as too long.
 */
import { msOf } from '@loa/device-agent/fronts/player/pcm.ts';
import { afterFirstSample, afterPlay, blank } from '@loa/device-agent/work/conductor/course.ts';
import { expect, test } from 'vitest';
import { openStage } from '../../harness/agent-stage.ts';
import { manualClock } from '../../harness/manual-clock.ts';
import { toneBench, toneDecoder } from '../../harness/tone-bench.ts';

const endless = toneDecoder(() => 10_000);

function open(decode = endless) {
  const clock = manualClock({ wallMs: 1_800_000_000_000 });
  return { clock, ...toneBench({ clock, decode }) };
}

async function prepared({ player }: ReturnType<typeof open>) {
  const result = await player.prepare({ path: 'a', fromMs: 0, level: 'routine' });
  if (!result.ok) throw new Error('not prepared');
  return result.prepared;
}

test('a decoder that never ends is cut at the very sample, faded, and told', async () => {
  const bench = open();
  const playing = (await prepared(bench)).startAt(bench.clock.monotonicMs() + 1_000, { lengthMsMax: 1_234 });
  await bench.clock.advance(10_000);
  expect(await playing.ended).toMatchObject({ how: 'too-long', emittedMs: 1_234 });
  const last = bench.captured.at(-1)?.samples;
  expect(last?.at(-1)).toBe(0);
  expect(bench.captured.reduce((sum, { samples }) => sum + samples.length, 0)).toBe(Math.round(1_234 * 48));
});

test('a decoder that gives now and then only does not stretch it either', async () => {
  const clock = manualClock({ wallMs: 1_800_000_000_000 });
  let given = 0;
  const slow: typeof endless = (options) => {
    const tone = endless(options);
    return {
      ...tone,
      take(count) {
        if (clock.monotonicMs() - 5_000 < given * 200) return new Int16Array(0);
        given += 1;
        return tone.take(Math.min(count, 960));
      },
    };
  };
  const bench = { clock, ...toneBench({ clock, decode: slow }) };
  const playing = (await prepared(bench)).startAt(0, { lengthMsMax: 3_000 });
  await clock.advance(10_000);
  const end = await playing.ended;
  expect(end.how).toBe('too-long');
  const first = bench.captured[0]?.monotonicMs ?? 0;
  const last = bench.captured.at(-1);
  expect((last?.monotonicMs ?? 0) + msOf(last?.samples.length ?? 0) - first).toBeLessThanOrEqual(3_000);
});

test('what ends by itself at that very length is complete', async () => {
  const bench = open(toneDecoder(() => 10_000, 48_000));
  const playing = (await prepared(bench)).startAt(0, { lengthMsMax: 1_000 });
  await bench.clock.advance(3_000);
  expect(await playing.ended).toMatchObject({ how: 'completed', emittedMs: 1_000 });
});

test('an item whose clip is longer than anybody allowed is partial, and over at its maximum length', async () => {
  const stage = await openStage({ clips: () => ({ durationMs: 60_000 }) });
  stage.setPlan([{ occurrence: 'a@1', at: 1_000, durationMs: 5_000, lengthMsMax: 7_000 }]);
  await stage.advance(60_000);
  const [heard] = stage.heard();
  expect((heard?.untilMs ?? 0) - (heard?.atMs ?? 0)).toBe(7_000);
  expect(stage.ended('a@1')).toMatchObject([{ outcome: 'partial', reason: 'too-long' }]);
  await stage.stop();
});

test('what the player ended by itself is no stop by a person', () => {
  const begun = afterFirstSample(blank('a@1', { plannedMs: 0, emergency: false, seenMs: 0 }), 0);
  const course = afterPlay(begun, { how: 'too-long', emittedMs: 7_000, atMs: 7_000 });
  expect(course.verdict).toEqual({ outcome: 'partial', reason: 'too-long' });
});

test('over its plays together: what the first has used the last has no more', async () => {
  const stage = await openStage({ clips: () => ({ durationMs: 60_000 }) });
  stage.setPlan([
    { occurrence: 'a@1', at: 1_000, durationMs: 5_000, repeat: { count: 2, gapMs: 1_000 }, lengthMsMax: 8_000 },
  ]);
  await stage.advance(60_000);
  const heard = stage.heard();
  expect(heard.reduce((sum, { atMs, untilMs }) => sum + untilMs - atMs, 0)).toBeLessThanOrEqual(8_000);
  await stage.stop();
});
