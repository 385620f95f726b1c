/** A short test of one device by day is all that may sound outside hours without a document. */
import { isDaytimeTest } from '@loa/schedules';
import { expect, test } from 'vitest';
import { at, timeZone } from '../harness/schedule-samples.ts';

test.each<[string, string, number, number, boolean]>([
  ['at eight', '2026-11-23T08:00', 30_000, 1, true],
  ['a second before eight', '2026-11-23T07:59:59', 30_000, 1, false],
  ['ending at five', '2026-11-23T16:59:30', 30_000, 1, true],
  ['running over five', '2026-11-23T16:59:31', 30_000, 1, false],
  ['too long', '2026-11-23T12:00', 30_001, 1, false],
  ['no length', '2026-11-23T12:00', 0, 1, false],
  ['two devices', '2026-11-23T12:00', 30_000, 2, false],
  ['on a Sunday', '2026-11-22T12:00', 5_000, 1, true],
])('%s', (_name, civil, durationMs, deviceCount, expected) => {
  expect(isDaytimeTest({ atMs: at(civil), durationMs, deviceCount }, timeZone)).toBe(expected);
});
