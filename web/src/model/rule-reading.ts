/** What the text of a recurrence rule means at present, by the law of schedules itself. Pure. */
import { firstInstantOfSet, parseRecurrenceSet } from '@loa/schedules';

/** `empty`: nothing written yet; `at`: the part that is not understood, empty when it is the whole. */
export type RuleReading =
  | { kind: 'empty' }
  | { kind: 'faulty'; at: string }
  | { kind: 'over' }
  | { kind: 'starts'; atMs: number[] };

/** Starts named of a rule. */
const startsMax = 3;

/** The part that is not understood is cut to what fits a line. */
const faultMax = 60;

export function ruleReading(text: string, now: { nowMs: number; timeZone: string }): RuleReading {
  if (text.trim() === '') return { kind: 'empty' };
  const read = parseRecurrenceSet(text.trim(), { timeZone: now.timeZone });
  if (!read.ok) return { kind: 'faulty', at: read.at.trim().slice(0, faultMax) };
  const atMs: number[] = [];
  let next = firstInstantOfSet(read.set, now.nowMs);
  while (next !== undefined && atMs.length < startsMax) {
    atMs.push(next);
    next = firstInstantOfSet(read.set, next + 1);
  }
  return atMs.length === 0 ? { kind: 'over' } : { kind: 'starts', atMs };
}
