/** From a draft to a request: what is missing is named, hours are judged, what will sound and when is known before. */
import { type AreaView, bulletinRequestSchema, emergencyRequestSchema } from '@loa/protocol/panel';
import {
  type Draft,
  missingIn,
  newDraft,
  nightTimesOf,
  parseDraft,
  requestOf,
  titleFrom,
  whensOf,
  withoutWhen,
  withWhenSettled,
} from '@loa/web/model/draft.ts';
import { emergencyRequestOf, missingInEmergency } from '@loa/web/model/emergency-draft.ts';
import { findAiring } from '@loa/web/model/find-airing.ts';
import { areasOutsideHours, hoursWords } from '@loa/web/model/hours-words.ts';
import { inForce, timelineOf } from '@loa/web/model/timeline.ts';
import { describe, expect, it } from 'vitest';
import { airingOf } from './live-feed.ts';
import { nowMs, sayVi, timeZone } from './speech.ts';

const now = { nowMs, timeZone };
const hash = 'a'.repeat(64);
const whole: Draft = {
  ...newDraft(now),
  title: 'Nhận thẻ bảo hiểm',
  text: 'Mời bà con',
  spokenText: 'Mời bà con',
  clipId: hash,
  areaIds: ['ham-thang'],
};

describe('a new draft', () => {
  it('proposes the next usual session', () => {
    expect(newDraft(now)).toMatchObject({ date: '2026-11-27', time: '17:30', whenKind: 'once' });
    const nightMs = Date.parse('2026-11-27T21:00:00+07:00');
    expect(newDraft({ nowMs: nightMs, timeZone })).toMatchObject({ date: '2026-11-28', time: '05:15' });
  });

  it('takes its title from the first line, cut at a word', () => {
    expect(titleFrom('\n Thông báo họp \nChi tiết')).toBe('Thông báo họp');
    expect(titleFrom('từ '.repeat(60))).toMatch(/^(từ )+từ…$/);
  });
});

describe('what is missing is named', () => {
  it.each<[string, Partial<Draft>, number]>([
    ['clip', { clipId: undefined, text: ' ' }, 1],
    ['speak', { clipId: undefined }, 1],
    ['current', { text: 'Mời bà con nhanh' }, 1],
    ['title', { title: '  ' }, 1],
    ['areas', { areaIds: [] }, 2],
    ['weekdays', { whenKind: 'weekly' }, 3],
    ['when', { time: '' }, 3],
    ['future', { time: '17:01' }, 3],
  ])('%s', (name, change, step) => {
    expect(missingIn({ ...whole, ...change }, now)).toEqual({ step, words: `compose.missing.${name}` });
  });

  it('a file needs no spoken text', () => {
    expect(missingIn({ ...whole, source: 'file', text: 'something left over' }, now)).toBeUndefined();
  });
});

describe('a whole draft', () => {
  it.each<[Partial<Draft>, unknown]>([
    [{ whenKind: 'now' }, { kind: 'now' }],
    [{}, { kind: 'once', date: '2026-11-27', time: '17:30' }],
    [
      { whenKind: 'daily', until: '' },
      { kind: 'daily', from: '2026-11-27', time: '17:30' },
    ],
    [
      { whenKind: 'weekly', weekdays: [1, 3], until: '2026-12-31' },
      { kind: 'weekly', from: '2026-11-27', until: '2026-12-31', weekdays: [1, 3], time: '17:30' },
    ],
  ])('makes a request the server understands: %j', (change, when) => {
    const draft = { ...whole, ...change };
    expect(missingIn(draft, now)).toBeUndefined();
    expect(bulletinRequestSchema.parse(requestOf(draft, 'request-1')).whens).toEqual([when]);
  });

  it('holds several times, each once, and any of them can be taken out again', () => {
    const two = withWhenSettled(whole);
    expect(two).toMatchObject({ time: '05:15', moreWhens: [{ kind: 'once', date: '2026-11-27', time: '17:30' }] });
    const weekly: Draft = { ...two, whenKind: 'weekly', weekdays: [1] };
    const whens = [two.moreWhens[0], { kind: 'weekly', from: '2026-11-27', weekdays: [1], time: '05:15' }];
    expect(bulletinRequestSchema.parse(requestOf(weekly, 'request-1')).whens).toEqual(whens);
    expect(whensOf({ ...two, time: '17:30' })).toHaveLength(1);
    expect(withoutWhen(two, whensOf(two)[0] ?? { kind: 'now' }).moreWhens).toEqual([]);
    expect(withWhenSettled({ ...whole, time: '' }).moreWhens).toEqual([]);
  });

  it('at an hour of night is asked about, whatever is permitted', () => {
    expect(nightTimesOf(whole)).toEqual([]);
    expect(nightTimesOf({ ...whole, whenKind: 'weekly', weekdays: [1], time: '03:15' })).toEqual(['03:15']);
    const evening = { kind: 'daily' as const, from: '2026-11-27', time: '21:00' };
    expect(nightTimesOf({ ...whole, moreWhens: [evening] })).toEqual(['21:00']);
  });

  it('with one time that has passed is not sent', () => {
    const passed = { kind: 'once' as const, date: '2026-11-27', time: '08:00' };
    expect(missingIn({ ...whole, moreWhens: [passed] }, now)?.words).toBe('compose.missing.future');
  });

  it('survives a reload, its passed date becoming today', () => {
    expect(parseDraft(JSON.stringify(whole), now)).toEqual(whole);
    expect(parseDraft(JSON.stringify({ ...whole, date: '2026-11-01' }), now)?.date).toBe('2026-11-27');
    expect(parseDraft('{"title":1}', now)).toBeUndefined();
    expect(parseDraft('…', now)).toBeUndefined();
  });
});

it('an emergency carries its drill flag and needs sound, title and place', () => {
  const draft = { title: 'Xả lũ', clipId: hash, areaIds: ['ham-thang'], repeatCount: 3, drill: true };
  expect(missingInEmergency(draft)).toBeUndefined();
  expect(emergencyRequestSchema.parse(emergencyRequestOf(draft, 'request-1'))).toMatchObject({
    drill: true,
    repeat: { count: 3 },
  });
  expect(missingInEmergency({ ...draft, areaIds: [] })).toBe('compose.missing.areas');
});

describe('permitted hours', () => {
  const hours: AreaView['hours'] = {
    spans: [
      { weekdays: [1, 2, 3, 4, 5, 6, 7], from: '05:00', until: '06:00' },
      { weekdays: [1, 2, 3, 4, 5, 6, 7], from: '16:30', until: '18:00' },
      { weekdays: [6], from: '08:00', until: '09:00' },
    ],
    document: '12/QĐ-UBND',
    isDefault: false,
  };
  const area: AreaView = { id: 'a', parentId: null, kind: 'commune', name: 'Hàm Thắng', hours };
  const outside = (time: string, lengthMs: number) =>
    areasOutsideHours({ areas: [area], when: { kind: 'once', date: '2026-11-28', time }, lengthMs, timeZone, nowMs });

  it('are read out shortly', () => {
    expect(hoursWords(hours, sayVi)).toBe('05:00–06:00, 16:30–18:00 hằng ngày; T7: 08:00–09:00');
    expect(hoursWords({ ...hours, spans: [] }, sayVi)).toBe('không có giờ nào');
  });

  it('hold for the whole length', () => {
    expect(outside('05:30', 1_700_000)).toEqual([]);
    expect(outside('05:30', 1_900_000)).toEqual([area]);
    expect(outside('03:15', 1_000)).toEqual([area]);
  });
});

describe('the timeline', () => {
  const at = (offsetMinutes: number, more = {}) => {
    const atMs = nowMs + offsetMinutes * 60_000;
    const times = { at: new Date(atMs).toISOString(), until: new Date(atMs + 60_000).toISOString() };
    return airingOf({
      occurrence: `b@${offsetMinutes}`,
      ...times,
      targets: [{ clusterId: 'c', phase: 'queued' }],
      ...more,
    });
  };

  it('parts now, coming days and today’s past', () => {
    const airings = [at(600), at(30), at(-0.5), at(-60), at(-1_440), at(10)];
    const { sounding, coming, over } = timelineOf(airings, { nowMs, timeZone });
    expect(sounding.map((one) => one.occurrence)).toEqual(['b@-0.5']);
    expect(coming.map((day) => [day.date.toString(), day.airings.map((one) => one.occurrence)])).toEqual([
      ['2026-11-27', ['b@10', 'b@30']],
      ['2026-11-28', ['b@600']],
    ]);
    expect(over.map((one) => one.occurrence)).toEqual(['b@-60']);
  });

  it('tells of no withdrawn airing before its time, unless it sounded', () => {
    const targets = [{ clusterId: 'c', phase: 'ended' as const, outcome: 'withdrawn' as const }];
    const ahead = at(30, { active: false, targets });
    const started = at(0.05, {
      active: false,
      targets: [{ ...targets[0], outcome: 'stopped', startedAt: new Date(nowMs).toISOString() }],
    });
    const { sounding, coming, over } = timelineOf([ahead, at(31, { active: false }), started], { nowMs, timeZone });
    expect({ sounding, coming }).toEqual({ sounding: [], coming: [] });
    expect(over.map((one) => one.occurrence)).toEqual(['b@0.05']);
    const past = at(-30, { active: false, targets });
    expect(timelineOf([past], { nowMs, timeZone }).over).toEqual([past]);
  });

  it('names the emergencies in force, and after a stop until each cluster is silent', () => {
    const playing = [{ clusterId: 'c', phase: 'playing' as const }];
    const emergency = at(-0.5, { class: 'emergency', targets: playing });
    expect(inForce([emergency, at(-0.5)], nowMs)).toEqual([emergency]);
    const stopped = { ...emergency, active: false };
    expect(inForce([stopped], nowMs)).toEqual([stopped]);
    const silent = { ...stopped, targets: [{ clusterId: 'c', phase: 'ended' as const, outcome: 'stopped' as const }] };
    expect(inForce([silent], nowMs)).toEqual([]);
  });
});

it('the address of an airing finds it, or the one a moment beside, never another day’s', () => {
  const seconds = nowMs / 1_000;
  const held = airingOf({ occurrence: `b-1@${seconds}`, at: new Date(nowMs).toISOString() });
  const airings = new Map([[held.occurrence, held]]);
  expect(findAiring(airings, `b-1@${seconds}`)).toBe(held);
  expect(findAiring(airings, `b-1@${seconds + 1}`)).toBe(held);
  expect(findAiring(airings, `b-1@${seconds + 86_400}`)).toBeUndefined();
  expect(findAiring(airings, `b-2@${seconds}`)).toBeUndefined();
});
