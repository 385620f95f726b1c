/** The commune's standing day is one object set once; bulletins are placed in it, and everything of it has a name and an end. */
import { planBodySchema } from '@loa/protocol/device';
import type { LawChange, SessionForm } from '@loa/protocol/panel';
import { bulletinIdOf } from '@loa/schedules';
import { expect, test } from 'vitest';
import { settle } from '../../harness/manual-clock.ts';
import {
  bulletin,
  clipId,
  connect,
  good,
  openWorkTown,
  people,
  plannedFor,
  planOf,
  refused,
  type WorkTown,
} from './work-town.ts';

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
    { kind: 'tune', title: 'Nhạc kết', clipId },
  ],
};
const daily = [{ kind: 'daily' as const, from: '2026-11-20', time: '17:00' }];
const set = (sessions: SessionForm[] | null): LawChange => ({ kind: 'sessions', areaId: 'thang', sessions });

async function planItems(town: WorkTown, deviceId: string) {
  await settle();
  const { hash } = planOf(town, deviceId).body;
  const row = await town.store.read((db) =>
    db.selectFrom('bodies').select('body').where('hash', '=', hash).executeTakeFirst(),
  );
  const tomorrowMs = Date.parse('2026-11-21T00:00:00+07:00');
  return planBodySchema.parse(JSON.parse(row?.body ?? '')).items.filter(({ atMs }) => atMs < tomorrowMs);
}

/** Today's items as `17:00:00 title`. */
async function items(town: WorkTown, deviceId: string): Promise<string[]> {
  const rows = await town.store.read((db) => db.selectFrom('bulletins').select(['id', 'title']).execute());
  const titles = new Map(rows.map(({ id, title }) => [id, title]));
  return (await planItems(town, deviceId)).map(({ occurrence, atMs }) => {
    const at = new Date(atMs + 7 * 3_600_000).toISOString().slice(11, 19);
    return `${at} ${titles.get(bulletinIdOf(occurrence))}`;
  });
}

test('tunes, a relay at its fixed time, the placed bulletins in order, and the closing tune', async () => {
  const town = await openWorkTown();
  const { desk, law } = town.work;
  good(await desk.acceptBulletin(people.officer, bulletin({ title: 'Của xã', whens: daily, slot: 'evening' })));
  expect(await items(town, 'd1')).toEqual(['17:00:00 Của xã']);
  const foreseen = good(await law.previewChange(people.officer, set([evening])));
  expect(foreseen.groups[0]?.lines.map(({ how, title }) => `${how} ${title}`)).toEqual(
    expect.arrayContaining(['added Tiếp âm VOV']),
  );
  good(await law.makeChange(people.officer, { requestId: 'day-00001', change: set([evening]) }));
  expect(await items(town, 'd1')).toEqual([
    '17:00:00 Nhạc hiệu',
    '17:05:00 Tiếp âm VOV',
    '17:15:02 Của xã',
    '17:15:24 Nhạc kết',
  ]);
  const above = bulletin({ title: 'Của tỉnh', class: 'priority', areaIds: ['p68'], whens: daily, slot: 'evening' });
  good(await desk.acceptBulletin(people.department, above));
  expect(await items(town, 'd1')).toEqual([
    '17:00:00 Nhạc hiệu',
    '17:05:00 Tiếp âm VOV',
    '17:15:02 Của tỉnh',
    '17:15:24 Của xã',
    '17:15:46 Nhạc kết',
  ]);
  // The neighbour has no such session: there it goes at its own time.
  expect(await items(town, 'd3')).toEqual(['17:00:00 Của tỉnh']);
});

test('a part that is sent back keeps its name, and no list of bulletins shows it', async () => {
  const town = await openWorkTown();
  const { desk, law } = town.work;
  good(await law.makeChange(people.officer, { requestId: 'day-00001', change: set([evening]) }));
  const before = await plannedFor(town, 'd1');
  const [own] = good(await law.law(people.officer, 'thang')).own.sessions ?? [];
  expect(own?.parts?.map((part) => ('title' in part ? part.title : part.kind))).toEqual([
    'Nhạc hiệu',
    'Tiếp âm VOV',
    'bulletins',
    'Nhạc kết',
  ]);
  good(await law.makeChange(people.officer, { requestId: 'day-00002', change: set([own ?? evening]) }));
  await settle();
  expect(await plannedFor(town, 'd1')).toEqual(before);
  expect(await desk.listBulletins(people.officer)).toEqual([]);
  good(await law.makeChange(people.officer, { requestId: 'day-00003', change: set(null) }));
  await settle();
  expect(await plannedFor(town, 'd1')).toEqual([]);
});

test('what a device tells of a placed item is kept, also when its row was lost', async () => {
  const town = await openWorkTown();
  const { desk, law } = town.work;
  good(await desk.acceptBulletin(people.officer, bulletin({ title: 'Của xã', whens: daily, slot: 'evening' })));
  good(await law.makeChange(people.officer, { requestId: 'day-00001', change: set([evening]) }));
  await settle();
  const planned = await planItems(town, 'd1');
  await town.clock.advance(8 * 3_600_000);
  await town.store.write((tx) => tx.deleteFrom('airings').execute());
  const device = connect(town, 'd1');
  await device.hello();
  for (const [index, { occurrence, atMs: plannedMs }] of planned.entries()) {
    await device.report(index + 1, {
      kind: 'ended',
      occurrence,
      outcome: 'played',
      playsDone: 1,
      plannedMs,
      startedMs: plannedMs,
      endedMs: plannedMs + 20_000,
      lateMs: 0,
    });
  }
  const rows = await town.store.read((db) =>
    db
      .selectFrom('airings')
      .select(['occurrence', 'outcome'])
      .where('device_id', '=', 'd1')
      .orderBy('planned_ms')
      .execute(),
  );
  expect(rows).toEqual(planned.map(({ occurrence }) => ({ occurrence, outcome: 'played' })));
  const told = good(
    await law.explain(people.officer, { clusterId: 'c1', atMs: Date.parse('2026-11-20T17:06:00+07:00') }),
  );
  expect(told.concerned.map(({ line, verdict }) => [line.title, verdict])).toEqual([['Tiếp âm VOV', 'as-foretold']]);
  expect(told.next?.title).toBe('Của xã');
});

test('sessions that cannot be are refused with their flaw', async () => {
  const town = await openWorkTown();
  const { law } = town.work;
  const ask = async (sessions: SessionForm[]) => refused(await law.previewChange(people.officer, set(sessions)));
  expect(await ask([evening, { ...evening, name: 'Nữa' }])).toBe('law-sessions-overlap');
  expect(await ask([{ ...evening, until: '16:00' }])).toBe('law-until-not-after-from');
  const stranger = 'b'.repeat(64);
  expect(await ask([{ ...evening, parts: [{ kind: 'tune', title: 'Lạ', clipId: stranger }] }])).toBe('unknown-clip');
});

test('what has its row is planned anew with the session, and each cluster has its own instant', async () => {
  const town = await openWorkTown();
  const { desk, law, roster } = town.work;
  const short: SessionForm = {
    ...evening,
    parts: [
      { kind: 'tune', title: 'Nhạc hiệu', clipId },
      { kind: 'bulletins', from: 'all' },
    ],
  };
  const twoTunes: SessionForm = {
    ...short,
    parts: [{ kind: 'tune', title: 'Lời xướng', clipId }, ...(short.parts ?? [])],
  };
  const atVillage: LawChange = { kind: 'sessions', areaId: 'kim-ngoc', sessions: [twoTunes] };
  good(await law.makeChange(people.officer, { requestId: 'day-00001', change: set([short]) }));
  good(await law.makeChange(people.officer, { requestId: 'day-00002', change: atVillage }));
  const own = good(
    await desk.acceptBulletin(people.officer, bulletin({ title: 'Của xã', whens: daily, slot: 'evening' })),
  );
  await town.clock.advance(6 * 3_600_000 + 50 * 60_000);
  const rowsOf = () =>
    town.store.read((db) =>
      db
        .selectFrom('airings')
        .select(['device_id', 'planned_ms'])
        .where('bulletin_id', '=', own.id)
        .orderBy('device_id')
        .execute(),
    );
  const at = (time: string) => Date.parse(`2026-11-20T${time}+07:00`);
  expect(await rowsOf()).toEqual([
    { device_id: 'd1', planned_ms: at('17:00:22') },
    { device_id: 'd2', planned_ms: at('17:00:44') },
  ]);
  const [airing] = roster.snapshot(people.officer).airings.filter(({ title }) => title === 'Của xã');
  expect(airing?.targets.map(({ clusterId, at: own }) => [clusterId, own])).toEqual([
    ['c1', undefined],
    ['c2', '2026-11-20T10:00:44Z'],
  ]);
  const first = bulletin({ title: 'Trước', class: 'priority', whens: daily, slot: 'evening' });
  good(await desk.acceptBulletin(people.officer, first));
  await town.clock.advance(60_000);
  expect(await rowsOf()).toEqual([
    { device_id: 'd1', planned_ms: at('17:00:44') },
    { device_id: 'd2', planned_ms: at('17:01:06') },
  ]);
});

test('a day that is set while its session goes on plans nothing of what has passed, and so misses nothing', async () => {
  const town = await openWorkTown();
  const { law } = town.work;
  await town.clock.advance(7 * 3_600_000 + 5 * 60_000 + 10_000);
  good(await law.makeChange(people.officer, { requestId: 'day-00001', change: set([evening]) }));
  expect((await planItems(town, 'd1')).map(({ atMs }) => atMs).filter((atMs) => atMs < town.clock.wallMs())).toEqual(
    [],
  );
});
