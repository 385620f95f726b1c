/**
 * Which civil starts and instants does a recurrence set name? Its rules together with RDATE, without EXDATE, each start
 * once, in order. A civil moment that a clock change skips is neither aired nor counted (RFC 5545 §3.3.10); one shown
 * twice is aired at its first coming (§3.3.5). COUNT is walked once per set, for everything else expansion begins at
 * the window. Assumes a set that `judge-set.ts` let through; reads no clock.
 */
import type { CivilDate } from '../bulletin.ts';
import type { Window } from '../recurrence.ts';
import { type CivilSeconds, daySeconds, formatCivil, parseCivil } from './civil-day.ts';
import { type CompiledRule, compileRule } from './compile-rule.ts';
import { expansionEnd, walkRule } from './expand-rule.ts';
import { momentKind } from './parse-moment.ts';
import { type Moment, type RecurrenceRule, type RecurrenceSet, startsMax } from './recurrence-set.ts';
import { type ZoneClock, zoneClockOf } from './zone-clock.ts';

/** Inclusive span of civil dates in the set's zone. */
export interface CivilSpan {
  fromDate: CivilDate;
  untilDate: CivilDate;
}

/** A start, on the wall clock and on the line of time. */
interface Start {
  civil: CivilSeconds;
  epochSeconds: number;
}

interface CompiledSet {
  clock: ZoneClock;
  rules: readonly CompiledRule[];
  /** RDATE, and the start of a set without rules; sorted, without doubles. */
  listed: readonly Start[];
  exceptInstants: ReadonlySet<number>;
  exceptDays: ReadonlySet<number>;
}

const compiledSets = new WeakMap<RecurrenceSet, CompiledSet>();

/** Civil starts `2026-11-24T17:00:00` on the dates of the span, sorted. Throws where there are more than `startsMax`. */
export function civilStartsOf(set: RecurrenceSet, { fromDate, untilDate }: CivilSpan): string[] {
  const from = parseCivil(fromDate);
  const until = parseCivil(untilDate);
  if (from === undefined || until === undefined) throw new RangeError(`No such dates: ${fromDate}, ${untilDate}`);
  const compiled = compiledOf(set);
  const end = until + daySeconds;
  return startsFrom(compiled, from, (start) => start.civil < end).map(({ civil }) => formatCivil(civil));
}

/** Instants in epoch ms inside the half-open window, sorted. Throws where there are more than `startsMax`. */
export function instantsOfSet(set: RecurrenceSet, window: Window): number[] {
  const compiled = compiledOf(set);
  const fromSeconds = Math.ceil(window.fromMs / 1_000);
  const untilSeconds = Math.ceil(window.untilMs / 1_000);
  const from = compiled.clock.civilAt(clamp(fromSeconds)) - foldSlackSeconds;
  return startsFrom(compiled, from, (start) => start.epochSeconds < untilSeconds)
    .filter((start) => start.epochSeconds >= fromSeconds)
    .map((start) => start.epochSeconds * 1_000);
}

/** The first instant at or after `fromMs`, in epoch ms, or undefined when the set names none any more. */
export function firstInstantOfSet(set: RecurrenceSet, fromMs: number): number | undefined {
  const compiled = compiledOf(set);
  const fromSeconds = Math.ceil(fromMs / 1_000);
  const from = compiled.clock.civilAt(clamp(fromSeconds)) - foldSlackSeconds;
  const isCandidate = (start: Start): boolean => start.epochSeconds >= fromSeconds && !isExcepted(compiled, start);
  let first = compiled.listed.find(isCandidate)?.epochSeconds;
  for (const rule of compiled.rules) {
    walkStarts(compiled, rule, from, (start) => {
      if (first !== undefined && start.epochSeconds >= first) return false;
      if (!isCandidate(start)) return true;
      first = start.epochSeconds;
      return false;
    });
  }
  return first === undefined ? undefined : first * 1_000;
}

/** How a set ends: never (up to the year 2200), before it began, or with a last instant in epoch ms. */
export type SetEnd = { kind: 'endless' } | { kind: 'empty' } | { kind: 'last'; atMs: number };

/** The last instant, found from the end. */
export function endOfSet(set: RecurrenceSet): SetEnd {
  if (set.rules.some((rule) => rule.count === undefined && rule.until === undefined)) return { kind: 'endless' };
  const compiled = compiledOf(set);
  const kept = compiled.listed.filter((start) => !isExcepted(compiled, start));
  let last = kept.at(-1)?.epochSeconds;
  for (const rule of compiled.rules) {
    for (let spanDays = 32, until = rule.untilSeconds; until >= rule.startSeconds; spanDays *= 2) {
      const from = until - spanDays * daySeconds;
      let found: number | undefined;
      walkStarts(compiled, rule, from, (start) => {
        if (start.civil > until) return false;
        if (!isExcepted(compiled, start)) found = start.epochSeconds;
        return true;
      });
      if (found !== undefined) {
        last = Math.max(last ?? found, found);
        break;
      }
      until = from - 1;
    }
  }
  return last === undefined ? { kind: 'empty' } : { kind: 'last', atMs: last * 1_000 };
}

/** True when DTSTART itself is one of the starts: a form should question a set where it is not. */
export function isStartNamed(set: RecurrenceSet): boolean {
  const date = set.start.slice(0, 10);
  const start = set.start.length === 10 ? `${date}T00:00:00` : set.start;
  return civilStartsOf({ ...set, exceptions: [] }, { fromDate: date, untilDate: date }).includes(start);
}

/** A clock set back shows up to this much again, so a walk by wall clock begins so much earlier. */
const foldSlackSeconds = daySeconds;

function clamp(epochSeconds: number): number {
  return Math.min(Math.max(epochSeconds, -expansionEnd), expansionEnd + daySeconds);
}

function startsFrom(compiled: CompiledSet, from: CivilSeconds, isInside: (start: Start) => boolean): Start[] {
  const starts = compiled.listed.filter((start) => start.civil >= from && isInside(start));
  const isMerged = starts.length > 0 || compiled.rules.length > 1;
  for (const rule of compiled.rules) {
    walkStarts(compiled, rule, from, (start) => {
      if (!isInside(start)) return false;
      if (starts.length >= startsMax) throw new RangeError(`More than ${startsMax} starts in one window`);
      starts.push(start);
      return true;
    });
  }
  if (isMerged) starts.sort((a, b) => a.epochSeconds - b.epochSeconds);
  return starts.filter(
    (start, index) => start.epochSeconds !== starts[index - 1]?.epochSeconds && !isExcepted(compiled, start),
  );
}

function walkStarts(
  { clock }: CompiledSet,
  rule: CompiledRule,
  from: CivilSeconds,
  visit: (start: Start) => boolean,
): void {
  walkRule(rule, from, (civil) => {
    const epochSeconds = clock.firstShown(civil);
    return epochSeconds === undefined || visit({ civil, epochSeconds });
  });
}

function isExcepted({ exceptInstants, exceptDays }: CompiledSet, start: Start): boolean {
  if (exceptInstants.size > 0 && exceptInstants.has(start.epochSeconds)) return true;
  return exceptDays.size > 0 && exceptDays.has(Math.floor(start.civil / daySeconds));
}

function compiledOf(set: RecurrenceSet): CompiledSet {
  const kept = compiledSets.get(set);
  if (kept !== undefined) return kept;
  const compiled = compileSet(set);
  compiledSets.set(set, compiled);
  return compiled;
}

function compileSet(set: RecurrenceSet): CompiledSet {
  const clock = zoneClockOf(set.timeZone);
  const start = parseCivil(set.start);
  if (clock === undefined || start === undefined) throw new RangeError(`No such start: ${set.start} ${set.timeZone}`);
  const extra = set.rules.length === 0 ? [set.start, ...set.extraStarts] : set.extraStarts;
  const timeOfDay = start - Math.floor(start / daySeconds) * daySeconds;
  const exceptDays = set.exceptions.filter((moment) => momentKind(moment) === 'date');
  return {
    clock,
    // A rule without a time of day, such as BYSECOND=60 alone, fires never; walking its minutes would take a second.
    rules: set.rules.map((rule) => compileEnded(rule, start, clock)).filter(({ times }) => times.length > 0),
    listed: listedStarts(extra, timeOfDay, clock),
    exceptInstants: new Set(
      listedStarts(
        set.exceptions.filter((moment) => momentKind(moment) !== 'date'),
        0,
        clock,
      ).map(({ epochSeconds }) => epochSeconds),
    ),
    exceptDays: new Set(exceptDays.map((moment) => Math.floor(civilOf(moment) / daySeconds))),
  };
}

/** A rule with its end worked out, so that COUNT is walked once and not for each window. */
function compileEnded(rule: RecurrenceRule, start: CivilSeconds, clock: ZoneClock): CompiledRule {
  const until = rule.until === undefined ? expansionEnd : untilSeconds(rule.until, clock);
  const compiled = compileRule(rule, start, until);
  const { count } = rule;
  if (count === undefined) return compiled;
  let counted = 0;
  walkRule(compiled, start, (civil) => {
    if (clock.firstShown(civil) === undefined) return true;
    counted += 1;
    if (counted === count) compiled.untilSeconds = civil;
    return counted < count;
  });
  return compiled;
}

function untilSeconds(until: Moment, clock: ZoneClock): CivilSeconds {
  const kind = momentKind(until);
  if (kind === 'date') return civilOf(until) + daySeconds - 1;
  return kind === 'civil' ? civilOf(until) : clock.lastShownBy(civilOf(until.slice(0, -1)));
}

function listedStarts(moments: readonly Moment[], timeOfDay: number, clock: ZoneClock): Start[] {
  const starts = new Map<number, Start>();
  for (const moment of moments) {
    const kind = momentKind(moment);
    if (kind === 'instant') {
      const epochSeconds = civilOf(moment.slice(0, -1));
      starts.set(epochSeconds, { civil: clock.civilAt(epochSeconds), epochSeconds });
    } else {
      const civil = civilOf(moment) + (kind === 'date' ? timeOfDay : 0);
      const epochSeconds = clock.firstShown(civil);
      if (epochSeconds !== undefined) starts.set(epochSeconds, { civil, epochSeconds });
    }
  }
  return [...starts.values()].sort((a, b) => a.epochSeconds - b.epochSeconds);
}

function civilOf(moment: Moment): CivilSeconds {
  const seconds = parseCivil(moment);
  if (seconds === undefined) throw new RangeError(`No such moment: ${moment}`);
  return seconds;
}
