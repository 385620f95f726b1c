/** Recurrence on wall clocks that change: the time of day stays, a skipped one is left out and not counted, a repeated one comes once. */
import {
  endOfSet,
  firstInstantOfSet,
  instantsOfSet,
  parseRecurrenceSet,
  type RecurrenceSet,
} from '@loa/schedules/recurrence';
import { describe, expect, test } from 'vitest';

function setOf(text: string, timeZone = 'Asia/Ho_Chi_Minh'): RecurrenceSet {
  const parsed = parseRecurrenceSet(text, { timeZone });
  if (!parsed.ok) throw new Error(`${parsed.reason} at ${parsed.at}`);
  return parsed.set;
}

function starts(set: RecurrenceSet, from: string, until: string): string[] {
  const ms = (text: string): number => Temporal.Instant.from(text).epochMilliseconds;
  return instantsOfSet(set, { fromMs: ms(from), untilMs: ms(until) }).map((atMs) =>
    Temporal.Instant.fromEpochMilliseconds(atMs).toString(),
  );
}

describe('rule, zone and window against instants', () => {
  const table: { name: string; text: string; from: string; until: string; expected: string[] }[] = [
    {
      name: 'Vietnam has one offset all year',
      text: 'DTSTART;TZID=Asia/Ho_Chi_Minh:20260101T044500\nRRULE:FREQ=MONTHLY;INTERVAL=6',
      from: '2025-12-01T00:00Z',
      until: '2027-01-01T00:00Z',
      expected: ['2025-12-31T21:45:00Z', '2026-06-30T21:45:00Z', '2026-12-31T21:45:00Z'],
    },
    {
      name: 'New York: 09:00 before and after the change',
      text: 'DTSTART;TZID=America/New_York:20260306T090000\nRRULE:FREQ=DAILY;COUNT=4',
      from: '2026-03-01T00:00Z',
      until: '2026-04-01T00:00Z',
      expected: ['2026-03-06T14:00:00Z', '2026-03-07T14:00:00Z', '2026-03-08T13:00:00Z', '2026-03-09T13:00:00Z'],
    },
    {
      name: 'Berlin: 02:30 is skipped on 29 March and not counted',
      text: 'DTSTART;TZID=Europe/Berlin:20260328T023000\nRRULE:FREQ=DAILY;COUNT=3',
      from: '2026-03-01T00:00Z',
      until: '2026-05-01T00:00Z',
      expected: ['2026-03-28T01:30:00Z', '2026-03-30T00:30:00Z', '2026-03-31T00:30:00Z'],
    },
    {
      name: 'Berlin: 02:30 on 25 October comes once, at its first coming',
      text: 'DTSTART;TZID=Europe/Berlin:20261024T023000\nRRULE:FREQ=DAILY;COUNT=3',
      from: '2026-10-01T00:00Z',
      until: '2026-11-01T00:00Z',
      expected: ['2026-10-24T00:30:00Z', '2026-10-25T00:30:00Z', '2026-10-26T01:30:00Z'],
    },
    {
      name: 'Berlin: an UNTIL in the second coming of 02:10 still holds 02:30, which came first',
      text: 'DTSTART;TZID=Europe/Berlin:20261024T023000\nRRULE:FREQ=DAILY;UNTIL=20261025T011000Z',
      from: '2026-10-01T00:00Z',
      until: '2026-11-01T00:00Z',
      expected: ['2026-10-24T00:30:00Z', '2026-10-25T00:30:00Z'],
    },
    {
      name: 'Berlin: an UNTIL in the first coming of 02:10 does not hold 02:30',
      text: 'DTSTART;TZID=Europe/Berlin:20261024T023000\nRRULE:FREQ=DAILY;UNTIL=20261025T001000Z',
      from: '2026-10-01T00:00Z',
      until: '2026-11-01T00:00Z',
      expected: ['2026-10-24T00:30:00Z'],
    },
    {
      name: 'Lord Howe: half an hour is skipped on 4 October, 02:15 with it',
      text: 'DTSTART;TZID=Australia/Lord_Howe:20261003T021500\nRRULE:FREQ=DAILY;COUNT=2',
      from: '2026-10-01T00:00Z',
      until: '2026-11-01T00:00Z',
      expected: ['2026-10-02T15:45:00Z', '2026-10-04T15:15:00Z'],
    },
    {
      name: 'Lord Howe: half an hour is repeated on 5 April',
      text: 'DTSTART;TZID=Australia/Lord_Howe:20260405T014500\nRRULE:FREQ=DAILY;COUNT=2',
      from: '2026-04-01T00:00Z',
      until: '2026-05-01T00:00Z',
      expected: ['2026-04-04T14:45:00Z', '2026-04-05T15:15:00Z'],
    },
    {
      name: 'Casablanca: an hour back on 15 February 2026, for Ramadan',
      text: 'DTSTART;TZID=Africa/Casablanca:20260214T170000\nRRULE:FREQ=DAILY;COUNT=2',
      from: '2026-02-01T00:00Z',
      until: '2026-03-01T00:00Z',
      expected: ['2026-02-14T16:00:00Z', '2026-02-15T17:00:00Z'],
    },
    {
      name: 'Apia: 30 December 2011 did not happen',
      text: 'DTSTART;TZID=Pacific/Apia:20111229T120000\nRRULE:FREQ=DAILY;COUNT=2',
      from: '2011-12-01T00:00Z',
      until: '2012-02-01T00:00Z',
      expected: ['2011-12-29T22:00:00Z', '2011-12-30T22:00:00Z'],
    },
    {
      name: 'hours are counted on the wall clock: 02:00 is skipped, and 02:00 comes once',
      text: 'DTSTART;TZID=Europe/Berlin:20260329T010000\nRRULE:FREQ=HOURLY;COUNT=3',
      from: '2026-03-01T00:00Z',
      until: '2026-05-01T00:00Z',
      expected: ['2026-03-29T00:00:00Z', '2026-03-29T01:00:00Z', '2026-03-29T02:00:00Z'],
    },
    {
      name: 'a start without zone or Z is read in the zone handed in',
      text: 'DTSTART:20261124T170000\nRRULE:FREQ=DAILY;COUNT=1',
      from: '2026-11-01T00:00Z',
      until: '2026-12-01T00:00Z',
      expected: ['2026-11-24T10:00:00Z'],
    },
    {
      name: 'a start that its rule does not name is neither aired nor counted',
      text: 'DTSTART:20261124T170000\nRRULE:FREQ=WEEKLY;BYDAY=MO,WE;COUNT=2',
      from: '2026-11-01T00:00Z',
      until: '2026-12-30T00:00Z',
      expected: ['2026-11-25T10:00:00Z', '2026-11-30T10:00:00Z'],
    },
    {
      name: 'a start alone, with extra starts of three kinds, one of them twice',
      text: [
        'DTSTART:20261124T170000',
        'RDATE;VALUE=DATE:20261126,20261127',
        'RDATE:20261126T',
        ' 170000,20261128T010000Z',
        'RDATE;TZID=Europe/Berlin:20261129T090000',
      ].join('\r\n'),
      from: '2026-11-01T00:00Z',
      until: '2026-12-30T00:00Z',
      expected: [
        '2026-11-24T10:00:00Z',
        '2026-11-26T10:00:00Z',
        '2026-11-27T10:00:00Z',
        '2026-11-28T01:00:00Z',
        '2026-11-29T08:00:00Z',
      ],
    },
    {
      name: 'an exception takes an instant, a civil moment or a whole date; a count is not refilled',
      text: [
        'DTSTART:20261124T170000',
        'RRULE:FREQ=DAILY;BYHOUR=5,17;COUNT=8',
        'EXDATE:20261125T050000',
        'EXDATE:20261125T100000Z',
        'EXDATE;VALUE=DATE:20261127',
      ].join('\n'),
      from: '2026-11-01T00:00Z',
      until: '2026-12-30T00:00Z',
      expected: ['2026-11-24T10:00:00Z', '2026-11-25T22:00:00Z', '2026-11-26T10:00:00Z', '2026-11-27T22:00:00Z'],
    },
    {
      name: 'two rules that meet make one start',
      text: 'DTSTART:20261124T170000\nRRULE:FREQ=WEEKLY;BYDAY=TU;COUNT=2\nRRULE:FREQ=DAILY;INTERVAL=7;COUNT=3',
      from: '2026-11-01T00:00Z',
      until: '2026-12-30T00:00Z',
      expected: ['2026-11-24T10:00:00Z', '2026-12-01T10:00:00Z', '2026-12-08T10:00:00Z'],
    },
  ];
  test.each(table)('$name', ({ text, from, until, expected }) => {
    expect(starts(setOf(text), from, until)).toEqual(expected);
    const [first] = expected;
    const set = setOf(text);
    const firstMs = firstInstantOfSet(set, Temporal.Instant.from(from).epochMilliseconds) ?? 0;
    expect(Temporal.Instant.fromEpochMilliseconds(firstMs).toString()).toBe(first);
  });
});

test('a rule of a century ago is expanded near the window, not from its start', () => {
  const set = setOf('DTSTART:19010101T170000\nRRULE:FREQ=DAILY;INTERVAL=3;BYHOUR=5,17');
  starts(set, '2026-11-20T00:00Z', '2026-11-29T00:00Z');
  const fromMs = performance.now();
  expect(starts(set, '2026-11-20T00:00Z', '2026-11-29T00:00Z')).toHaveLength(6);
  expect(performance.now() - fromMs).toBeLessThan(20);
});

test('a set ends never, with a last instant, or before it began', () => {
  const kinds = [
    ['RRULE:FREQ=DAILY', 'endless'],
    ['RRULE:FREQ=DAILY;COUNT=10', 'last'],
    ['RRULE:FREQ=YEARLY;UNTIL=21991124T100000Z', 'last'],
  ] as const;
  for (const [rule, kind] of kinds) expect(endOfSet(setOf(`DTSTART:20261124T170000\n${rule}`)).kind).toBe(kind);
  const excepted = setOf('DTSTART:20261124T170000\nRRULE:FREQ=DAILY;COUNT=3\nEXDATE;VALUE=DATE:20261126');
  expect(endOfSet(excepted)).toEqual({
    kind: 'last',
    atMs: Temporal.Instant.from('2026-11-25T10:00Z').epochMilliseconds,
  });
});
