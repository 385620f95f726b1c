/** What a change does, what air time is used and why a cluster sounded are told in words, in both languages alike. */
import { overWords, sessionUseWords } from '@loa/web/model/air-use.ts';
import { changeWords } from '@loa/web/model/change-words.ts';
import { reportWords } from '@loa/web/model/explain-words.ts';
import { hoursCutWords, limitWords, partWords } from '@loa/web/model/law/law-words.ts';
import { en } from '@loa/web/text/en/index.ts';
import type { TextKey } from '@loa/web/text/say.ts';
import { vi } from '@loa/web/text/vi/index.ts';
import { expect, test } from 'vitest';
import { nowMs, sayEn, sayVi, timeZone } from './speech.ts';

const line = { at: '2026-11-28T05:15:00+07:00', title: 'Bản tin' };
const reading = { nowMs, timeZone, say: sayVi };

test('what is added, gone and moved names its times', () => {
  expect(changeWords({ ...line, how: 'added' }, reading)).toBe('thêm "Bản tin" lúc 05:15 thứ Bảy 28/11');
  expect(changeWords({ ...line, how: 'removed' }, reading)).toBe('không còn "Bản tin" lúc 05:15 thứ Bảy 28/11');
  expect(changeWords({ ...line, how: 'removed', code: 'resting' }, reading)).toBe(
    'không còn "Bản tin" lúc 05:15 thứ Bảy 28/11 (loa đang tạm nghỉ)',
  );
  const moved = { ...line, how: 'moved' as const, fromAt: '2026-11-27T17:00:00+07:00' };
  expect(changeWords(moved, reading)).toBe('"Bản tin" chuyển từ 17:00 sang 05:15 thứ Bảy 28/11');
  expect(changeWords(moved, { ...reading, say: sayEn })).toBe('"Bản tin" moves from 17:00 to 05:15 Saturday 28/11');
});

test('a session over its limit never looks equal to it', () => {
  const session = { name: 'Buổi sáng', usedMs: 45 * 60_000 + 1, usedMsMax: 45 * 60_000, isOver: true };
  expect(sessionUseWords(session, sayVi)).toEqual({
    name: 'Buổi sáng',
    words: '46 / 45 phút',
    fraction: 1,
    isOver: true,
  });
  expect(sessionUseWords({ name: 'x', usedMs: 60_000, isOver: false }, sayVi)).toMatchObject({
    words: '1 phút',
    fraction: undefined,
  });
  const day = { date: '2026-11-28', usedMs: 0, outsideMs: 0, sessions: [{ ...session, usedMs: 52 * 60_000 }] };
  const today = Temporal.PlainDate.from('2026-11-27');
  expect(overWords([day], { today, say: sayVi })).toEqual([
    'Buổi sáng ngày thứ Bảy 28/11 phát 52 phút, quá mức 45 phút.',
  ]);
});

test('what a cluster reported otherwise is said with its reason', () => {
  const foretold = { ...line, isNew: false, verdict: 'plays' as const, code: 'on-time', lateMs: 0 };
  const missed = { line: foretold, verdict: 'otherwise' as const, outcome: 'missed', reason: 'clip-missing' };
  expect(reportWords(missed, sayVi)).toBe('Khác với lịch: Không phát, cụm loa chưa tải được bản tin.');
  expect(reportWords({ ...missed, reason: 'new-reason' }, sayVi)).toBe('Khác với lịch: Không phát, new-reason.');
  expect(reportWords({ line: foretold, verdict: 'not-told' }, sayVi)).toBe('Cụm loa chưa báo về.');
});

test('limits, cuts and parts are plain sentences', () => {
  expect(limitWords('sessionsPerDayMax', {}, sayVi)).toBe('không giới hạn');
  expect(limitWords('weekdays', { weekdays: { value: [1, 2], document: 'x' } }, sayVi)).toBe('T2, T3');
  const cut = { areaId: 'thon', reason: 'beyond-above', spans: [{ weekdays: [1], from: '04:30', until: '05:00' }] };
  expect(hoursCutWords(cut, { name: 'Thôn 1', say: sayVi })).toMatch(/^Thôn 1 đặt thêm T2: 04:30–05:00, nhưng không/);
  expect(hoursCutWords({ ...cut, reason: 'later-reason' }, { name: 'Thôn 1', say: sayVi })).toContain('later-reason');
  const relay = { kind: 'relay' as const, title: 'VOV', clipId: '', url: '', lengthMs: 900_000, at: '05:00' };
  expect(partWords(relay, sayEn)).toBe('Relay: VOV, 15 min, at 05:00 sharp');
});

test('every sentence of the law has the same values in both languages', () => {
  const valuesOf = (sentence: string) => [...sentence.matchAll(/\{\{(\w+)\}\}/g)].map(([, name]) => name).sort();
  const keys = Object.keys(vi).filter((key): key is TextKey => /^(law|airuse|why)\./.test(key));
  expect(keys.length).toBeGreaterThan(150);
  for (const key of keys) expect(valuesOf(en[key]), key).toEqual(valuesOf(vi[key]));
});
