/** P1 on the board: at whatever byte the power goes, ledger, outbox and settings reopen with all that was acknowledged. */
import type { LedgerEntry, Now } from '@loa/device-agent/contracts.ts';
import type { Random } from '@loa/device-agent/edges/random.ts';
import { openLedger } from '@loa/device-agent/keep/ledger.ts';
import { openOutbox } from '@loa/device-agent/keep/outbox.ts';
import { openSettings } from '@loa/device-agent/keep/settings/settings.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PowerCut, type SimulatedDisk, simulatedDisk } from '../../harness/simulated-disk.ts';

const now: Now = { ms: 1_800_000_000_000, trusted: true, boundMs: 10 };

function chance(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

function randomOf(fraction: () => number): Random {
  return { fraction, bytes: (count) => Uint8Array.from({ length: count }, () => Math.floor(fraction() * 256)) };
}

/** Runs until the power goes; true when it did. */
async function untilCut(run: () => Promise<void>): Promise<boolean> {
  try {
    await run();
    return false;
  } catch (error) {
    if (error instanceof PowerCut) return true;
    throw error;
  }
}

const cuts = fc.record({
  seed: fc.integer(),
  groups: fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 6 }),
  cutsAfter: fc.array(fc.nat(3_000), { minLength: 1, maxLength: 3 }),
});

describe('whatever byte the power is cut at', () => {
  it('the ledger reopens with every acknowledged entry, in order, and nothing invented', async () => {
    await fc.assert(
      fc.asyncProperty(cuts, async ({ seed, groups, cutsAfter }) => {
        const disk = simulatedDisk({ fraction: chance(seed) });
        const damages: unknown[] = [];
        const open = () => openLedger({ disk, now: () => now, onDamaged: (damage) => damages.push(damage) });
        const attempted: string[] = [];
        const acknowledged = new Set<string>();
        let number = 0;
        for (const cutAfter of cutsAfter) {
          disk.cutAfter(cutAfter);
          await untilCut(async () => {
            const ledger = await open();
            for (const size of groups) {
              const group = Array.from({ length: size }, async () => {
                number += 1;
                const entry: LedgerEntry = { kind: 'done', occurrence: `tin-${number}@1`, play: 1, atMs: now.ms };
                attempted.push(entry.occurrence);
                await ledger.append(entry);
                acknowledged.add(entry.occurrence);
              });
              const results = await Promise.allSettled(group);
              for (const result of results) if (result.status === 'rejected') throw result.reason;
            }
          });
          disk.reboot();
        }
        const found = (await open()).entries().map((entry) => entry.occurrence);
        expect(damages).toEqual([]);
        for (const occurrence of acknowledged) expect(found).toContain(occurrence);
        expect(found).toEqual(attempted.filter((occurrence) => found.includes(occurrence)));
        expect(new Set(found).size).toBe(found.length);
      }),
      { numRuns: 400 },
    );
  });

  it('the outbox reopens with every acknowledged report under its number, and gives no number twice', async () => {
    await fc.assert(
      fc.asyncProperty(cuts, fc.array(fc.nat(12), { maxLength: 6 }), async ({ seed, groups, cutsAfter }, receipts) => {
        const fraction = chance(seed);
        const disk = simulatedDisk({ fraction });
        const open = () =>
          openOutbox({
            disk,
            random: randomOf(fraction),
            now: () => now,
            onDamaged: () => expect.unreachable('a cut is no damage'),
          });
        const acknowledged = new Map<string, string>();
        let receiptedSeq = 0;
        let stream: string | undefined;
        let number = 0;
        for (const cutAfter of [...cutsAfter, Number.POSITIVE_INFINITY]) {
          disk.cutAfter(cutAfter);
          await untilCut(async () => {
            const outbox = await open();
            const sent = outbox.next({ afterSeq: receiptedSeq, countMax: 1_000, bytesMax: 1e9 });
            for (const [key, subject] of acknowledged) {
              const seq = Number(key);
              if (seq <= receiptedSeq) continue;
              const report = sent.find((one) => one.seq === seq);
              expect(report?.event).toMatchObject({ subject });
            }
            if (acknowledged.size > 0) expect(outbox.stream()).toBe(stream);
            for (const [index, size] of groups.entries()) {
              const adding = Array.from({ length: size }, () => {
                number += 1;
                const subject = `lần ${number}`;
                return outbox.add({ kind: 'refused', subject, reason: 'thử', count: 1 }).then(() => subject);
              });
              const results = await Promise.allSettled(adding);
              const all = outbox.next({ afterSeq: 0, countMax: 1_000, bytesMax: 1e9 });
              stream = outbox.stream();
              for (const result of results) {
                if (result.status === 'rejected') continue;
                const report = all.find((one) => one.event.kind === 'refused' && one.event.subject === result.value);
                expect(report).toBeDefined();
                const key = String(report?.seq);
                expect(acknowledged.has(key)).toBe(false);
                acknowledged.set(key, result.value);
              }
              for (const result of results) if (result.status === 'rejected') throw result.reason;
              const receipted = Math.min(outbox.lastSeq(), receiptedSeq + (receipts[index] ?? 0));
              outbox.receipt(receipted);
              receiptedSeq = Math.max(receiptedSeq, receipted);
            }
          });
          disk.reboot();
        }
      }),
      { numRuns: 300 },
    );
  });

  it('the settings reopen as they were acknowledged, or newer', async () => {
    await fc.assert(
      fc.asyncProperty(cuts, async ({ seed, groups, cutsAfter }) => {
        const disk = simulatedDisk({ fraction: chance(seed) });
        const open = () => openSettings({ disk, onDamaged: () => expect.unreachable('a cut is no damage') });
        let attempted = 0;
        let acknowledged = 0;
        for (const cutAfter of cutsAfter) {
          disk.cutAfter(cutAfter);
          await untilCut(async () => {
            const settings = await open();
            for (const size of groups) {
              const group = Array.from({ length: size }, async () => {
                attempted += 1;
                const value = attempted;
                await settings.update((data) => {
                  data.newest.keys = value;
                });
                acknowledged = Math.max(acknowledged, value);
              });
              const results = await Promise.allSettled(group);
              for (const result of results) if (result.status === 'rejected') throw result.reason;
            }
          });
          disk.reboot();
          const { keys } = (await open()).read().newest;
          expect(keys).toBeGreaterThanOrEqual(acknowledged);
          expect(keys).toBeLessThanOrEqual(attempted);
        }
      }),
      { numRuns: 300 },
    );
  });
});

describe('a rotten card', () => {
  const flipped = fc.record({
    at: fc.nat(9_999).map((share) => share / 10_000),
    bit: fc.integer({ min: 0, max: 7 }),
  });

  function flipSomewhere(disk: SimulatedDisk, path: string, size: number, flip: { at: number; bit: number }): void {
    disk.flip(path, Math.floor(flip.at * size), flip.bit);
  }

  it('costs the ledger at most the one line it touched, which is set aside and told', async () => {
    await fc.assert(
      fc.asyncProperty(flipped, async (flip) => {
        const disk = simulatedDisk({ fraction: () => 0.5 });
        const ledger = await openLedger({ disk, now: () => now, onDamaged: () => undefined });
        const written = Array.from({ length: 6 }, (_, index) => `tin-${index}@1`);
        for (const occurrence of written) await ledger.append({ kind: 'done', occurrence, play: 1, atMs: now.ms });
        const size = (await disk.sizeBytes('ledger')) ?? 0;
        flipSomewhere(disk, 'ledger', size, flip);
        const damages: unknown[] = [];
        const again = await openLedger({ disk, now: () => now, onDamaged: (damage) => damages.push(damage) });
        const found = again.entries().map((entry) => entry.occurrence);
        expect(found.length).toBeGreaterThanOrEqual(5);
        expect(written.filter((occurrence) => found.includes(occurrence))).toEqual(found);
        expect(damages).toHaveLength(1);
        expect(disk.paths()).toContain('ledger.damaged-1');
        await again.append({ kind: 'done', occurrence: 'sau@1', play: 1, atMs: now.ms });
        const third = await openLedger({ disk, now: () => now, onDamaged: () => expect.unreachable('mended') });
        expect(third.entries().map((entry) => entry.occurrence)).toEqual([...found, 'sau@1']);
      }),
      { numRuns: 300 },
    );
  });

  it('never makes the outbox give a number twice under one stream name', async () => {
    await fc.assert(
      fc.asyncProperty(flipped, async (flip) => {
        const fraction = chance(7);
        const disk = simulatedDisk({ fraction });
        const open = () => openOutbox({ disk, random: randomOf(fraction), now: () => now, onDamaged: () => undefined });
        const outbox = await open();
        for (let index = 0; index < 5; index += 1)
          await outbox.add({ kind: 'refused', subject: `lần ${index}`, reason: 'thử', count: 1 });
        const size = (await disk.sizeBytes('outbox')) ?? 0;
        flipSomewhere(disk, 'outbox', size, flip);
        const again = await open();
        await again.add({ kind: 'refused', subject: 'mới', reason: 'thử', count: 1 });
        const left = again.next({ afterSeq: 0, countMax: 100, bytesMax: 1e9 });
        const fresh = left.find((report) => report.event.kind === 'refused' && report.event.subject === 'mới');
        if (again.stream() === outbox.stream()) expect(fresh?.seq).toBeGreaterThan(5);
        expect(left.length).toBeGreaterThanOrEqual(5);
        expect(new Set(left.map((report) => report.seq)).size).toBe(left.length);
      }),
      { numRuns: 300 },
    );
  });

  it('is seen in the settings, which lose nothing by it', async () => {
    await fc.assert(
      fc.asyncProperty(flipped, async (flip) => {
        const disk = simulatedDisk({ fraction: () => 0.5 });
        const settings = await openSettings({ disk, onDamaged: () => undefined });
        for (const keys of [1, 2, 3])
          await settings.update((data) => {
            data.newest.keys = keys;
          });
        flipSomewhere(disk, 'settings.json', (await disk.sizeBytes('settings.json')) ?? 0, flip);
        const damages: unknown[] = [];
        const again = await openSettings({ disk, onDamaged: (damage) => damages.push(damage) });
        expect(again.read().newest.keys).toBe(3);
        expect(damages).toEqual([expect.objectContaining({ path: 'settings.json', copy: 'settings.json.damaged-1' })]);
        const third = await openSettings({ disk, onDamaged: () => expect.unreachable('mended') });
        expect(third.read().newest.keys).toBe(3);
      }),
      { numRuns: 200 },
    );
  });
});
