/** The law of when: tables of rule, zone and window against instants, and laws for generated input. */
import { nextInstantOf, occurrencesOf, type When } from '@loa/schedules';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

const hcm = 'Asia/Ho_Chi_Minh';
const berlin = 'Europe/Berlin';
const dayMs = 86_400_000;

function at(text: string): number {
  return Temporal.Instant.from(text).epochMilliseconds;
}

function starts(when: When, timeZone: string, from: string, until: string): string[] {
  return occurrencesOf(
    { id: 'b1', whens: [when], nowAtMs: undefined, timeZone },
    { fromMs: at(from), untilMs: at(until) },
  ).map(({ atMs }) => Temporal.Instant.fromEpochMilliseconds(atMs).toString());
}

describe('a rule names exactly these instants', () => {
  const table: { name: string; when: When; zone: string; from: string; until: string; expected: string[] }[] = [
    {
      name: 'once, in Vietnam',
      when: { kind: 'once', date: '2026-11-24', time: '17:00' },
      zone: hcm,
      from: '2026-11-23T00:00Z',
      until: '2026-11-30T00:00Z',
      expected: ['2026-11-24T10:00:00Z'],
    },
    {
      name: 'once, outside the window',
      when: { kind: 'once', date: '2026-12-24', time: '17:00' },
      zone: hcm,
      from: '2026-11-23T00:00Z',
      until: '2026-11-30T00:00Z',
      expected: [],
    },
    {
      name: 'daily before 07:00 belongs to the day before in UTC',
      when: { kind: 'daily', from: '2026-11-24', until: '2026-11-25', time: '04:45' },
      zone: hcm,
      from: '2026-11-20T00:00Z',
      until: '2026-11-30T00:00Z',
      expected: ['2026-11-23T21:45:00Z', '2026-11-24T21:45:00Z'],
    },
    {
      name: 'weekly on Tuesday and Saturday, the last airing date included',
      when: { kind: 'weekly', from: '2026-11-23', until: '2026-11-28', weekdays: [2, 6], time: '17:00' },
      zone: hcm,
      from: '2026-11-20T00:00Z',
      until: '2026-12-30T00:00Z',
      expected: ['2026-11-24T10:00:00Z', '2026-11-28T10:00:00Z'],
    },
    {
      name: 'monthly on the 31st and the last day: no 31st, no airing; both on one day, one airing',
      when: { kind: 'monthly', from: '2026-11-24', days: [31, -1], time: '17:00' },
      zone: hcm,
      from: '2026-11-20T00:00Z',
      until: '2027-03-01T00:00Z',
      expected: ['2026-11-30T10:00:00Z', '2026-12-31T10:00:00Z', '2027-01-31T10:00:00Z', '2027-02-28T10:00:00Z'],
    },
    {
      name: 'the lunar 1st and 15th, the last airing date included',
      when: {
        kind: 'lunar',
        from: '2026-11-23',
        until: '2027-01-08',
        rule: { kind: 'monthly', days: [1, 15] },
        time: '05:00',
      },
      zone: hcm,
      from: '2026-11-20T00:00Z',
      until: '2027-03-01T00:00Z',
      expected: ['2026-11-22T22:00:00Z', '2026-12-08T22:00:00Z', '2026-12-22T22:00:00Z', '2027-01-07T22:00:00Z'],
    },
    {
      name: 'three days before the last day of the lunar year, whichever that is',
      when: { kind: 'lunar', from: '2026-01-01', rule: { kind: 'year-end', daysBefore: 3 }, time: '17:00' },
      zone: hcm,
      from: '2026-01-01T00:00Z',
      until: '2028-01-01T00:00Z',
      expected: ['2026-02-13T10:00:00Z', '2027-02-02T10:00:00Z'],
    },
    {
      name: 'a rule of RFC 5545: the last working day of the month, read in the zone of the bulletin',
      when: {
        kind: 'rule',
        text: 'DTSTART:20261101T170000\nRRULE:FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1;UNTIL=20270131T170000',
      },
      zone: hcm,
      from: '2026-11-20T00:00Z',
      until: '2027-03-01T00:00Z',
      expected: ['2026-11-30T10:00:00Z', '2026-12-31T10:00:00Z', '2027-01-29T10:00:00Z'],
    },
    {
      name: 'a civil time that the clock change skips is not aired that day',
      when: { kind: 'daily', from: '2026-03-28', until: '2026-03-30', time: '02:30' },
      zone: berlin,
      from: '2026-03-01T00:00Z',
      until: '2026-04-30T00:00Z',
      expected: ['2026-03-28T01:30:00Z', '2026-03-30T00:30:00Z'],
    },
    {
      name: 'a civil time that happens twice is aired once, at its first coming',
      when: { kind: 'daily', from: '2026-10-25', until: '2026-10-25', time: '02:30' },
      zone: berlin,
      from: '2026-10-01T00:00Z',
      until: '2026-11-30T00:00Z',
      expected: ['2026-10-25T00:30:00Z'],
    },
    {
      name: 'the window holds its beginning and not its end',
      when: { kind: 'daily', from: '2026-11-24', time: '17:00' },
      zone: hcm,
      from: '2026-11-24T10:00Z',
      until: '2026-11-25T10:00Z',
      expected: ['2026-11-24T10:00:00Z'],
    },
  ];
  test.each(table)('$name', ({ when, zone, from, until, expected }) => {
    expect(starts(when, zone, from, until)).toEqual(expected);
  });
});

test('two whens that meet make one occurrence, with one id', () => {
  const whens: When[] = [
    { kind: 'daily', from: '2026-11-24', time: '17:00' },
    { kind: 'once', date: '2026-11-24', time: '17:00' },
  ];
  const found = occurrencesOf(
    { id: 'b1', whens, nowAtMs: undefined, timeZone: hcm },
    { fromMs: at('2026-11-24T00:00Z'), untilMs: at('2026-11-25T00:00Z') },
  );
  expect(found).toEqual([{ id: 'b1@1795514400', bulletinId: 'b1', atMs: 1_795_514_400_000 }]);
});

test('play now is an occurrence at its instant', () => {
  const bulletin = { id: 'b1', whens: [], nowAtMs: 5_000, timeZone: hcm };
  expect(occurrencesOf(bulletin, { fromMs: 0, untilMs: 10_000 }).map(({ atMs }) => atMs)).toEqual([5_000]);
});

test('the next instant of a rule that is over is none', () => {
  const when: When = { kind: 'daily', from: '2026-11-01', until: '2026-11-10', time: '17:00' };
  expect(nextInstantOf(when, hcm, at('2026-11-10T10:00:01Z'))).toBeUndefined();
  expect(nextInstantOf(when, hcm, at('2026-11-10T10:00:00Z'))).toBe(at('2026-11-10T10:00:00Z'));
  expect(nextInstantOf(when, hcm, at('2020-01-01T00:00Z'))).toBe(at('2026-11-01T10:00:00Z'));
});

test('the next instant of a rare rule is found however far ahead it lies', () => {
  const leapDay: When = { kind: 'monthly', from: '2026-11-01', days: [31], time: '17:00' };
  expect(nextInstantOf(leapDay, hcm, at('2027-02-01T00:00Z'))).toBe(at('2027-03-31T10:00:00Z'));
  const tet: When = { kind: 'lunar', from: '2026-03-01', rule: { kind: 'yearly', month: 1, day: 1 }, time: '05:00' };
  expect(nextInstantOf(tet, hcm, at('2026-02-01T00:00Z'))).toBe(at('2027-02-05T22:00:00Z'));
  expect(nextInstantOf(tet, hcm, at('2027-02-05T22:00:01Z'))).toBe(at('2028-01-25T22:00:00Z'));
  expect(nextInstantOf({ ...tet, until: '2027-01-31' }, hcm, at('2026-02-01T00:00Z'))).toBeUndefined();
});

const anyWhen: fc.Arbitrary<When> = fc
  .record({
    kind: fc.constantFrom('once', 'daily', 'weekly', 'monthly', 'lunar', 'rule'),
    day: fc.integer({ min: 0, max: 400 }),
    minute: fc.integer({ min: 0, max: 1439 }),
    length: fc.option(fc.integer({ min: 0, max: 60 })),
    weekdays: fc.uniqueArray(fc.constantFrom(1, 2, 3, 4, 5, 6, 7) as fc.Arbitrary<1>, { minLength: 1 }),
  })
  .map(({ kind, day, minute, length, weekdays }): When => {
    const first = Temporal.PlainDate.from('2026-01-01').add({ days: day });
    const time = Temporal.PlainTime.from('00:00').add({ minutes: minute }).toString().slice(0, 5);
    const until = length === null ? undefined : first.add({ days: length }).toString();
    if (kind === 'once') return { kind, date: first.toString(), time };
    if (kind === 'daily') return { kind, from: first.toString(), until, time };
    if (kind === 'monthly') return { kind, from: first.toString(), until, days: [minute % 31 || -1, 31], time };
    const rule = { kind: 'monthly' as const, days: [1, 15, 30], daysBefore: minute % 4 };
    if (kind === 'lunar') return { kind, from: first.toString(), until, rule, time };
    const start = `${first.toString().replaceAll('-', '')}T${time.replace(':', '')}00`;
    if (kind === 'rule')
      return { kind, text: `DTSTART:${start}\nRRULE:FREQ=DAILY;INTERVAL=${(minute % 5) + 1};COUNT=30` };
    return { kind: 'weekly', from: first.toString(), until, weekdays, time };
  });

test('a window computed in two parts equals the whole', () => {
  fc.assert(
    fc.property(
      fc.array(anyWhen, { maxLength: 4 }),
      fc.integer({ min: 0, max: 30 * 24 }),
      fc.constantFrom(hcm, berlin),
      (whens, cutHour, timeZone) => {
        const bulletin = { id: 'b', whens, nowAtMs: undefined, timeZone };
        const fromMs = at('2026-03-20T00:00Z');
        const untilMs = fromMs + 30 * dayMs;
        const cutMs = fromMs + cutHour * 3_600_000;
        const parts = [
          ...occurrencesOf(bulletin, { fromMs, untilMs: cutMs }),
          ...occurrencesOf(bulletin, { fromMs: cutMs, untilMs }),
        ];
        expect(parts).toEqual(occurrencesOf(bulletin, { fromMs, untilMs }));
      },
    ),
  );
});
