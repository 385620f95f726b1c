/**
 * The set that a rule's text means, parsed once for as long as it is in use. Pure: the memory changes no answer. A text
 * that was never judged and is no rule names nothing.
 */
import { parseRecurrenceSet, type RecurrenceSet } from './recurrence/index.ts';

/** Texts remembered; a province's rules in use are fewer. */
const rememberedMax = 2_000;

const remembered = new Map<string, RecurrenceSet | undefined>();

/** The set, or undefined for a text that `parseRecurrenceSet` refuses. */
export function setOfRule(text: string, timeZone: string): RecurrenceSet | undefined {
  const key = `${timeZone}\n${text}`;
  if (remembered.has(key)) return remembered.get(key);
  const parsed = parseRecurrenceSet(text, { timeZone });
  const set = parsed.ok ? parsed.set : undefined;
  if (remembered.size >= rememberedMax) remembered.clear();
  remembered.set(key, set);
  return set;
}
