/** A release on trial is counted, judged by what worked before it, and given up for the former one without anybody's doing. */
import {
  nextStart,
  type StartFacts,
  trialCrashesMax,
  trialCutsMax,
} from '@loa/device-agent/keep/releases/next-start.ts';
import {
  parseSlots,
  type Slot,
  type Slots,
  slotsPath,
  slotsText,
  type Trial,
} from '@loa/device-agent/keep/releases/slots.ts';
import { judgeTrial, proveAfterMs, proveMsMax } from '@loa/device-agent/work/update/judge-trial.ts';
import { describe, expect, test } from 'vitest';
import { manualClock } from '../../harness/manual-clock.ts';
import { simulatedDisk } from '../../harness/simulated-disk.ts';
import { issuedMs } from '../installation.ts';
import { openBoard } from './board.ts';

const slot = (number: number): Slot => ({ number, version: `0.${number}.0`, sha256: `${number}`.repeat(64) });
const trial: Trial = {
  ...slot(3),
  order: 'capnhat-1',
  expects: { linked: true, output: true },
  phase: 'waiting',
  boot: '',
  crashes: 0,
  cuts: 0,
};
const facts: StartFacts = { boot: 'a', packaged: slot(1), isSound: () => true };

/** What runs, start after start, when each ends as `ends` says. */
function startsOf(held: Slots, ends: readonly ('crash' | 'cut' | 'told')[]): number[] {
  let slots = held;
  let boot = 0;
  return ends.map((end) => {
    const next = nextStart(slots, { ...facts, boot: String(boot) });
    slots = next.slots;
    if (end === 'cut') boot += 1;
    if (end === 'told' && slots.trial !== undefined) slots = { ...slots, trial: { ...slots.trial, phase: 'told' } };
    return next.run?.slot.number ?? 0;
  });
}

describe('which release begins', () => {
  const held: Slots = { good: slot(2), former: slot(1), trial };
  test.each<[string, Slots, ('crash' | 'cut' | 'told')[], number[]]>([
    ['the package`s, when there is none', {}, ['crash', 'crash'], [1, 1]],
    ['the one that has proved itself', { good: slot(2) }, ['crash', 'crash', 'crash'], [2, 2, 2]],
    ['the one on trial, until it has crashed twice', held, ['crash', 'crash', 'crash', 'cut'], [3, 3, 2, 2]],
    ['power cuts are not crashes', held, ['cut', 'crash', 'cut', 'crash', 'crash'], [3, 3, 3, 3, 2]],
    ['but five of them are too many', held, Array(7).fill('cut'), [3, 3, 3, 3, 3, 2, 2]],
    ['ends as told are neither', held, Array(8).fill('told'), Array(8).fill(3)],
    ['the package`s again, when there was no other', { trial }, ['crash', 'crash', 'crash'], [3, 3, 1]],
  ])('%s', (_name, slots, ends, runs) => {
    expect(startsOf(slots, ends)).toEqual(runs);
  });

  test('the verdict names the order, for whoever runs then', () => {
    const spent: Trial = { ...trial, phase: 'running', boot: 'a', crashes: trialCrashesMax - 1 };
    const next = nextStart({ ...held, trial: spent }, facts);
    expect(next.slots.trial).toBeUndefined();
    expect(next.slots.verdict).toMatchObject({ order: 'capnhat-1', number: 3, result: 'failed' });
    const cut: Trial = { ...trial, phase: 'running', boot: 'b', cuts: trialCutsMax - 1 };
    expect(nextStart({ ...held, trial: cut }, facts).slots.verdict?.reason).toContain('began anew 5 times');
  });

  test.each<[string, number[], number | undefined]>([
    ['a trial with other bytes', [3], 2],
    ['a trial and the good one', [3, 2], 1],
    ['all that was fetched', [3, 2, 1], 1],
  ])('nothing runs that has not the bytes that were verified: %s', (_name, damaged, runs) => {
    const isSound: StartFacts['isSound'] = ({ number }, at) => at === 'package' || !damaged.includes(number);
    const next = nextStart(held, { ...facts, isSound });
    expect(next.run?.slot.number).toBe(runs);
    expect(next.isTrial).toBe(false);
    expect(next.slots.damaged).toBe(damaged.includes(2) ? 2 : undefined);
  });

  test('and when nothing has them, nothing runs', () => {
    expect(nextStart(held, { ...facts, isSound: () => false }).run).toBeUndefined();
  });

  test('a newer package, installed by hand, comes before an older release that was fetched', () => {
    expect(nextStart({ good: slot(2) }, { ...facts, packaged: slot(5) }).run).toEqual({ slot: slot(5), at: 'package' });
  });
});

test('one flipped bit in the slots file is seen, and the package`s program runs', () => {
  const text = Buffer.from(slotsText({ good: slot(2), former: slot(1), trial }));
  expect(parseSlots(text.toString())).toMatchObject({ good: slot(2), former: slot(1), trial });
  for (let at = 0; at < text.length; at += 1) {
    const flipped = Buffer.from(text);
    flipped[at] = (flipped[at] ?? 0) ^ 1;
    expect(parseSlots(flipped.toString())).toEqual({ damaged: 0 });
    expect(parseSlots(text.subarray(0, at).toString())).toEqual({ damaged: 0 });
  }
  expect(nextStart({ damaged: 0 }, facts).run?.slot.number).toBe(1);
});

test.each<[string, Partial<Trial['expects']>, { isLinked?: boolean; hasOutput?: boolean; ranMs: number }, string]>([
  ['too early', {}, { ranMs: proveAfterMs - 1 }, 'wait'],
  ['as before', {}, { ranMs: proveAfterMs }, 'proved'],
  ['without the server', {}, { isLinked: false, ranMs: proveMsMax - 1 }, 'wait'],
  ['still without the server', {}, { isLinked: false, ranMs: proveMsMax }, 'failed'],
  ['without the output', {}, { hasOutput: false, ranMs: proveMsMax }, 'failed'],
  ['without the server, as before', { linked: false }, { isLinked: false, ranMs: proveAfterMs }, 'proved'],
  ['without the output, as before', { output: false }, { hasOutput: false, ranMs: proveAfterMs }, 'proved'],
])('judged %s', (_name, expects, given, kind) => {
  const judged = { expects: { ...trial.expects, ...expects } };
  expect(judgeTrial(judged, { isLinked: true, hasOutput: true, ...given }).kind).toBe(kind);
});

describe('the agent on trial', () => {
  async function onTrial() {
    const clock = manualClock({ wallMs: issuedMs });
    const disk = simulatedDisk({ fraction: () => 0.5 });
    const running: Slots = { good: slot(2), former: slot(1), trial: { ...trial, phase: 'running', boot: 'a' } };
    await disk.replace(slotsPath, slotsText(running));
    for (const number of [1, 2, 3]) await disk.replace(`releases/${number}/loa-agent.js`, 'x');
    return { clock, disk, board: openBoard({ disk, clock, running: 3 }) };
  }
  const asked = { kind: 'update', order: 'capnhat-1' } as const;

  test('says that it is good when it does what the former one did, and keeps that one', async () => {
    const { clock, disk, board } = await onTrial();
    await board.updates.start();
    await clock.advance(proveAfterMs - 10_000);
    expect(await board.updates.hands.outcomeOf(asked)).toBeUndefined();
    await clock.advance(15_000);
    expect(await board.releases.read()).toMatchObject({ good: slot(3), former: slot(2) });
    expect(await board.updates.hands.outcomeOf(asked)).toMatchObject({ result: 'done' });
    expect(disk.paths().filter((path) => path.endsWith('.js'))).toEqual(
      [2, 3].map((n) => `releases/${n}/loa-agent.js`),
    );
    expect(board.begun).toEqual([]);
  });

  test('gives way when the server stays away, and the former one tells of it', async () => {
    const { clock, disk, board } = await onTrial();
    board.links.isLinked = false;
    await board.updates.start();
    await clock.advance(proveMsMax + 10_000);
    expect(board.begun).toEqual(['back to the former release']);
    const former = openBoard({ disk, clock, running: 2 });
    await former.updates.start();
    expect(former.signals).toEqual([{ code: 'update-failed', bad: true }]);
    expect(await former.updates.hands.outcomeOf(asked)).toMatchObject({
      result: 'failed',
      reason: expect.stringContaining('the server is not reached'),
    });
  });

  test('a disk that takes no verdict now is asked again', async () => {
    const { clock, disk, board } = await onTrial();
    await board.updates.start();
    disk.failWith('EIO');
    await clock.advance(proveAfterMs + 20_000);
    disk.failWith(undefined);
    await clock.advance(10_000);
    expect(await board.releases.read()).toMatchObject({ good: slot(3) });
  });

  test('a rotten release is told as damage, once', async () => {
    const { clock, disk } = await onTrial();
    await disk.replace(slotsPath, slotsText({ damaged: 2 }));
    const board = openBoard({ disk, clock, running: 1 });
    await board.updates.start();
    expect(board.signals).toContainEqual({ code: 'storage-damaged', bad: true });
    expect((await board.releases.read()).damaged).toBeUndefined();
  });
});
