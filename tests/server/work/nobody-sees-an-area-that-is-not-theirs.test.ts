/** P11 for eyes: pictures, changes, lists and histories are cut to the viewer's own area, also their ids. */

import type { Change } from '@loa/protocol/panel';
import { occurrenceId } from '@loa/schedules';
import { expect, test } from 'vitest';
import { bulletin, connect, emergency, good, openWorkTown, people, refused } from './work-town.ts';

test('a snapshot holds own areas and clusters only', async () => {
  const town = await openWorkTown();
  const seen = town.work.roster.snapshot(people.officer);
  expect(seen.areas.map(({ id }) => id)).toEqual(['empty', 'kim-ngoc', 'thang']);
  expect(seen.clusters.map(({ id }) => id)).toEqual(['c1', 'c2']);
  expect(town.work.roster.snapshot(people.department).clusters).toHaveLength(3);
});

test('who may see nothing, or stands in no known area, sees nothing', async () => {
  const town = await openWorkTown();
  good(await town.work.emergencies.push(people.department, emergency({ areaIds: ['p68'] })));
  for (const nobody of [
    { ...people.officer, rights: [] },
    { ...people.officer, areaId: 'nowhere' },
  ]) {
    expect(town.work.roster.snapshot(nobody)).toMatchObject({ areas: [], clusters: [], airings: [] });
    expect(await town.work.desk.listBulletins(nobody)).toEqual([]);
    expect(await town.work.roster.airings(nobody, { fromMs: 0, untilMs: Number.MAX_SAFE_INTEGER })).toEqual([]);
  }
});

test('of a bulletin to several communes each sees its own part, and not the name of the other', async () => {
  const town = await openWorkTown();
  const areaIds = ['thang', 'duc'];
  const view = good(await town.work.emergencies.push(people.department, emergency({ areaIds })));
  const occurrence = occurrenceId(view.id, Date.parse(view.nowAt ?? ''));
  const seen = good(await town.work.roster.airing(people.neighbour, occurrence));
  expect(seen.areaIds).toEqual(['duc']);
  expect(seen.targets.map(({ clusterId }) => clusterId)).toEqual(['c3']);
  const [listed] = await town.work.desk.listBulletins(people.neighbour);
  expect(listed).toMatchObject({ areaIds: ['duc'], clusterCount: 1 });
  expect(listed?.clip.title).toBe('Clip của duc');
  const own = good(await town.work.emergencies.push(people.department, emergency({ areaIds: ['thang'] })));
  const foreign = await town.work.roster.airing(people.neighbour, occurrenceId(own.id, Date.parse(own.nowAt ?? '')));
  expect(refused(foreign)).toBe('unknown-airing');
});

test('changes and faults of a neighbour reach nobody else', async () => {
  const town = await openWorkTown();
  const told = new Map<string, Change[]>([
    ['officer', []],
    ['neighbour', []],
  ]);
  town.work.roster.subscribe(people.officer, (changes) => told.get('officer')?.push(...changes));
  town.work.roster.subscribe(people.neighbour, (changes) => told.get('neighbour')?.push(...changes));
  const device = connect(town, 'd3');
  await device.hello();
  const since = { fault: 'f1', sinceMs: town.clock.wallMs(), evidence: { card: 'hw:0' } };
  await device.report(1, { kind: 'fault-opened', code: 'output-missing', ...since });
  good(await town.work.desk.acceptBulletin(people.neighbour, bulletin({ areaIds: ['duc'], whens: [{ kind: 'now' }] })));
  await town.clock.advance(1_000);
  expect(told.get('neighbour')?.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['cluster', 'airing']));
  expect(told.get('officer')).toEqual([]);
  expect(await town.work.roster.faults(people.neighbour, {})).toMatchObject([{ code: 'output-missing' }]);
  expect(await town.work.roster.faults(people.officer, {})).toEqual([]);
});
