/** A decision that could not be kept is refused with every reason before it becomes law. */
import {
  type AreaLimits,
  cautiousHours,
  exceptionMsMax,
  type HoursRule,
  judgeException,
  judgeHours,
  judgeLanguages,
  judgeLimits,
  judgeRest,
  judgeRestDays,
  judgeSessions,
  judgeVolume,
  restMsMax,
  type Session,
  type SessionPart,
  type VolumeSpan,
} from '@loa/schedules';
import { expect, test } from 'vitest';
import { allDay, everyDay, morningSession, timeZone } from '../harness/schedule-samples.ts';

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

const session = (over: Partial<Session>): Session => ({ ...morningSession, ...over });
const tune = (id: string, minutes: number): SessionPart => ({
  kind: 'tune',
  id,
  clipId: id,
  clipDurationMs: minutes * 60_000,
});
const relay = (id: string, start: string, minutes: number): SessionPart => ({
  kind: 'relay',
  id,
  clipId: id,
  clipDurationMs: 1_000,
  at: start,
  relay: { url: 'https://station.example/live', lengthMs: minutes * 60_000 },
});
const noon = session({ slot: 'noon', from: '05:30', until: '24:00', parts: undefined });

test.each<[string, Session[], string[]]>([
  ['none', [], []],
  ['one after the other', [morningSession, noon], []],
  ['two that overlap', [morningSession, { ...noon, from: '05:29' }], ['sessions-overlap']],
  ['two that overlap on other weekdays', [session({ weekdays: [1] }), { ...noon, from: '05:29', weekdays: [2] }], []],
  ['one that only has a name overlaps nothing', [morningSession, { ...noon, from: '05:00', slot: undefined }], []],
  ['a slot twice', [morningSession, { ...noon, slot: 'morning' }], ['slot-twice']],
  ['backwards', [session({ from: '06:00', parts: [] })], ['until-not-after-from']],
  ['no weekday', [session({ weekdays: [] })], ['not-a-weekday']],
  ['an eighth weekday', [session({ weekdays: [...everyDay, 8] })], ['not-a-weekday']],
  ['no time', [session({ until: '5h30' })], ['not-a-time']],
  ['a relay at no time', [session({ parts: [relay('r', '4h46', 15)] })], ['not-a-time']],
  ['a day of silence between items', [session({ gapMs: 86_400_000, parts: [] })], ['out-of-range']],
  ['a part twice', [session({ parts: [tune('t', 1), tune('t', 1)] })], ['part-twice']],
  ['parts that just fit', [session({ parts: [tune('t', 30), tune('u', 14.9)] })], []],
  ['parts that do not', [session({ parts: [tune('t', 30), tune('u', 15)] })], ['parts-too-long']],
  ['a relay before its session', [session({ parts: [relay('r', '04:44', 15)] })], ['relay-outside-session']],
  ['a relay over its end', [session({ parts: [relay('r', '05:16', 15)] })], ['relay-outside-session']],
  ['two relays at once', [session({ parts: [relay('r', '04:46', 15), relay('s', '05:00', 15)] })], ['relays-overlap']],
  ['two that meet', [session({ parts: [relay('r', '04:45', 15), relay('s', '05:00', 15)] })], []],
  [
    '21 parts',
    [session({ parts: Array.from({ length: 21 }, (_, index) => tune(`t${index}`, 1)) })],
    ['too-many-parts'],
  ],
  ['nine', Array.from({ length: 9 }, () => ({ ...noon, slot: undefined })), ['too-many-sessions']],
])('sessions: %s', (_name, sessions, reasons) => {
  expect(judgeSessions(sessions)).toEqual(reasons);
});

test.each<[string, string[], string[]]>([
  ['two', ['cjm', 'vi'], []],
  ['nothing at all', [], ['unknown-language']],
  ['one that no station here speaks', ['vi', 'tlh'], ['unknown-language']],
  ['one twice', ['vi', 'vi'], ['language-twice']],
])('languages: %s', (_name, spoken, reasons) => {
  expect(judgeLanguages(spoken)).toEqual(reasons);
});

const loud = (from: string, until: string, volumePercent = 50): VolumeSpan => ({ from, until, volumePercent });

test.each<[string, VolumeSpan[], string[]]>([
  ['one after the other', [loud('04:00', '06:00'), loud('06:00', '24:00', 100)], []],
  ['overlapping', [loud('04:00', '06:01'), loud('06:00', '24:00')], ['volumes-overlap']],
  ['over midnight', [loud('21:00', '05:00')], ['until-not-after-from']],
  ['no time', [loud('4h', '05:00')], ['not-a-time']],
  ['louder than full', [loud('04:00', '06:00', 101)], ['out-of-range']],
  ['too soft to be understood', [loud('04:00', '06:00', 9)], ['out-of-range']],
  ['13 spans', Array.from({ length: 13 }, (_, hour) => loud(`${hour + 10}:00`, `${hour + 10}:30`)), ['too-many-spans']],
])('volume: %s', (_name, spans, reasons) => {
  expect(judgeVolume(spans)).toEqual(reasons);
});
