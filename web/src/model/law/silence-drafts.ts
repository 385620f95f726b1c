/** Days and hours out of the ordinary: rest days, holidays, exceptions; as they are written, and their changes. Pure. */
import type { LawChange } from '@loa/protocol/panel';
import { lacking, type Settled, settled } from './settled.ts';

/** Both dates included. */
export interface RestDaysDraft {
  areaIds: string[];
  fromDate: string;
  untilDate: string;
  reason: string;
  document: string;
}

export interface HolidayDraft {
  date: string;
  name: string;
  document: string;
}

/** Civil dates and times of the installation. */
export interface ExceptionDraft {
  areaIds: string[];
  fromDate: string;
  fromTime: string;
  untilDate: string;
  untilTime: string;
  reason: string;
  document: string;
}

export function restDaysChangeOf(draft: RestDaysDraft): Settled<LawChange> {
  const { areaIds, fromDate, untilDate } = draft;
  if (areaIds.length === 0) return lacking('law.missing.areas');
  if (fromDate === '' || untilDate < fromDate) return lacking('law.missing.dates');
  const grounds = groundsOf(draft);
  return grounds.ok ? settled({ kind: 'rest-days', areaIds, fromDate, untilDate, ...grounds.value }) : grounds;
}

export function holidayChangeOf(draft: HolidayDraft): Settled<LawChange> {
  const [name, document] = [draft.name.trim(), draft.document.trim()];
  if (draft.date === '') return lacking('law.missing.dates');
  if (name === '') return lacking('law.missing.holiday-name');
  if (document === '') return lacking('law.missing.document');
  return settled({ kind: 'holiday', date: draft.date, name, document });
}

export function exceptionChangeOf(draft: ExceptionDraft, now: { nowMs: number; timeZone: string }): Settled<LawChange> {
  if (draft.areaIds.length === 0) return lacking('law.missing.areas');
  if (draft.fromTime === '' || draft.untilTime === '') return lacking('law.missing.times');
  const from = instantOf(draft.fromDate, draft.fromTime, now.timeZone);
  const until = instantOf(draft.untilDate, draft.untilTime, now.timeZone);
  if (Temporal.Instant.compare(from, until) >= 0) return lacking('law.missing.until-later');
  if (until.epochMilliseconds <= now.nowMs) return lacking('law.missing.until-past');
  const grounds = groundsOf(draft);
  if (!grounds.ok) return grounds;
  const { areaIds } = draft;
  return settled({ kind: 'exception', areaIds, from: from.toString(), until: until.toString(), ...grounds.value });
}

/** The instant of a civil time; `24:00` is the end of its day. */
export function instantOf(date: string, time: string, timeZone: string): Temporal.Instant {
  const day = Temporal.PlainDate.from(date);
  if (time === '24:00') return day.add({ days: 1 }).toZonedDateTime(timeZone).toInstant();
  return day.toZonedDateTime({ timeZone, plainTime: Temporal.PlainTime.from(time) }).toInstant();
}

function groundsOf(draft: { reason: string; document: string }): Settled<{ reason: string; document: string }> {
  const [reason, document] = [draft.reason.trim(), draft.document.trim()];
  if (reason === '') return lacking('law.missing.reason');
  return document === '' ? lacking('law.missing.document') : settled({ reason, document });
}
