/** The timetable shows exactly what the law names, on the installation's days; what was withdrawn is in none of them. */
import type { BulletinView } from '@loa/protocol/panel';
import { timetableOf, weekOf } from '@loa/web/model/week.ts';
import { expect, test } from 'vitest';
import { timeZone } from './speech.ts';

const first = Temporal.PlainDate.from('2026-11-27');

function bulletin(id: string, change: Partial<BulletinView>): BulletinView {
  const clip = { id: 'a'.repeat(64), title: id, durationMs: 60_000, loudnessLufs: -16, truePeakDbtp: -2 };
  return {
    id,
    title: id,
    class: 'normal',
    state: 'accepted',
    drill: false,
    clip: { ...clip, sizeBytes: 1, previewUrl: '', createdAt: '2026-11-01T00:00:00Z', origin: 'upload' },
    areaIds: ['xa'],
    whens: [],
    repeat: { count: 2, gapMs: 2_000 },
    late: { kind: 'start', lateMsMax: 0 },
    resume: 'drop',
    createdBy: '',
    createdAt: '2026-11-01T00:00:00Z',
    clusterCount: 1,
    ...change,
  };
}

test('each start stands on its civil day, in order', () => {
  const week = weekOf(
    [
      bulletin('chieu', { whens: [{ kind: 'daily', from: '2026-11-28', until: '2026-11-29', time: '17:00' }] }),
      bulletin('sang', { whens: [{ kind: 'weekly', from: '2026-11-01', weekdays: [6], time: '04:45' }] }),
      bulletin('ram', {
        whens: [{ kind: 'lunar', from: '2026-11-01', rule: { kind: 'monthly', days: [24] }, time: '05:00' }],
      }),
      bulletin('da-rut', { state: 'withdrawn', whens: [{ kind: 'daily', from: '2026-11-01', time: '08:00' }] }),
    ],
    { first, timeZone },
  );
  expect(week.map(({ date, entries }) => [date.toString(), entries.map((entry) => entry.bulletin.id)])).toEqual([
    ['2026-11-27', []],
    ['2026-11-28', ['sang', 'chieu']],
    ['2026-11-29', ['chieu']],
    ['2026-11-30', []],
    ['2026-12-01', []],
    ['2026-12-02', ['ram']],
    ['2026-12-03', []],
  ]);
  expect(week[1]?.entries[0]).toMatchObject({ atMs: Date.parse('2026-11-28T04:45:00+07:00'), lengthMs: 122_000 });
});

test('what goes out is what is scheduled, without "now" as a rule', () => {
  const whens: BulletinView['whens'] = [{ kind: 'now' }, { kind: 'once', date: '2026-11-28', time: '05:00' }];
  const emergency = bulletin('khan', { class: 'emergency' });
  const entries = timetableOf([bulletin('a', { whens }), emergency], { timeZone, placeOf: () => 'Xã' });
  expect(entries).toHaveLength(1);
  expect(entries[0]?.whens).toEqual([{ kind: 'once', date: '2026-11-28', time: '05:00' }]);
});
