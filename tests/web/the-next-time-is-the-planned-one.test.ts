/** "Next time" of a notice placed in a session is when it will really sound, and never an hour that nobody planned. */
import type { BulletinView, PlannedAiring, TimetableView } from '@loa/protocol/panel';
import { isAhead, nextStartOf, nextStartWords, orderMs } from '@loa/web/model/next-start.ts';
import { expect, test } from 'vitest';
import { nowMs, sayEn, sayVi, timeZone } from './speech.ts';

type Placed = Pick<BulletinView, 'id' | 'state' | 'slot' | 'whens' | 'nextAt'>;

const daily: Placed = {
  id: 'hop',
  state: 'accepted',
  slot: 'evening',
  whens: [{ kind: 'daily', from: '2026-11-20', time: '17:40' }],
  nextAt: '2026-11-27T17:40:00+07:00',
};

const airing: PlannedAiring = {
  occurrence: 'hop@1795775400',
  bulletinId: 'hop',
  title: 'Họp thôn',
  class: 'normal',
  slot: 'evening',
  isPart: false,
  at: '2026-11-27T17:30:44+07:00',
  lastAt: '2026-11-27T17:30:44+07:00',
  until: '2026-11-27T17:31:04+07:00',
  clusterCount: 1,
  areaIds: ['xa'],
};

const timetable = (airings: PlannedAiring[], leftOutCount = 0): TimetableView => ({
  from: new Date(nowMs).toISOString(),
  until: new Date(nowMs + 7 * 86_400_000).toISOString(),
  airings,
  leftOutCount,
});

function words(bulletin: Placed, planned: TimetableView | undefined, say = sayVi): string | undefined {
  const next = nextStartOf(bulletin, { timetable: planned, timeZone });
  return next === undefined ? undefined : nextStartWords(next, { nowMs, timeZone, say });
}

test('the plan’s time, and its airing', () => {
  const planned = timetable([airing, { ...airing, at: '2026-11-28T17:30:44+07:00', occurrence: 'hop@2' }]);
  expect(words(daily, planned)).toBe('Phát lần tới: 17:30');
  expect(nextStartOf(daily, { timetable: planned, timeZone })).toMatchObject({ occurrence: airing.occurrence });
});

test('until the plan is known, its session and day without an hour', () => {
  expect(words(daily, undefined)).toBe('Phát lần tới: buổi chiều thứ Sáu 27/11');
  expect(words(daily, undefined, sayEn)).toBe('Next: afternoon, Friday 27/11');
  expect(words(daily, timetable([], 3))).toBe('Phát lần tới: buổi chiều thứ Sáu 27/11');
});

test('still ahead when the time it names is past and its place in the session is not', () => {
  const { nextAt: _past, ...last } = daily;
  const bulletin: Placed = { ...last, whens: [{ kind: 'once', date: '2026-11-27', time: '17:00' }] };
  const next = nextStartOf(bulletin, { timetable: timetable([airing]), timeZone });
  expect(isAhead(bulletin, next)).toBe(true);
  expect(isAhead(bulletin, nextStartOf(bulletin, { timetable: timetable([]), timeZone }))).toBe(false);
});

test('what is not planned this week is told with its day after, or that it does not sound', () => {
  expect(words(daily, timetable([]))).toBe('Phát lần tới: buổi chiều thứ Sáu 4/12');
  const once: Placed = { ...daily, whens: [{ kind: 'once', date: '2026-11-27', time: '17:40' }] };
  expect(words(once, timetable([]))).toBe('7 ngày tới không phát');
  expect(orderMs(nextStartOf(once, { timetable: timetable([]), timeZone }))).toBe(Number.POSITIVE_INFINITY);
});

test('one with a time of its own keeps it, and so does what is only offered', () => {
  const { slot: _none, ...own } = daily;
  expect(words(own, timetable([]))).toBe('Phát lần tới: 17:40');
  const offered: Placed = { ...daily, state: 'offered' };
  expect(isAhead(offered, nextStartOf(offered, { timetable: undefined, timeZone }))).toBe(true);
});
