/**
 * A relay sounds from its planned instant to its planned end and not beyond, wherever it comes in; where its station
 * cannot be had its clip sounds, once; what became of it stands in the report of its end.
 */
import { describe, expect, test } from 'vitest';
import { emergency, openStage, type StageItem, type StageOptions } from '../../harness/agent-stage.ts';

const url = 'http://dai.example/live';
const relay: StageItem = {
  occurrence: 'dai@1',
  at: 30_000,
  durationMs: 5_000,
  relay: { url, lengthMs: 60_000 },
  lengthMsMax: 62_000,
};

async function performed(options: StageOptions, item: Partial<StageItem> = {}) {
  const stage = await openStage(options);
  stage.setPlan([{ ...relay, ...item }]);
  return stage;
}

describe('its station is there', () => {
  test('it sounds from its instant to its planned end, and its clip does not', async () => {
    const stage = await performed({});
    await stage.advance(200_000);
    expect(stage.heard()).toMatchObject([{ clip: url, atMs: 30_000, untilMs: 90_000 }]);
    expect(stage.ended('dai@1')).toMatchObject([
      { outcome: 'played', playsDone: 1, evidence: { relayMs: 60_000, emittedMs: 60_000 } },
    ]);
    expect(stage.ended('dai@1')[0]?.evidence).not.toHaveProperty('relayFellBack');
  });

  test.each(['skip', 'start', 'join'] as const)(
    'late by policy %s it is joined where it is, until its planned end',
    async (kind) => {
      const stage = await openStage();
      stage.setPlan([
        { occurrence: 'other@1', at: 20_000, durationMs: 20_000 },
        { ...relay, late: { kind, lateMsMax: 15_000 } },
      ]);
      await stage.advance(200_000);
      expect(stage.heard()[1]).toMatchObject({ clip: url, untilMs: 90_000 });
      expect(stage.heard()[1]?.atMs).toBeLessThan(40_700);
      expect(stage.ended('dai@1')).toMatchObject([{ outcome: 'partial', reason: 'late' }]);
    },
  );

  test.each(['resume', 'restart'] as const)(
    'after an emergency it is joined again, by policy %s, until its planned end',
    async (resume) => {
      const stage = await performed({}, { resume });
      await stage.advance(40_000);
      stage.setOrders([emergency('alert@1', { at: 40_000, durationMs: 20_000 })]);
      await stage.advance(200_000);
      const heard = stage.heard();
      expect(heard.map((one) => one.clip)).toEqual([url, 'alert@1', url]);
      expect(heard[2]?.untilMs).toBe(90_000);
      expect((heard[2]?.atMs ?? 0) - (heard[1]?.untilMs ?? 0)).toBeLessThan(700);
      expect(stage.ended('dai@1')).toMatchObject([{ outcome: 'partial', reason: 'interrupted-by-emergency' }]);
    },
  );

  test('by policy drop it is not', async () => {
    const stage = await performed({}, { resume: 'drop' });
    await stage.advance(40_000);
    stage.setOrders([emergency('alert@1', { at: 40_000 })]);
    await stage.advance(200_000);
    expect(stage.heard().map((one) => one.clip)).toEqual([url, 'alert@1']);
    expect(stage.ended('dai@1')).toMatchObject([{ outcome: 'preempted' }]);
  });

  test('an emergency beyond its planned end leaves nothing of it', async () => {
    const stage = await performed({}, { resume: 'resume', late: { kind: 'start', lateMsMax: 600_000 } });
    await stage.advance(40_000);
    stage.setOrders([emergency('alert@1', { at: 40_000, durationMs: 55_000 })]);
    await stage.advance(400_000);
    expect(stage.heard().map((one) => one.clip)).toEqual([url, 'alert@1']);
    expect(stage.ended('dai@1')).toMatchObject([{ outcome: 'preempted', reason: 'interrupted-by-emergency' }]);
  });

  test('one that is slow to answer is joined late all the same', async () => {
    const stage = await openStage({ prepareMs: 4_000 });
    await stage.advance(40_000);
    stage.setPlan([{ ...relay, late: { kind: 'join', lateMsMax: 0 } }]);
    await stage.advance(200_000);
    expect(stage.heard()).toMatchObject([{ clip: url, untilMs: 90_000 }]);
  });

  test('its maximum length cuts it', async () => {
    const stage = await performed({}, { lengthMsMax: 20_000 });
    await stage.advance(200_000);
    expect(stage.heard()[0]?.untilMs).toBeLessThan(50_500);
    expect(stage.ended('dai@1')).toMatchObject([{ outcome: 'partial', reason: 'too-long' }]);
  });

  test('a repeat count is one, and what follows starts at its own instant', async () => {
    const stage = await openStage();
    stage.setPlan([
      { ...relay, repeat: { count: 3, gapMs: 1_000 } },
      { occurrence: 'next@1', at: 91_000 },
    ]);
    await stage.advance(300_000);
    expect(stage.heard()).toMatchObject([
      { clip: url, untilMs: 90_000 },
      { clip: 'next@1', atMs: 91_000 },
    ]);
  });

  test('its missing clip does not hold it up, and is a fault as any', async () => {
    const stage = await performed({});
    stage.setClip('dai@1', 'missing');
    await stage.advance(200_000);
    expect(stage.heard()).toMatchObject([{ clip: url, atMs: 30_000, untilMs: 90_000 }]);
    expect(stage.ended('dai@1')).toMatchObject([{ outcome: 'played' }]);
    expect(stage.signals).toContainEqual({ code: 'clip-missing', bad: true });
  });

  test('a power cut loses what it said meanwhile, and by policy restart it is joined again', async () => {
    const stage = await performed({}, { resume: 'restart' });
    await stage.advance(40_000);
    await stage.restart(5_000);
    await stage.advance(200_000);
    const heard = stage.heard();
    expect(heard.map((one) => one.clip)).toEqual([url, url]);
    expect(heard[1]?.untilMs).toBe(90_000);
    expect(stage.ended('dai@1')).toMatchObject([{ outcome: 'partial', reason: 'interrupted-by-restart' }]);
  });
});

describe('its station is not there', () => {
  const away: StageOptions = { stations: () => undefined };

  test('the clip sounds at the planned instant, once, and the decoder is not blamed', async () => {
    const stage = await performed(away);
    await stage.advance(200_000);
    expect(stage.heard()).toMatchObject([{ clip: 'dai@1', fromMs: 0, atMs: 30_000, untilMs: 35_000 }]);
    const [ended] = stage.ended('dai@1');
    expect(ended).toMatchObject({
      outcome: 'partial',
      evidence: { relayMs: 0, relayFellBack: 'no-answer', relayClipMs: 5_000 },
    });
    expect(stage.signals.filter(({ code, bad }) => code === 'decoder-failed' && bad)).toEqual([]);
  });

  test('a clip with more to say than time is left is cut at the planned end', async () => {
    const stage = await performed(away, { durationMs: 300_000, lengthMsMax: 600_000 });
    await stage.advance(400_000);
    expect(stage.heard()).toMatchObject([{ clip: 'dai@1', atMs: 30_000, untilMs: 90_000 }]);
  });

  test('it breaks off: the clip follows from its beginning', async () => {
    const stage = await performed({ stations: () => ({ breaksOffAfterMs: 10_000 }) });
    await stage.advance(200_000);
    const heard = stage.heard();
    expect(heard.map((one) => one.clip)).toEqual([url, 'dai@1']);
    expect(heard[1]).toMatchObject({ fromMs: 0 });
    expect(stage.ended('dai@1')).toMatchObject([
      { outcome: 'partial', evidence: { relayMs: 10_000, relayClipMs: 5_000, relayFellBack: 'no-answer' } },
    ]);
  });

  test('a clip in its place that an emergency interrupted goes on where it was', async () => {
    const stage = await performed(away, { durationMs: 20_000, resume: 'resume' });
    await stage.advance(40_000);
    stage.setOrders([emergency('alert@1', { at: 40_000 })]);
    await stage.advance(200_000);
    const [first, , second] = stage.heard();
    expect(second).toMatchObject({ clip: 'dai@1' });
    expect(Math.abs((second?.fromMs ?? 0) - ((first?.untilMs ?? 0) - (first?.atMs ?? 0)))).toBeLessThan(1);
    expect(second?.untilMs).toBeLessThanOrEqual(90_000);
  });

  test('and its clip is missing too: it is called until its late policy ends, and missed', async () => {
    const stage = await performed(away, { late: { kind: 'start', lateMsMax: 20_000 } });
    stage.setClip('dai@1', 'missing');
    await stage.advance(200_000);
    expect(stage.heard()).toEqual([]);
    expect(stage.ended('dai@1')).toMatchObject([{ outcome: 'missed', reason: 'clip-missing' }]);
    expect(stage.signals.filter(({ code, bad }) => code === 'decoder-failed' && bad)).toEqual([]);
  });

  test('a clip that arrives in time steps in after all', async () => {
    const stage = await performed(away, { late: { kind: 'start', lateMsMax: 20_000 } });
    stage.setClip('dai@1', 'missing');
    await stage.advance(33_000);
    stage.setClip('dai@1', 'here');
    await stage.advance(200_000);
    expect(stage.heard()).toMatchObject([{ clip: 'dai@1', fromMs: 0 }]);
  });

  test('a plan that comes in the last second still has its clip sound', async () => {
    const stage = await openStage(away);
    await stage.advance(29_000);
    stage.setPlan([{ ...relay, late: { kind: 'skip', lateMsMax: 3_000 } }]);
    await stage.advance(200_000);
    expect(stage.heard()).toMatchObject([{ clip: 'dai@1', fromMs: 0 }]);
  });
});

test('a board that takes no stream plays the clip, as any', async () => {
  const stage = await performed({ takesStream: false });
  await stage.advance(200_000);
  expect(stage.heard()).toMatchObject([{ clip: 'dai@1', atMs: 30_000, untilMs: 35_000 }]);
  expect(stage.ended('dai@1')).toMatchObject([{ outcome: 'played' }]);
});

test('what is to sound softer is asked to, and an emergency never is', async () => {
  const stage = await openStage();
  stage.setPlan([
    { occurrence: 'soft@1', at: 10_000, gainDb: -12, resume: 'resume', durationMs: 20_000 },
    { occurrence: 'plain@1', at: 60_000 },
  ]);
  await stage.advance(15_000);
  stage.setOrders([emergency('alert@1', { at: 15_000 })]);
  await stage.advance(200_000);
  expect(stage.heard().map(({ clip, level, gainDb }) => ({ clip, level, gainDb }))).toEqual([
    { clip: 'soft@1', level: 'routine', gainDb: -12 },
    { clip: 'alert@1', level: 'emergency', gainDb: undefined },
    { clip: 'soft@1', level: 'routine', gainDb: -12 },
    { clip: 'plain@1', level: 'routine', gainDb: undefined },
  ]);
});
