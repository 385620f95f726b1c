/** A full outbox keeps outcomes longest, drops in a stated order, counts what it dropped, and never grows past its bound. */
import { type EndedEvent, type LedgerEntry, ledgerMemoryMs, type Now } from '@loa/device-agent/contracts.ts';
import { keptEntries, ledgerEntriesMax, openLedger } from '@loa/device-agent/keep/ledger.ts';
import { openOutbox } from '@loa/device-agent/keep/outbox.ts';
import { createRefusals, refusalGapMs, refusalReasonsMax } from '@loa/device-agent/keep/refusals.ts';
import type { ReportEvent } from '@loa/protocol/device';
import { describe, expect, it } from 'vitest';
import { manualClock, settle } from '../../harness/manual-clock.ts';
import { simulatedDisk } from '../../harness/simulated-disk.ts';

const now: Now = { ms: 1_800_000_000_000, trusted: true, boundMs: 10 };
const random = { fraction: () => 0.5, bytes: (count: number) => new Uint8Array(count).fill(7) };

const reportsMax = 300;

async function openFresh(limit = 50_000) {
  const disk = simulatedDisk({ fraction: () => 0.5 });
  const bounds = { reportsMax: limit, bytesMax: 16_000_000 };
  const open = () => openOutbox({ disk, random, now: () => now, onDamaged: () => undefined, bounds });
  return { disk, open, outbox: await open() };
}

const refused: ReportEvent = { kind: 'refused', subject: 'x', reason: 'thử', count: 1 };
const ended: EndedEvent = {
  kind: 'ended',
  occurrence: 'tin@1',
  outcome: 'played',
  playsDone: 1,
  plannedMs: 1,
  endedMs: 2,
};
const started: ReportEvent = { kind: 'started', occurrence: 'tin@1', play: 1, plannedMs: 1, startedMs: 1 };

describe('a full outbox', () => {
  it('drops refusals first, then starts, keeps ends, and counts the dropped', async () => {
    const { outbox } = await openFresh(reportsMax);
    const third = reportsMax / 3;
    for (const event of [ended, started, refused])
      for (let index = 0; index < third; index += 1) await outbox.add(event);
    for (let index = 0; index < 40; index += 1) await outbox.add(ended);
    const all = outbox.next({ afterSeq: 0, countMax: 1e9, bytesMax: 1e12 });
    const count = (kind: string) => all.filter((report) => report.event.kind === kind).length;
    expect(all.length).toBeLessThanOrEqual(reportsMax);
    expect(count('ended')).toBe(third + 40);
    expect(count('started')).toBe(third);
    const dropped = all.reduce((sum, { event }) => sum + (event.kind === 'dropped' ? event.count : 0), 0);
    expect(dropped).toBe(third - count('refused'));
    expect(dropped).toBeGreaterThan(0);
  });

  it('forgets what is receipted, keeps counting, and stays small', async () => {
    const { disk, open, outbox } = await openFresh();
    for (let index = 0; index < 2_000; index += 1) await outbox.add(started);
    expect(outbox.next({ afterSeq: 0, countMax: 3, bytesMax: 1e9 }).map((report) => report.seq)).toEqual([1, 2, 3]);
    outbox.receipt(1_990);
    await outbox.add(ended);
    await outbox.add(ended);
    expect(await disk.sizeBytes('outbox')).toBeLessThan(10_000);
    const again = await open();
    expect(again.stream()).toBe(outbox.stream());
    expect(again.next({ afterSeq: 0, countMax: 100, bytesMax: 1e9 })[0]?.seq).toBe(1_991);
    expect(again.lastSeq()).toBe(2_002);
    again.receipt(2_002);
    for (let index = 0; index < 600; index += 1) await again.add(started);
    again.receipt(again.lastSeq());
    await settle();
    expect((await disk.sizeBytes('outbox')) ?? 0).toBeLessThan(200);
    expect((await open()).lastSeq()).toBe(2_602);
  });

  it('begins a new stream where the server knows more of the old one than the board', async () => {
    const { open, outbox } = await openFresh();
    await outbox.add(started);
    await outbox.add(ended);
    outbox.receipt(1);
    await outbox.renew();
    const again = await open();
    expect(again.stream()).toBe(outbox.stream());
    const left = again.next({ afterSeq: 0, countMax: 9, bytesMax: 1e9 });
    expect(left.map(({ seq, event }) => [seq, event.kind])).toEqual([[1, 'ended']]);
  });

  it('sends a report with endless evidence without it', async () => {
    const { outbox } = await openFresh();
    const evidence = Object.fromEntries(Array.from({ length: 200 }, (_, index) => [`k${index}`, 'x'.repeat(400)]));
    await outbox.add({ kind: 'fault-opened', fault: 'f', code: 'clip-missing', sinceMs: 1, evidence });
    const [report] = outbox.next({ afterSeq: 0, countMax: 1, bytesMax: 100 });
    expect(JSON.stringify(report).length).toBeLessThan(500);
  });

  it('takes an event of one name once, receipted or not, across restarts', async () => {
    const { disk, open, outbox } = await openFresh();
    await Promise.all([outbox.add(ended, { once: 'tin@1' }), outbox.add(ended, { once: 'tin@1' })]);
    disk.failWith('EIO');
    await expect(outbox.add(ended, { once: 'tin@2' })).rejects.toThrow('EIO');
    disk.failWith(undefined);
    await outbox.add(ended, { once: 'tin@2' });
    for (let index = 0; index < 600; index += 1) await outbox.add(started);
    outbox.receipt(outbox.lastSeq());
    await outbox.add(started);
    expect(await disk.sizeBytes('outbox')).toBeLessThan(1_000);
    const again = await open();
    await again.add(ended, { once: 'tin@1' });
    await again.add(ended, { once: 'tin@2' });
    const kinds = again.next({ afterSeq: 0, countMax: 9, bytesMax: 1e9 }).map((report) => report.event.kind);
    expect(kinds).toEqual(['started']);
  });

  it('numbers on after the disk refused one', async () => {
    const { disk, open, outbox } = await openFresh();
    await outbox.add(started);
    disk.setTotalBytes(((await disk.sizeBytes('outbox')) ?? 0) + 20);
    await expect(outbox.add(ended)).rejects.toThrow('ENOSPC');
    disk.setTotalBytes(1e9);
    await outbox.add(refused);
    const kinds = (await open()).next({ afterSeq: 0, countMax: 9, bytesMax: 1e9 }).map((report) => report.event.kind);
    expect(kinds).toEqual(['started', 'refused']);
  });
});

describe('refusals', () => {
  it('are told at once, then at most once per reason and minute, with their count', async () => {
    const clock = manualClock({ wallMs: now.ms });
    const told: ReportEvent[] = [];
    const refusals = createRefusals({ clock, report: (event) => told.push(event) });
    for (let index = 0; index < 500; index += 1) refusals.refused({ subject: `s${index}`, reason: 'bad-signature' });
    refusals.refused({ subject: 's', reason: 'too-old' });
    expect(told).toEqual([
      { kind: 'refused', subject: 's0', reason: 'bad-signature', count: 1 },
      { kind: 'refused', subject: 's', reason: 'too-old', count: 1 },
    ]);
    await clock.advance(refusalGapMs);
    expect(told.slice(2)).toEqual([{ kind: 'refused', subject: 's499', reason: 'bad-signature', count: 499 }]);
    await clock.advance(3 * refusalGapMs);
    expect(told).toHaveLength(3);
    expect(clock.timersPending()).toBe(0);
  });

  it('count what comes under ever new reasons as one', () => {
    const clock = manualClock({ wallMs: now.ms });
    const told: ReportEvent[] = [];
    const refusals = createRefusals({ clock, report: (event) => told.push(event) });
    for (let index = 0; index < 10_000; index += 1) refusals.refused({ subject: 's', reason: `reason ${index}` });
    expect(told.length).toBeLessThanOrEqual(refusalReasonsMax + 1);
  });
});

describe('the ledger', () => {
  const over = (occurrence: string, atMs: number): LedgerEntry[] => [
    { kind: 'ended', occurrence, atMs, event: { ...ended, occurrence } },
    { kind: 'reported', occurrence },
  ];

  it.each([
    ['ended long ago, clock trusted', now.ms - ledgerMemoryMs - 1_000, true, []],
    ['ended within the memory', now.ms - ledgerMemoryMs + 1_000, true, ['a']],
    ['ended long ago, clock not trusted', now.ms - 10 * ledgerMemoryMs, false, ['a']],
    ['ended in what the clock calls the future', now.ms + ledgerMemoryMs, true, ['a']],
  ])('keeps or drops what %s', (_name, atMs, trusted, kept) => {
    const entries = keptEntries(over('a', atMs), { ...now, trusted });
    expect([...new Set(entries.map((entry) => entry.occurrence))]).toEqual(kept);
  });

  it('never drops what is not over or not yet reported, and is bounded all the same', () => {
    const start: LedgerEntry = { kind: 'start', occurrence: 'open', play: 1, plannedMs: 1, atMs: 1, emergency: false };
    const [unreported] = over('unreported', 1);
    const many = Array.from({ length: ledgerEntriesMax / 2 + 50 }, (_, index) => over(`o${index}`, now.ms)).flat();
    const kept = keptEntries([start, ...(unreported === undefined ? [] : [unreported]), ...many], now);
    expect(kept.length).toBe(ledgerEntriesMax);
    expect(kept.slice(0, 3).map((entry) => entry.occurrence)).toEqual(['open', 'unreported', 'o51']);
  });

  it('reads again what it wrote, the report of an end included', async () => {
    const disk = simulatedDisk({ fraction: () => 0.5 });
    const open = () => openLedger({ disk, now: () => now, onDamaged: () => expect.unreachable('sound') });
    const start: LedgerEntry = { kind: 'start', occurrence: 'a', play: 1, plannedMs: 1, atMs: 1, emergency: false };
    const entries: LedgerEntry[] = [start, { ...start, again: 'resume' }, ...over('a', now.ms)];
    const ledger = await open();
    for (const entry of entries) await ledger.append(entry);
    expect((await open()).entries()).toEqual(entries);
  });
});
