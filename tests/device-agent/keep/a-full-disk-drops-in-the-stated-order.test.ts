/**
 * The order that the README states, on a disk that others fill bit by bit: clips nobody wants, then routine clips needed
 * last, but none of the next day; of the reports refusals, faults, starts; the log waits and counts. Emergency clips, settings and what is
 * acknowledged in the ledger are there to the last byte, and all goes on when there is room again.
 */
import type { EndedEvent } from '@loa/device-agent/contracts.ts';
import { openClipShelf } from '@loa/device-agent/keep/clips/clip-shelf.ts';
import { openLedger } from '@loa/device-agent/keep/ledger.ts';
import { openLogRing } from '@loa/device-agent/keep/log/log-ring.ts';
import { readLog } from '@loa/device-agent/keep/log/read-log.ts';
import { openOutbox } from '@loa/device-agent/keep/outbox.ts';
import { openSettings } from '@loa/device-agent/keep/settings/settings.ts';
import type { ReportEvent } from '@loa/protocol/device';
import { expect, test } from 'vitest';
import { manualClock, settle } from '../../harness/manual-clock.ts';
import { simulatedDisk } from '../../harness/simulated-disk.ts';
import { clipOf, issuedMs } from '../installation.ts';

const dayMs = 86_400_000;
const totalBytes = 440_000;
const clipBytes = 40_000;
const stepBytes = 10_000;
const logFileBytesMax = 4_000;
const now = () => ({ ms: issuedMs, trusted: true, boundMs: 10 });
const random = { fraction: () => 0.5, bytes: (count: number) => new Uint8Array(count).fill(7) };
const noDamage = () => expect.unreachable('a full disk is no damage');

const ended: EndedEvent = {
  kind: 'ended',
  occurrence: 'a@1',
  outcome: 'played',
  playsDone: 1,
  plannedMs: 1,
  endedMs: 2,
};
const events: ReportEvent[] = [
  { kind: 'refused', subject: 'x', reason: 'thử', count: 1 },
  { kind: 'refused', subject: 'y', reason: 'thử', count: 1 },
  { kind: 'fault-opened', fault: 'f', code: 'door-open', sinceMs: 1, evidence: {} },
  { kind: 'started', occurrence: 'a@1', play: 1, plannedMs: 1, startedMs: 1 },
  ended,
];

async function board() {
  const disk = simulatedDisk({ fraction: () => 0.5, totalBytes });
  const clock = manualClock({ wallMs: issuedMs });
  const clips = Object.fromEntries(
    ['unwanted', 'later', 'sooner', 'today', 'siren'].map((name, seed) => {
      const bytes = new Uint8Array(clipBytes).fill(seed + 1);
      return [name, { bytes, clip: clipOf(bytes) }];
    }),
  );
  const shelf = await openClipShelf({
    disk,
    clock,
    random,
    now,
    formats: ['ogg-opus'],
    async source({ hash, fromBytes, onChunk }) {
      const bytes = Object.values(clips).find(({ clip }) => clip.id === hash)?.bytes ?? new Uint8Array();
      await onChunk(bytes.slice(fromBytes), { status: 200, headers: {} });
      return { status: 200 };
    },
    refusals: { refused: () => undefined },
    onDamaged: noDamage,
    onChange: () => undefined,
    onSpace: () => undefined,
  });
  const need = (name: string, inMs: number, emergency = false) => {
    const clip = clips[name]?.clip;
    return clip === undefined ? [] : [{ clip, neededMs: issuedMs + inMs, emergency }];
  };
  const wanted = [
    ...need('today', 40_000),
    ...need('sooner', 2 * dayMs),
    ...need('later', 3 * dayMs),
    ...need('siren', 0, true),
  ];
  // All at once, so that all are fetched now; then as they are needed.
  shelf.want(Object.keys(clips).flatMap((name) => need(name, 0)));
  for (let turn = 0; turn < 6; turn += 1) await settle();
  await disk.replace('clips/abc.part', new Uint8Array(1_000));
  shelf.want(wanted);
  const openAll = async () => ({
    settings: await openSettings({ disk, onDamaged: noDamage }),
    ledger: await openLedger({ disk, now, onDamaged: noDamage }),
    outbox: await openOutbox({
      disk,
      random,
      now,
      onDamaged: noDamage,
      bounds: { reportsMax: 100, bytesMax: 1_000_000 },
    }),
  });
  const log = await openLogRing({ disk, clock, fileBytesMax: logFileBytesMax });
  const left = () => {
    const paths = disk.paths();
    const there = Object.entries(clips).flatMap(([name, { clip }]) =>
      paths.includes(`clips/${clip.id}`) ? [name] : [],
    );
    return paths.includes('clips/abc.part') ? ['part', ...there] : there;
  };
  return { disk, clock, shelf, log, left, wanted, openAll, ...(await openAll()) };
}

test('what is needed least goes first, an emergency never, and records are written to the last', async () => {
  const { disk, clock, shelf, log, left, openAll, settings, ledger, outbox } = await board();
  expect(left()).toEqual(['part', 'unwanted', 'later', 'sooner', 'today', 'siren']);
  const gone: string[] = [];
  let written = 0;

  async function writeAll(): Promise<void> {
    await settings.update((data) => {
      data.newest.keys = written + 1;
    });
    await ledger.append({ kind: 'done', occurrence: `${written}@1`, play: 1, atMs: issuedMs });
    for (const event of events) await outbox.add(event);
    written += 1;
  }

  // Another program fills the disk, and the agent looks at it each minute.
  while (left().some((name) => name !== 'siren' && name !== 'today')) {
    await disk.append('foreign', new Uint8Array(stepBytes));
    const before = left();
    await shelf.giveWay(await disk.space());
    gone.push(...before.filter((name) => !left().includes(name)));
    await settle();
    await writeAll();
    log.add('x'.repeat(300));
    await log.flush();
  }
  expect(gone).toEqual(['part', 'unwanted', 'later', 'sooner']);
  expect(written).toBeGreaterThan(15);
  const kinds = outbox.next({ afterSeq: 0, countMax: 1_000, bytesMax: 1e9 }).map(({ event }) => event.kind);
  const count = (kind: string) => kinds.filter((one) => one === kind).length;
  expect(kinds.length).toBeLessThanOrEqual(100);
  expect(count('ended')).toBe(written);
  expect(count('started')).toBe(written);
  expect(count('refused')).toBeLessThan(written);
  expect(disk.sizeOf('agent.log') + disk.sizeOf('agent.log.old')).toBeLessThanOrEqual(2 * logFileBytesMax);

  // Now it takes the very last byte: nothing is dropped any more, and nothing that was acknowledged changes.
  const { freeBytes } = await disk.space();
  await disk.replace('foreign-too', new Uint8Array(freeBytes));
  await shelf.giveWay(await disk.space());
  await expect(settings.update((data) => void data.newest.keys++)).rejects.toThrow('ENOSPC');
  await expect(ledger.append({ kind: 'done', occurrence: 'x@1', play: 1, atMs: issuedMs })).rejects.toThrow('ENOSPC');
  await expect(outbox.add(ended)).rejects.toThrow('ENOSPC');
  for (let line = 0; line < 300; line += 1) log.add('y'.repeat(300));
  await log.flush();
  expect(left()).toEqual(['today', 'siren']);
  const reopened = await openAll();
  expect(reopened.settings.read().newest.keys).toBe(written);
  expect(reopened.ledger.entries().map((entry) => entry.occurrence)).toEqual(
    Array.from({ length: written }, (_, index) => `${index}@1`),
  );

  // There is room again: everything goes on, and what the log lost is counted.
  await disk.remove('foreign');
  await disk.remove('foreign-too');
  await reopened.ledger.append({ kind: 'done', occurrence: 'x@1', play: 1, atMs: issuedMs });
  await log.flush();
  expect(await readLog(disk)).toMatch(/\d+ lines before this one are lost/);
  // They are fetched again in their own time, a 24th of what is left.
  await clock.advance(3 * 3_600_000);
  expect(left()).toEqual(['later', 'sooner', 'today', 'siren']);
});
