/**
 * P9 on the server's side: a clock that jumps, lies behind its own documents or differs from most devices is not
 * believed; meanwhile the time goes on as it was known, plans lose what is taken back and gain nothing.
 */
import { guardClock } from '@loa/server/work/clock-guard.ts';
import { describe, expect, test } from 'vitest';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const startMs = Date.parse('2026-11-20T10:00:00+07:00');

function guarded(devices = 3) {
  const world = { ms: 0, aheadMs: 0 };
  const log: string[] = [];
  const changes: (string | undefined)[] = [];
  const clock = {
    nowMs: () => startMs + world.ms + world.aheadMs,
    monotonicMs: () => world.ms,
    setTimer: () => () => undefined,
  };
  const guard = guardClock({
    clock,
    devices: () => devices,
    log: (_level, message) => log.push(message),
    onChange: () => changes.push(guard.doubt()),
  });
  const say = (deviceId: string, aheadMs = 0, boundMs = 100) =>
    guard.heard(deviceId, { trusted: true, offsetMs: 0, boundMs, atMs: startMs + world.ms + aheadMs });
  return { world, guard, say, log, changes };
}

describe('a clock', () => {
  test('that is set by a time service in small steps is believed', () => {
    const { world, guard } = guarded();
    for (const aheadMs of [0, 20_000, 50_000, 10_000]) {
      world.ms += 60_000;
      world.aheadMs = aheadMs;
      expect(guard.clock.nowMs()).toBe(startMs + world.ms + aheadMs);
      expect(guard.doubt()).toBeUndefined();
    }
  });

  test.each([2 * dayMs, -2 * dayMs, 2 * hourMs])('that jumps by %i ms is not, until it is set right', (jumpMs) => {
    const { world, guard, changes, log } = guarded();
    world.ms += hourMs;
    guard.clock.nowMs();
    world.aheadMs = jumpMs;
    expect(guard.clock.nowMs()).toBe(startMs + world.ms);
    expect(guard.doubt()).toBe('stepped');
    world.ms += hourMs;
    expect(guard.clock.nowMs()).toBe(startMs + world.ms);
    world.aheadMs = 0;
    expect(guard.doubt()).toBeUndefined();
    expect(changes).toEqual(['stepped', undefined]);
    expect(log).toHaveLength(2);
  });

  test('that jumps to where most devices are was wrong before', () => {
    const { world, guard, say } = guarded();
    world.aheadMs = 2 * hourMs;
    expect(guard.doubt()).toBe('stepped');
    world.ms += 5_000;
    for (const deviceId of ['d1', 'd2']) say(deviceId, 2 * hourMs);
    world.ms += 5_000;
    expect(guard.doubt()).toBeUndefined();
    expect(guard.clock.nowMs()).toBe(startMs + world.ms + 2 * hourMs);
  });

  test('that most devices contradict gives their time', () => {
    const { world, guard, say } = guarded();
    for (const deviceId of ['d1', 'd2']) say(deviceId, -3 * dayMs);
    world.ms += 5_000;
    expect(guard.doubt()).toBe('devices-disagree');
    expect(guard.clock.nowMs()).toBe(startMs + world.ms - 3 * dayMs);
  });

  test.each([
    ['one of three', ['d1'], 100],
    ['two that know the time by their batteries', ['d1', 'd2'], 60_000],
  ] as const)('that %s contradict is believed', (_who, deviceIds, boundMs) => {
    const { world, guard, say } = guarded();
    for (const deviceId of deviceIds) say(deviceId, -3 * dayMs, boundMs);
    world.ms += 5_000;
    expect(guard.doubt()).toBeUndefined();
  });

  test('that lies behind what was published is not believed', () => {
    const { guard } = guarded();
    guard.notBefore(startMs + dayMs);
    expect(guard.doubt()).toBe('behind-own-documents');
    expect(guard.clock.nowMs()).toBe(startMs + dayMs);
  });

  test('that a start finds days ahead waits for a word of any device, and takes it', () => {
    const { world, guard, say } = guarded();
    guard.notBefore(startMs - 5 * dayMs);
    expect(guard.doubt()).toBe('unconfirmed');
    say('d1', -5 * dayMs);
    world.ms += 5_000;
    expect(guard.doubt()).toBe('devices-disagree');
    expect(guard.clock.nowMs()).toBe(startMs + world.ms - 5 * dayMs);
  });

  test.each([
    ['a device confirms', 10_000, true],
    ['nobody knows better for a minute', 61_000, false],
  ] as const)('that is right after a long outage is believed when %s', (_when, afterMs, isSaid) => {
    const { world, guard, say } = guarded();
    guard.notBefore(startMs - 5 * dayMs);
    world.ms += afterMs;
    if (isSaid) say('d1');
    world.ms += 5_000;
    expect(guard.doubt()).toBeUndefined();
  });
});
