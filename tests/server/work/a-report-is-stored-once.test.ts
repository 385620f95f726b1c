/** Reports are delivered at least once and count once: duplicates change nothing, and the receipt says what is stored. */
import { occurrenceId } from '@loa/schedules';
import { expect, test } from 'vitest';
import { airing, bulletin, connect, good, openWorkTown, people, type TestDevice, type WorkTown } from './work-town.ts';

async function playNow(town: WorkTown) {
  const view = good(await town.work.desk.acceptBulletin(people.officer, bulletin({ whens: [{ kind: 'now' }] })));
  const plannedMs = Date.parse(view.nowAt ?? '');
  return { occurrence: occurrenceId(view.id, plannedMs), plannedMs };
}

const started = (at: { occurrence: string; plannedMs: number }) =>
  ({ kind: 'started', play: 1, startedMs: at.plannedMs + 40, ...at }) as const;
const ended = (at: { occurrence: string; plannedMs: number }, outcome: 'confirmed' | 'silent' = 'confirmed') =>
  ({
    kind: 'ended',
    outcome,
    playsDone: 1,
    startedMs: at.plannedMs + 40,
    endedMs: at.plannedMs + 20_040,
    lateMs: 40,
    ...at,
  }) as const;

const receipts = (device: TestDevice) => device.heard.filter(({ kind }) => kind === 'receipt');

test('a report sent again is receipted again and stored once', async () => {
  const town = await openWorkTown();
  const device = connect(town, 'd1');
  await device.hello();
  const at = await playNow(town);
  await device.report(1, started(at));
  await device.report(1, started(at));
  expect(receipts(device)).toEqual([
    { kind: 'receipt', stream: 's1', seq: 1 },
    { kind: 'receipt', stream: 's1', seq: 1 },
  ]);
  const rows = await town.store.read((db) => db.selectFrom('reports').selectAll().execute());
  expect(rows).toHaveLength(1);
  expect(await airing(town, at.occurrence, 'd1')).toMatchObject({ phase: 'playing', late_ms: 40 });
});

test('the welcome says how far the stream is stored, also after a restart and with gaps', async () => {
  const town = await openWorkTown();
  const device = connect(town, 'd1');
  await device.hello();
  expect(device.heard.at(0)).toEqual({ kind: 'welcome', storedSeq: 0 });
  await device.report(2, { kind: 'dropped', count: 1 });
  await device.report(5, { kind: 'refused', subject: 'plan', reason: 'expired', count: 1 });
  await town.restart();
  const again = connect(town, 'd1');
  await again.hello();
  expect(again.heard.at(0)).toEqual({ kind: 'welcome', storedSeq: 5 });
  const fresh = connect(town, 'd1');
  await fresh.hello('s2');
  expect(fresh.heard.at(0)).toEqual({ kind: 'welcome', storedSeq: 0 });
});

test('the first outcome stays; a second one is kept as a report and changes nothing', async () => {
  const town = await openWorkTown();
  const device = connect(town, 'd1');
  await device.hello();
  const at = await playNow(town);
  await device.report(1, started(at));
  await device.report(2, ended(at, 'confirmed'));
  await device.report(3, ended(at, 'silent'));
  expect(await airing(town, at.occurrence, 'd1')).toMatchObject({ outcome: 'confirmed', plays_done: 1 });
  expect(receipts(device).at(-1)).toMatchObject({ seq: 3 });
  expect(town.log).toMatchObject([{ level: 'warn', detail: { occurrence: at.occurrence, why: 'already confirmed' } }]);
});

test('nothing is receipted that could not be stored', async () => {
  const town = await openWorkTown();
  const device = connect(town, 'd1');
  await device.hello();
  town.database.exec('create trigger full before insert on reports begin select raise(abort, "disk full"); end');
  await expect(device.report(1, { kind: 'dropped', count: 1 })).rejects.toThrow();
  expect(receipts(device)).toEqual([]);
});

test('a report of an occurrence the server no longer knew makes its row, if the device was meant', async () => {
  const town = await openWorkTown();
  const at = await playNow(town);
  await town.store.write((tx) => tx.deleteFrom('airings').execute());
  for (const deviceId of ['d1', 'd3']) {
    const device = connect(town, deviceId);
    await device.hello();
    await device.report(1, ended(at));
  }
  expect(await airing(town, at.occurrence, 'd1')).toMatchObject({ outcome: 'confirmed', cluster_id: 'c1' });
  expect(await airing(town, at.occurrence, 'd3')).toBeUndefined();
  const device = connect(town, 'd2');
  await device.hello();
  await device.report(1, ended({ ...at, occurrence: 'bnothing@1', plannedMs: 1_000 }));
  expect(receipts(device)).toHaveLength(1);
});

test('a fault opens and clears once, and a new disk clears what the old one left open', async () => {
  const town = await openWorkTown();
  const device = connect(town, 'd1');
  await device.hello();
  const fault = { fault: 'x1', code: 'output-missing', evidence: { card: 'none' } } as const;
  const opened = { kind: 'fault-opened', sinceMs: town.clock.wallMs(), ...fault } as const;
  await device.report(1, opened);
  await device.report(1, opened);
  const open = () => town.work.roster.faults(people.technician, { open: true });
  expect(await open()).toHaveLength(1);
  expect(town.work.roster.snapshot(people.technician).clusters[0]?.faults).toMatchObject([{ code: 'output-missing' }]);
  await device.report(2, { kind: 'fault-cleared', ...fault });
  expect(await open()).toEqual([]);
  await device.report(1, opened);
  expect(await open()).toEqual([]);
  await device.report(3, { ...opened, fault: 'x2' });
  const renewed = connect(town, 'd1');
  await renewed.hello('new-disk');
  expect(await open()).toEqual([]);
  expect(town.work.roster.snapshot(people.technician).clusters[0]?.faults).toEqual([]);
});

test('before hello nothing is taken but a question for the time', async () => {
  const town = await openWorkTown();
  const device = connect(town, 'd1');
  await device.report(1, { kind: 'dropped', count: 1 });
  await device.say({ kind: 'time-request', sentMs: 17 });
  expect(device.heard).toMatchObject([
    { kind: 'refused', fatal: false },
    { kind: 'time-answer', sentMs: 17, receivedMs: town.clock.wallMs() },
  ]);
});

test('a newer link of a device ends the former', async () => {
  const town = await openWorkTown();
  const former = connect(town, 'd1');
  const newer = connect(town, 'd1');
  expect([former.isClosed(), newer.isClosed()]).toEqual([true, false]);
});
