/** Where a commune asks for it, what its officers schedule sounds only when a leader has approved it, never its author. */
import type { LawChange, Person } from '@loa/protocol/panel';
import { rightsOf } from '@loa/protocol/panel';
import { expect, test } from 'vitest';
import { settle } from '../../harness/manual-clock.ts';
import { bulletin, good, openWorkTown, people, plannedFor, refused, type WorkTown } from './work-town.ts';

const leader: Person = {
  ...people.officer,
  id: 'leader',
  login: 'leader',
  role: 'leader',
  rights: [...rightsOf.leader],
};
const daily = [{ kind: 'daily' as const, from: '2026-11-20', time: '17:00' }];

async function openTown(): Promise<WorkTown> {
  const town = await openWorkTown();
  const change: LawChange = { kind: 'approval', areaId: 'thang', isNeeded: true };
  expect(refused(await town.work.law.makeChange(people.officer, { requestId: 'approval-1', change }))).toBe('no-right');
  good(await town.work.law.makeChange(leader, { requestId: 'approval-1', change }));
  return town;
}

async function planned(town: WorkTown, deviceId: string): Promise<string[]> {
  await settle();
  return await plannedFor(town, deviceId);
}

test('what an officer sends waits, sounds nowhere, and sounds once a leader has approved it', async () => {
  const town = await openTown();
  const { desk } = town.work;
  const sent = good(await desk.acceptBulletin(people.officer, bulletin({ whens: daily })));
  expect(sent).toMatchObject({ state: 'submitted' });
  expect(sent.mayDecide).toBeUndefined();
  expect(await planned(town, 'd1')).toEqual([]);
  expect((await desk.listBulletins(leader))[0]).toMatchObject({ id: sent.id, mayDecide: true });
  expect(refused(await desk.approveBulletin(people.officer, sent.id))).toBe('no-right');
  const approved = good(await desk.approveBulletin(leader, sent.id));
  expect(approved).toMatchObject({ state: 'accepted', decision: { at: '2026-11-20T03:00:00Z' } });
  expect((await planned(town, 'd1')).every((occurrence) => occurrence.startsWith(sent.id))).toBe(true);
  expect((await planned(town, 'd1')).length).toBeGreaterThan(7);
  expect(refused(await desk.approveBulletin(leader, sent.id))).toBe('not-submitted');
});

test('returned with a reason it never sounds, and the officer reads why', async () => {
  const town = await openTown();
  const { desk } = town.work;
  const sent = good(await desk.acceptBulletin(people.officer, bulletin({ whens: daily })));
  good(await desk.returnBulletin(leader, sent.id, 'Thiếu tên thôn'));
  expect((await desk.listBulletins(people.officer))[0]).toMatchObject({
    state: 'returned',
    decision: { reason: 'Thiếu tên thôn' },
  });
  expect(await planned(town, 'd1')).toEqual([]);
  expect(refused(await desk.approveBulletin(leader, sent.id))).toBe('not-submitted');
});

test('“play now” sounds when it is approved; a time that has passed meanwhile is not approved in silence', async () => {
  const town = await openTown();
  const { desk } = town.work;
  const now = good(await desk.acceptBulletin(people.officer, bulletin({ whens: [{ kind: 'now' }] })));
  const once = good(await desk.acceptBulletin(people.officer, bulletin()));
  await town.clock.advance(3_600_000);
  const approved = good(await desk.approveBulletin(leader, now.id));
  expect(approved.nowAt).toBe('2026-11-20T04:00:00.7Z');
  await town.clock.advance(7 * 3_600_000);
  expect(refused(await desk.approveBulletin(leader, once.id))).toBe('past-time');
  expect((await desk.listBulletins(leader)).find(({ id }) => id === once.id)?.state).toBe('submitted');
});

test('a leader’s own bulletin needs nobody; a neighbour’s leader decides nothing here', async () => {
  const town = await openTown();
  const { desk } = town.work;
  expect(good(await desk.acceptBulletin(leader, bulletin())).state).toBe('accepted');
  const sent = good(await desk.acceptBulletin(people.officer, bulletin({ whens: daily })));
  const other: Person = { ...leader, id: 'other', areaId: 'duc' };
  expect(refused(await desk.approveBulletin(other, sent.id))).toBe('unknown-bulletin');
  expect(good(await desk.acceptBulletin(people.neighbour, bulletin({ areaIds: ['duc'] }))).state).toBe('accepted');
  good(await desk.withdrawBulletin(people.officer, sent.id));
  expect(refused(await desk.approveBulletin(leader, sent.id))).toBe('not-submitted');
});
