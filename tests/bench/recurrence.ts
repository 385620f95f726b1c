/**
 * Expansion of libical's corpus, every rule from its text to its instants, beside rrule.js on the same rules in the same
 * run. Each round parses and expands all of them; the rounds alternate, so a busy machine slows both. Run alone:
 * `node tests/bench/recurrence.ts`.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { instantsOfSet, readRecurrenceSet } from '@loa/schedules/recurrence';
import rrule from 'rrule';

const corpus = join(import.meta.dirname, '../fixtures/recurrence/libical.tsv');
const rounds = { whole: 40, plan: 5 };

interface Fact {
  text: string;
  fromMs: number;
  untilMs: number;
}

export interface ExpansionTimes {
  rules: number;
  /** Medians for the whole corpus, in ms. */
  ownMs: number;
  rruleJsMs: number;
  /**
   * Medians for the nine days of a plan, 25 years after the start, of the corpus without COUNT and UNTIL, and without
   * the rules of hours and minutes, for which rrule.js takes minutes.
   */
  ownPlanMs: number;
  rruleJsPlanMs: number;
}

/** Measures both, on rules that both take: whole dates and their instants are expanded in UTC. */
export function measureExpansion(): ExpansionTimes {
  const facts = readFacts();
  const long = facts.filter(({ text }) => !/FREQ=(?:HOURLY|MINUTELY)/.test(text));
  const endless = long.map(({ text, fromMs }) => ({
    text: text.replaceAll(/;(?:COUNT|UNTIL)=[^;\n]*/g, ''),
    fromMs: fromMs + 25 * 365 * 86_400_000,
    untilMs: fromMs + (25 * 365 + 9) * 86_400_000,
  }));
  const [ownMs, rruleJsMs] = alternate(facts, rounds.whole);
  const [ownPlanMs, rruleJsPlanMs] = alternate(endless, rounds.plan);
  return { rules: facts.length, ownMs, rruleJsMs, ownPlanMs, rruleJsPlanMs };
}

function readFacts(): Fact[] {
  return readFileSync(corpus, 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => line.split('\t'))
    .map(([rule = '', start = '', , expected = '']) => {
      const full = `${start.slice(0, 8)}T${start.slice(9, 15) || '000000'}Z`;
      const ms = (basic: string): number =>
        Temporal.PlainDateTime.from(basic.replace('Z', '')).toZonedDateTime('UTC').epochMilliseconds;
      const last = expected.split(',').at(-1) ?? start;
      return {
        text: `DTSTART:${full}\nRRULE:${rule.replace(/;$/, '')}`,
        fromMs: ms(full),
        untilMs: ms(last) + 1_000,
      };
    });
}

function alternate(facts: readonly Fact[], times: number): [ownMs: number, rruleJsMs: number] {
  const own: number[] = [];
  const other: number[] = [];
  for (let round = 0; round < times; round += 1) {
    own.push(timed(() => expandOwn(facts)));
    other.push(timed(() => expandRruleJs(facts)));
  }
  return [median(own), median(other)];
}

function expandOwn(facts: readonly Fact[]): number {
  let starts = 0;
  for (const { text, fromMs, untilMs } of facts) {
    const read = readRecurrenceSet(text, { timeZone: 'UTC' });
    if (!read.ok) throw new Error(`${read.reason}: ${text}`);
    starts += instantsOfSet(read.set, { fromMs, untilMs }).length;
  }
  return starts;
}

function expandRruleJs(facts: readonly Fact[]): number {
  let starts = 0;
  for (const { text, fromMs, untilMs } of facts)
    starts += rrule.rrulestr(text).between(new Date(fromMs), new Date(untilMs - 1), true).length;
  return starts;
}

function timed(work: () => number): number {
  const fromMs = performance.now();
  if (work() === 0) throw new Error('Nothing was expanded');
  return performance.now() - fromMs;
}

function median(figures: readonly number[]): number {
  return [...figures].sort((a, b) => a - b)[figures.length >> 1] ?? Number.NaN;
}

/** Lines to print: what, figure, floor. */
export function expansionLines(times: ExpansionTimes): [what: string, figure: string, floor: string][] {
  const { rules, ownMs, rruleJsMs, ownPlanMs, rruleJsPlanMs } = times;
  return [
    [
      `${rules} rules of libical's corpus, text to instants`,
      `${ownMs.toFixed(2)} ms, ${(ownMs / rruleJsMs).toFixed(2)} of rrule.js (limit 1)`,
      `floor: rrule.js, ${rruleJsMs.toFixed(2)} ms`,
    ],
    [
      'the same without ends, nine days 25 years later',
      `${ownPlanMs.toFixed(2)} ms, ${(ownPlanMs / rruleJsPlanMs).toFixed(3)} of rrule.js (limit 1)`,
      `floor: rrule.js, ${rruleJsPlanMs.toFixed(2)} ms`,
    ],
  ];
}

if (process.argv[1] === import.meta.filename) {
  for (const texts of expansionLines(measureExpansion())) console.log(`${texts[0]}: ${texts[1]}; ${texts[2]}`);
}
