/** Panels get whole entities, gathered for a moment: a burst of reports costs a panel one message. */

import { type Change, changeSchema, snapshotSchema } from '@loa/protocol/panel';
import { occurrenceId } from '@loa/schedules';
import { expect, test } from 'vitest';
import { bulletin, connect, good, openWorkTown, people } from './work-town.ts';

test('twenty steps of progress within a moment are one message with the newest', async () => {
  const town = await openWorkTown();
  const device = connect(town, 'd1');
  await device.hello();
  const view = good(await town.work.desk.acceptBulletin(people.officer, bulletin({ whens: [{ kind: 'now' }] })));
  const occurrence = occurrenceId(view.id, Date.parse(view.nowAt ?? ''));
  await town.clock.advance(1_000);
  const messages: Change[][] = [];
  const unsubscribe = town.work.roster.subscribe(people.officer, (changes) => messages.push(changes));
  for (let step = 1; step <= 20; step += 1) {
    await device.say({ kind: 'progress', progress: [{ occurrence, phase: 'downloading', fraction: step / 20 }] });
  }
  expect(messages).toEqual([]);
  await town.clock.advance(100);
  expect(messages).toHaveLength(1);
  expect(messages[0]).toMatchObject([{ kind: 'airing', airing: { targets: [{ fraction: 1 }, { phase: 'queued' }] } }]);
  unsubscribe();
  await device.say({ kind: 'progress', progress: [{ occurrence, phase: 'ready' }] });
  await town.clock.advance(1_000);
  expect(messages).toHaveLength(1);
});

test('a heartbeat that says nothing new is no message', async () => {
  const town = await openWorkTown();
  const device = connect(town, 'd1');
  await device.hello();
  await device.heartbeat();
  await town.clock.advance(1_000);
  const messages: Change[][] = [];
  town.work.roster.subscribe(people.officer, (changes) => messages.push(changes));
  for (let beat = 0; beat < 10; beat += 1) {
    await town.clock.advance(5_000);
    await device.heartbeat();
  }
  expect(messages.length).toBeLessThanOrEqual(1);
});

test('what is told fits the wire, from the first snapshot to the last change', async () => {
  const town = await openWorkTown();
  const told: Change[] = [];
  town.work.roster.subscribe(people.department, (changes) => told.push(...changes));
  const device = connect(town, 'd1');
  await device.hello();
  const view = good(await town.work.desk.acceptBulletin(people.officer, bulletin({ whens: [{ kind: 'now' }] })));
  const plannedMs = Date.parse(view.nowAt ?? '');
  const occurrence = occurrenceId(view.id, plannedMs);
  await device.report(1, { kind: 'started', occurrence, play: 1, plannedMs, startedMs: plannedMs + 12 });
  await town.clock.advance(200);
  const end = {
    occurrence,
    plannedMs,
    startedMs: plannedMs + 12,
    endedMs: plannedMs + 20_012,
    lateMs: 12,
    playsDone: 1,
  };
  await device.report(2, { kind: 'ended', outcome: 'played', ...end });
  await town.clock.advance(200);
  for (const change of told) changeSchema.parse(change);
  expect(told.at(-1)).toMatchObject({
    kind: 'airing',
    airing: { targets: [{ outcome: 'played', lateMs: 12, playsDone: 1 }, { phase: 'queued' }] },
  });
  const snapshot = town.work.roster.snapshot(people.department);
  expect(snapshotSchema.parse(JSON.parse(JSON.stringify(snapshot)))).toEqual(snapshot);
});

test('an airing that was only expected and is withdrawn leaves the picture', async () => {
  const town = await openWorkTown();
  const told: Change[] = [];
  town.work.roster.subscribe(people.officer, (changes) => told.push(...changes));
  const view = good(await town.work.desk.acceptBulletin(people.officer, bulletin()));
  await town.clock.advance(200);
  expect(told.at(-1)).toMatchObject({ kind: 'airing', airing: { bulletinId: view.id } });
  good(await town.work.desk.withdrawBulletin(people.officer, view.id));
  await town.clock.advance(200);
  expect(told.at(-1)?.kind).toBe('airing-gone');
  expect(town.work.roster.snapshot(people.officer).airings).toEqual([]);
});
