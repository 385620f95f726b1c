/** Permitted hours begin and end when the wall clock first shows them or has jumped past them; no rule is wider for it. */
import { civilDayAt, civilDaysOf, isPermitted, narrowHours, permittedUntil } from '@loa/schedules';
import { describe, expect, test } from 'vitest';
import { everyDay } from '../harness/schedule-samples.ts';

const instant = (text: string) => Temporal.Instant.from(text).epochMilliseconds;
const hours = (timeZone: string, from: string, until: string) => ({
  timeZone,
  spans: [{ weekdays: everyDay, from, until }],
  document: 'QĐ',
});

test.each<[string, string, string, string, string, string]>([
  [
    'a start that is skipped is the change itself',
    'Europe/Berlin',
    '02:30',
    '04:00',
    '2026-03-29T01:00Z',
    '2026-03-29T02:00Z',
  ],
  [
    'an end that is skipped is the change itself',
    'Europe/Berlin',
    '01:00',
    '02:30',
    '2026-03-29T00:00Z',
    '2026-03-29T01:00Z',
  ],
  [
    'a start that comes twice counts the first time',
    'Europe/Berlin',
    '02:30',
    '04:00',
    '2026-10-25T00:30Z',
    '2026-10-25T03:00Z',
  ],
  [
    'an end that comes twice counts the first time',
    'Europe/Berlin',
    '01:00',
    '02:30',
    '2026-10-24T23:00Z',
    '2026-10-25T00:30Z',
  ],
  ['half an hour is skipped', 'Australia/Lord_Howe', '02:10', '03:00', '2026-10-03T15:30Z', '2026-10-03T16:00Z'],
  ['midnight is skipped', 'Africa/Cairo', '00:00', '02:00', '2026-04-23T22:00Z', '2026-04-23T23:00Z'],
])('%s', (_name, zone, from, until, begins, ends) => {
  const rule = hours(zone, from, until);
  expect(permittedUntil(rule, instant(begins))).toBe(instant(ends));
  expect(isPermitted(rule, { atMs: instant(begins) - 1, durationMs: 1 })).toBe(false);
  expect(isPermitted(rule, { atMs: instant(ends), durationMs: 1 })).toBe(false);
});

test('a later start is never the wider one, whatever a change skips', () => {
  const [early, late] = [hours('Europe/Berlin', '02:30', '06:00'), hours('Europe/Berlin', '03:00', '06:00')];
  const { rule } = narrowHours(
    [
      { areaId: 'c1', rule: late },
      { areaId: 'p', rule: early },
    ],
    'Europe/Berlin',
  );
  for (let atMs = instant('2026-03-29T00:00Z'); atMs < instant('2026-03-29T05:00Z'); atMs += 60_000) {
    const span = { atMs, durationMs: 1 };
    expect(isPermitted(rule, span)).toBe(isPermitted(early, span) && isPermitted(late, span));
  }
});

describe('civil days', () => {
  test.each<[string, string, string, number]>([
    ['an ordinary one', 'Asia/Ho_Chi_Minh', '2026-11-23T12:00Z', 24],
    ['a short one', 'Europe/Berlin', '2026-03-29T12:00Z', 23],
    ['a long one', 'Europe/Berlin', '2026-10-25T12:00Z', 25],
    ['the day before one that was left out', 'Pacific/Apia', '2011-12-30T05:00Z', 24],
  ])('%s', (_name, zone, text, lengthHours) => {
    const day = civilDayAt(zone, instant(text));
    expect((day.untilMs - day.fromMs) / 3_600_000).toBe(lengthHours);
    const clock = Temporal.Instant.from(text).toZonedDateTimeISO(zone);
    expect([day.date, day.weekday]).toEqual([clock.toPlainDate().toString(), clock.dayOfWeek]);
  });

  test('a span is on every day it touches', () => {
    const span = { atMs: instant('2026-11-23T16:59Z'), durationMs: 86_400_000 + 120_000 };
    expect(civilDaysOf('Asia/Ho_Chi_Minh', span).map(({ date }) => date)).toEqual([
      '2026-11-23',
      '2026-11-24',
      '2026-11-25',
    ]);
  });

  test('a zone that is none is refused', () => {
    expect(() => civilDayAt('Asia/Nowhere', 0)).toThrow(RangeError);
  });
});
