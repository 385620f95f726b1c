/** The door of recurrence: RFC 5545 text to data and back, and the starts it names. */
export {
  type CivilSpan,
  civilStartsOf,
  endOfSet,
  firstInstantOfSet,
  instantsOfSet,
  isStartNamed,
  type SetEnd,
} from './expand-set.ts';
export { formatRecurrenceSet, formatRule } from './format-set.ts';
export { judgeSet, startsPerDayBound } from './judge-set.ts';
export { parseRule } from './parse-rule.ts';
export { parseRecurrenceSet, readRecurrenceSet } from './parse-set.ts';
export {
  type Frequency,
  type Moment,
  type RecurrenceRefusal,
  type RecurrenceRefused,
  type RecurrenceRule,
  type RecurrenceSet,
  type RuleDay,
  startsMax,
  startsPerDayMax,
} from './recurrence-set.ts';
