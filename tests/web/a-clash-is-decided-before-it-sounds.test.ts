/** Of two that want one time one goes first: by a decision while there is time for one, else by the rule; both are said. */
import type { ClashView } from '@loa/protocol/panel';
import { changeWords } from '@loa/web/model/change-words.ts';
import { clashOrder, clashStanding, isDecidable, turnOf } from '@loa/web/model/clash.ts';
import { expect, it } from 'vitest';
import { nowMs, sayVi, timeZone } from './speech.ts';

function clash(areaId: string, decideBefore: string, decided?: ClashView['decided']): ClashView {
  const side = (occurrence: string, at: string) => ({
    occurrence,
    title: occurrence,
    at,
    until: at,
    isFromAbove: occurrence === 'tinh',
  });
  return {
    areaId,
    clusterCount: 4,
    sides: [side('tinh', decideBefore), side('xa', '2026-11-29T17:10:00+07:00')],
    defaultFirst: 'tinh',
    decideBefore,
    ...(decided === undefined ? {} : { decided }),
  };
}

const decided = { first: 'xa', by: 'Hồng', at: '2026-11-27T09:00:00+07:00' };
const soon = clash('soon', '2026-11-27T17:10:00+07:00');
const later = clash('later', '2026-11-28T17:00:00+07:00');
const done = clash('done', '2026-11-27T18:00:00+07:00', decided);
const missed = clash('missed', '2026-11-27T17:00:00+07:00');

it('is open until the earlier start, and then late', () => {
  expect([soon, later, done, missed].map((each) => clashStanding(each, nowMs))).toEqual([
    'open',
    'open',
    'decided',
    'late',
  ]);
  expect(isDecidable(done, nowMs)).toBe(true);
  expect(isDecidable(soon, Date.parse(soon.decideBefore))).toBe(false);
});

it('stands in the order of haste', () => {
  const order = clashOrder([missed, done, later, soon], nowMs).map(({ areaId }) => areaId);
  expect(order).toEqual(['soon', 'later', 'done', 'missed']);
});

it('turns by the one that was chosen', () => {
  const turn = turnOf(soon, 'xa');
  expect([turn.first.occurrence, turn.second.occurrence]).toEqual(['xa', 'tinh']);
  expect(turnOf(soon, 'tinh').second.occurrence).toBe('xa');
});

it('what it changes is said, the day once where it is the same', () => {
  const moved = { title: 'Bản tin', how: 'moved' as const, at: '2026-11-28T17:13:00+07:00' };
  const reading = { nowMs, timeZone, say: sayVi };
  expect(changeWords({ ...moved, fromAt: '2026-11-28T17:00:00+07:00' }, reading)).toBe(
    '"Bản tin" chuyển từ 17:00 sang 17:13 thứ Bảy 28/11',
  );
  expect(changeWords({ ...moved, fromAt: '2026-11-27T17:30:00+07:00' }, reading)).toContain('từ 17:30 sang');
});
