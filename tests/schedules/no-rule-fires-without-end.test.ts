/** What no horn should follow is refused by name, in bounded time: never, too often, too long, malformed. */
import { parseRecurrenceSet, startsPerDayBound } from '@loa/schedules/recurrence';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

const seed = 20_261_125;
const start = 'DTSTART;TZID=Asia/Ho_Chi_Minh:20261124T170000';

function parse(text: string): ReturnType<typeof parseRecurrenceSet> {
  return parseRecurrenceSet(text, { timeZone: 'Asia/Ho_Chi_Minh' });
}

describe('a text is refused for its reason', () => {
  const rules: [rule: string, reason: string, at: string][] = [
    ['FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30', 'never-fires', 'RRULE'],
    ['FREQ=YEARLY;BYMONTH=4,6;BYMONTHDAY=31', 'never-fires', 'RRULE'],
    ['FREQ=YEARLY;BYYEARDAY=1;BYMONTH=12', 'never-fires', 'RRULE'],
    ['FREQ=MONTHLY;BYMONTH=2;BYDAY=5MO;BYMONTHDAY=28', 'never-fires', 'RRULE'],
    ['FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30', 'never-fires', 'RRULE'],
    ['FREQ=DAILY;BYHOUR=7;BYSETPOS=2', 'never-fires', 'RRULE'],
    ['FREQ=DAILY;BYSECOND=60', 'never-fires', 'RRULE'],
    ['FREQ=HOURLY;INTERVAL=24;BYHOUR=3', 'never-fires', 'RRULE'],
    ['FREQ=SECONDLY;INTERVAL=2;BYSECOND=1', 'never-fires', 'RRULE'],
    [
      'FREQ=SECONDLY;INTERVAL=7;BYDAY=MO;BYHOUR=0,7,14,21;BYMINUTE=0,7,14;BYSECOND=0;BYMONTH=2;BYMONTHDAY=30',
      'never-fires',
      'RRULE',
    ],
    ['FREQ=YEARLY;INTERVAL=4;BYMONTH=2;BYMONTHDAY=29', 'never-fires', 'RRULE'],
    ['FREQ=WEEKLY;BYDAY=MO;UNTIL=20261125T000000Z', 'never-fires', 'RRULE'],
    ['FREQ=SECONDLY', 'fires-too-often', 'RRULE'],
    ['FREQ=MINUTELY', 'fires-too-often', 'RRULE'],
    ['FREQ=MINUTELY;INTERVAL=29', 'fires-too-often', 'RRULE'],
    ['FREQ=HOURLY;BYMINUTE=0,15,30,45', 'fires-too-often', 'RRULE'],
    ['FREQ=DAILY;BYHOUR=5,6,7,8,9;BYMINUTE=0,1,2,3,4,5,6,7,8,9', 'fires-too-often', 'RRULE'],
    ['FREQ=MINUTELY;COUNT=10000', 'fires-too-often', 'RRULE'],
    ['FREQ=DAILY;UNTIL=20261123T235959Z', 'until-before-start', 'UNTIL'],
    ['FREQ=DAILY;UNTIL=20261124T095959Z', 'until-before-start', 'UNTIL'],
    ['FREQ=DAILY;UNTIL=20261123', 'until-before-start', 'UNTIL'],
    ['FREQ=DAILY;UNTIL=20261124T165959', 'until-before-start', 'UNTIL'],
    ['FREQ=DAILY;UNTIL=20261324', 'date-malformed', 'UNTIL'],
    ['FREQ=DAILY;UNTIL=99991231T235959Z', 'year-out-of-range', 'UNTIL'],
    ['FREQ=DAILY;UNTIL=20271124;COUNT=3', 'count-and-until', 'COUNT'],
    ['FREQ=DAILY;COUNT=0', 'count-zero', 'COUNT'],
    ['FREQ=DAILY;COUNT=10001', 'count-too-large', 'COUNT'],
    ['FREQ=DAILY;COUNT=99999999999999999999', 'count-too-large', 'COUNT'],
    ['FREQ=DAILY;COUNT=-1', 'part-malformed', 'COUNT'],
    ['FREQ=DAILY;INTERVAL=0', 'interval-zero', 'INTERVAL'],
    ['FREQ=DAILY;INTERVAL=100001', 'part-out-of-range', 'INTERVAL'],
    ['FREQ=FORTNIGHTLY', 'part-malformed', 'FREQ'],
    ['INTERVAL=2', 'frequency-missing', 'FREQ'],
    ['FREQ=DAILY;FREQ=DAILY', 'part-repeated', 'FREQ'],
    ['FREQ=DAILY;BYHOUR=24', 'part-out-of-range', 'BYHOUR'],
    ['FREQ=DAILY;BYHOUR=', 'part-malformed', 'BYHOUR='],
    ['FREQ=DAILY;BYHOUR=1,,2', 'part-malformed', 'BYHOUR'],
    ['FREQ=YEARLY;BYMONTH=0', 'part-out-of-range', 'BYMONTH'],
    ['FREQ=YEARLY;BYMONTH=13', 'part-out-of-range', 'BYMONTH'],
    ['FREQ=MONTHLY;BYMONTHDAY=0', 'part-out-of-range', 'BYMONTHDAY'],
    ['FREQ=MONTHLY;BYDAY=0MO', 'part-out-of-range', 'BYDAY'],
    ['FREQ=MONTHLY;BYDAY=XX', 'part-malformed', 'BYDAY'],
    ['FREQ=YEARLY;BYWEEKNO=54', 'part-out-of-range', 'BYWEEKNO'],
    ['FREQ=YEARLY;BYYEARDAY=367', 'part-out-of-range', 'BYYEARDAY'],
    ['FREQ=WEEKLY;BYDAY=1MO', 'part-not-allowed', 'BYDAY'],
    ['FREQ=YEARLY;BYWEEKNO=3;BYDAY=1MO', 'part-not-allowed', 'BYDAY'],
    ['FREQ=DAILY;BYSETPOS=1', 'part-not-allowed', 'BYSETPOS'],
    ['FREQ=YEARLY;RSCALE=CHINESE', 'part-unknown', 'RSCALE'],
    [`FREQ=YEARLY;BYYEARDAY=${'1,'.repeat(900)}1`, 'part-out-of-range', 'BYYEARDAY'],
  ];
  test.each(rules)('%s: %s at %s', (rule, reason, at) => {
    expect(parse(`${start}\nRRULE:${rule}`)).toEqual({ ok: false, reason, at });
  });

  const texts: [name: string, text: string, reason: string][] = [
    ['nothing', '', 'start-missing'],
    ['a rule alone', 'RRULE:FREQ=DAILY', 'start-missing'],
    ['two starts', `${start}\n${start}`, 'line-repeated'],
    ['an unknown zone', 'DTSTART;TZID=Asia/Saigon2:20261124T170000', 'zone-unknown'],
    ['an offset for a zone', 'DTSTART;TZID=+07:00:20261124T170000', 'date-malformed'],
    ['a quoted offset for a zone', 'DTSTART;TZID="+07:00":20261124T170000', 'zone-unknown'],
    ['the 30th of February', 'DTSTART:20260230T170000', 'date-malformed'],
    ['25 hours', 'DTSTART:20260220T250000', 'date-malformed'],
    ['the year 1899', 'DTSTART:18991231T170000', 'year-out-of-range'],
    ['the year 2201', 'DTSTART:22010101T170000', 'year-out-of-range'],
    ['a date that calls itself a time', 'DTSTART;VALUE=DATE-TIME:20261124', 'date-type-differs'],
    ['a period', `${start}\nRDATE;VALUE=PERIOD:20261125T100000Z/PT1H`, 'period-unsupported'],
    ['an exception rule', `${start}\nEXRULE:FREQ=DAILY`, 'exception-rule-unsupported'],
    ['a foreign line', `${start}\nSUMMARY:hello`, 'line-unknown'],
    ['no line at all', `${start}\nhello`, 'line-malformed'],
    ['a megabyte', `${start}\nRDATE:${'20261124T170000,'.repeat(70_000)}`, 'text-too-long'],
    ['too many dates', `${start}\nRDATE;VALUE=DATE:${Array(1_831).fill('20261124').join(',')}`, 'too-many-dates'],
    ['five rules', start + '\nRRULE:FREQ=DAILY'.repeat(5), 'too-many-rules'],
    ['a single start that is excepted', `${start}\nEXDATE;TZID=Asia/Ho_Chi_Minh:20261124T170000`, 'never-fires'],
    ['hours of a whole day', 'DTSTART;VALUE=DATE:20261124\nRRULE:FREQ=HOURLY', 'part-not-allowed'],
    [
      '49 listed starts on one day',
      `${start}\nRDATE:${Array.from({ length: 49 }, (_, n) => `20261125T10${String(n).padStart(2, '0')}00`).join(',')}`,
      'fires-too-often',
    ],
  ];
  test.each(texts)('%s', (_, text, reason) => {
    expect(parse(text)).toMatchObject({ ok: false, reason });
  });
});

test.each([
  'FREQ=MINUTELY;INTERVAL=30',
  'FREQ=MINUTELY;INTERVAL=15;COUNT=6',
  'FREQ=HOURLY;INTERVAL=3',
  'FREQ=MINUTELY;INTERVAL=20;BYHOUR=9,10,11,12,13,14,15,16',
  'FREQ=SECONDLY;INTERVAL=1800',
  'FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29',
  'FREQ=DAILY;COUNT=10000',
])('%s is taken', (rule) => {
  expect(parse(`${start}\nRRULE:${rule}`)).toMatchObject({ ok: true });
});

const names = ['FREQ', 'COUNT', 'UNTIL', 'INTERVAL', 'WKST', 'BYDAY', 'BYHOUR', 'BYMINUTE', 'BYSECOND', 'BYMONTH'];
const moreNames = ['BYMONTHDAY', 'BYYEARDAY', 'BYWEEKNO', 'BYSETPOS', 'RSCALE'];
const values = [
  'YEARLY',
  'MONTHLY',
  'WEEKLY',
  'DAILY',
  'HOURLY',
  'MINUTELY',
  'SECONDLY',
  'MO',
  '-1SU',
  '5MO',
  '0',
  '1',
];
const moreValues = [
  '-1',
  '30,31',
  '29',
  '366',
  '53',
  '7',
  '60',
  '59',
  '99999',
  '20991231',
  '20270101T000000Z',
  'MO,TU,WE',
];

test('whatever a rule says, it is judged in bounded time and means what it says', () => {
  let taken = 0;
  fc.assert(
    fc.property(
      fc.constantFrom(...values.slice(0, 7)),
      fc.array(
        fc.tuple(fc.constantFrom(...names.slice(1), ...moreNames), fc.constantFrom(...values.slice(7), ...moreValues)),
        {
          maxLength: 6,
        },
      ),
      (frequency, parts) => {
        const rule = [`FREQ=${frequency}`, ...new Map(parts)]
          .map((part) => (typeof part === 'string' ? part : part.join('=')))
          .join(';');
        const fromMs = performance.now();
        const parsed = parse(`${start}\nRRULE:${rule}`);
        expect(performance.now() - fromMs, rule).toBeLessThan(10 * 2_000);
        if (!parsed.ok) return;
        taken += 1;
        expect(startsPerDayBound(parsed.set)).toBeLessThanOrEqual(48);
      },
    ),
    { seed, numRuns: 20_000 },
  );
  expect(taken).toBeGreaterThan(500);
});

test('whatever a text is, it is answered and not thrown at', () => {
  const piece = fc.constantFrom(
    'DTSTART',
    ';TZID=',
    'Asia/Ho_Chi_Minh',
    ':',
    '20261124T170000',
    'Z',
    '\n',
    '\r\n ',
    'RRULE:FREQ=DAILY',
    ';',
    '=',
    ',',
    'EXDATE',
    'RDATE',
    'VALUE=DATE',
    '"',
    '20261124',
    '__proto__',
    '\0',
    'ố',
  );
  fc.assert(
    fc.property(fc.array(fc.oneof(piece, fc.string({ maxLength: 5 })), { maxLength: 20 }), (pieces) => {
      expect(typeof parse(`${start}\n${pieces.join('')}`).ok).toBe('boolean');
      expect(typeof parse(pieces.join('')).ok).toBe('boolean');
    }),
    { seed, numRuns: 5_000 },
  );
});
