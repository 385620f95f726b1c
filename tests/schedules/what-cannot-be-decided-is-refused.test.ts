/** A decision that could not be kept is refused with every reason before it becomes law. */
import {
  type AreaLimits,
  cautiousHours,
  exceptionMsMax,
  type HoursRule,
  judgeException,
  judgeHours,
  judgeLimits,
  judgeRest,
  judgeRestDays,
  restMsMax,
} from '@loa/schedules';
import { expect, test } from 'vitest';
import { allDay, timeZone } from '../harness/schedule-samples.ts';

const span = (from: string, until: string, weekdays: readonly number[] = [1]): HoursRule => ({
  timeZone,
  spans: [{ weekdays, from, until }],
  document: 'QĐ 1',
});

test.each<[string, HoursRule, string[]]>([
  ['the whole day', allDay, []],
  ['nobody decided', cautiousHours(timeZone), ['no-document']],
  ['no zone', { ...allDay, timeZone: 'Asia/Nowhere' }, ['unknown-zone']],
  ['an eighth weekday', span('05:00', '06:00', [8]), ['not-a-weekday']],
  ['no weekday', span('05:00', '06:00', []), ['not-a-weekday']],
  ['no time', span('5h', '24:01'), ['not-a-time', 'until-not-after-from']],
  ['a span over midnight', span('22:00', '05:00'), ['until-not-after-from']],
  ['65 spans', { ...allDay, spans: Array.from({ length: 65 }, () => allDay.spans).flat() }, ['too-many-spans']],
])('hours: %s', (_name, rule, reasons) => {
  expect(judgeHours(rule)).toEqual(reasons);
});

const by = <T>(value: T, document = 'QĐ') => ({ value, document });

test.each<[string, AreaLimits, string[]]>([
  ['none', {}, []],
  ['all', { sessionsPerDayMax: by(2), sessionMinutesMax: by(15), weekdays: by([1, 2]), restsOnHolidays: by(true) }, []],
  ['half a session', { sessionsPerDayMax: by(1.5) }, ['out-of-range']],
  ['less than nothing', { sessionMinutesMax: by(-1) }, ['out-of-range']],
  ['more than a day', { sessionMinutesMax: by(1_441) }, ['out-of-range']],
  ['without a document', { restsOnHolidays: by(true, ' ') }, ['no-document']],
])('limits: %s', (_name, limits, reasons) => {
  expect(judgeLimits(limits)).toEqual(reasons);
});

const restDays = {
  id: 'r',
  areaIds: ['c1'],
  fromDate: '2026-11-24',
  untilDate: '2026-11-24',
  reason: '',
  document: 'CĐ',
};

test.each<[string, Partial<typeof restDays>, string[]]>([
  ['one day', {}, []],
  ['no date', { untilDate: '2026-11-31' }, ['not-a-date']],
  ['backwards', { untilDate: '2026-11-23' }, ['until-not-after-from']],
  ['a third of a year', { untilDate: '2027-02-24' }, ['too-long']],
  ['nowhere, by nothing', { areaIds: [], document: '' }, ['no-document', 'no-place']],
])('rest days: %s', (_name, over, reasons) => {
  expect(judgeRestDays({ ...restDays, ...over })).toEqual(reasons);
});

const exception = { id: 'e', personName: 'A', document: 'CV', reason: '', areaIds: ['c1'], fromMs: 0, untilMs: 1 };

test.each<[string, Partial<typeof exception>, string[]]>([
  ['an instant', {}, []],
  ['the longest', { untilMs: exceptionMsMax }, []],
  ['too long', { untilMs: exceptionMsMax + 1 }, ['too-long']],
  ['empty', { untilMs: 0 }, ['until-not-after-from']],
  ['no number', { untilMs: Number.NaN }, ['not-an-instant']],
  ['nobody’s', { personName: ' ' }, ['no-person']],
  ['with a document the wire has no room for', { document: 'x'.repeat(201) }, ['document-too-long']],
])('an exception: %s', (_name, over, reasons) => {
  expect(judgeException({ ...exception, ...over })).toEqual(reasons);
});

const rest = { id: 's', areaIds: ['c1'], clusterIds: ['k1'], fromMs: 0, untilMs: 1, reason: '', by: 'canbo' };

test.each<[string, Partial<typeof rest>, string[]]>([
  ['of an area and a cluster', {}, []],
  ['of nothing', { areaIds: [], clusterIds: [] }, ['no-place']],
  ['of a cluster', { areaIds: [] }, []],
  ['without end', { untilMs: restMsMax + 1 }, ['too-long']],
  ['by nobody', { by: '' }, ['no-person']],
])('a rest: %s', (_name, over, reasons) => {
  expect(judgeRest({ ...rest, ...over })).toEqual(reasons);
});
