import { afterEach, describe, expect, test } from 'vitest';
import { emergency, openStage, type Stage, stageNoonMs, stopOrder } from '../../harness/agent-stage.ts';

let stage: Stage;
afterEach(() => stage.stop());

const nobody: [] = [];

describe('an emergency', () => {
  test.each([
    [
      'resume',
      [
        [10_000, 0],
        [20_000, 0],
        [25_000, 10_000],
      ],
      'played',
      undefined,
    ],
    [
      'restart',
      [
        [10_000, 0],
        [20_000, 0],
        [25_000, 0],
      ],
      'played',
      undefined,
    ],
    [
      'drop',
      [
        [10_000, 0],
        [20_000, 0],
      ],
      'preempted',
      'interrupted-by-emergency',
    ],
  ] as const)(
    'pre-empts within 500 ms; an item that is to %s follows that',
    async (resume, sounds, outcome, reason) => {
      stage = await openStage();
      stage.setPlan([{ occurrence: 'a@1', at: 10_000, durationMs: 30_000, resume }]);
      await stage.advance(20_000);
      stage.setOrders([emergency('e@1', { at: 20_000 })]);
      await stage.advance(90_000);
      const heard = stage.heard();
      expect(heard).toHaveLength(sounds.length);
      for (const [index, [atMs, fromMs]] of sounds.entries()) {
        expect(heard[index]?.atMs).toBeGreaterThanOrEqual(atMs);
        expect(heard[index]?.atMs).toBeLessThan(atMs + 700);
        expect(Math.abs((heard[index]?.fromMs ?? 0) - fromMs)).toBeLessThan(200);
      }
      expect(heard[1]).toMatchObject({ clip: 'e@1', level: 'emergency' });
      expect(heard[1]?.atMs).toBeLessThan(20_500);
      expect(stage.ended('e@1')).toMatchObject([{ outcome: 'played' }]);
      expect(stage.ended('a@1')).toMatchObject([{ outcome, ...(reason === undefined ? {} : { reason }) }]);
      expect(stage.ended('a@1')[0]?.reason).toBe(reason);
      const again = stage.ledger.filter((entry) => entry.kind === 'start' && entry.again !== undefined);
      expect(again).toHaveLength(resume === 'drop' ? 0 : 1);
      expect(stage.reports.filter((event) => event.kind === 'started' && event.occurrence === 'a@1')).toHaveLength(1);
    },
  );

  test('plays its full count at any hour and without a trusted clock', async () => {
    stage = await openStage({ trusted: false });
    stage.setHours(nobody);
    stage.setOrders([emergency('e@1', { at: 0, repeat: { count: 3, gapMs: 1_000 } })]);
    await stage.advance(30_000);
    expect(stage.heard()).toHaveLength(3);
    expect(stage.ended('e@1')).toMatchObject([{ outcome: 'played', playsDone: 3 }]);
  });

  test('is never sounded past its expiry, also when only the clock floor knows', async () => {
    stage = await openStage({ trusted: false });
    stage.setOrders([
      emergency('e@1', {
        at: 0,
        durationMs: 60_000,
        expiresAt: new Date(Date.parse('2026-10-05T08:00:10+07:00')).toISOString(),
      }),
    ]);
    await stage.advance(30_000);
    expect(stage.heard()[0]?.untilMs).toBeLessThan(10_300);
    expect(stage.ended('e@1')).toMatchObject([{ outcome: 'partial', reason: 'expired' }]);
    stage.setFloor(Date.parse('2026-10-05T12:00:00+07:00'));
    stage.setOrders([emergency('f@1', { at: 0 })]);
    await stage.advance(1_000);
    expect(stage.heard()).toHaveLength(1);
    expect(stage.ended('f@1')).toMatchObject([{ outcome: 'missed', reason: 'expired' }]);
  });

  test('is not withheld by a clock that is days ahead and that nobody vouches for', async () => {
    stage = await openStage({ trusted: false });
    const issuedMs = -3 * 86_400_000;
    const expiresAt = new Date(stageNoonMs + issuedMs + 3_600_000).toISOString();
    stage.setOrders([emergency('e@1', { at: issuedMs, expiresAt })]);
    await stage.advance(20_000);
    expect(stage.ended('e@1')).toMatchObject([{ outcome: 'played' }]);
  });

  test('in the last moment of a play has it neither cut short nor heard again', async () => {
    stage = await openStage();
    stage.setPlan([{ occurrence: 'a@1', at: 1_000, durationMs: 10_000, resume: 'restart' }]);
    await stage.advance(10_950);
    stage.setOrders([emergency('e@1', { at: 10_950 })]);
    await stage.advance(60_000);
    expect(stage.heard().map(({ clip }) => clip)).toEqual(['a@1', 'e@1']);
    expect(stage.ended('a@1')).toMatchObject([{ outcome: 'played', playsDone: 1 }]);
  });

  test('of several the newest issue sounds first and interrupts, the older after it, from its beginning', async () => {
    stage = await openStage();
    const older = emergency('old@1', { at: 0, durationMs: 10_000 });
    stage.setOrders([older]);
    await stage.advance(5_000);
    stage.setOrders([older, emergency('new@1', { at: 4_000 })]);
    await stage.advance(60_000);
    expect(stage.heard().map(({ clip, fromMs }) => [clip, fromMs])).toEqual([
      ['old@1', 0],
      ['new@1', 0],
      ['old@1', 0],
    ]);
    for (const occurrence of ['old@1', 'new@1']) expect(stage.ended(occurrence)).toMatchObject([{ outcome: 'played' }]);
  });

  test('that is absent from the newer document is silent within 300 ms and told as stopped', async () => {
    stage = await openStage();
    stage.setOrders([emergency('e@1', { at: 0, durationMs: 60_000 })]);
    await stage.advance(5_000);
    stage.setOrders([]);
    await stage.advance(10_000);
    expect(stage.heard()[0]?.untilMs).toBeLessThan(5_300);
    expect(stage.ended('e@1')).toMatchObject([{ outcome: 'stopped', reason: 'stopped-by-person' }]);
  });

  test('that is absent before it could sound is told as withdrawn', async () => {
    stage = await openStage();
    stage.setClip('e@1', 'fetching');
    stage.setOrders([emergency('e@1', { at: 0 })]);
    await stage.advance(5_000);
    stage.setOrders([]);
    await stage.advance(5_000);
    expect(stage.ended('e@1')).toMatchObject([{ outcome: 'withdrawn' }]);
  });

  test('silences at once and sounds as soon as its clip is here; without it the rest may go on after a minute', async () => {
    stage = await openStage();
    stage.setPlan([
      { occurrence: 'a@1', at: 1_000, durationMs: 30_000 },
      { occurrence: 'b@1', at: 90_000 },
    ]);
    stage.setClip('e@1', 'fetching');
    await stage.advance(5_000);
    stage.setOrders([emergency('e@1', { at: 5_000 })]);
    await stage.advance(100_000);
    expect(stage.heard().map(({ clip }) => clip)).toEqual(['a@1', 'b@1']);
    expect(stage.heard()[0]?.untilMs).toBeLessThan(5_300);
    stage.setClip('e@1', 'here');
    await stage.advance(10_000);
    expect(stage.heard()[2]).toMatchObject({ clip: 'e@1' });
  });

  test('that sounds again in the same document, or came twice, sounds once', async () => {
    stage = await openStage();
    const order = emergency('e@1', { at: 0 });
    stage.setOrders([order, order]);
    await stage.advance(10_000);
    stage.setOrders([order]);
    await stage.advance(10_000);
    await stage.restart();
    await stage.advance(10_000);
    expect(stage.heard()).toHaveLength(1);
    expect(stage.ended('e@1')).toHaveLength(1);
  });

  test('that is a drill is said to be one in the report, or refused where drills are not sounded', async () => {
    stage = await openStage();
    stage.setOrders([emergency('e@1', { at: 0, drill: true })]);
    await stage.advance(10_000);
    expect(stage.ended('e@1')).toMatchObject([{ outcome: 'played', evidence: { drill: true } }]);
    await stage.stop();
    stage = await openStage({ drillsAudible: false });
    stage.setOrders([emergency('e@1', { at: 0, drill: true })]);
    await stage.advance(10_000);
    expect(stage.heard()).toEqual([]);
    expect(stage.ended('e@1')).toMatchObject([{ outcome: 'refused', reason: 'not-supported' }]);
  });

  test('is not withheld because the disk takes no entry', async () => {
    stage = await openStage();
    stage.setDisk('refuses');
    stage.setOrders([emergency('e@1', { at: 0 })]);
    await stage.advance(10_000);
    expect(stage.heard()).toHaveLength(1);
  });

  test('an item whose whole time it took has given way to it', async () => {
    stage = await openStage();
    stage.setPlan([{ occurrence: 'a@1', at: 10_000 }]);
    stage.setOrders([emergency('e@1', { at: 0, durationMs: 30_000 })]);
    await stage.advance(60_000);
    expect(stage.ended('a@1')).toMatchObject([{ outcome: 'preempted', reason: 'interrupted-by-emergency' }]);
  });

  test('what it interrupted goes on before what fell due meanwhile', async () => {
    stage = await openStage();
    stage.setPlan([
      { occurrence: 'a@1', at: 10_000, durationMs: 30_000, resume: 'resume' },
      { occurrence: 'p@1', at: 25_000, class: 'priority', late: { kind: 'start', lateMsMax: 120_000 } },
    ]);
    await stage.advance(20_000);
    stage.setOrders([emergency('e@1', { at: 20_000, durationMs: 10_000 })]);
    await stage.advance(120_000);
    expect(stage.heard().map(({ clip }) => clip)).toEqual(['a@1', 'e@1', 'a@1', 'p@1']);
  });

  test('what it interrupted is not resumed into hours that do not permit it', async () => {
    stage = await openStage();
    stage.setHours([{ weekdays: [1, 2, 3, 4, 5, 6, 7], from: '08:00', until: '08:01' }]);
    stage.setPlan([{ occurrence: 'a@1', at: 10_000, durationMs: 30_000, resume: 'resume' }]);
    await stage.advance(20_000);
    stage.setOrders([emergency('e@1', { at: 20_000, durationMs: 60_000 })]);
    await stage.advance(120_000);
    expect(stage.heard().map(({ clip }) => clip)).toEqual(['a@1', 'e@1']);
    expect(stage.ended('a@1')).toMatchObject([{ outcome: 'preempted', reason: 'interrupted-by-emergency' }]);
  });
});

describe('a stop', () => {
  test('of everything silences within 300 ms, and what falls due under it ends as stopped', async () => {
    stage = await openStage();
    stage.setPlan([
      { occurrence: 'a@1', at: 10_000, durationMs: 20_000 },
      { occurrence: 'b@1', at: 20_000 },
      { occurrence: 'c@1', at: 120_000 },
    ]);
    await stage.advance(12_000);
    stage.setOrders([stopOrder({ at: 12_000, untilMs: 60_000 })]);
    await stage.advance(200_000);
    expect(stage.heard().map(({ clip }) => clip)).toEqual(['a@1', 'c@1']);
    expect(stage.heard()[0]?.untilMs).toBeLessThan(12_300);
    for (const occurrence of ['a@1', 'b@1'])
      expect(stage.ended(occurrence)).toMatchObject([{ outcome: 'stopped', reason: 'stopped-by-person' }]);
  });

  test('of everything ends an older emergency and lets a newer one sound', async () => {
    stage = await openStage();
    const older = emergency('old@1', { at: 0, durationMs: 30_000 });
    stage.setOrders([older]);
    await stage.advance(2_000);
    const stop = stopOrder({ at: 2_000 });
    stage.setOrders([older, stop]);
    await stage.advance(5_000);
    expect(stage.ended('old@1')).toMatchObject([{ outcome: 'stopped' }]);
    stage.setOrders([older, stop, emergency('new@1', { at: 7_000 })]);
    await stage.advance(10_000);
    expect(stage.heard().map(({ clip }) => clip)).toEqual(['old@1', 'new@1']);
  });

  test('of one occurrence leaves the others', async () => {
    stage = await openStage();
    stage.setPlan([
      { occurrence: 'a@1', at: 10_000 },
      { occurrence: 'b@1', at: 20_000 },
    ]);
    stage.setOrders([stopOrder({ at: 0, occurrence: 'a@1' })]);
    await stage.advance(60_000);
    expect(stage.heard().map(({ clip }) => clip)).toEqual(['b@1']);
    expect(stage.ended('a@1')).toMatchObject([{ outcome: 'stopped' }]);
  });

  test('also ends what an emergency had interrupted', async () => {
    stage = await openStage();
    stage.setPlan([{ occurrence: 'a@1', at: 1_000, durationMs: 30_000, resume: 'resume' }]);
    await stage.advance(5_000);
    const order = emergency('e@1', { at: 5_000 });
    stage.setOrders([order]);
    await stage.advance(2_000);
    stage.setOrders([order, stopOrder({ at: 7_000 })]);
    await stage.advance(30_000);
    expect(stage.heard().map(({ clip }) => clip)).toEqual(['a@1', 'e@1']);
    expect(stage.ended('a@1')).toMatchObject([{ outcome: 'stopped' }]);
  });
});
