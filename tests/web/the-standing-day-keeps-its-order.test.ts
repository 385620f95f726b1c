/** Sessions and their parts come back from the form as they went in, in the order a person gave them. */
import { lawChangeSchema, type SessionForm } from '@loa/protocol/panel';
import {
  newPart,
  newSession,
  nextKey,
  type PartDraft,
  sessionDraftsOf,
  sessionsChangeOf,
} from '@loa/web/model/law/standing-day.ts';
import { moved, without } from '@loa/web/model/ordering.ts';
import { expect, test } from 'vitest';

const clipId = 'a'.repeat(64);
const sessions: SessionForm[] = [
  {
    name: 'Buổi sáng',
    weekdays: [1, 2, 3, 4, 5, 6],
    from: '04:45',
    until: '05:30',
    slot: 'morning',
    gapMs: 3_000,
    parts: [
      { kind: 'tune', id: 'p-1', title: 'Nhạc hiệu', clipId },
      { kind: 'relay', id: 'p-2', title: 'VOV', clipId, url: 'http://vov.vn/1', lengthMs: 900_000, at: '05:00' },
      { kind: 'bulletins', from: 'above' },
      { kind: 'bulletins', from: 'own' },
    ],
  },
  { name: 'Chiều', weekdays: [7], from: '17:00', until: '17:45' },
];

const lackOf = (part: PartDraft) => {
  const [first] = sessionDraftsOf(sessions);
  if (first === undefined) throw new Error('No session');
  const settled = sessionsChangeOf('xa', [{ ...first, parts: [part] }]);
  return settled.ok ? undefined : settled.words;
};

test('nothing is lost on the way through the form', () => {
  const settled = sessionsChangeOf('xa', sessionDraftsOf(sessions));
  if (!settled.ok) throw new Error(settled.words);
  expect(lawChangeSchema.parse(settled.value)).toEqual({ kind: 'sessions', areaId: 'xa', sessions });
});

test('parts change places, and stay at the ends', () => {
  expect(moved(['a', 'b', 'c'], 0, 1)).toEqual(['b', 'a', 'c']);
  expect(moved(['a', 'b', 'c'], 2, -1)).toEqual(['a', 'c', 'b']);
  expect(moved(['a', 'b', 'c'], 0, -1)).toEqual(['a', 'b', 'c']);
  expect(moved(['a', 'b', 'c'], 2, 1)).toEqual(['a', 'b', 'c']);
  expect(without(['a', 'b', 'c'], 1)).toEqual(['a', 'c']);
});

test('what is added has a key of its own', () => {
  const drafts = sessionDraftsOf(sessions);
  const added = newSession('noon', { name: 'Buổi trưa', key: nextKey(drafts) });
  const keys = [...drafts, added].flatMap((session) => [session.key, ...session.parts.map((part) => part.key)]);
  expect(new Set(keys).size).toBe(keys.length);
  expect(sessionsChangeOf('xa', [added]).ok).toBe(true);
});

test('a part without its sound, address, length or place in the session is named', () => {
  const relay = { key: 1, kind: 'relay', title: 'VOV', clipId, url: 'https://vov.vn', minutes: '15' } as const;
  expect(lackOf(relay)).toBeUndefined();
  expect(lackOf({ ...relay, title: ' ' })).toBe('law.missing.part-title');
  expect(lackOf({ ...relay, url: 'vov.vn' })).toBe('law.missing.relay-url');
  expect(lackOf({ ...relay, minutes: '0' })).toBe('law.missing.relay-minutes');
  expect(lackOf({ ...relay, minutes: '181' })).toBe('law.missing.relay-minutes');
  expect(lackOf({ ...relay, at: '05:30' })).toBe('law.missing.relay-at');
  expect(lackOf({ ...relay, at: '' })).toBe('law.missing.relay-at');
  expect(lackOf({ ...relay, clipId: undefined })).toBe('law.missing.relay-clip');
  expect(lackOf(newPart('tune', { title: 'Nhạc hiệu', key: 1 }))).toBe('law.missing.part-clip');
});
