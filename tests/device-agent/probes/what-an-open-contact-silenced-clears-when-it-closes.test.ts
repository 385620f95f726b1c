/**
 * `sound-missing` of a bridge whose contact stayed open clears over a play or test during which it is felt closed, though
 * the probe itself cannot tell; what a probe has found silent itself does not clear by that.
 */
import { contactProbes } from '@loa/device-agent/fronts/amplifier/contact.ts';
import { createListen } from '@loa/device-agent/work/listening/listen.ts';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type FaultBench, openFaultBench } from '../../harness/fault-bench.ts';
import { type ManualClock, manualClock } from '../../harness/manual-clock.ts';

const code = 'sound-missing';
const open = { closedMs: 0, openMs: 18_000 };
const closed = { closedMs: 18_150, openMs: 0 };
const undecided = { verdict: 'undecided', evidence: { reason: 'Too short to be sure' } } as const;
const none = { verdict: 'none', evidence: { rise: 0 } } as const;

let clock: ManualClock;
let bench: FaultBench;
let felt = open;
let measured: typeof undecided | typeof none = undecided;
let listen: ReturnType<typeof createListen>;

function listener() {
  const probes = contactProbes({ felt: () => felt }, [{ kind: 'line-level', measure: async () => measured }]);
  return createListen({ probes, clock, faults: bench.faults, missingBefore: bench.evidenceOf(code) });
}

async function play(contact: typeof open, said: typeof measured, purpose: 'play' | 'audible-test' = 'play') {
  felt = contact;
  measured = said;
  const emittedMs = purpose === 'play' ? 18_000 : 3_000;
  await listen({ fromMonotonicMs: 0, untilMonotonicMs: emittedMs, emittedMs, sentDbfs: -20, purpose });
  await clock.advance(0);
  return bench.course(code);
}

beforeEach(async () => {
  clock = manualClock({ wallMs: 1_800_000_000_000 });
  bench = await openFaultBench(clock);
  listen = listener();
});
afterEach(() => bench.stop());

test.each(['play', 'audible-test'] as const)(
  'a closed contact over a %s is the mend of an open one',
  async (purpose) => {
    expect(await play(open, undecided)).toEqual(['opened']);
    expect(bench.evidenceOf(code)).toMatchObject({ contactClosedMs: 0, contactOpenMs: 18_000 });
    expect(await play(closed, undecided, purpose)).toEqual(['opened', 'cleared']);
  },
);

test('also when it was opened before a restart', async () => {
  await play(open, undecided);
  await bench.restart();
  listen = listener();
  expect(await play(open, undecided)).toEqual(['opened']);
  expect(await play(closed, undecided)).toEqual(['opened', 'cleared']);
});

test('one that was closed for a part of it only is none', async () => {
  await play(open, undecided);
  expect(await play({ closedMs: 9_000, openMs: 9_000 }, undecided)).toEqual(['opened']);
});

test('what the probe itself found silent stays, behind whatever contact', async () => {
  expect(await play(closed, none)).toEqual(['opened']);
  expect(await play(closed, undecided)).toEqual(['opened']);
});

test('nor does it clear when the contact is mended and the line is found silent behind it', async () => {
  await play(open, undecided);
  expect(await play(closed, none)).toEqual(['opened']);
  expect(await play(closed, undecided)).toEqual(['opened']);
});
