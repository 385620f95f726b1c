/**
 * A start is held to what the board's clock could know then: neither to the time it heard afterwards (seed 1048) nor, where
 * only its battery told it, to within a minute (seed 1030); and whoever knew better is still caught.
 */
import { expect, test } from 'vitest';
import type { Accepted, Emission, History } from './history.ts';
import { judgeOnce, judgeOrdered } from './judge-sounds.ts';
import { TimeHeard } from './time-heard.ts';

const minuteMs = 60_000;
const dayMs = 86_400_000;
const firstMs = Date.parse('2026-11-21T08:00:00+07:00');

test('the time that a board hears after a start says nothing of its clock at the start', () => {
  const time = new TimeHeard();
  for (const atMs of [0, 60_000, 120_000, 300 * minuteMs, 301 * minuteMs]) time.heard(atMs);
  const alone: [atMs: number, aloneMs: number | undefined][] = [
    [-1, undefined],
    [90_000, 0],
    [290 * minuteMs, 288 * minuteMs],
    [300 * minuteMs - 1, 298 * minuteMs - 1],
    [301 * minuteMs, 298 * minuteMs],
    [303 * minuteMs, 2 * minuteMs],
  ];
  for (const [atMs, aloneMs] of alone) expect(time.aloneMs(atMs), `at ${atMs}`).toBe(aloneMs);
});

test.each([
  ['by a battery that is as wrong', 63_000, []],
  ['by a clock that knew better', 100, ['P3']],
])('a play 62 s early %s', (_by, clockErrorMsMax, broken) => {
  const emissions = [emission(firstMs, 100), emission(firstMs + dayMs - 62_000, clockErrorMsMax)];
  expect(judgeOnce(history(emissions)).map(({ promise }) => promise)).toEqual(broken);
});

test('a play that is earlier than its clock is wrong is caught, within a minute and beyond', () => {
  for (const earlyMs of [2_000, 61_000]) {
    const emissions = [emission(firstMs, 100), emission(firstMs + dayMs - earlyMs, earlyMs - 1_000)];
    expect(judgeOrdered(history(emissions)).map(({ promise }) => promise)).toEqual(['P5']);
  }
});

const bulletin: Accepted = {
  bulletinId: 'b1',
  clipId: 'clip',
  class: 'normal',
  acceptedMs: firstMs - dayMs,
  startsMs: [firstMs, firstMs + dayMs],
  deviceIds: ['d1'],
  lateMsMax: 1_000,
  repeatCount: 1,
  gapMs: 0,
  clipDurationMs: 20_000,
  mayRestart: false,
  goneOn: {},
};

function emission(startedMs: number, clockErrorMsMax: number): Emission {
  return { deviceId: 'd1', clipId: 'clip', fromClipMs: 0, startedMs, emittedMs: 20_000, clockErrorMsMax };
}

function history(emissions: readonly Emission[]): History {
  return {
    accepted: [bulletin],
    emissions,
    airings: [],
    reports: [],
    storedBulletinIds: ['b1'],
    ableSpans: {},
    reachableSpans: {},
    powerCutsMs: {},
    held: {},
    reachable: [],
    restoredSpans: [],
    intrusions: [],
    endMs: firstMs + 2 * dayMs,
  };
}
