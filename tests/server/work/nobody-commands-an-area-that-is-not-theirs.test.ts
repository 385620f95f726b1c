/** P11 for commands: rights hold inside one's own area; what is foreign is refused in the words of what does not exist. */
import { topics } from '@loa/protocol/device';
import { expect, test } from 'vitest';
import { bulletin, clipId, emergency, good, openWorkTown, people, refused } from './work-town.ts';

test.each([
  ['a neighbouring commune', ['duc']],
  ['the province above', ['p68']],
  ['an own area with a foreign one', ['thang', 'duc']],
])('an officer cannot schedule for %s', async (_, areaIds) => {
  const town = await openWorkTown();
  const foreign = await town.work.desk.acceptBulletin(people.officer, bulletin({ areaIds }));
  const unknown = await town.work.desk.acceptBulletin(people.officer, bulletin({ areaIds: ['nowhere'] }));
  expect(refused(foreign)).toBe('unknown-area');
  expect(foreign).toEqual(unknown);
});

test('an officer may not push an emergency, and a technician may not schedule', async () => {
  const town = await openWorkTown();
  const before = town.broker.published.length;
  expect(refused(await town.work.emergencies.push(people.officer, emergency()))).toBe('no-right');
  expect(refused(await town.work.desk.acceptBulletin(people.technician, bulletin()))).toBe('no-right');
  expect(refused(await town.work.desk.makeSpeech(people.technician, { text: 'x' }))).toBe('no-right');
  expect(town.broker.published.length).toBe(before);
});

test('an emergency right of one commune ends at its border', async () => {
  const town = await openWorkTown();
  const commander = { ...people.officer, rights: [...people.officer.rights, 'emergency' as const] };
  const pushed = await town.work.emergencies.push(commander, emergency({ areaIds: ['thang', 'duc'] }));
  expect(refused(pushed)).toBe('unknown-area');
  const provincial = good(await town.work.emergencies.push(people.department, emergency({ areaIds: ['p68'] })));
  const stopped = await town.work.emergencies.stop(commander, provincial.id);
  expect(stopped).toEqual(await town.work.emergencies.stop(commander, 'nothing'));
  expect(refused(stopped)).toBe('unknown-bulletin');
});

test('an officer cannot withdraw what the province or a neighbour has scheduled', async () => {
  const town = await openWorkTown();
  const provincial = good(await town.work.desk.acceptBulletin(people.department, bulletin({ areaIds: ['p68'] })));
  const foreign = good(await town.work.desk.acceptBulletin(people.neighbour, bulletin({ areaIds: ['duc'] })));
  for (const { id } of [provincial, foreign]) {
    const answer = await town.work.desk.withdrawBulletin(people.officer, id);
    expect(answer).toEqual(await town.work.desk.withdrawBulletin(people.officer, 'nothing'));
  }
});

test('a clip of a neighbour can be neither aired nor told from one that does not exist', async () => {
  const town = await openWorkTown();
  await town.store.write((tx) => tx.deleteFrom('clip_makers').where('area_id', '=', 'thang').execute());
  const foreign = await town.work.desk.acceptBulletin(people.officer, bulletin());
  const unknown = await town.work.desk.acceptBulletin(people.officer, bulletin({ clipId: 'c'.repeat(64) }));
  expect(refused(foreign)).toBe('unknown-clip');
  expect(foreign).toEqual(unknown);
  expect(await town.work.desk.listClips(people.officer)).toEqual([]);
  expect(refused(await town.work.desk.previewOf(people.officer, clipId))).toBe('unknown-clip');
});

test('nobody counts the loudspeakers of a foreign area', async () => {
  const town = await openWorkTown();
  expect(refused(await town.work.desk.reach(people.officer, ['duc']))).toBe('unknown-area');
  expect(good(await town.work.desk.reach(people.officer, ['thang', 'kim-ngoc']))).toMatchObject({
    clusters: 2,
    clusterIds: ['c1', 'c2'],
  });
});

test('a device fetches only what its own plan and the orders of its areas name', async () => {
  const town = await openWorkTown();
  const fetch = (deviceId: string, kind: 'clip' | 'body', hash: string) =>
    town.work.desk.fileFor({ deviceId, clusterId: deviceId.replace('d', 'c') }, { kind, hash });
  expect(await fetch('d1', 'clip', clipId)).toBeUndefined();
  good(await town.work.desk.acceptBulletin(people.officer, bulletin()));
  await town.clock.advance(0);
  expect(await fetch('d1', 'clip', clipId)).toMatchObject({ kind: 'path', mimeType: 'audio/ogg' });
  expect(await fetch('d3', 'clip', clipId)).toBeUndefined();
  const plan = town.broker.document(topics.plan('d1'));
  const hash = plan.kind === 'plan' ? plan.body.hash : '';
  expect(await fetch('d1', 'body', hash)).toMatchObject({ kind: 'text' });
  expect(await fetch('d3', 'body', hash)).toBeUndefined();
  good(await town.work.emergencies.push(people.department, emergency({ areaIds: ['duc'] })));
  expect(await fetch('d3', 'clip', clipId)).toMatchObject({ kind: 'path' });
});
