import { elapse, type FaultState, hear } from '@loa/device-agent/work/faults/fault-state.ts';
import { createFaults, type OpenFault, type RunningFaults } from '@loa/device-agent/work/faults/faults.ts';
import { isNearlyFull, patience } from '@loa/device-agent/work/faults/patience.ts';
import { type DeviceFaultCode, deviceFaultCodes, type ReportEvent } from '@loa/protocol/device';
import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import { type ManualClock, manualClock } from '../../harness/manual-clock.ts';

const evidence = { player: 'test' };
let clock: ManualClock;
let reports: ReportEvent[];
let names: Set<string>;
let kept: OpenFault[];
let faults: RunningFaults;
let boots = 0;

function boot(): RunningFaults {
  boots += 1;
  const seed = boots;
  let drawn = 0;
  return createFaults({
    clock,
    time: { now: () => ({ ms: 1_800_000_000_000 + clock.monotonicMs(), trusted: true, boundMs: 1 }) },
    random: { bytes: (count) => new Uint8Array(count).fill(seed * 16 + drawn++), fraction: () => 0.5 },
    outbox: {
      async add(event, { once } = {}) {
        if (once !== undefined && names.has(once)) return;
        if (once !== undefined) names.add(once);
        reports.push(event);
      },
    },
    file: {
      read: async () => kept,
      write: async (open) => {
        kept = [...open];
      },
    },
  });
}

beforeEach(async () => {
  clock = manualClock({ wallMs: 1_800_000_000_000 });
  reports = [];
  names = new Set();
  kept = [];
  faults = boot();
  await faults.start();
});

const kinds = () => reports.map((event) => event.kind);

describe('patience', () => {
  test.each(deviceFaultCodes.map((code) => [code, patience[code]] as const))('%s: %j', async (code, given) => {
    faults.signal(code, { bad: true, evidence });
    await clock.advance(given.openAfterMs - 1);
    expect(kinds()).toEqual(given.openAfterMs === 0 ? ['fault-opened'] : []);
    await clock.advance(1);
    expect(kinds()).toEqual(['fault-opened']);
    faults.signal(code, { bad: false, evidence });
    await clock.advance(given.clearAfterMs - 1);
    faults.signal(code, { bad: false, evidence });
    await clock.advance(1);
    expect(kinds()).toEqual(['fault-opened', 'fault-cleared']);
  });

  test('a broken output is known within 4 s of asking every 2 s, and gone 4 s after the mend', async () => {
    const ask = async (bad: boolean, times: number) => {
      for (let asked = 0; asked < times; asked += 1) {
        faults.signal('output-missing', { bad, evidence });
        await clock.advance(2_000);
      }
    };
    await ask(true, 1);
    expect(kinds()).toEqual(['fault-opened']);
    await ask(false, 2);
    expect(kinds()).toEqual(['fault-opened', 'fault-cleared']);
  });

  test('a flicker opens nothing and a relapse clears nothing', async () => {
    faults.signal('clip-missing', { bad: true, evidence });
    await clock.advance(59_000);
    faults.signal('clip-missing', { bad: false, evidence });
    await clock.advance(59_000);
    expect(kinds()).toEqual([]);
    faults.signal('output-missing', { bad: true, evidence });
    await clock.advance(5_000);
    faults.signal('output-missing', { bad: false, evidence });
    await clock.advance(1_000);
    faults.signal('output-missing', { bad: true, evidence });
    await clock.advance(10_000);
    expect(kinds()).toEqual(['fault-opened']);
  });

  test('what is certain does not wait', async () => {
    faults.signal('clip-missing', { bad: true, certain: true, evidence });
    await clock.advance(0);
    expect(kinds()).toEqual(['fault-opened']);
  });

  test('a fault tells since when, not since it was believed', async () => {
    faults.signal('clip-missing', { bad: true, evidence });
    await clock.advance(60_000);
    expect(reports[0]).toMatchObject({ sinceMs: 1_800_000_000_000 + 5_000, evidence });
  });
});

describe('a restart', () => {
  test('neither forgets nor repeats an open fault, and the clear names it', async () => {
    faults.signal('decoder-failed', { bad: true, evidence });
    await clock.advance(0);
    const opened = reports[0];
    await faults.stop();
    faults = boot();
    await faults.start();
    faults.signal('decoder-failed', { bad: true, evidence });
    await clock.advance(0);
    expect(reports).toHaveLength(1);
    faults.signal('decoder-failed', { bad: false, evidence });
    await clock.advance(0);
    expect(reports[1]).toMatchObject({
      kind: 'fault-cleared',
      fault: opened?.kind === 'fault-opened' ? opened.fault : '',
    });
    expect(kept).toEqual([]);
  });

  test('between the file and the report loses nothing', async () => {
    kept = [{ kind: 'fault-opened', fault: 'ab', code: 'clip-missing', sinceMs: 1, evidence }];
    faults = boot();
    await faults.start();
    await clock.advance(0);
    expect(reports).toEqual(kept);
  });
});

test('opened and cleared take turns, whatever is signalled', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.boolean(), fc.integer({ min: 0, max: 90_000 }), fc.boolean()), { maxLength: 40 }),
      async (signals) => {
        let state: FaultState = { phase: 'well' };
        let nowMs = 0;
        let isOpen = false;
        for (const [bad, passedMs, certain] of signals) {
          state = hear(state, { bad, evidence }, nowMs);
          for (const elapsed of [
            elapse(state, { patience: patience['clip-missing'], nowMs, certain: bad && certain }),
          ]) {
            state = elapsed.state;
            if (elapsed.change === undefined) continue;
            expect(elapsed.change.kind).toBe(isOpen ? 'clear' : 'open');
            isOpen = !isOpen;
          }
          nowMs += passedMs;
        }
      },
    ),
  );
});

test.each<[string, number, number, boolean, boolean]>([
  ['plenty', 50e9, 100e9, false, false],
  ['below 5 %', 4.9e9, 100e9, false, true],
  ['below 100 MB', 99e6, 1e9, false, true],
  ['between the lines, was well', 6e9, 100e9, false, false],
  ['between the lines, was full', 6e9, 100e9, true, true],
  ['above both', 8e9, 100e9, true, false],
])('disk space: %s', (_name, freeBytes, totalBytes, was, is) => {
  expect(isNearlyFull({ freeBytes, totalBytes }, was)).toBe(is);
});

const codes: readonly DeviceFaultCode[] = deviceFaultCodes;
test('every condition has its patience', () => {
  expect(Object.keys(patience).sort()).toEqual([...codes].sort());
});
