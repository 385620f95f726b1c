/** The timetable shows exactly what is planned, on the installation's days; the calendar file says the same times. */
import type { BulletinView, PlannedAiring, TimetableView } from '@loa/protocol/panel';
import { timetableIcs } from '@loa/schedules';
import { soundingMs, startWords, timetableOf, weekOf } from '@loa/web/model/week.ts';
import { expect, test } from 'vitest';
import { nowMs, sayEn, sayVi, timeZone } from './speech.ts';

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

/** Starts at a civil time of Vietnam, `27 17:30:44`, and sounds for 20 s. */
function planned(title: string, start: string, change: Partial<PlannedAiring> = {}): PlannedAiring {
  const at = instant(start);
  return {
    occurrence: `${title}@1`,
    bulletinId: title,
    title,
    class: 'normal',
    isPart: false,
    at,
    lastAt: at,
    until: new Date(Date.parse(change.lastAt ?? at) + 20_000).toISOString(),
    clusterCount: 1,
    areaIds: ['xa'],
    ...change,
  };
}

function instant(text: string): string {
  const [day, time] = text.split(' ');
  return new Date(`2026-11-${day}T${time}+07:00`).toISOString();
}

const timetable = (airings: PlannedAiring[]): TimetableView => ({
  from: new Date(nowMs).toISOString(),
  until: new Date(nowMs + 7 * 86_400_000).toISOString(),
  airings,
  leftOutCount: 0,
});

test('each start stands on its civil day of the installation, in order, seven days from today', () => {
  const week = weekOf(
    timetable([
      planned('nhac-hieu', '27 17:30:00', { isPart: true }),
      planned('chieu', '27 17:30:44'),
      planned('nua-dem', '28 00:10:00'),
      planned('sang', '28 04:45:00'),
    ]),
    timeZone,
  );
  expect(week.map(({ date, airings }) => [date.toString(), airings.map(({ title }) => title)])).toEqual([
    ['2026-11-27', ['nhac-hieu', 'chieu']],
    ['2026-11-28', ['nua-dem', 'sang']],
    ['2026-11-29', []],
    ['2026-11-30', []],
    ['2026-12-01', []],
    ['2026-12-02', []],
    ['2026-12-03', []],
  ]);
});

test('one clock time, and both where clusters differ', () => {
  const together = planned('chieu', '27 17:30:44');
  expect(startWords(together, { timeZone, say: sayVi })).toBe('17:30');
  const apart = planned('chieu', '27 17:00:00', { lastAt: instant('27 17:31:02') });
  expect(startWords(apart, { timeZone, say: sayVi })).toBe('17:00–17:31, tùy cụm loa');
  expect(startWords(apart, { timeZone, say: sayEn })).toBe('17:00–17:31, by cluster');
  expect(soundingMs(apart)).toBe(20_000);
});

const options = { timeZone, placeOf: () => 'Xã', say: sayVi };

test('what goes out with its own time is what is scheduled, without "now" as a rule', () => {
  const whens: BulletinView['whens'] = [{ kind: 'now' }, { kind: 'once', date: '2026-11-28', time: '05:00' }];
  const bulletins = [
    bulletin('a', { whens }),
    bulletin('khan', { class: 'emergency' }),
    bulletin('da-rut', { state: 'withdrawn', whens }),
  ];
  const entries = timetableOf({ bulletins, planned: [] }, options);
  expect(entries).toHaveLength(1);
  expect(entries[0]?.whens).toEqual([{ kind: 'once', date: '2026-11-28', time: '05:00' }]);
});

test('what is placed in a session goes out with its real starts, under a name that stays; tunes and relays do not', () => {
  const whens: BulletinView['whens'] = [{ kind: 'daily', from: '2026-11-27', time: '17:40' }];
  const entries = timetableOf(
    {
      bulletins: [bulletin('hop', { title: 'Họp thôn', whens, slot: 'evening' })],
      planned: [
        planned('nhac-hieu', '27 17:30:00', { isPart: true }),
        planned('rieng', '27 17:35:00'),
        planned('Họp thôn', '28 17:30:44', { bulletinId: 'hop', slot: 'evening', occurrence: 'hop@7' }),
        planned('Họp thôn', '28 17:31:06', {
          bulletinId: 'hop',
          slot: 'evening',
          occurrence: 'hop.cjm@7',
          language: 'cjm',
        }),
      ],
    },
    options,
  );
  const lines = timetableIcs(entries, { name: 'Lịch', nowMs }).split('\r\n');
  const told = (name: string) => lines.filter((line) => line.startsWith(name));
  expect(told('DTSTART:2')).toEqual(['DTSTART:20261128T103044Z', 'DTSTART:20261128T103106Z']);
  expect(told('UID')).toEqual(['UID:hop@7@loa', 'UID:hop.cjm@7@loa']);
  expect(told('SUMMARY')).toEqual(['SUMMARY:Họp thôn', 'SUMMARY:Họp thôn (tiếng Chăm)']);
  expect(told('DURATION')).toEqual(['DURATION:PT20S', 'DURATION:PT20S']);
  expect(told('RRULE')).toEqual([]);
});
