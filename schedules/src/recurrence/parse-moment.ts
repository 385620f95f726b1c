/**
 * Which moment does a DATE or DATE-TIME value name? RFC 5545 §3.3.4 and §3.3.5 in, a moment as text or a refusal out.
 * Knows no zone: a value without Z stays civil.
 */
import { parseCivil } from './civil-day.ts';
import { type Moment, yearMax, yearMin } from './recurrence-set.ts';

export type MomentKind = 'date' | 'civil' | 'instant';

/** `20261124`, `20261124T170000` or `20261124T100000Z`. A leap second (…60) is read as the second before it. */
export function parseMoment(
  text: string,
): { ok: true; moment: Moment; kind: MomentKind } | { ok: false; reason: 'date-malformed' | 'year-out-of-range' } {
  const parts = /^(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)(\d\d)(Z?))?$/.exec(text);
  if (parts === null) return { ok: false, reason: 'date-malformed' };
  const [, year = '', month = '', date = '', hour, minute = '', second = '', zulu] = parts;
  const day = `${year}-${month}-${date}`;
  const moment = hour === undefined ? day : `${day}T${hour}:${minute}:${second === '60' ? '59' : second}`;
  if (parseCivil(moment) === undefined) return { ok: false, reason: 'date-malformed' };
  if (Number(year) < yearMin || Number(year) > yearMax) return { ok: false, reason: 'year-out-of-range' };
  if (hour === undefined) return { ok: true, moment, kind: 'date' };
  return zulu === 'Z' ? { ok: true, moment: `${moment}Z`, kind: 'instant' } : { ok: true, moment, kind: 'civil' };
}

/** The kind of a moment already parsed. */
export function momentKind(moment: Moment): MomentKind {
  if (moment.length === 10) return 'date';
  return moment.endsWith('Z') ? 'instant' : 'civil';
}

/** Back to RFC 5545's basic form: `20261124T170000`. */
export function formatMoment(moment: Moment): string {
  return moment.replaceAll('-', '').replaceAll(':', '');
}
