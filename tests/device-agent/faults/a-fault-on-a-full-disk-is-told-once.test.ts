/**
 * What opened or cleared while the disk took nothing is told once there is room, once and in order, and outlives a
 * restart; a disk without room is not called damaged; nothing that was refused costs a number or is forgotten.
 */
import { openFaultsFile } from '@loa/device-agent/keep/open-faults.ts';
import { openOutbox } from '@loa/device-agent/keep/outbox.ts';
import { createJournal } from '@loa/device-agent/work/conductor/journal.ts';
import { recall } from '@loa/device-agent/work/conductor/recall.ts';
import { createFaults } from '@loa/device-agent/work/faults/faults.ts';
import { expect, test } from 'vitest';
import { openFaultBench } from '../../harness/fault-bench.ts';
import { manualClock } from '../../harness/manual-clock.ts';
import { simulatedDisk } from '../../harness/simulated-disk.ts';

const wallMs = 1_800_000_000_000;
const bad = { bad: true, certain: true, evidence: { freeBytes: 0 } };
const good = { bad: false, evidence: {} };

test('told within ten seconds of there being room, and still open after a restart', async () => {
  const clock = manualClock({ wallMs });
  const bench = await openFaultBench(clock);
  bench.setDisk('full');
  bench.faults.signal('disk-nearly-full', bad);
  bench.faults.signal('storage-damaged', bad);
  await clock.advance(600_000);
  expect(bench.reports).toEqual([]);
  bench.setDisk('good');
  await clock.advance(10_000);
  expect(bench.reports.map((event) => event.kind)).toEqual(['fault-opened', 'fault-opened']);
  await clock.advance(600_000);
  expect(bench.reports).toHaveLength(2);
  await bench.restart();
  await clock.advance(60_000);
  expect(bench.open().map(({ code }) => code)).toEqual(['disk-nearly-full', 'storage-damaged']);
  expect(bench.reports).toHaveLength(2);
});

test('opened and cleared meanwhile: both, in order; a thousand times: as many as are kept, in pairs', async () => {
  const clock = manualClock({ wallMs });
  const bench = await openFaultBench(clock);
  bench.setDisk('full');
  for (let turn = 0; turn < 1_000; turn += 1) {
    bench.faults.signal('decoder-failed', bad);
    bench.faults.signal('decoder-failed', good);
  }
  bench.faults.signal('mains-lost', bad);
  bench.setDisk('good');
  await clock.advance(20_000);
  const course = bench.course('decoder-failed');
  expect(course.length).toBeGreaterThan(100);
  expect(course.length).toBeLessThanOrEqual(128);
  expect(course.every((one, index) => one === (index % 2 === 0 ? 'opened' : 'cleared'))).toBe(true);
  expect(bench.course('mains-lost')).toEqual(['opened']);
});

test('through a real outbox: reports that the disk refused leave no gap in the numbers', async () => {
  const clock = manualClock({ wallMs });
  const disk = simulatedDisk({ fraction: () => 0.5 });
  const now = () => ({ ms: clock.wallMs(), trusted: true, boundMs: 1 });
  const random = { bytes: (count: number) => new Uint8Array(count).fill(clock.monotonicMs() % 251), fraction: () => 0 };
  const outbox = await openOutbox({ disk, random, now, onDamaged: () => undefined });
  const faults = createFaults({ clock, time: { now }, random, outbox, file: openFaultsFile(disk) });
  await faults.start();
  disk.setTotalBytes((await disk.sizeBytes('outbox')) ?? 0);
  faults.signal('disk-nearly-full', bad);
  for (let turn = 0; turn < 5; turn += 1)
    outbox.add({ kind: 'refused', subject: 's', reason: 'r', count: 1 }).catch(() => undefined);
  await clock.advance(60_000);
  expect(outbox.lastSeq()).toBe(0);
  disk.setTotalBytes(1e9);
  await clock.advance(75_000);
  const told = outbox.next({ afterSeq: 0, countMax: 99, bytesMax: 1e9 });
  expect(told).toMatchObject([{ seq: 1, event: { kind: 'fault-opened', code: 'disk-nearly-full' } }]);
  expect(await openFaultsFile(disk).read()).toMatchObject([{ code: 'disk-nearly-full' }]);
  await faults.stop();
});

function openJournal() {
  const clock = manualClock({ wallMs });
  const signals: string[] = [];
  const written: string[] = [];
  const refusal: { now: Error | undefined } = { now: undefined };
  const take = async (what: string) => {
    if (refusal.now !== undefined) throw refusal.now;
    written.push(what);
  };
  const journal = createJournal({
    clock,
    faults: { signal: (code) => void signals.push(code) },
    ledger: { entries: () => [], append: (entry) => take(entry.kind) },
    outbox: { add: (event) => take(event.kind) },
  });
  return { clock, journal, signals, written, refusal };
}

test.each([
  ['without room', Object.assign(new Error('no space left'), { code: 'ENOSPC' }), 'disk-nearly-full'],
  ['that fails', Object.assign(new Error('i/o error'), { code: 'EIO' }), 'storage-damaged'],
])('of a disk %s that is what is told, and what it refused is written once', async (_name, error, code) => {
  const { clock, journal, signals, written, refusal } = openJournal();
  refusal.now = error;
  journal.started({ occurrence: 'a@1', play: 1, plannedMs: 1, startedMs: 2 });
  journal.done({ kind: 'done', occurrence: 'a@1', play: 1, atMs: 3 });
  await clock.advance(60_000);
  expect([...new Set(signals)]).toEqual([code]);
  refusal.now = undefined;
  await clock.advance(60_000);
  expect(written).toEqual(['started', 'done']);
});

test('no more than a thousand starts and plays wait for a disk', async () => {
  const { clock, journal, written, refusal } = openJournal();
  refusal.now = new Error('EIO');
  for (let play = 1; play <= 1_500; play += 1) journal.started({ occurrence: 'a@1', play, plannedMs: 1, startedMs: 2 });
  await clock.advance(15_000);
  refusal.now = undefined;
  await clock.advance(15_000);
  expect(written).toHaveLength(1_000);
});

test('a whole play that is written late does not make the next one begin again', () => {
  const start = { kind: 'start', occurrence: 'a@1', plannedMs: 1, emergency: false } as const;
  const { courses } = recall([
    { ...start, play: 1, atMs: 1 },
    { ...start, play: 2, atMs: 2 },
    { kind: 'done', occurrence: 'a@1', play: 1, atMs: 1 },
  ]);
  expect(courses.get('a@1')).toMatchObject({ play: 2, isTorn: true, playsDone: 1 });
});
