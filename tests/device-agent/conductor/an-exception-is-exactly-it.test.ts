/** The device judges by itself what may sound outside hours: the item that carries an exception, wholly inside it. */
import { planBodySchema } from '@loa/protocol/device';
import { afterEach, expect, test } from 'vitest';
import { emergency, openStage, type Stage, type StageItem, stageNoonMs } from '../../harness/agent-stage.ts';

let stage: Stage;
afterEach(() => stage.stop());

const night = [{ weekdays: [1, 2, 3, 4, 5, 6, 7], from: '02:00', until: '02:01' }];
const exceptionOf = (from: number, until: number) => ({
  exception: { document: 'CV 9', fromMs: stageNoonMs + from, untilMs: stageNoonMs + until },
});

async function outsideHours(items: readonly StageItem[]): Promise<void> {
  stage = await openStage();
  stage.setHours(night);
  stage.setPlan(items);
  await stage.advance(180_000);
}

test.each<[string, Partial<StageItem>, boolean]>([
  ['without an exception', {}, false],
  ['inside its exception', exceptionOf(50_000, 70_000), true],
  ['from its first instant to its last', exceptionOf(60_000, 65_000), true],
  ['a second too early', exceptionOf(61_000, 120_000), false],
  ['a second too long', exceptionOf(0, 64_000), false],
  ['with repeats that run over it', { ...exceptionOf(60_000, 69_000), repeat: { count: 2, gapMs: 0 } }, false],
  ['with one that is over', exceptionOf(0, 60_000), false],
])('%s', async (_name, given, sounds) => {
  await outsideHours([{ occurrence: 'a@1', at: 60_000, ...given }]);
  expect(stage.heard()).toHaveLength(sounds ? 1 : 0);
  expect(stage.ended('a@1')).toMatchObject([
    sounds ? { outcome: 'played' } : { outcome: 'refused', reason: 'outside-permitted-hours' },
  ]);
});

test('one item’s exception permits no other', async () => {
  await outsideHours([
    { occurrence: 'a@1', at: 60_000, ...exceptionOf(0, 180_000) },
    { occurrence: 'b@1', at: 90_000 },
  ]);
  expect(stage.heard().map(({ clip }) => clip)).toEqual(['a@1']);
  expect(stage.ended('b@1')).toMatchObject([{ outcome: 'refused', reason: 'outside-permitted-hours' }]);
});

test('what starts late must still end inside its exception', async () => {
  stage = await openStage();
  stage.setHours(night);
  await stage.advance(63_000);
  stage.setPlan([
    { occurrence: 'a@1', at: 60_000, late: { kind: 'start', lateMsMax: 60_000 }, ...exceptionOf(60_000, 66_000) },
  ]);
  await stage.advance(60_000);
  expect(stage.heard()).toEqual([]);
  expect(stage.ended('a@1')).toMatchObject([{ outcome: 'refused', reason: 'outside-permitted-hours' }]);
});

test('what an emergency pushed out of its exception does not go on', async () => {
  stage = await openStage();
  stage.setHours(night);
  stage.setPlan([
    {
      occurrence: 'a@1',
      at: 60_000,
      durationMs: 20_000,
      resume: 'resume',
      late: { kind: 'start', lateMsMax: 600_000 },
      ...exceptionOf(60_000, 81_000),
    },
  ]);
  await stage.advance(65_000);
  stage.setOrders([emergency('e@1', { at: 65_000, durationMs: 10_000 })]);
  await stage.advance(120_000);
  expect(stage.heard().map(({ clip }) => clip)).toEqual(['a@1', 'e@1']);
  expect(stage.ended('a@1')).toMatchObject([{ outcome: 'preempted' }]);
});

test('a plan whose exception has no document is not understood', () => {
  const clip = { id: 'a'.repeat(64), durationMs: 1_000, renditions: [] };
  const item = {
    ...{ occurrence: 'a@1', atMs: 1, class: 'normal', clip: 0, repeat: { count: 1, gapMs: 0 } },
    ...{ late: { kind: 'skip', lateMsMax: 0 }, resume: 'drop', lengthMsMax: 3_000 },
  };
  const bodyWith = (document: string) =>
    planBodySchema.safeParse({
      clips: [{ ...clip, renditions: [{ format: 'mp3', hash: 'b'.repeat(64), sizeBytes: 9 }] }],
      items: [{ ...item, exception: { document, fromMs: 0, untilMs: 9 } }],
    }).success;
  expect([bodyWith('CV 9'), bodyWith('')]).toEqual([true, false]);
});
