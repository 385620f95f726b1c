/** A bulletin from above stands as its commune decided, waits first while nobody has, and becomes the commune's own answer. */
import { type BulletinView, type InboxItem, inboxAnswerSchema } from '@loa/protocol/panel';
import { missingIn } from '@loa/web/model/draft.ts';
import { draftFor, inboxOrder, madeBulletin, standingOf, takingOf, waitingOf } from '@loa/web/model/inbox.ts';
import { en } from '@loa/web/text/en/index.ts';
import type { TextKey } from '@loa/web/text/say.ts';
import { inboxWords } from '@loa/web/text/vi/inbox.ts';
import { describe, expect, it } from 'vitest';
import { nowMs, timeZone } from './speech.ts';

const now = { nowMs, timeZone };
const hash = 'a'.repeat(64);

function item(
  id: string,
  createdAt: string,
  more: Partial<BulletinView> = {},
  answer?: InboxItem['answer'],
): InboxItem {
  const clip = {
    id: hash,
    title: id,
    durationMs: 20_000,
    loudnessLufs: -16,
    truePeakDbtp: -2,
    sizeBytes: 1,
    previewUrl: '/',
    createdAt,
    origin: 'upload' as const,
  };
  const bulletin: BulletinView = {
    id,
    title: `Bản tin ${id}`,
    class: 'normal',
    state: 'offered',
    drill: false,
    clip,
    areaIds: ['lam-dong'],
    whens: [],
    repeat: { count: 2, gapMs: 2_000 },
    late: { kind: 'start', lateMsMax: 300_000 },
    resume: 'drop',
    createdBy: 'Sở',
    createdAt,
    clusterCount: 4,
    ...more,
  };
  return { bulletin, areaId: 'ham-thang', ...(answer === undefined ? {} : { answer }) };
}

const answered = (kind: 'scheduled' | 'declined') => ({ kind, by: 'Hồng', at: '2026-11-27T09:00:00+07:00' });
const old = item('old', '2026-11-20T08:00:00+07:00');
const fresh = item('fresh', '2026-11-27T08:00:00+07:00');
const taken = item('taken', '2026-11-26T08:00:00+07:00', {}, answered('scheduled'));
const refused = item('refused', '2026-11-25T08:00:00+07:00', {}, answered('declined'));
const recalled = item('recalled', '2026-11-24T08:00:00+07:00', { state: 'withdrawn' }, answered('scheduled'));

describe('the inbox', () => {
  it('does not call scheduled what a leader has yet to approve', () => {
    const answer = { ...answered('scheduled'), bulletinId: 'made' };
    const one = item('taken', '2026-11-26T08:00:00+07:00', {}, answer);
    const made = (state: BulletinView['state']) => ({ ...one.bulletin, id: 'made', state });
    expect(madeBulletin(one, [made('submitted')])?.state).toBe('submitted');
    expect(madeBulletin(one, [made('returned')])?.state).toBe('returned');
    expect(madeBulletin(one, [made('accepted')])).toBeUndefined();
    expect(madeBulletin(old, [made('submitted')])).toBeUndefined();
  });

  it('says how each stands; a recall outweighs what was decided', () => {
    expect([old, taken, refused, recalled].map(standingOf)).toEqual(['waiting', 'scheduled', 'declined', 'recalled']);
    expect(waitingOf([recalled, fresh, taken, old])).toEqual([fresh, old]);
  });

  it('shows what has waited longest first, then the newest of the rest', () => {
    const order = inboxOrder([recalled, taken, fresh, refused, old]).map(({ bulletin }) => bulletin.id);
    expect(order).toEqual(['old', 'fresh', 'taken', 'refused', 'recalled']);
  });
});

describe('taking one', () => {
  it('begins in the whole commune and the next session', () => {
    const draft = draftFor(fresh, now);
    expect(draft).toMatchObject({ areaIds: ['ham-thang'], slot: 'morning', date: '2026-11-28', repeatCount: 2 });
    expect(missingIn(draft, now)).toBeUndefined();
    const noonMs = Date.parse('2026-11-27T10:00:00+07:00');
    expect(draftFor(fresh, { nowMs: noonMs, timeZone })).toMatchObject({ slot: 'noon', date: '2026-11-27' });
  });

  it.each<[string, BulletinView['whens'], Partial<BulletinView>, object]>([
    [
      'a suggested day and session',
      [{ kind: 'once', date: '2026-12-01', time: '17:00' }],
      { slot: 'evening' },
      { whenKind: 'once', date: '2026-12-01', slot: 'evening' },
    ],
    [
      'a suggested hour that has begun already, from today on',
      [{ kind: 'weekly', from: '2026-11-01', until: '2026-12-31', weekdays: [1], time: '05:15' }],
      {},
      { whenKind: 'weekly', date: '2026-11-27', until: '2026-12-31', weekdays: [1], time: '05:15', slot: undefined },
    ],
    [
      'not a suggestion that is over',
      [{ kind: 'daily', from: '2026-11-01', until: '2026-11-10', time: '05:15' }],
      {},
      { whenKind: 'once', slot: 'morning' },
    ],
    ['not "now", which was then', [{ kind: 'now' }], {}, { whenKind: 'once', slot: 'morning' }],
  ])('begins with %s', (_, whens, more, expected) => {
    expect(draftFor(item('x', '2026-11-27T08:00:00+07:00', { whens, ...more }), now)).toMatchObject(expected);
  });

  it('leaves title, class and sound to the one above', () => {
    const answer = takingOf(draftFor(fresh, now), { areaId: 'ham-thang', requestId: 'request-1' });
    expect(inboxAnswerSchema.parse(answer)).toMatchObject({
      kind: 'scheduled',
      areaId: 'ham-thang',
      request: { slot: 'morning', whens: [{ kind: 'once', date: '2026-11-28', time: '05:00' }], repeat: { count: 2 } },
    });
    expect(Object.keys(answer.kind === 'scheduled' ? answer.request : {}).sort()).toEqual([
      'areaIds',
      'repeat',
      'requestId',
      'slot',
      'whens',
    ]);
  });
});

it('both languages say the same of it', () => {
  const valuesOf = (sentence: string) => [...sentence.matchAll(/\{\{(\w+)\}\}/g)].map(([, name]) => name).sort();
  for (const [key, words] of Object.entries(inboxWords)) {
    expect(valuesOf(en[key as TextKey]), key).toEqual(valuesOf(words));
  }
});
