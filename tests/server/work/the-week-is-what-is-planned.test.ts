/** The timetable of the next seven days is what is planned on the person's own clusters: to the second, and nothing else. */
import type { LawChange, SessionForm } from '@loa/protocol/panel';
import { timetableViewSchema } from '@loa/protocol/panel';
import { expect, test } from 'vitest';
import { bulletin, clipId, emergency, good, openWorkTown, people, type WorkTown } from './work-town.ts';

const evening: SessionForm = {
  name: 'Buổi chiều',
  weekdays: [1, 2, 3, 4, 5, 6, 7],
  from: '17:00',
  until: '17:45',
  slot: 'evening',
  gapMs: 2_000,
  parts: [
    { kind: 'tune', title: 'Nhạc hiệu', clipId },
    { kind: 'relay', title: 'Tiếp âm VOV', clipId, url: 'http://vov.example/stream', lengthMs: 600_000, at: '17:05' },
    { kind: 'bulletins', from: 'all' },
  ],
};
const daily = [{ kind: 'daily' as const, from: '2026-11-20', time: '17:00' }];
const set = (areaId: string, sessions: SessionForm[]): LawChange => ({ kind: 'sessions', areaId, sessions });
const clock = (text: string) => new Date(Date.parse(text) + 7 * 3_600_000).toISOString();

async function read(town: WorkTown, person = people.officer) {
  return timetableViewSchema.parse(good(await town.work.desk.timetable(person)));
}

/** Lines as `20 17:00:00 title`, without those of later days than asked for. */
async function lines(town: WorkTown, options: { person?: typeof people.officer; until?: string } = {}) {
  const { person, until = '2026-11-21' } = options;
  return (await read(town, person)).airings
    .filter(({ at }) => clock(at) < until)
    .map(({ at, title }) => `${clock(at).slice(8, 10)} ${clock(at).slice(11, 19)} ${title}`);
}

test('what is placed has its real start, and the tunes and relays of the session stand beside it', async () => {
  const town = await openWorkTown();
  const { desk, law } = town.work;
  const placed = good(
    await desk.acceptBulletin(people.officer, bulletin({ title: 'Của xã', whens: daily, slot: 'evening' })),
  );
  good(await law.makeChange(people.officer, { requestId: 'week-00001', change: set('thang', [evening]) }));
  expect(await lines(town)).toEqual(['20 17:00:00 Nhạc hiệu', '20 17:05:00 Tiếp âm VOV', '20 17:15:02 Của xã']);
  const { airings, leftOutCount } = await read(town);
  expect(airings).toHaveLength(7 * 3);
  expect(leftOutCount).toBe(0);
  expect(airings.slice(0, 3).map(({ isPart, slot }) => [isPart, slot])).toEqual([
    [true, undefined],
    [true, undefined],
    [false, 'evening'],
  ]);
  expect(airings[2]).toMatchObject({
    bulletinId: placed.id,
    lastAt: airings[2]?.at,
    until: '2026-11-20T10:15:22Z',
    clusterCount: 2,
    areaIds: ['thang'],
  });
});

test('nothing of a session that is over today', async () => {
  const town = await openWorkTown();
  const { desk, law } = town.work;
  const late = [{ kind: 'daily' as const, from: '2026-11-20', time: '18:30' }];
  good(await desk.acceptBulletin(people.officer, bulletin({ title: 'Của xã', whens: late, slot: 'evening' })));
  good(await law.makeChange(people.officer, { requestId: 'week-00001', change: set('thang', [evening]) }));
  await town.clock.advance(8 * 3_600_000);
  expect(await lines(town)).toEqual([]);
  expect((await lines(town, { until: '2026-11-22' })).at(-1)).toBe('21 17:15:02 Của xã');
});

test('one occurrence that clusters start at different times has its first and its last', async () => {
  const town = await openWorkTown();
  const { desk, law } = town.work;
  const later: SessionForm = { ...evening, parts: [{ kind: 'bulletins', from: 'all' }] };
  const above = bulletin({ title: 'Của tỉnh', class: 'priority', areaIds: ['p68'], whens: daily, slot: 'evening' });
  good(await desk.acceptBulletin(people.department, above));
  good(await law.makeChange(people.officer, { requestId: 'week-00001', change: set('thang', [evening]) }));
  good(await law.makeChange(people.neighbour, { requestId: 'week-00002', change: set('duc', [later]) }));
  const ofTown = (await read(town, people.department)).airings.filter(({ title }) => title === 'Của tỉnh');
  expect(ofTown).toHaveLength(7);
  expect(ofTown[0]).toMatchObject({ clusterCount: 3, areaIds: ['p68'] });
  expect([ofTown[0]?.at, ofTown[0]?.lastAt].map((at) => clock(at ?? '').slice(11, 19))).toEqual([
    '17:00:00',
    '17:15:02',
  ]);
  const ofCommune = (await read(town)).airings.find(({ title }) => title === 'Của tỉnh');
  expect(ofCommune).toMatchObject({ clusterCount: 2, at: ofTown[0]?.lastAt, lastAt: ofTown[0]?.lastAt });
});

test('nothing of a neighbour’s commune', async () => {
  const town = await openWorkTown();
  const { desk, law } = town.work;
  const foreign = bulletin({ title: 'Của hàng xóm', areaIds: ['duc'], whens: daily, slot: 'evening' });
  good(await desk.acceptBulletin(people.neighbour, foreign));
  good(await law.makeChange(people.neighbour, { requestId: 'week-00001', change: set('duc', [evening]) }));
  expect(await lines(town)).toEqual([]);
  expect(await lines(town, { person: people.neighbour })).toContain('20 17:15:02 Của hàng xóm');
});

test('what a rest or the permitted hours silence, what was withdrawn and emergencies are in none of it', async () => {
  const town = await openWorkTown();
  const { desk, emergencies } = town.work;
  const hours: LawChange = {
    kind: 'hours',
    areaId: 'thang',
    hours: { spans: [{ weekdays: [1, 2, 3, 4, 5, 6, 7], from: '05:00', until: '18:00' }], document: 'QĐ 12' },
  };
  const thrice = [
    { kind: 'once' as const, date: '2026-11-20', time: '12:00' },
    { kind: 'once' as const, date: '2026-11-20', time: '17:30' },
    { kind: 'once' as const, date: '2026-11-20', time: '19:00' },
  ];
  good(await desk.acceptBulletin(people.officer, bulletin({ title: 'Còn lại', whens: thrice })));
  const gone = good(await desk.acceptBulletin(people.officer, bulletin({ title: 'Rút lại', whens: daily })));
  good(await desk.withdrawBulletin(people.officer, gone.id));
  good(await emergencies.push(people.department, emergency()));
  expect(await lines(town)).toEqual(['20 12:00:00 Còn lại', '20 17:30:00 Còn lại', '20 19:00:00 Còn lại']);
  good(await town.work.law.makeChange(people.officer, { requestId: 'week-00001', change: hours }));
  good(
    await desk.makeRest(people.officer, {
      requestId: 'week-rest-1',
      areaIds: ['thang'],
      clusterIds: [],
      until: '2026-11-20T14:00:00+07:00',
      reason: 'Đám tang',
    }),
  );
  expect(await lines(town)).toEqual(['20 17:30:00 Còn lại']);
});
