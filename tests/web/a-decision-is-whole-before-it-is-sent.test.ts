/** A form of the law names the first thing it lacks, and once whole makes a change that the server's schema takes. */
import { type LawView, lawChangeSchema } from '@loa/protocol/panel';
import { hoursChangeOf, hoursDraftOf } from '@loa/web/model/law/hours-draft.ts';
import { limitsChangeOf, limitsDraftOf } from '@loa/web/model/law/limits-draft.ts';
import type { Settled } from '@loa/web/model/law/settled.ts';
import { exceptionChangeOf, holidayChangeOf, restDaysChangeOf } from '@loa/web/model/law/silence-drafts.ts';
import { languagesChangeOf, volumeChangeOf } from '@loa/web/model/law/sound-draft.ts';
import { groupChangeOf, mergerChangeOf, moveChangeOf } from '@loa/web/model/law/unit-drafts.ts';
import { expect, test } from 'vitest';
import { nowMs, timeZone } from './speech.ts';

const held: Pick<LawView, 'own' | 'holds'> = {
  own: { hours: null, limits: null, sessions: null, languages: null, volume: null },
  holds: {
    hours: {
      spans: [{ weekdays: [1, 2, 3, 4, 5, 6, 7], from: '05:00', until: '21:00' }],
      document: '',
      isDefault: true,
    },
    limits: { sessionMinutesMax: { value: 45, document: '05/QĐ' } },
    sessions: [],
    languages: ['vi'],
    volume: [],
  },
};
const day = { fromDate: '2026-12-05', untilDate: '2026-12-05', document: '1/QĐ', reason: 'thi' };
const exception = { ...day, areaIds: ['xa'], fromTime: '21:00', untilTime: '24:00' };

/** What the change is, or the sentence of what is lacking. */
function told(settled: Settled<unknown>): unknown {
  return settled.ok ? lawChangeSchema.parse(settled.value) : settled.words;
}

test('hours need a document, weekdays and an end after the start', () => {
  const draft = hoursDraftOf(held);
  expect(told(hoursChangeOf('xa', draft))).toBe('law.missing.document');
  const [span] = draft.spans;
  if (span === undefined) throw new Error('No span');
  const document = ' 12/QĐ ';
  expect(told(hoursChangeOf('xa', { spans: [{ ...span, weekdays: [] }], document }))).toBe('law.missing.span-weekdays');
  expect(told(hoursChangeOf('xa', { spans: [{ ...span, until: '05:00' }], document }))).toBe('law.missing.span-times');
  expect(told(hoursChangeOf('xa', { spans: [{ ...span, until: '' }], document }))).toBe('law.missing.span-times');
  expect(told(hoursChangeOf('xa', { spans: [{ ...span, until: '24:00' }], document }))).toEqual({
    kind: 'hours',
    areaId: 'xa',
    hours: { spans: [{ ...span, until: '24:00' }], document: '12/QĐ' },
  });
});

test('each limit decided here needs its own document; none decided here takes all of them back', () => {
  const draft = limitsDraftOf(held);
  expect(draft.sessionMinutesMax).toEqual({ isOwn: false, value: '45', document: '' });
  expect(told(limitsChangeOf('xa', draft))).toEqual({ kind: 'limits', areaId: 'xa', limits: null });
  const own = { ...draft, sessionMinutesMax: { isOwn: true, value: '30', document: '' } };
  expect(told(limitsChangeOf('xa', own))).toBe('law.missing.limit-document');
  const wrong = { ...own, sessionMinutesMax: { isOwn: true, value: '30 phút', document: '1' } };
  expect(told(limitsChangeOf('xa', wrong))).toBe('law.missing.sessionMinutesMax');
  const whole = { ...own, sessionMinutesMax: { isOwn: true, value: '30', document: '1/QĐ' } };
  expect(told(limitsChangeOf('xa', whole))).toMatchObject({
    limits: { sessionMinutesMax: { value: 30, document: '1/QĐ' } },
  });
});

test.each([
  [restDaysChangeOf({ ...day, areaIds: [] }), 'law.missing.areas'],
  [restDaysChangeOf({ ...day, areaIds: ['xa'], untilDate: '2026-12-04' }), 'law.missing.dates'],
  [restDaysChangeOf({ ...day, areaIds: ['xa'], reason: ' ' }), 'law.missing.reason'],
  [restDaysChangeOf({ ...day, areaIds: ['xa'] }), { kind: 'rest-days', areaIds: ['xa'], ...day }],
  [holidayChangeOf({ date: '2027-01-01', name: '', document: '1' }), 'law.missing.holiday-name'],
  [exceptionChangeOf({ ...exception, untilTime: '20:00' }, { nowMs, timeZone }), 'law.missing.until-later'],
  [
    exceptionChangeOf({ ...exception, fromDate: '2026-11-01', untilDate: '2026-11-01' }, { nowMs, timeZone }),
    'law.missing.until-past',
  ],
  [
    exceptionChangeOf(exception, { nowMs, timeZone }),
    {
      kind: 'exception',
      areaIds: ['xa'],
      from: '2026-12-05T14:00:00Z',
      until: '2026-12-05T17:00:00Z',
      reason: 'thi',
      document: '1/QĐ',
    },
  ],
  [languagesChangeOf({ areaId: 'xa' }, []), 'law.missing.languages'],
  [
    languagesChangeOf({ clusterId: 'c' }, ['cjm', 'vi']),
    { kind: 'languages', clusterId: 'c', languages: ['cjm', 'vi'] },
  ],
  [volumeChangeOf({ areaId: 'xa' }, [{ from: '06:00', until: '05:00', volumePercent: 60 }]), 'law.missing.span-times'],
  [volumeChangeOf({ areaId: 'xa' }, []), { kind: 'volume', areaId: 'xa', volume: [] }],
  [groupChangeOf({ parentId: 'xa', name: 'Ven biển', memberAreaIds: [], memberClusterIds: [] }), 'law.missing.members'],
  [moveChangeOf({ cluster: { id: 'c', areaId: 'xa' }, areaId: 'xa' }), 'law.missing.move-elsewhere'],
  [
    moveChangeOf({ cluster: { id: 'c', areaId: 'xa' }, areaId: 'b' }),
    { kind: 'cluster-moved', clusterId: 'c', areaId: 'b' },
  ],
])('%j', (settled, expected) => {
  expect(told(settled)).toEqual(expected);
});

test('only areas of one level merge', () => {
  const hours = held.holds.hours;
  const area = (id: string, kind: 'commune' | 'village') =>
    [id, { id, parentId: null, kind, name: id, hours }] as const;
  const areas = new Map([area('a', 'commune'), area('b', 'commune'), area('c', 'village')]);
  const merger = { areaIds: ['a', 'b'], name: 'Xã mới', code: '', document: '9/NQ' };
  expect(told(mergerChangeOf({ ...merger, areaIds: ['a', 'c'] }, areas))).toBe('law.missing.one-kind');
  expect(told(mergerChangeOf({ ...merger, areaIds: ['a'] }, areas))).toBe('law.missing.two-areas');
  expect(told(mergerChangeOf(merger, areas))).toEqual({
    kind: 'merger',
    areaIds: ['a', 'b'],
    name: 'Xã mới',
    document: '9/NQ',
  });
});
