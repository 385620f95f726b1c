/**
 * The amplifier's switch on simulated time: on so early that a planned start is heard at its instant, off between, on
 * all the time in flood season; an emergency waits for no more than the warm-up; a switch that fails withholds nothing.
 */
import type { SoundAhead } from '@loa/device-agent/contracts.ts';
import {
  initialSwitch,
  judgeSwitch,
  type SwitchState,
  switchLeadMs,
} from '@loa/device-agent/work/amplifier/judge-switch.ts';
import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import { emergency, openStage, type Stage, type StageOptions, stopOrder } from '../../harness/agent-stage.ts';

let stage: Stage | undefined;
afterEach(async () => {
  const stopping = stage?.stop();
  await stage?.advance(1_000);
  await stopping;
  stage = undefined;
});

async function open(amplifier: StageOptions['amplifier'], more: StageOptions = {}): Promise<Stage> {
  stage = await openStage({ ...more, ...(amplifier === undefined ? {} : { amplifier }) });
  return stage;
}

const isOnAt = ({ switchings }: Stage, atMs: number) => switchings.findLast((one) => one.atMs <= atMs)?.isOn;

describe('on a stage', () => {
  test.each([0, 200, 3_000, 10_000])(
    'a planned start is heard at its instant with a warm-up of %i ms',
    async (warmUpMs) => {
      const own = await open({ warmUpMs, holdMs: 20_000 });
      own.setPlan([{ occurrence: 'a@1', at: 60_000 }]);
      await own.advance(120_000);
      expect(own.heard()).toMatchObject([{ atMs: 60_000 }]);
      expect(own.switchings).toEqual([
        { atMs: 0, isOn: false },
        { atMs: 60_000 - warmUpMs - switchLeadMs, isOn: true },
        { atMs: 65_000 + 20_000, isOn: false },
      ]);
      expect(own.ended('a@1')).toMatchObject([{ outcome: 'played', lateMs: 0 }]);
    },
  );

  test('its state is set at the start, whatever it was, and off at the end', async () => {
    const own = await open({ warmUpMs: 0, holdMs: 0 });
    expect(own.switchings).toEqual([{ atMs: 0, isOn: false }]);
  });

  test('off in a long gap between plays, on all the while between items that follow soon', async () => {
    const own = await open({ warmUpMs: 2_000, holdMs: 20_000 });
    own.setPlan([
      { occurrence: 'a@1', at: 30_000, repeat: { count: 2, gapMs: 60_000 } },
      { occurrence: 'b@1', at: 120_000 },
    ]);
    await own.advance(200_000);
    expect(own.heard().map(({ atMs }) => Math.round(atMs / 1_000))).toEqual([30, 95, 120]);
    expect(own.switchings.map(({ isOn }) => isOn)).toEqual([false, true, false, true, false]);
  });

  test('in flood season it is on without a sound, and off once that is over', async () => {
    const own = await open({ warmUpMs: 2_000, holdMs: 20_000 });
    own.setPlan([{ occurrence: 'a@1', at: 3_600_000 }]);
    own.setStaysOn(true);
    await own.advance(600_000);
    expect(isOnAt(own, own.nowMs())).toBe(true);
    own.setStaysOn(false);
    await own.advance(30_000);
    expect(isOnAt(own, own.nowMs())).toBe(false);
  });

  test.each([0, 1_500, 10_000])('an emergency is heard within 500 ms and a warm-up of %i ms', async (warmUpMs) => {
    const own = await open({ warmUpMs, holdMs: 20_000 }, { prepareMs: 450 });
    await own.advance(10_003);
    own.setOrders([emergency('e@1', { at: 10_000 })]);
    await own.advance(20_000);
    const [heard] = own.heard();
    expect((heard?.atMs ?? 0) - 10_003).toBeLessThanOrEqual(500 + warmUpMs);
    expect((heard?.atMs ?? 0) - 10_003).toBeGreaterThanOrEqual(warmUpMs);
    expect(own.switchings[1]).toEqual({ atMs: 10_003, isOn: true });
  });

  test.each([
    [100, 2_100],
    [2_000, 2_500],
  ])('a hook that takes %i ms is waited for, half a second at most', async (hookMs, laterMs) => {
    const own = await open({ warmUpMs: 2_000, holdMs: 0, hookMs });
    await own.advance(10_003);
    own.setOrders([emergency('e@1', { at: 10_000 })]);
    await own.advance(20_000);
    expect((own.heard()[0]?.atMs ?? 0) - 10_003).toBe(laterMs);
  });

  test('an emergency that interrupts finds it warm: no further wait', async () => {
    const own = await open({ warmUpMs: 10_000, holdMs: 20_000 });
    own.setPlan([{ occurrence: 'a@1', at: 30_000, durationMs: 60_000 }]);
    await own.advance(40_000);
    own.setOrders([emergency('e@1', { at: 40_000 })]);
    await own.advance(3_000);
    expect(own.heard()[0]?.untilMs).toBeLessThan(40_300);
    expect(own.heard()[1]?.atMs).toBeLessThan(40_500);
  });

  test('an emergency whose clip is still on its way has it warm by the time that comes', async () => {
    const own = await open({ warmUpMs: 5_000, holdMs: 20_000 });
    own.setClip('e@1', 'fetching');
    own.setOrders([emergency('e@1', { at: 0 })]);
    await own.advance(8_000);
    own.setClip('e@1', 'here');
    await own.advance(1_000);
    expect(own.heard()[0]?.atMs).toBeLessThan(8_500);
  });

  test('a stop while it warms up lets nothing leave; a stop while it sounds is silent within 300 ms', async () => {
    const own = await open({ warmUpMs: 5_000, holdMs: 1_000 });
    own.setOrders([emergency('e@1', { at: 0 })]);
    await own.advance(3_000);
    own.setOrders([stopOrder({ at: 3_000 })]);
    await own.advance(10_000);
    expect(own.heard()).toEqual([]);
    own.setOrders([emergency('f@1', { at: 13_000, durationMs: 60_000 })]);
    await own.advance(10_000);
    own.setOrders([stopOrder({ at: 23_000 })]);
    await own.advance(10_000);
    expect(own.heard()[0]?.untilMs).toBeLessThan(23_300);
    expect(isOnAt(own, 24_500)).toBe(false);
  });

  test.each([
    ['skip', { kind: 'skip', lateMsMax: 1_000 }, undefined, 'missed'],
    ['start', { kind: 'start', lateMsMax: 60_000 }, { atMs: 10_000, fromMs: 0 }, 'played'],
    ['join', { kind: 'join', lateMsMax: 60_000 }, { atMs: 10_000, fromMs: 8_000 }, 'partial'],
  ] as const)(
    'a board that starts two seconds before an item that is to %s obeys its late policy, warm-up and all',
    async (_name, late, sound, outcome) => {
      const own = await open({ warmUpMs: 10_000, holdMs: 1_000 });
      own.setPlan([{ occurrence: 'a@1', at: 2_000, durationMs: 30_000, late }]);
      await own.advance(60_000);
      const [heard] = own.heard();
      if (sound === undefined) expect(heard).toBeUndefined();
      else
        expect(Math.abs((heard?.atMs ?? 0) - sound.atMs) + Math.abs((heard?.fromMs ?? 0) - sound.fromMs)).toBeLessThan(
          30,
        );
      expect(own.ended('a@1')).toMatchObject([{ outcome }]);
    },
  );

  test('nothing begins later than its late policy allows, by as little as a tenth of a second', async () => {
    const own = await open({ warmUpMs: 3_100, holdMs: 1_000 });
    own.setPlan([{ occurrence: 'a@1', at: 2_000, late: { kind: 'skip', lateMsMax: 1_000 } }]);
    await own.advance(30_000);
    expect(own.heard()).toEqual([]);
    expect(own.ended('a@1')).toMatchObject([{ outcome: 'missed' }]);
  });

  test('a switch that fails is a fault; the sound is sent all the same, and it is tried again', async () => {
    let isBroken = true;
    const own = await open({ warmUpMs: 1_000, holdMs: 5_000, fails: () => isBroken });
    own.setPlan([{ occurrence: 'a@1', at: 20_000, durationMs: 10_000 }]);
    await own.advance(24_000);
    expect(own.signals).toContainEqual({ code: 'amplifier-failed', bad: true });
    expect(own.heard()).toMatchObject([{ atMs: 20_000 }]);
    isBroken = false;
    await own.advance(6_000);
    expect(isOnAt(own, 30_000)).toBe(true);
    expect(own.signals.findLast(({ code }) => code === 'amplifier-failed')).toMatchObject({ bad: false });
  });
});

describe('the judgement', () => {
  const figures = { warmUpMs: 3_000, holdMs: 20_000, mayStayOn: true };
  const on: SwitchState = { isOn: true, sinceMs: 1_000, reasonMs: 50_000, hasReason: false };
  const quiet: SoundAhead = { isSounding: false, isUrgent: false, staysOn: false };
  const wakeMs = 100_000 - 3_000 - switchLeadMs;

  test.each<[string, SwitchState, number, Partial<SoundAhead>, boolean, number | undefined]>([
    ['off, nothing ahead', initialSwitch, 60_000, {}, false, undefined],
    ['off, a start ahead', initialSwitch, 60_000, { nextMonotonicMs: 100_000 }, false, wakeMs],
    ['off, its time has come', initialSwitch, wakeMs, { nextMonotonicMs: 100_000 }, true, undefined],
    ['off, urgent', initialSwitch, 60_000, { isUrgent: true }, true, undefined],
    ['off, flood season', initialSwitch, 60_000, { staysOn: true }, true, undefined],
    ['on, within its hold', on, 60_000, {}, true, 70_000],
    ['on, its hold over', on, 70_000, {}, false, undefined],
    ['on, sounding', on, 90_000, { isSounding: true }, true, undefined],
    ['on, hold over, soon again', on, 80_000, { nextMonotonicMs: 100_000 }, true, wakeMs],
    ['on, hold over, again later', on, 80_000, { nextMonotonicMs: 200_000 }, false, 200_000 - 3_000 - switchLeadMs],
    ['on, the sound has just ended', { ...on, hasReason: true }, 90_000, {}, true, 110_000],
  ])('%s', (_name, before, nowMs, ahead, isOn, thinkAtMs) => {
    const judged = judgeSwitch(before, { nowMs, ahead: { ...quiet, ...ahead }, figures });
    expect(judged.state.isOn).toBe(isOn);
    expect(judged.thinkAtMs).toBe(thinkAtMs);
  });

  test('no flood season holds what may not stay on', () => {
    const ahead = { ...quiet, staysOn: true };
    expect(judgeSwitch(initialSwitch, { nowMs: 0, ahead, figures: { ...figures, mayStayOn: false } }).state.isOn).toBe(
      false,
    );
  });

  test('whatever comes: on while there is a reason, off in the end, and always a next thought while it is held', () => {
    const step = fc.record({
      waitMs: fc.nat(60_000),
      isSounding: fc.boolean(),
      isUrgent: fc.boolean(),
      staysOn: fc.boolean(),
      nextInMs: fc.option(fc.nat(200_000), { nil: undefined }),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 20 }), (steps) => {
        let state = initialSwitch;
        let nowMs = 0;
        for (const { waitMs, nextInMs, ...rest } of steps) {
          nowMs += waitMs;
          const ahead = { ...rest, ...(nextInMs === undefined ? {} : { nextMonotonicMs: nowMs + nextInMs }) };
          const judged = judgeSwitch(state, { nowMs, ahead, figures });
          if (ahead.isSounding || ahead.isUrgent || ahead.staysOn) expect(judged.state.isOn).toBe(true);
          if (judged.thinkAtMs !== undefined) expect(judged.thinkAtMs).toBeGreaterThan(nowMs);
          state = judged.state;
        }
        for (let turns = 0; turns < 3; turns += 1) {
          const judged = judgeSwitch(state, { nowMs, ahead: quiet, figures });
          state = judged.state;
          nowMs = judged.thinkAtMs ?? nowMs;
        }
        expect(state.isOn).toBe(false);
      }),
    );
  });
});
