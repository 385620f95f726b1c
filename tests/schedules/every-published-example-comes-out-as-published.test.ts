/** RFC 5545's own examples and the corpora of libical and dateutil, rule by rule, date by date. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { instantsOfSet, parseRecurrenceSet, type RecurrenceSet, readRecurrenceSet } from '@loa/schedules/recurrence';
import { describe, expect, test } from 'vitest';

const folder = join(import.meta.dirname, '../fixtures/recurrence');

function facts(name: string): string[][] {
  return readFileSync(join(folder, name), 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => line.split('\t'));
}

function setOf(start: string, rule: string, timeZone: string): RecurrenceSet {
  const read = readRecurrenceSet(`DTSTART:${start}\nRRULE:${rule}`, { timeZone });
  if (!read.ok) throw new Error(`${read.reason} at ${read.at}`);
  return read.set;
}

/** Exactly so many starts at or after a moment in UTC, and whether more come within 30 years. */
function starts(set: RecurrenceSet, from: string, length: number): string[] {
  const fromMs = Temporal.Instant.from(from).epochMilliseconds;
  for (const years of [1, 5, 30, 210]) {
    const found = instantsOfSet(set, { fromMs, untilMs: fromMs + years * 366 * 86_400_000 });
    if (found.length > length || years === 210)
      return found.slice(0, length + 1).map((atMs) => Temporal.Instant.fromEpochMilliseconds(atMs).toString());
  }
  return [];
}

function instant(basic: string, timeZone: string): string {
  return Temporal.PlainDateTime.from(basic.replace('Z', '')).toZonedDateTime(timeZone).toInstant().toString();
}

describe('the examples of RFC 5545 §3.8.5.3', () => {
  const zone = 'America/New_York';
  const published = (text: string, start: string): string[] =>
    text.split(' ').flatMap((group) => {
      const [month = '', days] = group.split('/');
      if (days === undefined) return [month];
      return days.split(',').flatMap((range) => {
        const [first = 0, last = first] = range.split('-').map(Number);
        const dates = Array.from({ length: last - first + 1 }, (_, index) => first + index);
        return dates.map((date) => `${month}${String(date).padStart(2, '0')}${start.slice(8)}`);
      });
    });
  test.each(facts('rfc5545.tsv'))('%s', (rule, start = '', text = '') => {
    const goesOn = text.endsWith(' …');
    const expected = published(text.replace(' …', ''), start).map((each) => instant(each, zone));
    const found = starts(setOf(start, rule ?? '', zone), '1996-01-01T00:00Z', expected.length);
    expect(found.slice(0, expected.length)).toEqual(expected);
    expect(found.length > expected.length).toBe(goesOn);
  });
});

describe('what libical expects', () => {
  test.each(facts('libical.tsv'))('%s from %s', (rule, start = '', from, expected = '') => {
    const wanted = expected.split(',').map((each) => instant(each, 'UTC'));
    const found = starts(setOf(start, rule ?? '', 'UTC'), instant(from || start, 'UTC'), wanted.length);
    expect(found).toEqual(wanted);
  });
});

/**
 * dateutil takes these parts for every frequency; RFC 5545 §3.3.10 forbids them there, and so do we.
 * Where a part is left unsaid, dateutil takes every day or month and we take the start's, as RFC 8984 §4.3.3.1 says.
 */
describe('what dateutil expects', () => {
  const all = facts('dateutil.tsv').map(([rule = '', start = '', expected = '']) => ({ rule, start, expected }));
  const isForbidden = (rule: string): boolean =>
    /^FREQ=(?!YEARLY).*BYWEEKNO/.test(rule) ||
    /^FREQ=(MONTHLY|WEEKLY|DAILY).*BYYEARDAY/.test(rule) ||
    /^FREQ=WEEKLY.*BYMONTHDAY/.test(rule) ||
    /^FREQ=(?!YEARLY|MONTHLY).*BYDAY=[^;]*\d/.test(rule);
  const isReadOtherwise = (rule: string): boolean =>
    /^FREQ=YEARLY/.test(rule) &&
    !rule.includes('BYYEARDAY') &&
    ((rule.includes('BYMONTHDAY') && !rule.includes('BYMONTH=')) ||
      (rule.includes('BYWEEKNO') && !rule.includes('BYDAY')));
  const usual = all.filter(({ rule }) => !isForbidden(rule) && !isReadOtherwise(rule));
  test.each(usual)('$rule', ({ rule, start, expected }) => {
    const wanted = expected.split(',').map((each) => instant(each, 'UTC'));
    const found = starts(setOf(start, rule, 'UTC'), instant(start, 'UTC'), wanted.length);
    expect(found).toEqual(wanted);
  });

  test.each(all.filter(({ rule }) => isForbidden(rule)))('$rule is refused', ({ rule, start }) => {
    const parsed = parseRecurrenceSet(`DTSTART:${start}\nRRULE:${rule}`, { timeZone: 'UTC' });
    expect(parsed).toMatchObject({ ok: false, reason: 'part-not-allowed' });
  });

  test('no fact is left out unnoticed', () => {
    expect(all.length).toBe(212);
    expect(all.filter(({ rule }) => isReadOtherwise(rule)).map(({ rule }) => rule)).toMatchInlineSnapshot(`
      [
        "FREQ=YEARLY;COUNT=1;BYMONTHDAY=6",
        "FREQ=YEARLY;COUNT=1;BYMONTHDAY=5",
        "FREQ=YEARLY;COUNT=3;BYMONTHDAY=1,3",
        "FREQ=YEARLY;COUNT=3;BYMONTHDAY=1,3;BYDAY=TU,TH",
        "FREQ=YEARLY;COUNT=3;BYSETPOS=3,-3;BYMONTHDAY=15;BYHOUR=6,18",
        "FREQ=YEARLY;COUNT=3;BYWEEKNO=20",
      ]
    `);
  });
});
