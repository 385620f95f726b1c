/** P2: an airing nobody reports becomes unknown, provisionally; it counts as played only by the device's own word. */
import { occurrenceId } from '@loa/schedules';
import { expect, test } from 'vitest';
import { airing, bulletin, connect, good, openWorkTown, people } from './work-town.ts';

const atTenPast = { whens: [{ kind: 'once' as const, date: '2026-11-20', time: '10:10' }] };
const plannedMs = Date.parse('2026-11-20T10:10:00+07:00');
const minute = 60_000;

test('every occurrence has its rows a quarter of an hour before its start', async () => {
  const town = await openWorkTown();
  const { id } = good(await town.work.desk.acceptBulletin(people.officer, bulletin()));
  const occurrence = occurrenceId(id, Date.parse('2026-11-20T17:00:00+07:00'));
  await town.clock.advance(6 * 60 * minute + 44 * minute);
  expect(await airing(town, occurrence, 'd1')).toBeUndefined();
  const [seen] = town.work.roster.snapshot(people.officer).airings;
  expect(seen).toMatchObject({ occurrence, targets: [{ phase: 'queued' }, { phase: 'queued' }] });
  await town.clock.advance(2 * minute);
  expect(await airing(town, occurrence, 'd1')).toMatchObject({ phase: 'queued', outcome: null });
});

test('unknown within a minute of the last possible end, without an outcome, and replaced once by the truth', async () => {
  const town = await openWorkTown();
  const { id } = good(await town.work.desk.acceptBulletin(people.officer, bulletin(atTenPast)));
  const occurrence = occurrenceId(id, plannedMs);
  // The end and 5 minutes of allowed lateness pass.
  await town.clock.advance(10 * minute + 20_000 + 5 * minute + 55_000);
  expect(await airing(town, occurrence, 'd1')).toMatchObject({ phase: 'queued' });
  await town.clock.advance(30_000);
  expect(await airing(town, occurrence, 'd1')).toMatchObject({ phase: 'unknown', outcome: null });
  const [seen] = town.work.roster.snapshot(people.officer).airings;
  expect(seen?.targets.map(({ phase, outcome }) => [phase, outcome])).toEqual([
    ['unknown', undefined],
    ['unknown', undefined],
  ]);
  const device = connect(town, 'd1');
  await device.hello();
  const event = { occurrence, playsDone: 0, plannedMs, endedMs: plannedMs + 1_000 } as const;
  await device.report(1, { kind: 'ended', outcome: 'missed', reason: 'clock-not-trusted', ...event });
  expect(await airing(town, occurrence, 'd1')).toMatchObject({ phase: 'ended', outcome: 'missed' });
  const after = good(await town.work.roster.airing(people.officer, occurrence));
  expect(after.targets[0]).toMatchObject({ phase: 'ended', outcome: 'missed', reason: 'clock-not-trusted' });
});

test('one that has begun and is not heard of again becomes unknown too', async () => {
  const town = await openWorkTown();
  const { id } = good(await town.work.desk.acceptBulletin(people.officer, bulletin(atTenPast)));
  const occurrence = occurrenceId(id, plannedMs);
  const device = connect(town, 'd1');
  await device.hello();
  await town.clock.advance(10 * minute);
  await device.report(1, { kind: 'started', occurrence, play: 1, plannedMs, startedMs: plannedMs + 30 });
  expect(town.work.roster.snapshot(people.officer).clusters[0]?.playing).toMatchObject({ occurrence });
  await town.clock.advance(20_000 + minute + 15_000);
  expect(await airing(town, occurrence, 'd1')).toMatchObject({ phase: 'unknown', outcome: null });
  expect(town.work.roster.snapshot(people.officer).clusters[0]?.playing).toBeUndefined();
});

test('what should have sounded while the server was down gets its rows when it is back', async () => {
  const town = await openWorkTown();
  const { id } = good(await town.work.desk.acceptBulletin(people.officer, bulletin()));
  await town.work.stop();
  await town.clock.advance(20 * 60 * minute);
  await town.restart();
  const occurrence = occurrenceId(id, Date.parse('2026-11-20T17:00:00+07:00'));
  expect(await airing(town, occurrence, 'd1')).toMatchObject({ outcome: null });
  await town.clock.advance(11_000);
  expect(await airing(town, occurrence, 'd1')).toMatchObject({ phase: 'unknown' });
});

test('live progress moves a target on, and never ends it', async () => {
  const town = await openWorkTown();
  const device = connect(town, 'd1');
  await device.hello();
  const view = good(await town.work.desk.acceptBulletin(people.officer, bulletin({ whens: [{ kind: 'now' }] })));
  const occurrence = occurrenceId(view.id, Date.parse(view.nowAt ?? ''));
  const target = async () => good(await town.work.roster.airing(people.officer, occurrence)).targets[0];
  await device.say({ kind: 'progress', progress: [{ occurrence, phase: 'downloading', fraction: 0.5 }] });
  expect(await target()).toMatchObject({ phase: 'downloading', fraction: 0.5 });
  await device.say({ kind: 'progress', progress: [{ occurrence, phase: 'ended' }] });
  expect(await target()).toMatchObject({ phase: 'queued' });
});
