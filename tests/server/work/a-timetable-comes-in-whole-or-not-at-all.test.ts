/** A spreadsheet is read, previewed and scheduled in one; one row that cannot be taken keeps all of them out. */
import { expect, test } from 'vitest';
import { settle } from '../../harness/manual-clock.ts';
import { good, openWorkTown, people, plannedFor, refused } from './work-town.ts';

const csv = (...rows: string[]) => new TextEncoder().encode(['Tiêu đề,Văn bản,Thứ,Giờ,Nơi phát', ...rows].join('\n'));
const good2 = [
  'Thu gom rác,Xe thu gom rác chạy sáng mai.,hằng ngày,17:00,Toàn xã',
  'Tiêm chủng,Trạm y tế tiêm chủng.,T2,17:30,Kim Ngọc',
];

test('two rows become two bulletins where and when they say; again they change nothing', async () => {
  const town = await openWorkTown();
  const { timetables, desk } = town.work;
  const read = good(await timetables.read(people.officer, csv(...good2)));
  expect(read.mistakes).toEqual([]);
  expect(read.entries.map(({ title, areaIds }) => [title, areaIds])).toEqual([
    ['Thu gom rác', ['thang']],
    ['Tiêm chủng', ['kim-ngoc']],
  ]);
  const request = { requestId: 'timetable-1', entries: read.entries };
  const dry = good(await timetables.import(people.officer, { ...request, dryRun: true }));
  expect(dry).toMatchObject({ bulletinIds: [], mistakes: [] });
  expect(dry.changed.groups[0]?.lines[0]).toMatchObject({ how: 'added', title: 'Thu gom rác' });
  expect(await desk.listBulletins(people.officer)).toEqual([]);
  const done = good(await timetables.import(people.officer, { ...request, dryRun: false }));
  expect(done.bulletinIds).toHaveLength(2);
  await settle();
  expect((await plannedFor(town, 'd2')).length).toBeGreaterThan((await plannedFor(town, 'd1')).length);
  const again = good(await timetables.import(people.officer, { ...request, dryRun: false }));
  expect(again.bulletinIds).toEqual(done.bulletinIds);
  expect(await desk.listBulletins(people.officer)).toHaveLength(2);
});

test('a row outside the permitted hours, or of another’s area, keeps all out and is named', async () => {
  const town = await openWorkTown();
  const { timetables, desk } = town.work;
  const night = csv(good2[0] ?? '', 'Đêm,Thông báo đêm.,hằng ngày,23:00,Toàn xã');
  const { entries } = good(await timetables.read(people.officer, night));
  const answer = good(await timetables.import(people.officer, { requestId: 'timetable-2', entries, dryRun: false }));
  expect(answer.bulletinIds).toEqual([]);
  expect(answer.mistakes).toMatchObject([{ row: 3, vi: expect.stringContaining('Ngoài giờ được phát') }]);
  const foreign = entries.slice(0, 1).map((entry) => ({ ...entry, areaIds: ['duc'] }));
  const other = good(
    await timetables.import(people.officer, { requestId: 'timetable-3', entries: foreign, dryRun: false }),
  );
  expect(other.mistakes).toHaveLength(1);
  expect(await desk.listBulletins(people.officer)).toEqual([]);
  expect(refused(await timetables.read(people.technician, csv(...good2)))).toBe('no-right');
});

test('a file that is no timetable is refused in words', async () => {
  const town = await openWorkTown();
  const { timetables } = town.work;
  for (const bytes of [new Uint8Array(), new Uint8Array(3 * 1024 * 1024), new TextEncoder().encode('%PDF-1.7 …')])
    expect(refused(await timetables.read(people.officer, bytes))).toMatch(/^timetable-/);
});
