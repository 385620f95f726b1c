/** What a person is told about each phase, outcome and reason; what is not known is never shown as good (DESIGN P2). */
import type { TargetView } from '@loa/protocol/panel';
import { airingPhases, type Outcome, outcomeReasons, outcomes } from '@loa/schedules';
import { stageOf, summarise } from '@loa/web/model/airing-summary.ts';
import { targetTone, targetWords } from '@loa/web/model/target-words.ts';
import { describe, expect, it } from 'vitest';
import { airingOf } from './live-feed.ts';
import { nowMs, sayEn, sayVi } from './speech.ts';

const target = (more: Partial<TargetView>): TargetView => ({ clusterId: 'c-1', phase: 'ended', ...more });

const told: Record<Outcome, [label: string, tone: string]> = {
  confirmed: ['Đã phát, đo được tiếng', 'good'],
  silent: ['Đã phát, nhưng không đo được tiếng', 'attention'],
  played: ['Đã phát, chưa kiểm chứng', 'good'],
  partial: ['Phát dở', 'attention'],
  stopped: ['Đã dừng', 'quiet'],
  withdrawn: ['Đã rút lại', 'quiet'],
  preempted: ['Nhường bản tin khẩn cấp', 'quiet'],
  missed: ['Không phát', 'attention'],
  refused: ['Loa từ chối', 'attention'],
};

it.each(outcomes)('%s is told in the words of the office', (outcome) => {
  const words = targetWords(target({ outcome }), sayVi);
  expect([words.label, words.tone]).toEqual(told[outcome]);
});

it.each(airingPhases)('without an outcome, %s is not green', (phase) => {
  expect(targetTone(target({ phase }))).not.toBe('good');
  expect(targetWords(target({ phase }), sayVi).label).not.toMatch(/\.|Đã phát/);
});

it('an end without an outcome is unknown', () => {
  expect(targetWords(target({}), sayVi).label).toBe('Chưa rõ');
  expect(summarise([target({})], sayVi)).toMatchObject([{ kind: 'unknown', words: '1 chưa rõ' }]);
});

it.each(outcomeReasons)('the reason %s has a sentence in both languages', (reason) => {
  for (const say of [sayVi, sayEn]) {
    const words = targetWords(target({ outcome: 'missed', reason }), say);
    expect(words.reason).toBeTruthy();
    expect(words.reason).not.toContain('reason.');
  }
});

it('a reason that is not known yet is left out rather than shown as a code', () => {
  expect(targetWords(target({ outcome: 'missed', reason: 'new-reason' }), sayVi).reason).toBeUndefined();
});

it('lateness stands beside any outcome, from two seconds on', () => {
  expect(targetWords(target({ outcome: 'partial', lateMs: 240_000 }), sayVi).lateness).toBe('trễ 4 phút');
  expect(targetWords(target({ outcome: 'played', lateMs: 240_000 }), sayEn).lateness).toBe('4 min late');
  expect(targetWords(target({ outcome: 'played', lateMs: 900 }), sayVi).lateness).toBeUndefined();
});

describe('the counts of an airing', () => {
  const targets = [
    target({ outcome: 'confirmed' }),
    target({ outcome: 'played' }),
    target({ outcome: 'missed' }),
    target({ phase: 'playing' }),
    target({ phase: 'queued' }),
    target({ phase: 'unknown' }),
    target({ outcome: 'stopped' }),
  ];

  it('add up to its targets', () => {
    const parts = summarise(targets, sayVi);
    expect(parts.reduce((sum, part) => sum + part.count, 0)).toBe(targets.length);
    expect(parts.map((part) => part.words)).toEqual([
      '1 đang phát',
      '2 đã phát',
      '1 cần xem',
      '1 chờ phát',
      '1 ngừng sớm',
      '1 chưa rõ',
    ]);
  });
});

describe('the stage of an airing', () => {
  const at = new Date(nowMs).toISOString();
  const until = new Date(nowMs + 60_000).toISOString();
  const airing = (more: Partial<TargetView>, active = true) =>
    airingOf({ at, until, active, targets: [target(more), target({ phase: 'unknown' })] });

  it.each([
    ['before its time', airing({ phase: 'ready' }), -1, 'coming'],
    ['from its time on', airing({ phase: 'ready' }), 0, 'sounding'],
    ['early on one cluster', airing({ phase: 'playing' }), -1, 'sounding'],
    ['late on one cluster', airing({ phase: 'playing' }), 90_000, 'sounding'],
    ['past its end', airing({ outcome: 'played' }), 60_000, 'over'],
    ['stopped, but not yet silent', airing({ phase: 'playing' }, false), 1, 'sounding'],
    ['withdrawn', airing({ phase: 'ready' }, false), -1, 'over'],
  ])('%s', (_, view, offsetMs, stage) => {
    expect(stageOf(view, nowMs + offsetMs)).toBe(stage);
  });
});
