/** P2: what a device never learnt of, and will never tell, ends as missed once it is back and has told everything. */
import { occurrenceId } from '@loa/schedules';
import { expect, test } from 'vitest';
import { airing, bulletin, connect, emergency, good, openWorkTown, people, retainedFor } from './work-town.ts';

const minute = 60_000;
const atTenPast = { whens: [{ kind: 'once' as const, date: '2026-11-20', time: '10:10' }] };
const plannedMs = Date.parse('2026-11-20T10:10:00+07:00');

/** An airing that passed while its device was away, and a newer plan that no longer lists it. */
async function passedOver() {
  const town = await openWorkTown();
  const { id } = good(await town.work.desk.acceptBulletin(people.officer, bulletin(atTenPast)));
  await town.clock.advance(3 * 60 * minute);
  good(await town.work.desk.acceptBulletin(people.officer, bulletin()));
  return { town, occurrence: occurrenceId(id, plannedMs) };
}

test('unknown until the device is back and has had time to tell, then missed', async () => {
  const { town, occurrence } = await passedOver();
  const device = connect(town, 'd1');
  await device.hello();
  for (let turn = 0; turn < 3; turn += 1) {
    await device.heartbeat();
    await town.clock.advance(30_000);
  }
  expect(await airing(town, occurrence, 'd1')).toMatchObject({ phase: 'unknown', outcome: null });
  await device.heartbeat();
  await town.clock.advance(minute);
  expect(await airing(town, occurrence, 'd1')).toMatchObject({
    phase: 'ended',
    outcome: 'missed',
    reason: 'offline-at-start',
    evidence: JSON.stringify({ judgedBy: 'server' }),
  });
  expect(await airing(town, occurrence, 'd2')).toMatchObject({ phase: 'unknown', outcome: null });
});

test('a device that still tells, holds an older plan, or has it under its eye is waited for', async () => {
  const { town, occurrence } = await passedOver();
  const device = connect(town, 'd1');
  await device.hello();
  const behind = { ...retainedFor(town, 'd1'), plan: { epoch: 1, number: 1 } };
  const clock = { trusted: true, offsetMs: 0, boundMs: 5 };
  const underEye = { kind: 'heartbeat' as const, clock, progress: [{ occurrence, phase: 'queued' as const }] };
  const tellings = [
    (turn: number) => device.report(turn + 1, { kind: 'dropped', count: 1 }),
    () => device.heartbeat(behind),
    () => device.say({ ...underEye, holds: retainedFor(town, 'd1') }),
  ];
  for (const tell of tellings) {
    for (let turn = 0; turn < 10; turn += 1) {
      await tell(turn);
      await town.clock.advance(minute / 2);
    }
    expect(await airing(town, occurrence, 'd1')).toMatchObject({ phase: 'unknown', outcome: null });
  }
});

test('an emergency that expired while a device was away was missed there', async () => {
  const town = await openWorkTown();
  const pushed = good(await town.work.emergencies.push(people.department, emergency({ lifeMs: 10 * minute })));
  const occurrence = occurrenceId(pushed.id, Date.parse(pushed.createdAt));
  await town.clock.advance(20 * minute);
  const device = connect(town, 'd1');
  await device.hello();
  await device.heartbeat();
  expect(await airing(town, occurrence, 'd1')).toMatchObject({ phase: 'unknown' });
  await town.clock.advance(3 * minute);
  expect(await airing(town, occurrence, 'd1')).toMatchObject({ outcome: 'missed' });
});
