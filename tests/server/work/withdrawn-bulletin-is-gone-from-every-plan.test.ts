/** A withdrawal reaches every plan before it is answered; what had not begun ends as withdrawn where it was taken. */
import { occurrenceId } from '@loa/schedules';
import { quietMs } from '@loa/server/work/watch/undecided.ts';
import { expect, test } from 'vitest';
import { airing, bulletin, connect, emergency, good, openWorkTown, people, plannedFor, refused } from './work-town.ts';

test('after the answer no plan lists it', async () => {
  const town = await openWorkTown();
  const { desk } = town.work;
  const kept = good(await desk.acceptBulletin(people.department, bulletin({ areaIds: ['p68'], class: 'priority' })));
  const view = good(
    await desk.acceptBulletin(people.department, bulletin({ areaIds: ['p68'], class: 'priority', title: 'Nhầm' })),
  );
  await town.clock.advance(0);
  expect(await plannedFor(town, 'd3')).toHaveLength(2);
  const answer = good(await desk.withdrawBulletin(people.department, view.id));
  expect(answer).toMatchObject({ state: 'withdrawn' });
  expect(answer.nextAt).toBeUndefined();
  for (const deviceId of ['d1', 'd2', 'd3']) {
    expect(await plannedFor(town, deviceId)).toEqual([expect.stringContaining(kept.id)]);
  }
});

test('withdrawing twice is one withdrawal', async () => {
  const town = await openWorkTown();
  const view = good(await town.work.desk.acceptBulletin(people.officer, bulletin()));
  const first = good(await town.work.desk.withdrawBulletin(people.officer, view.id));
  await town.clock.advance(5_000);
  const second = good(await town.work.desk.withdrawBulletin(people.officer, view.id));
  expect(second.withdrawnAt).toBe(first.withdrawnAt);
});

test('ahead of its start it ends as withdrawn on a device that holds the newer plan, and on no other', async () => {
  const town = await openWorkTown();
  const whens = [{ kind: 'once' as const, date: '2026-11-20', time: '10:10' }];
  const view = good(await town.work.desk.acceptBulletin(people.officer, bulletin({ whens })));
  await town.clock.advance(0);
  const occurrence = occurrenceId(view.id, Date.parse('2026-11-20T10:10:00+07:00'));
  const taken = connect(town, 'd1');
  await taken.hello();
  const deaf = connect(town, 'd2');
  await deaf.hello();
  good(await town.work.desk.withdrawBulletin(people.officer, view.id));
  await taken.heartbeat();
  await town.clock.advance(10_000);
  expect(await airing(town, occurrence, 'd1')).toMatchObject({ outcome: 'withdrawn', phase: 'ended' });
  expect(await airing(town, occurrence, 'd2')).toMatchObject({ outcome: null });
});

test('once it may have sounded, only a device that has been quiet with the newer orders counts as withdrawn', async () => {
  const town = await openWorkTown();
  const device = connect(town, 'd1');
  await device.hello();
  const pushed = good(await town.work.emergencies.push(people.department, emergency()));
  await device.heartbeat();
  good(await town.work.emergencies.stop(people.department, pushed.id));
  await device.heartbeat();
  const occurrence = occurrenceId(pushed.id, Date.parse(pushed.nowAt ?? ''));
  await town.clock.advance(quietMs - 10_000);
  expect(await airing(town, occurrence, 'd1')).toMatchObject({ outcome: null });
  await town.clock.advance(30_000);
  expect(await airing(town, occurrence, 'd1')).toMatchObject({ outcome: 'withdrawn' });
  expect(await airing(town, occurrence, 'd2')).toMatchObject({ outcome: null });
});

test('names who had sounded it, and who does not know of the withdrawal and will sound it at such an hour', async () => {
  const town = await openWorkTown();
  const { desk } = town.work;
  const daily = [{ kind: 'daily' as const, from: '2026-11-20', time: '10:05' }];
  const view = good(
    await desk.acceptBulletin(
      people.department,
      bulletin({ areaIds: ['thang', 'duc'], class: 'priority', whens: daily }),
    ),
  );
  await town.clock.advance(0);
  const told = connect(town, 'd1');
  const deaf = connect(town, 'd2');
  for (const device of [told, deaf]) await device.hello();
  await town.clock.advance(6 * 60_000);
  const plannedMs = Date.parse('2026-11-20T10:05:00+07:00');
  const occurrence = occurrenceId(view.id, plannedMs);
  await told.report(1, { kind: 'started', occurrence, play: 1, plannedMs, startedMs: plannedMs });
  expect(refused(await desk.withdrawal(people.department, view.id))).toBe('not-withdrawn');

  good(await desk.withdrawBulletin(people.department, view.id));
  await told.heartbeat();
  const account = good(await desk.withdrawal(people.department, view.id));
  expect(account.sounded.map(({ clusterId }) => clusterId)).toEqual(['c1']);
  expect(account.untold).toEqual([
    { clusterId: 'c2', reach: 'out-of-reach', nextAt: expect.stringContaining('2026-11-21T03:05:00') },
  ]);
  await deaf.heartbeat();
  expect(good(await desk.withdrawal(people.department, view.id)).untold).toEqual([]);
  expect(good(await desk.withdrawal(people.neighbour, view.id)).sounded).toEqual([]);
});

test('an emergency is stopped by its own button', async () => {
  const town = await openWorkTown();
  const pushed = good(await town.work.emergencies.push(people.department, emergency()));
  expect(refused(await town.work.desk.withdrawBulletin(people.department, pushed.id))).toBe('is-emergency');
});
