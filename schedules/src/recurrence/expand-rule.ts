/**
 * Which civil moments does a rule name, in order, from some moment on? Begins in the period that holds that moment, not
 * at the start of the rule, and ends with the rule or the year 2200. Civil only: what a clock change skips is the
 * caller's to leave out. Work is bounded by days between the two ends, however the rule is made.
 */
import {
  type CivilDay,
  type CivilSeconds,
  daySeconds,
  monthLengthDays,
  monthOf,
  monthOffset,
  weekdayOf,
  weekYearStart,
  yearLengthDays,
  yearOf,
  yearStart,
} from './civil-day.ts';
import type { CompiledRule, UnitTable } from './compile-rule.ts';
import { yearMax } from './recurrence-set.ts';

/** Called for each moment; false ends the walk. */
export type Visit = (seconds: CivilSeconds) => boolean;

/** The last civil second of expansion. */
export const expansionEnd: CivilSeconds = yearStart(yearMax + 1) * daySeconds - 1;

/** Visits the moments of a rule at or after `fromSeconds`, each once, in order. */
export function walkRule(rule: CompiledRule, fromSeconds: CivilSeconds, visit: Visit): void {
  const from = Math.max(fromSeconds, rule.startSeconds);
  const until = Math.min(rule.untilSeconds, expansionEnd);
  if (from > until) return;
  const visitInside: Visit = (seconds) => {
    if (seconds > until) return false;
    return seconds < from || visit(seconds);
  };
  if (rule.units !== undefined) walkUnits(rule, rule.units, { from, until }, visitInside);
  else walkPeriods(rule, { from, until }, visitInside);
}

/** Years, months, weeks and days are numbered, so that the period of any day is arithmetic. */
function walkPeriods(rule: CompiledRule, span: { from: number; until: number }, visit: Visit): void {
  const first = periodOf(rule, rule.startDay);
  const behind = Math.max(0, periodOf(rule, Math.floor(span.from / daySeconds)) - first);
  const untilDay = Math.floor(span.until / daySeconds);
  const days: CivilDay[] = [];
  for (let period = first + Math.ceil(behind / rule.interval) * rule.interval; ; period += rule.interval) {
    days.length = 0;
    if (collectDays(rule, period, days) > untilDay) return;
    if (!visitDays(rule, days, visit)) return;
  }
}

function visitDays(rule: CompiledRule, days: readonly CivilDay[], visit: Visit): boolean {
  const { times, setPositions } = rule;
  if (setPositions === undefined) {
    for (const day of days) {
      for (const time of times) if (!visit(day * daySeconds + time)) return false;
    }
    return true;
  }
  for (const index of indexesOf(setPositions, days.length * times.length)) {
    const day = days[Math.floor(index / times.length)] ?? 0;
    if (!visit(day * daySeconds + (times[index % times.length] ?? 0))) return false;
  }
  return true;
}

/** Indexes that BYSETPOS picks out of a set of so many, sorted, without doubles. */
function indexesOf(setPositions: readonly number[], length: number): number[] {
  const indexes = new Set<number>();
  for (const position of setPositions) {
    const index = position > 0 ? position - 1 : length + position;
    if (index >= 0 && index < length) indexes.add(index);
  }
  return [...indexes].sort((a, b) => a - b);
}

function periodOf(rule: CompiledRule, day: CivilDay): number {
  if (rule.frequency === 'DAILY') return day;
  if (rule.frequency === 'WEEKLY') return Math.floor((day + 4 - rule.weekStart) / 7);
  const year = yearOf(day);
  if (rule.frequency === 'MONTHLY') return year * 12 + monthOf(year, day - yearStart(year)) - 1;
  if (rule.weekNumbers === undefined) return year;
  if (day < weekYearStart(year, rule.weekStart)) return year - 1;
  return day >= weekYearStart(year + 1, rule.weekStart) ? year + 1 : year;
}

/** Adds the days of a period that the rule names; returns the first day of the period. */
function collectDays(rule: CompiledRule, period: number, days: CivilDay[]): CivilDay {
  switch (rule.frequency) {
    case 'DAILY':
      if (isNamed(rule, period)) days.push(period);
      return period;
    case 'WEEKLY': {
      const first = period * 7 + rule.weekStart - 4;
      for (let day = first; day < first + 7; day += 1) if (isNamed(rule, day)) days.push(day);
      return first;
    }
    case 'MONTHLY': {
      const year = Math.floor(period / 12);
      const month = (period % 12) + 1;
      collectMonth(rule, year, month, days);
      return yearStart(year) + monthOffset(year, month);
    }
    default:
      return rule.weekNumbers === undefined ? collectYear(rule, period, days) : collectWeeks(rule, period, days);
  }
}

function collectYear(rule: CompiledRule, year: number, days: CivilDay[]): CivilDay {
  const first = yearStart(year);
  for (let month = 1; month <= 12; month += 1) collectMonth(rule, year, month, days);
  return first;
}

function collectMonth(rule: CompiledRule, year: number, month: number, days: CivilDay[]): void {
  if ((rule.monthMask & (1 << month)) === 0) return;
  const first = yearStart(year) + monthOffset(year, month);
  const length = monthLengthDays(year, month);
  let weekday = weekdayOf(first);
  for (let date = 1; date <= length; date += 1) {
    const day = first + date - 1;
    if (isDateNamed(rule, date, length) && isWeekdayNamed(rule, day, weekday, first, length, year)) {
      if (rule.yearDays === undefined || isYearDayNamed(rule, day, year)) days.push(day);
    }
    weekday = weekday === 7 ? 1 : weekday + 1;
  }
}

function collectWeeks(rule: CompiledRule, year: number, days: CivilDay[]): CivilDay {
  const first = weekYearStart(year, rule.weekStart);
  const weeks = (weekYearStart(year + 1, rule.weekStart) - first) / 7;
  for (let week = 1; week <= weeks; week += 1) {
    if (rule.weekNumbers?.fromStart[week] !== 1 && rule.weekNumbers?.fromEnd[weeks - week + 1] !== 1) continue;
    for (let day = first + (week - 1) * 7; day < first + week * 7; day += 1) if (isNamed(rule, day)) days.push(day);
  }
  return first;
}

/** True when a day satisfies every part that speaks of days, except BYWEEKNO. */
function isNamed(rule: CompiledRule, day: CivilDay): boolean {
  const weekday = weekdayOf(day);
  if (rule.ordinals === undefined && (rule.weekdayMask & (1 << weekday)) === 0) return false;
  const year = yearOf(day);
  const yearDay = day - yearStart(year);
  const month = monthOf(year, yearDay);
  if ((rule.monthMask & (1 << month)) === 0) return false;
  const offset = monthOffset(year, month);
  const length = monthLengthDays(year, month);
  if (!isDateNamed(rule, yearDay - offset + 1, length)) return false;
  if (!isWeekdayNamed(rule, day, weekday, day - yearDay + offset, length, year)) return false;
  return rule.yearDays === undefined || isYearDayNamed(rule, day, year);
}

function isDateNamed({ monthDays }: CompiledRule, date: number, length: number): boolean {
  if (monthDays === undefined) return true;
  return (monthDays.mask & (1 << date)) !== 0 || (monthDays.fromEndMask & (1 << (length - date + 1))) !== 0;
}

function isYearDayNamed({ yearDays }: CompiledRule, day: CivilDay, year: number): boolean {
  const yearDay = day - yearStart(year);
  return yearDays?.fromStart[yearDay + 1] === 1 || yearDays?.fromEnd[yearLengthDays(year) - yearDay] === 1;
}

function isWeekdayNamed(
  rule: CompiledRule,
  day: CivilDay,
  weekday: number,
  monthStart: CivilDay,
  monthLength: number,
  year: number,
): boolean {
  if ((rule.weekdayMask & (1 << weekday)) !== 0) return true;
  if (rule.ordinals === undefined) return false;
  const isYear = rule.ordinalScope === 'year';
  const before = day - (isYear ? yearStart(year) : monthStart);
  const after = (isYear ? yearLengthDays(year) : monthLength) - 1 - before;
  for (const each of rule.ordinals) {
    if (each.weekday !== weekday) continue;
    if (each.ordinal === (each.ordinal > 0 ? Math.floor(before / 7) + 1 : -Math.floor(after / 7) - 1)) return true;
  }
  return false;
}

/** Hours, minutes and seconds: day by day, and in a named day only over units that can be named at all. */
function walkUnits(rule: CompiledRule, units: UnitTable, span: { from: number; until: number }, visit: Visit): void {
  if (units.allowed.length === 0) return;
  const { interval } = rule;
  const start = Math.floor(rule.startSeconds / units.unitSeconds);
  const offsets =
    rule.setPositions === undefined
      ? rule.times
      : indexesOf(rule.setPositions, rule.times.length).map((index) => rule.times[index] ?? 0);
  const untilDay = Math.floor(span.until / daySeconds);
  for (let day = Math.floor(span.from / daySeconds); day <= untilDay; day += 1) {
    if (!isNamed(rule, day)) continue;
    const dayUnits = day * units.perDay;
    const phase = (((start - dayUnits) % interval) + interval) % interval;
    const visitUnit = (unit: number): boolean =>
      offsets.every((offset) => visit((dayUnits + unit) * units.unitSeconds + offset));
    if (units.allowed.length <= units.perDay / interval) {
      for (const unit of units.allowed) if (unit % interval === phase % interval && !visitUnit(unit)) return;
    } else {
      for (let unit = phase; unit < units.perDay; unit += interval)
        if (units.isAllowed[unit] === 1 && !visitUnit(unit)) return;
    }
  }
}
