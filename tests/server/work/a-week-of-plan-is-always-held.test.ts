/** P4 on the server's side: the published window never has less than seven days left, and rolls without more ado. */
import { inlineBodyBytesMax, mqttMessageBytesMax, topics } from '@loa/protocol/device';
import { expect, test } from 'vitest';
import { bulletin, good, openWorkTown, people, plannedFor, planOf } from './work-town.ts';

const dayMs = 86_400_000;
const dailyAt = (time: string) => ({ whens: [{ kind: 'daily' as const, from: '2026-11-20', time }] });
const daily = dailyAt('17:00');

test('looked at every hour for two weeks, the window left is never under seven days', async () => {
  const town = await openWorkTown();
  good(await town.work.desk.acceptBulletin(people.officer, bulletin(daily)));
  await town.clock.advance(0);
  await town.work.stop();
  for (let hour = 0; hour < 14 * 24; hour += 1) {
    await town.clock.advance(3_600_000);
    await town.work.planner.replan();
    expect(planOf(town, 'd1').untilMs - town.clock.wallMs()).toBeGreaterThan(7 * dayMs);
  }
  // Once a day, not once an hour.
  expect(town.broker.count(topics.plan('d1'))).toBeLessThan(20);
  expect((await plannedFor(town, 'd1')).length).toBeGreaterThanOrEqual(7);
});

test('a running server rolls by itself', async () => {
  const town = await openWorkTown();
  const before = planOf(town, 'd1').untilMs;
  await town.clock.advance(dayMs + 3_700_000);
  expect(planOf(town, 'd1').untilMs).toBeGreaterThan(before);
});

test('a start after a long standstill rolls within a minute: until then its clock might as well be ahead', async () => {
  const town = await openWorkTown();
  await town.work.stop();
  await town.clock.advance(5 * dayMs);
  await town.restart();
  const before = town.broker.count(topics.plan('d1'));
  await town.clock.advance(30_000);
  expect(town.broker.count(topics.plan('d1'))).toBe(before);
  await town.clock.advance(31_000);
  expect(planOf(town, 'd1').untilMs - town.clock.wallMs()).toBeGreaterThan(8 * dayMs);
});

test('a bulletin elsewhere does not touch a plan', async () => {
  const town = await openWorkTown();
  const before = town.broker.count(topics.plan('d3'));
  good(await town.work.desk.acceptBulletin(people.officer, bulletin(daily)));
  await town.clock.advance(0);
  expect(town.broker.count(topics.plan('d3'))).toBe(before);
});

test('what was already past when it was accepted is not played late', async () => {
  const town = await openWorkTown();
  good(await town.work.desk.acceptBulletin(people.officer, bulletin(dailyAt('09:58'))));
  await town.clock.advance(0);
  const [first] = await plannedFor(town, 'd1');
  expect(first).toContain(String(Date.parse('2026-11-21T09:58:00+07:00') / 1000));
});

test('a decided rule of hours goes to the devices below, and a decision below narrows it', async () => {
  const town = await openWorkTown();
  const rule = (document: string, from: string) =>
    JSON.stringify({
      timeZone: 'Asia/Ho_Chi_Minh',
      spans: [{ weekdays: [1, 2, 3, 4, 5], from, until: '19:00' }],
      document,
    });
  await town.store.write(async (tx) => {
    await tx
      .updateTable('areas')
      .set({ hours: rule('QĐ 1', '05:00') })
      .where('id', '=', 'p68')
      .execute();
    await tx
      .updateTable('areas')
      .set({ hours: rule('QĐ 2', '06:00') })
      .where('id', '=', 'thang')
      .execute();
  });
  await town.work.planner.replan();
  expect(town.broker.document(topics.hours('d1'))).toMatchObject({ document: 'QĐ 2', spans: [{ from: '06:00' }] });
  expect(town.broker.document(topics.hours('d3'))).toMatchObject({ document: 'QĐ 1' });
});

test('a plan that is long goes by its hash, and no message exceeds what a slow link carries', async () => {
  const town = await openWorkTown();
  for (const time of ['06:00', '11:00', '17:00']) {
    good(await town.work.desk.acceptBulletin(people.officer, bulletin(dailyAt(time))));
  }
  await town.clock.advance(0);
  const { body } = planOf(town, 'd1');
  expect(body.sizeBytes).toBeGreaterThan(inlineBodyBytesMax);
  expect(body.inline).toBeUndefined();
  expect(await plannedFor(town, 'd1')).toHaveLength(27);
  for (const { payload } of town.broker.published) expect(payload.length).toBeLessThanOrEqual(mqttMessageBytesMax);
});
