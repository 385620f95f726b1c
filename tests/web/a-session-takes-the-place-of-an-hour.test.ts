/** A notice placed in a session names days only; "now" and recurrence rules keep their own hour and have none. */
import { bulletinRequestSchema } from '@loa/protocol/panel';
import {
  type Draft,
  missingIn,
  newDraft,
  nightTimesOf,
  parseDraft,
  previewRequestOf,
  requestOf,
  slotOf,
  whensOf,
  withWhenSettled,
} from '@loa/web/model/draft.ts';
import { reachWith } from '@loa/web/model/reach.ts';
import { ruleReading } from '@loa/web/model/rule-reading.ts';
import { nextSlot } from '@loa/web/model/slots.ts';
import { sentenceOf } from '@loa/web/model/when-words.ts';
import { describe, expect, it } from 'vitest';
import { nowMs, sayEn, sayVi, timeZone } from './speech.ts';

const now = { nowMs, timeZone };
const today = Temporal.PlainDate.from('2026-11-27');
const whole: Draft = {
  ...newDraft(now),
  title: 'Nhận thẻ bảo hiểm',
  source: 'kept',
  clipId: 'a'.repeat(64),
  areaIds: ['ham-thang'],
  date: '2026-11-28',
  time: '05:45',
};
const inMorning: Draft = { ...whole, slot: 'morning' };

describe('a session', () => {
  it('gives every time its hour, also those settled before it was chosen, each day once', () => {
    const settled: Draft = { ...withWhenSettled(whole), slot: 'noon' };
    expect(whensOf(settled)).toEqual([{ kind: 'once', date: '2026-11-28', time: '11:00' }]);
    const request = bulletinRequestSchema.parse(requestOf(inMorning, 'request-1'));
    expect(request).toMatchObject({ slot: 'morning', whens: [{ kind: 'once', date: '2026-11-28', time: '05:00' }] });
    expect(previewRequestOf(inMorning)?.slot).toBe('morning');
    expect(nightTimesOf(inMorning)).toEqual([]);
  });

  it('is none beside "now" and a rule', () => {
    expect(slotOf(inMorning)).toBe('morning');
    expect(slotOf({ ...inMorning, whenKind: 'now' })).toBeUndefined();
    expect(slotOf({ ...inMorning, moreWhens: [{ kind: 'now' }] })).toBeUndefined();
    expect(requestOf({ ...inMorning, whenKind: 'now' }, 'request-1')).not.toHaveProperty('slot');
  });

  it('is said where the hour would be', () => {
    const say = (draft: Draft, of: typeof sayVi) =>
      sentenceOf({ whens: whensOf(draft), clusterCount: 4, repeatCount: 1 }, { today, say: of, slot: slotOf(draft) });
    const daily: Draft = { ...inMorning, whenKind: 'daily', date: '2026-11-27' };
    expect(say(daily, sayVi)).toBe('Phát trong buổi sáng hằng ngày, tại 4 cụm loa.');
    expect(say(daily, sayEn)).toBe('Plays in the morning session every day, at 4 speaker clusters.');
  });

  it('that has passed on its day is named as that', () => {
    expect(missingIn({ ...inMorning, date: '2026-11-27' }, now)).toEqual({
      step: 3,
      words: 'compose.missing.slot-over',
    });
  });

  it('follows the time of day, the next morning after the last', () => {
    expect(['04:59', '05:00', '16:59', '17:00'].map(nextSlot)).toEqual([
      { slot: 'morning', isTomorrow: false },
      { slot: 'noon', isTomorrow: false },
      { slot: 'evening', isTomorrow: false },
      { slot: 'morning', isTomorrow: true },
    ]);
  });
});

describe('further choices of a notice', () => {
  it('go out as they were made, and not at all when they were not', () => {
    const versions = [{ language: 'cjm' as const, clipId: 'c'.repeat(64) }];
    const draft: Draft = { ...whole, areaIds: [], clusterIds: ['c-2', 'c-1'], versions, class: 'priority' };
    expect(missingIn(draft, now)).toBeUndefined();
    const request = bulletinRequestSchema.parse(requestOf(draft, 'request-1'));
    expect(request).toMatchObject({ areaIds: [], clusterIds: ['c-1', 'c-2'], versions, class: 'priority' });
    expect(previewRequestOf(draft)).toMatchObject({ clusterIds: ['c-1', 'c-2'], versions });
    for (const key of ['clusterIds', 'versions', 'slot']) expect(requestOf(whole, 'request-1')).not.toHaveProperty(key);
    expect(missingIn({ ...draft, clusterIds: [] }, now)?.words).toBe('compose.missing.areas');
  });

  it('are absent from a draft remembered before there were any', () => {
    const { class: _, clusterIds: __, versions: ___, ruleText: ____, ...former } = whole;
    expect(parseDraft(JSON.stringify(former), now)).toEqual(whole);
  });

  it('a normal one from above cannot be "now", since communes choose when', () => {
    const draft: Draft = { ...whole, whenKind: 'now' };
    expect(missingIn(draft, now)).toBeUndefined();
    expect(missingIn(draft, { ...now, isFromAbove: true })?.words).toBe('compose.missing.offered-now');
    expect(missingIn({ ...draft, class: 'priority' }, { ...now, isFromAbove: true })).toBeUndefined();
  });

  it('single clusters count once beside the areas that hold them', () => {
    const clusters = new Map([
      ['c-1', { reach: 'reachable' as const }],
      ['c-2', { reach: 'out-of-reach' as const }],
      ['c-3', { reach: 'reachable' as const }],
    ]);
    const ofAreas = { clusters: 1, reachable: 1, clusterIds: ['c-1'] };
    expect(reachWith(ofAreas, { clusterIds: ['c-1', 'c-2', 'gone'], clusters })).toEqual({
      clusters: 2,
      reachable: 1,
      clusterIds: ['c-1', 'c-2'],
    });
    expect(reachWith(undefined, { clusterIds: ['c-3'], clusters })).toMatchObject({ clusters: 1, reachable: 1 });
  });
});

describe('a recurrence rule', () => {
  const rule = 'DTSTART:20261201T051500\nRRULE:FREQ=WEEKLY;BYDAY=MO,TH';
  const draft: Draft = { ...whole, whenKind: 'rule' };

  it('shows its next starts', () => {
    const reading = ruleReading(rule, now);
    const starts = reading.kind === 'starts' ? reading.atMs.map((at) => new Date(at).toISOString()) : [];
    expect(starts).toEqual(['2026-12-02T22:15:00.000Z', '2026-12-06T22:15:00.000Z', '2026-12-09T22:15:00.000Z']);
    expect(missingIn({ ...draft, ruleText: rule }, now)).toBeUndefined();
  });

  it.each<[string, string, string, string]>([
    ['nothing', ' ', 'empty', 'compose.missing.when'],
    ['not understood', 'DTSTART:20261201T051500\nRRULE:FREQ=SOMETIMES', 'faulty', 'compose.missing.rule'],
    ['over', 'DTSTART:20261101T051500\nRRULE:FREQ=DAILY;COUNT=2', 'over', 'compose.missing.future'],
  ])('%s is said as that', (_, ruleText, kind, words) => {
    expect(ruleReading(ruleText, now).kind).toBe(kind);
    expect(missingIn({ ...draft, ruleText }, now)?.words).toBe(words);
  });
});
