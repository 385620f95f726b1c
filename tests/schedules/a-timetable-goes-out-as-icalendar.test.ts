/** A timetable as iCalendar: by rules where a rule says it, start by start where none does; lines as RFC 5545 wants them. */
import { type TimetableEntry, timetableIcs } from '@loa/schedules';
import { describe, expect, test } from 'vitest';

const nowMs = Date.parse('2026-11-25T00:00:00+07:00');
const entry: TimetableEntry = {
  id: 'b1',
  title: 'Bản tin sáng',
  place: 'Xã Hàm Thuận Bắc',
  whens: [],
  nowAtMs: undefined,
  timeZone: 'Asia/Ho_Chi_Minh',
  clipDurationMs: 60_000,
  repeat: { count: 2, gapMs: 5_000 },
};

function linesOf(whens: TimetableEntry['whens'], change: Partial<TimetableEntry> = {}): string[] {
  const text = timetableIcs([{ ...entry, whens, ...change }], { name: 'Lịch phát', nowMs });
  expect(text.endsWith('\r\n')).toBe(true);
  return text.replaceAll('\r\n ', '').trimEnd().split('\r\n');
}

describe('by rules in local time', () => {
  test.each<[TimetableEntry['whens'][number], string, string]>([
    [{ kind: 'daily', from: '2026-11-01', time: '04:45' }, '20261125T044500', 'FREQ=DAILY'],
    [
      { kind: 'weekly', from: '2026-11-26', until: '2026-12-31', weekdays: [1, 6], time: '17:00' },
      '20261128T170000',
      'FREQ=WEEKLY;BYDAY=MO,SA;UNTIL=20261231T165959Z',
    ],
    [
      { kind: 'monthly', from: '2026-11-01', days: [15, -1], time: '17:00' },
      '20261130T170000',
      'FREQ=MONTHLY;BYMONTHDAY=15,-1',
    ],
  ])('%j', (when, start, rule) => {
    const lines = linesOf([when]);
    expect(lines).toContain(`DTSTART;TZID=Asia/Ho_Chi_Minh:${start}`);
    expect(lines).toContain(`RRULE:${rule}`);
    expect(lines).toContain('TZOFFSETTO:+0700');
    expect(lines).toContain('DURATION:PT125S');
    expect(lines.filter((line) => line === 'BEGIN:VEVENT')).toHaveLength(1);
  });
});

describe('start by start', () => {
  test('on lunar days, of which no calendar program knows', () => {
    const lines = linesOf([
      {
        kind: 'lunar',
        from: '2026-11-25',
        until: '2026-12-31',
        rule: { kind: 'monthly', days: [1, 15] },
        time: '05:00',
      },
    ]);
    expect(lines.filter((line) => line.startsWith('DTSTART:202'))).toEqual([
      'DTSTART:20261208T220000Z',
      'DTSTART:20261222T220000Z',
    ]);
  });

  test('in a zone whose clock changes, at the right instant on either side of the change', () => {
    const lines = linesOf([{ kind: 'daily', from: '2027-03-27', until: '2027-03-29', time: '05:00' }], {
      timeZone: 'Europe/Berlin',
    });
    expect(lines.filter((line) => line.startsWith('DTSTART:202'))).toEqual([
      'DTSTART:20270327T040000Z',
      'DTSTART:20270328T030000Z',
      'DTSTART:20270329T030000Z',
    ]);
    expect(lines).not.toContain('BEGIN:VTIMEZONE');
  });

  test('what was played now and is over is left out', () => {
    expect(linesOf([], { nowAtMs: nowMs - 1 })).not.toContain('BEGIN:VEVENT');
  });
});

test('text is escaped, and no line is longer than 75 octets', () => {
  const title = `Họp dân; mời bà con, cảm ơn\n${'ủy ban nhân dân '.repeat(20)}`;
  const text = timetableIcs([{ ...entry, title, whens: [{ kind: 'once', date: '2026-11-26', time: '05:00' }] }], {
    name: 'x',
    nowMs,
  });
  for (const line of text.split('\r\n')) expect(Buffer.byteLength(line)).toBeLessThanOrEqual(75);
  expect(text.replaceAll('\r\n ', '')).toContain(String.raw`SUMMARY:Họp dân\; mời bà con\, cảm ơn\nủy ban`);
});
