/** One press silences a cluster or an area: gone from its plans at once, back by itself; emergencies sound all the same. */
import { expect, test } from 'vitest';
import { bulletin, emergency, good, openWorkTown, ordersOf, people, plannedFor, refused } from './work-town.ts';

const at = (text: string) => `2026-11-20T${text}+07:00`;
const rest = (changes: object = {}) => ({
  requestId: `rest-request-${Math.abs(JSON.stringify(changes).length)}`,
  areaIds: [],
  clusterIds: ['c1'],
  until: at('18:30:00'),
  reason: 'Đám tang gần cụm loa',
  ...changes,
});

test('the cluster that rests loses what falls into the rest, and nothing else; its neighbour loses nothing', async () => {
  const town = await openWorkTown();
  const { desk } = town.work;
  const daily = [{ kind: 'daily' as const, from: '2026-11-20', until: '2026-11-21', time: '17:00' }];
  good(await desk.acceptBulletin(people.officer, bulletin({ whens: daily })));
  await town.clock.advance(0);
  expect(await plannedFor(town, 'd1')).toHaveLength(2);
  const view = good(await desk.makeRest(people.officer, rest()));
  expect(view).toMatchObject({ clusterIds: ['c1'], by: 'officer', mayEnd: true });
  expect(await plannedFor(town, 'd1')).toHaveLength(1);
  expect(await plannedFor(town, 'd2')).toHaveLength(2);
  expect(await desk.listRests(people.officer)).toHaveLength(1);

  good(await desk.endRest(people.officer, view.id));
  expect(await plannedFor(town, 'd1')).toHaveLength(2);
  expect(await desk.listRests(people.officer)).toEqual([]);
});

test('an area rests with everything below it, until its end and no longer', async () => {
  const town = await openWorkTown();
  const { desk } = town.work;
  const daily = [{ kind: 'daily' as const, from: '2026-11-20', until: '2026-11-22', time: '17:00' }];
  good(await desk.acceptBulletin(people.officer, bulletin({ whens: daily })));
  await town.clock.advance(0);
  good(await desk.makeRest(people.officer, rest({ areaIds: ['thang'], clusterIds: [], until: at('23:00:00') })));
  for (const deviceId of ['d1', 'd2']) expect(await plannedFor(town, deviceId)).toHaveLength(2);
  await town.clock.advance(14 * 3_600_000);
  expect(await desk.listRests(people.officer)).toEqual([]);
  for (const deviceId of ['d1', 'd2']) expect(await plannedFor(town, deviceId)).toHaveLength(2);
});

test('an emergency is ordered all the same', async () => {
  const town = await openWorkTown();
  good(await town.work.desk.makeRest(people.officer, rest()));
  const pushed = good(await town.work.emergencies.push(people.department, emergency()));
  expect(ordersOf(town, 'thang')).toEqual([pushed.id]);
});

test('the same request again is one rest, also across a restart of the server', async () => {
  const town = await openWorkTown();
  const request = rest();
  const first = good(await town.work.desk.makeRest(people.officer, request));
  await town.restart();
  expect(good(await town.work.desk.makeRest(people.officer, request)).id).toBe(first.id);
  expect(await town.work.desk.listRests(people.officer)).toHaveLength(1);
});

test.each([
  ['a cluster of a neighbour', people.officer, rest({ clusterIds: ['c3'] }), 'unknown-area'],
  ['a cluster that does not exist', people.officer, rest({ clusterIds: ['c9'] }), 'unknown-area'],
  ['an end that has passed', people.officer, rest({ until: at('09:00:00') }), 'rest-over'],
  ['two months', people.officer, rest({ until: '2027-01-20T09:00:00+07:00' }), 'rest-too-long'],
  ['a technician, who has no power over content', people.technician, rest(), 'no-right'],
])('%s is refused', async (_name, person, request, code) => {
  const town = await openWorkTown();
  expect(refused(await town.work.desk.makeRest(person, request))).toBe(code);
  expect(await town.work.desk.listRests(people.department)).toEqual([]);
});

test('a rest that spans communes shows each of them its own clusters only, and neither may end it', async () => {
  const town = await openWorkTown();
  good(await town.work.desk.makeRest(people.department, rest({ clusterIds: ['c1', 'c3'] })));
  const [own] = await town.work.desk.listRests(people.officer);
  expect(own).toMatchObject({ clusterIds: ['c1'], mayEnd: false });
  const [neighbours] = await town.work.desk.listRests(people.neighbour);
  expect(neighbours).toMatchObject({ clusterIds: ['c3'], mayEnd: false });
});

test("a neighbour neither sees nor ends somebody's rest", async () => {
  const town = await openWorkTown();
  const view = good(await town.work.desk.makeRest(people.officer, rest()));
  expect(await town.work.desk.listRests(people.neighbour)).toEqual([]);
  expect(refused(await town.work.desk.endRest(people.neighbour, view.id))).toBe('unknown-rest');
});

test('what rested does not come back late when the rest is over, or was ended before its time', async () => {
  const town = await openWorkTown();
  const { desk } = town.work;
  const dailyAt = (time: string) => [{ kind: 'daily' as const, from: '2026-11-20', until: '2026-11-21', time }];
  for (const time of ['11:00', '18:00']) {
    good(
      await desk.acceptBulletin(people.officer, bulletin({ requestId: `rest-daily-${time}`, whens: dailyAt(time) })),
    );
  }
  const first = good(await desk.makeRest(people.officer, rest()));
  await town.clock.advance(3_600_000 + 300_000);
  good(await desk.endRest(people.officer, first.id));
  expect(await plannedFor(town, 'd1')).toHaveLength(3);
  good(await desk.makeRest(people.officer, rest({ requestId: 'rest-request-again' })));
  expect(await plannedFor(town, 'd1')).toHaveLength(2);
  await town.clock.advance(8.5 * 3_600_000);
  await town.work.planner.replan();
  expect(await plannedFor(town, 'd1')).toHaveLength(2);
});
