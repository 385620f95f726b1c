/** The work layer asks every database the same and gets the same: one day of a town, on each of them. */
import { topics } from '@loa/protocol/device';
import { occurrenceId } from '@loa/schedules';
import { prune } from '@loa/server/work/watch/prune.ts';
import { expect, test } from 'vitest';
import { makeLocation, storeKinds } from '../../harness/stores.ts';
import { airing, bulletin, clipId, connect, emergency, good, openWorkTown, people, plannedFor } from './work-town.ts';

test.each(storeKinds)('%s', { timeout: 60_000 }, async (kind) => {
  const town = await openWorkTown({ location: await makeLocation(kind) });
  await town.work.planner.replan();
  const { desk, emergencies, roster } = town.work;
  const device = connect(town, 'd1');
  await device.hello();

  const made = good(await desk.makeSpeech(people.officer, { text: 'Mời bà con', title: 'Mời họp' }));
  expect(made.id).toBe(clipId);
  expect(await desk.listClips(people.officer)).toHaveLength(1);
  const request = bulletin({ whens: [{ kind: 'now' }] });
  const view = good(await desk.acceptBulletin(people.officer, request));
  expect(good(await desk.acceptBulletin(people.officer, request)).id).toBe(view.id);
  const plannedMs = Date.parse(view.nowAt ?? '');
  const occurrence = occurrenceId(view.id, plannedMs);
  expect(await plannedFor(town, 'd2')).toEqual([occurrence]);

  await device.report(1, { kind: 'started', occurrence, play: 1, plannedMs, startedMs: plannedMs + 7 });
  const end = { occurrence, plannedMs, startedMs: plannedMs + 7, endedMs: plannedMs + 20_007, lateMs: 7, playsDone: 1 };
  await device.report(2, { kind: 'ended', outcome: 'confirmed', evidence: { levelDbfs: -20.5 }, ...end });
  await device.report(2, { kind: 'ended', outcome: 'silent', ...end });
  expect(await airing(town, occurrence, 'd1')).toMatchObject({ outcome: 'confirmed', late_ms: 7, plays_done: 1 });
  const fault = { fault: 'x1', code: 'output-missing', evidence: { card: 'none' } } as const;
  await device.report(3, { kind: 'fault-opened', sinceMs: town.clock.wallMs(), ...fault });
  await device.report(4, { kind: 'fault-cleared', ...fault });
  expect(await roster.faults(people.technician, {})).toMatchObject([{ code: 'output-missing' }]);
  expect(await roster.faults(people.technician, { open: true })).toEqual([]);

  const pushed = good(await emergencies.push(people.department, emergency()));
  good(await emergencies.stop(people.department, pushed.id));
  good(await desk.withdrawBulletin(people.officer, view.id));
  expect(await plannedFor(town, 'd2')).toEqual([]);
  const log = await roster.airings(people.officer, { fromMs: plannedMs - 1_000, untilMs: plannedMs + 60_000 });
  expect(log.map(({ class: kindOf, active }) => [kindOf, active]).sort()).toEqual([
    ['emergency', false],
    ['normal', false],
  ]);

  const muchLaterMs = town.clock.wallMs() + 100 * 86_400_000;
  await prune({ store: town.store, clock: { ...town.clock, nowMs: () => muchLaterMs } });
  const left = await town.store.read((db) => db.selectFrom('reports').select('seq').execute());
  expect(left).toEqual([{ seq: 4 }]);

  const before = town.broker.document(topics.areaOrders('thang'));
  await town.restart();
  expect(town.broker.document(topics.areaOrders('thang'))).toEqual(before);
  const again = connect(town, 'd1');
  await again.hello();
  expect(again.heard[0]).toEqual({ kind: 'welcome', storedSeq: 4 });
});
