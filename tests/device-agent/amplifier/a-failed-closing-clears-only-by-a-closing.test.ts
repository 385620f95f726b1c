/**
 * A contact that never closes stays a fault between items and over a restart, though it is found open as ordered each
 * time; the first closing that is felt clears it. A switch that does not open is cleared by an opening.
 */
import { feltContact } from '@loa/device-agent/fronts/amplifier/contact.ts';
import { createAmplifier } from '@loa/device-agent/work/amplifier/amplifier.ts';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type FaultBench, openFaultBench } from '../../harness/fault-bench.ts';
import { type ManualClock, manualClock } from '../../harness/manual-clock.ts';

const code = 'amplifier-failed';
let clock: ManualClock;
let bench: FaultBench;
let told: boolean;
/** What the feedback reads, whatever was told; undefined: it follows. */
let stuckAt: '0' | '1' | undefined;
let amplifier: ReturnType<typeof createAmplifier>;

function open(name = 'contact') {
  const device = feltContact({
    device: {
      warmUpMs: 500,
      set: async (isOn) => {
        told = isOn;
      },
    },
    files: { readWord: async () => stuckAt ?? (told ? '1' : '0') },
    clock,
    path: '/feedback',
    isActiveLow: false,
  });
  const switches = [{ name, device, holdMs: 500, mayStayOn: false }];
  const failedBefore = bench.evidenceOf(code);
  return createAmplifier({ clock, switches, faults: bench.faults, failedBefore, onReady: () => undefined });
}

async function item(lengthMs = 12_000): Promise<void> {
  amplifier.expect({ isSounding: true, isUrgent: false, staysOn: false });
  await clock.advance(lengthMs);
  amplifier.expect({ isSounding: false, isUrgent: false, staysOn: false });
  await clock.advance(30_000);
}

beforeEach(async () => {
  clock = manualClock({ wallMs: 1_800_000_000_000 });
  bench = await openFaultBench(clock);
  told = false;
  stuckAt = '0';
  amplifier = open();
});
afterEach(() => bench.stop());

test('it stays open from item to item and over a restart, until it is felt closed', async () => {
  await item();
  expect(bench.course(code)).toEqual(['opened']);
  await item();
  expect(bench.course(code)).toEqual(['opened']);

  await amplifier.stop();
  await bench.restart();
  amplifier = open();
  await clock.advance(60_000);
  expect(bench.course(code)).toEqual(['opened']);

  stuckAt = undefined;
  await clock.advance(60_000);
  expect(bench.course(code)).toEqual(['opened']);
  await item();
  expect(bench.course(code)).toEqual(['opened', 'cleared']);
});

test('a contact that does not open is cleared by opening, not by being closed again', async () => {
  stuckAt = undefined;
  await item();
  stuckAt = '1';
  await item();
  expect(bench.course(code)).toEqual(['opened']);
  await item();
  expect(bench.course(code)).toEqual(['opened']);
  stuckAt = undefined;
  await clock.advance(12_000);
  expect(bench.course(code)).toEqual(['opened', 'cleared']);
});

test('what is no longer fitted does not fail', async () => {
  await item();
  await amplifier.stop();
  await bench.restart();
  amplifier = open('amplifier');
  await clock.advance(12_000);
  expect(bench.course(code)).toEqual(['opened', 'cleared']);
});
