/** The permitted hours of an area while a person writes them, and the change they make. Pure. */
import type { LawChange, LawView } from '@loa/protocol/panel';
import { type WeekdayNumber, weekdayNumbers } from '../civil-time.ts';
import { lacking, type Settled, settled } from './settled.ts';

/** Civil times; `24:00` is the end of the day. */
export interface SpanDraft {
  weekdays: WeekdayNumber[];
  from: string;
  until: string;
}

export interface HoursDraft {
  spans: SpanDraft[];
  document: string;
}

/** Spans a person oversees; the wire takes more. */
export const spansMax = 16;

/** A first span, as most communes have it. */
export const newSpan: SpanDraft = { weekdays: [...weekdayNumbers], from: '05:00', until: '06:00' };

/** What stands in the form at first: the area's own hours, else those that hold, for which it has no document yet. */
export function hoursDraftOf(law: Pick<LawView, 'own' | 'holds'>): HoursDraft {
  const { spans } = law.own.hours ?? law.holds.hours;
  return {
    spans: spans.map(({ weekdays, from, until }) => ({ weekdays: weekdaysIn(weekdays), from, until })),
    document: law.own.hours?.document ?? '',
  };
}

export function hoursChangeOf(areaId: string, draft: HoursDraft): Settled<LawChange> {
  if (draft.spans.length === 0) return lacking('law.missing.spans');
  for (const [index, span] of draft.spans.entries()) {
    const number = index + 1;
    if (span.weekdays.length === 0) return lacking('law.missing.span-weekdays', { number });
    if (!isSpan(span)) return lacking('law.missing.span-times', { number });
  }
  const document = draft.document.trim();
  if (document === '') return lacking('law.missing.document');
  return settled({ kind: 'hours', areaId, hours: { spans: draft.spans, document } });
}

/** Both times are filled in and the second is later. */
export function isSpan(span: { from: string; until: string }): boolean {
  return span.from !== '' && span.until !== '' && span.from < span.until;
}

/** The known weekdays of a list, Monday first. */
export function weekdaysIn(weekdays: readonly number[]): WeekdayNumber[] {
  return weekdayNumbers.filter((weekday) => weekdays.includes(weekday));
}
