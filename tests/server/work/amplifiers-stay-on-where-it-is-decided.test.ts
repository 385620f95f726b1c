/** In flood season an area keeps its amplifiers switched on: the nearest decision up the tree is in every plan below it. */
import { topics } from '@loa/protocol/device';
import type { LawChange } from '@loa/protocol/panel';
import { expect, test } from 'vitest';
import { settle } from '../../harness/manual-clock.ts';
import { bulletin, good, openWorkTown, people, plannedFor, planOf, refused, type WorkTown } from './work-town.ts';

let requests = 0;
const decide = (town: WorkTown, areaId: string, staysOn: boolean | null, person = people.officer) => {
  requests += 1;
  const change: LawChange = { kind: 'amplifier', areaId, staysOn };
  return town.work.law.makeChange(person, { requestId: `amplifier-${requests}`, change });
};
const plans = async (town: WorkTown) => {
  await settle();
  return ['d1', 'd2', 'd3'].map((id) => planOf(town, id).amplifierStaysOn);
};

test('the nearest decision wins, and null inherits again', async () => {
  const town = await openWorkTown();
  expect(await plans(town)).toEqual([undefined, undefined, undefined]);
  good(await decide(town, 'p68', true, people.department));
  expect(await plans(town)).toEqual([true, true, true]);
  good(await decide(town, 'thang', false));
  expect(await plans(town)).toEqual([undefined, undefined, true]);
  good(await decide(town, 'kim-ngoc', true));
  expect(await plans(town)).toEqual([undefined, true, true]);
  const law = good(await town.work.law.law(people.officer, 'thang'));
  expect([law.own.amplifierStaysOn, law.holds.amplifierStaysOn]).toEqual([false, false]);
  good(await decide(town, 'thang', null));
  expect(await plans(town)).toEqual([true, true, true]);
  const after = good(await town.work.law.law(people.officer, 'thang'));
  expect([after.own.amplifierStaysOn, after.holds.amplifierStaysOn]).toEqual([null, true]);
});

test('nothing sounds differently: the preview shows no change, the body stays, only plans below are published', async () => {
  const town = await openWorkTown();
  good(await town.work.desk.acceptBulletin(people.officer, bulletin()));
  await settle();
  const { body, number } = planOf(town, 'd1');
  const planned = await plannedFor(town, 'd1');
  const elsewhere = town.broker.count(topics.plan('d3'));
  const change: LawChange = { kind: 'amplifier', areaId: 'thang', staysOn: true };
  const foreseen = good(await town.work.law.previewChange(people.officer, change));
  expect(foreseen).toMatchObject({ clusterCount: 0, groups: [] });
  expect(planOf(town, 'd1').number).toBe(number);
  expect(good(await decide(town, 'thang', true))).toEqual(foreseen);
  await settle();
  expect(planOf(town, 'd1')).toMatchObject({ amplifierStaysOn: true, body });
  expect(planOf(town, 'd1').number).toBeGreaterThan(number);
  expect(await plannedFor(town, 'd1')).toEqual(planned);
  expect(town.broker.count(topics.plan('d3'))).toBe(elsewhere);
  const again = planOf(town, 'd1').number;
  good(await decide(town, 'thang', true));
  await town.clock.advance(3_600_000);
  expect(planOf(town, 'd1').number).toBe(again);
});

test('not by who schedules nothing, and not for another’s area', async () => {
  const town = await openWorkTown();
  expect(refused(await decide(town, 'thang', true, people.technician))).toBe('no-right');
  for (const areaId of ['duc', 'p68', 'nowhere'])
    expect(refused(await decide(town, areaId, true))).toBe('unknown-area');
  expect(await plans(town)).toEqual([undefined, undefined, undefined]);
});
