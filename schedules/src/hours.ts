/**
 * When horns may sound in an area: the permitted hours, a civil-time rule that the server plans by and the device
 * judges every instant by again (DESIGN P8). Pure; handed the instant. A rule that has been handed in is never changed
 * afterwards: what it permits on a day is computed once.
 */
import { type CivilDay, civilDayAt, instantOnDay } from './civil-days.ts';

/** One permitted span of the day, `from` included, `until` excluded; `24:00` is the end of the day. */
export interface PermittedSpan {
  readonly weekdays: readonly number[];
  readonly from: string;
  readonly until: string;
}

/** The rule of one area. */
export interface HoursRule {
  readonly timeZone: string;
  readonly spans: readonly PermittedSpan[];
  /** Number of the document that decided it; empty for the cautious default. */
  readonly document: string;
}

/** Spans one rule may have, on the wire and off it. */
export const permittedSpansMax = 64;

const everyDay = [1, 2, 3, 4, 5, 6, 7] as const;

/** Nothing sounds that long; a span beyond it is not permitted, so that no question is answered without end. */
const judgedSpanMsMax = 31 * 86_400_000;

/** Days of one rule kept; a plan looks at some ten. Full: begun anew. */
const daysKeptMax = 400;

/** What applies until an area has decided: 05:00–21:00 every day, our own cautious choice. */
export function cautiousHours(timeZone: string): HoursRule {
  return { timeZone, spans: [{ weekdays: everyDay, from: '05:00', until: '21:00' }], document: '' };
}

/** True when every instant of the span lies in permitted hours. A span across midnight is judged on both days. */
export function isPermitted(rule: HoursRule, span: { atMs: number; durationMs: number }): boolean {
  if (span.durationMs > judgedSpanMsMax) return false;
  let atMs = span.atMs;
  const endMs = span.atMs + Math.max(1, span.durationMs);
  while (atMs < endMs) {
    const permittedUntilMs = permittedUntil(rule, atMs);
    if (permittedUntilMs === undefined) return false;
    atMs = permittedUntilMs;
  }
  return true;
}

/**
 * The instant up to which sound is permitted without a break from `atMs` on, within its civil day, or undefined when it
 * is not permitted. Fractions of a millisecond, as a device's clock gives them, are judged like any other instant.
 */
export function permittedUntil(rule: HoursRule, atMs: number): number | undefined {
  return stretchesOn(rule, civilDayAt(rule.timeZone, atMs)).find((each) => atMs >= each.fromMs && atMs < each.untilMs)
    ?.untilMs;
}

interface Stretch {
  readonly fromMs: number;
  readonly untilMs: number;
}

const kept = new WeakMap<HoursRule, Map<string, readonly Stretch[]>>();

/** What a rule permits on a day: in order, without overlap, none touching the next. */
function stretchesOn(rule: HoursRule, day: CivilDay): readonly Stretch[] {
  const known = kept.get(rule) ?? new Map<string, readonly Stretch[]>();
  kept.set(rule, known);
  const found = known.get(day.date);
  if (found !== undefined) return found;
  if (known.size >= daysKeptMax) known.clear();
  const made = merged(
    rule.spans
      .filter((span) => span.weekdays.includes(day.weekday))
      .map((span) => ({ fromMs: instantOnDay(day, span.from), untilMs: instantOnDay(day, span.until) })),
  );
  known.set(day.date, made);
  return made;
}

function merged(stretches: readonly Stretch[]): Stretch[] {
  const found: Stretch[] = [];
  for (const next of [...stretches].sort((a, b) => a.fromMs - b.fromMs)) {
    const last = found.at(-1);
    if (next.untilMs <= next.fromMs) continue;
    if (last === undefined || next.fromMs > last.untilMs) found.push(next);
    else found[found.length - 1] = { fromMs: last.fromMs, untilMs: Math.max(last.untilMs, next.untilMs) };
  }
  return found;
}
