/** What waits for a leader is told apart from what does not, soonest first; what was returned can be mended as it was. */
import { type BulletinView, type ClipView, type Person, rightsOf } from '@loa/protocol/panel';
import {
  approvalQuestion,
  decidedOf,
  decisionWords,
  meaningOf,
  needsLeader,
  previewRequestFrom,
  submittedOf,
  toDecide,
} from '@loa/web/model/approval.ts';
import { byUrgency } from '@loa/web/model/bulletins.ts';
import { type Draft, isClipCurrent, missingIn, requestOf } from '@loa/web/model/draft.ts';
import { draftAgain } from '@loa/web/model/draft-again.ts';
import { isAhead, nextStartOf } from '@loa/web/model/next-start.ts';
import { whenWords } from '@loa/web/model/when-words.ts';
import { describe, expect, it } from 'vitest';
import { nowMs, sayEn, sayVi, timeZone } from './speech.ts';

const now = { nowMs, timeZone };
const hours = { spans: [], document: '', isDefault: true };
const commune = { id: 'ham-thang', parentId: 'lam-dong', kind: 'commune' as const, name: 'Phường Hàm Thắng', hours };
const asked = new Map([['ham-thang', { ...commune, needsApproval: true }]]);
const free = new Map([['ham-thang', commune]]);

function person(role: Person['role']): Person {
  return { id: role, login: role, name: role, role, areaId: 'ham-thang', rights: [...rightsOf[role]] };
}

const clip: ClipView = {
  id: 'a'.repeat(64),
  title: 'Họp',
  durationMs: 20_000,
  loudnessLufs: -16,
  truePeakDbtp: -2,
  sizeBytes: 1,
  previewUrl: '/',
  createdAt: '2026-11-27T08:00:00+07:00',
  origin: 'speech',
  text: 'Mời họp.',
};

function bulletin(id: string, more: Partial<BulletinView> = {}): BulletinView {
  return {
    id,
    title: `Bản tin ${id}`,
    class: 'normal',
    state: 'submitted',
    drill: false,
    clip,
    areaIds: ['ham-thang'],
    whens: [{ kind: 'once', date: '2026-11-28', time: '17:00' }],
    repeat: { count: 2, gapMs: 2_000 },
    late: { kind: 'start', lateMsMax: 900_000 },
    resume: 'restart',
    createdBy: 'Hồng',
    createdAt: '2026-11-27T08:00:00+07:00',
    mayDecide: true,
    clusterCount: 4,
    ...more,
  };
}

const ids = (list: readonly BulletinView[]) => list.map(({ id }) => id);

describe('who needs a leader', () => {
  it.each([
    ['officer', asked, false, true],
    ['officer', free, false, false],
    ['officer', new Map(), false, false],
    ['leader', asked, false, false],
    ['department', asked, true, false],
    ['department', asked, false, true],
  ] as const)('%s', (role, areas, isOffered, isNeeded) => {
    expect(needsLeader(person(role), { areas, isOffered })).toBe(isNeeded);
  });
});

describe('the leader’s page', () => {
  const soon = bulletin('soon', { whens: [{ kind: 'now' }] });
  const later = bulletin('later');
  const past = bulletin('past', { whens: [{ kind: 'once', date: '2026-11-26', time: '17:00' }] });
  const { mayDecide: _may, ...own } = bulletin('own', { whens: [{ kind: 'once', date: '2026-11-27', time: '19:00' }] });
  const yes = bulletin('yes', { state: 'accepted', decision: { by: 'Thành', at: '2026-11-27T09:00:00+07:00' } });
  const no = bulletin('no', {
    state: 'returned',
    decision: { by: 'Thành', at: '2026-11-27T10:00:00+07:00', reason: 'Thiếu tên thôn' },
  });
  const all = [yes, past, later, own, no, soon];

  it('shows what would sound soonest first and what has passed last', () => {
    expect(ids(submittedOf(all, now))).toEqual(['soon', 'own', 'later', 'past']);
    expect(ids(toDecide(all))).toEqual(['past', 'later', 'soon']);
  });

  it('lists what was decided, newest first, in words', () => {
    expect(ids(decidedOf(all))).toEqual(['no', 'yes']);
    const time = () => '10:00';
    expect(decisionWords(no, { say: sayVi, time })).toBe('Thành trả lại, 10:00. Lý do: Thiếu tên thôn');
    expect(decisionWords(yes, { say: sayEn, time })).toBe('Thành approved it, 10:00.');
    expect(decisionWords(later, { say: sayVi, time })).toBe('');
  });

  it('asks once more only for the present moment and the night', () => {
    expect(approvalQuestion(later, sayVi)).toBeUndefined();
    expect(approvalQuestion(soon, sayVi)).toBe('Phát ngay bây giờ?');
    const night = bulletin('night', { whens: [{ kind: 'daily', from: '2026-11-28', time: '21:30' }] });
    expect(approvalQuestion(night, sayVi)).toBe('Phát ban đêm, lúc 21:30?');
  });

  it('never says “right now” of what is not approved yet', () => {
    const today = Temporal.PlainDate.from('2026-11-27');
    expect(whenWords({ kind: 'now' }, { today, say: sayVi, isSubmitted: true })).toBe('ngay khi được duyệt');
    expect(whenWords({ kind: 'now' }, { today, say: sayVi })).toBe('ngay bây giờ');
  });

  it('previews the bulletin’s own fields', () => {
    const versions = [{ language: 'cjm' as const, clipId: 'b'.repeat(64), durationMs: 30_000 }];
    expect(previewRequestFrom(bulletin('one', { slot: 'evening', versions }))).toEqual({
      class: 'normal',
      clipId: clip.id,
      areaIds: ['ham-thang'],
      whens: later.whens,
      slot: 'evening',
      versions: [{ language: 'cjm', clipId: 'b'.repeat(64) }],
      repeat: later.repeat,
      late: later.late,
      resume: 'restart',
    });
  });

  it('says what the rule means before it is switched', () => {
    const change = { kind: 'approval' as const, areaId: 'ham-thang', isNeeded: true };
    expect(meaningOf(change, sayVi)?.words).toContain('chỉ phát khi lãnh đạo đã duyệt');
    expect(meaningOf({ ...change, isNeeded: false }, sayVi)?.words).toContain('không phải chờ ai duyệt');
    expect(meaningOf({ kind: 'hours', areaId: 'ham-thang', hours: null }, sayVi)).toBeUndefined();
  });

  it('keeps what waits among what is ahead, and what was returned on top of it', () => {
    const plain = bulletin('plain', { state: 'accepted', nextAt: '2026-11-27T18:00:00+07:00' });
    const over = bulletin('over', { state: 'accepted' });
    const listed = [plain, later, no, over].map((each) => ({
      bulletin: each,
      next: nextStartOf(each, { timetable: undefined, timeZone }),
    }));
    expect(listed.map((each) => isAhead(each.bulletin, each.next))).toEqual([true, true, true, false]);
    expect(
      listed
        .slice(0, 3)
        .sort(byUrgency)
        .map(({ bulletin: { id } }) => id),
    ).toEqual(['no', 'later', 'plain']);
  });
});

describe('what was returned', () => {
  const again = (more: Partial<BulletinView>): Draft => draftAgain(bulletin('no', { state: 'returned', ...more }), now);

  it.each<[string, BulletinView['whens']]>([
    ['once', [{ kind: 'once', date: '2026-11-28', time: '17:00' }]],
    ['now', [{ kind: 'now' }]],
    ['rule', [{ kind: 'rule', text: 'DTSTART:20261201T051500\nRRULE:FREQ=WEEKLY;BYDAY=MO' }]],
    [
      'two times',
      [
        { kind: 'weekly', from: '2026-11-28', weekdays: [1, 4], time: '05:15' },
        { kind: 'monthly', from: '2026-11-28', until: '2027-03-01', days: [1, -1], time: '17:00' },
      ],
    ],
    [
      'lunar',
      [{ kind: 'lunar', from: '2026-11-28', rule: { daysBefore: 1, kind: 'monthly', days: [1, 15] }, time: '05:15' }],
    ],
    ['lunar year', [{ kind: 'lunar', from: '2026-11-28', rule: { kind: 'yearly', month: 3, day: 10 }, time: '17:00' }]],
  ])('is a whole draft again, with its times: %s', (_name, whens) => {
    const draft = again({ whens, class: 'priority', clusterIds: ['c-1'] });
    expect(missingIn(draft, now)).toBeUndefined();
    expect(requestOf(draft, 'request-1')).toEqual({
      requestId: 'request-1',
      title: 'Bản tin no',
      class: 'priority',
      clipId: clip.id,
      areaIds: ['ham-thang'],
      clusterIds: ['c-1'],
      whens,
      repeat: { count: 2, gapMs: 2_000 },
      late: { kind: 'start', lateMsMax: 900_000 },
      resume: 'restart',
    });
  });

  it('lets its text be written anew, and keeps a recording as it is', () => {
    const spoken = again({});
    expect(isClipCurrent(spoken)).toBe(true);
    expect(isClipCurrent({ ...spoken, text: 'Mời họp ở thôn Đá Dựng.' })).toBe(false);
    const { text: _text, ...recording } = clip;
    expect(again({ clip: recording })).toMatchObject({ source: 'kept', clipId: clip.id });
  });

  it('leaves out times that have passed, and asks for one that the form cannot hold', () => {
    const gone = { kind: 'once' as const, date: '2026-11-20', time: '17:00' };
    const ahead = { kind: 'once' as const, date: '2026-12-01', time: '17:00' };
    expect(requestOf(again({ whens: [gone, ahead] }), 'request-1').whens).toEqual([ahead]);
    const odd: BulletinView['whens'] = [
      { kind: 'lunar', from: '2026-11-28', rule: { kind: 'monthly', days: [7] }, time: '17:00' },
    ];
    expect(again({ whens: odd })).toMatchObject({ whenKind: 'once', moreWhens: [] });
  });
});
