/** "Xem trước 7 ngày": what is foretold is what the plan then holds, with the reason where it does not sound; nothing is kept. */
import { expect, test } from 'vitest';
import { bulletin, good, openWorkTown, people, plannedFor, refused } from './work-town.ts';

const daily = (time: string) => [{ kind: 'daily' as const, from: '2026-11-20', time }];

test('every start of seven days is a line, and the plan then holds exactly those', async () => {
  const town = await openWorkTown();
  const { desk } = town.work;
  const request = bulletin({ whens: daily('17:00') });
  const answer = good(await desk.preview(people.officer, request));
  expect(answer.groups.flatMap(({ clusterIds }) => clusterIds).sort()).toEqual(['c1', 'c2']);
  const lines = answer.groups[0]?.lines ?? [];
  expect(lines).toHaveLength(7);
  expect(lines.every(({ verdict, isNew }) => verdict === 'plays' && isNew)).toBe(true);
  expect(answer.changedClusterCount).toBe(2);
  expect(await desk.listBulletins(people.officer)).toEqual([]);

  const view = good(await desk.acceptBulletin(people.officer, request));
  await town.clock.advance(0);
  const foretold = lines.map(({ at }) => `${view.id}@${Date.parse(at) / 1_000}`);
  expect((await plannedFor(town, 'd1')).slice(0, 7)).toEqual(foretold);
});

test('what has to wait says for whom and how long; what it makes others wait is told too', async () => {
  const town = await openWorkTown();
  const { desk } = town.work;
  good(await desk.acceptBulletin(people.officer, bulletin({ title: 'Bản tin chiều', whens: daily('17:00') })));
  const late = good(await desk.preview(people.officer, bulletin({ whens: daily('17:00') })));
  expect(late.groups[0]?.lines[0]).toMatchObject({
    verdict: 'late',
    code: 'late-after-other',
    otherTitle: 'Bản tin chiều',
    lateMs: 20_000,
  });
  const first = good(await desk.preview(people.officer, bulletin({ class: 'priority', whens: daily('17:00') })));
  expect(first.groups[0]?.lines.find(({ isNew }) => isNew)).toMatchObject({ verdict: 'plays' });
  expect(first.groups[0]?.lines.find(({ isNew }) => !isNew)).toMatchObject({
    title: 'Bản tin chiều',
    verdict: 'late',
  });
});

test('what the hours and a rest do not let through is a line with its reason', async () => {
  const town = await openWorkTown();
  const { desk } = town.work;
  const night = good(await desk.preview(people.officer, bulletin({ whens: daily('03:15') })));
  expect(new Set(night.groups[0]?.lines.map(({ code }) => code))).toEqual(new Set(['outside-permitted-hours']));
  const rest = { requestId: 'rest-0001', areaIds: [], clusterIds: ['c1'], until: '2026-11-21T00:00:00+07:00' };
  good(await desk.makeRest(people.officer, { ...rest, reason: 'Đám tang' }));
  const resting = good(await desk.preview(people.officer, bulletin({ whens: daily('17:00') })));
  const codesAt = (clusterId: string) =>
    resting.groups.find(({ clusterIds }) => clusterIds.includes(clusterId))?.lines.map(({ code }) => code);
  expect(codesAt('c1')?.slice(0, 2)).toEqual(['resting', 'on-time']);
  expect(codesAt('c2')?.slice(0, 2)).toEqual(['on-time', 'on-time']);
});

test("a neighbour's area and somebody else's sound are refused as if they did not exist", async () => {
  const town = await openWorkTown();
  expect(refused(await town.work.desk.preview(people.officer, bulletin({ areaIds: ['duc'] })))).toBe('unknown-area');
  expect(refused(await town.work.desk.preview(people.officer, bulletin({ clipId: 'b'.repeat(64) })))).toBe(
    'unknown-clip',
  );
  expect(refused(await town.work.desk.preview(people.technician, bulletin()))).toBe('no-right');
});
