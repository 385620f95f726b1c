/** Nothing is put on trial but what the root key signed, newer than what runs, with the very bytes that were signed. */

import { programBytesMax } from '@loa/device-agent/keep/releases/release-shelf.ts';
import { programPath, sha256Of } from '@loa/device-agent/keep/releases/slots.ts';
import { describe, expect, test } from 'vitest';
import { isFull } from '../../harness/full.ts';
import { type ManualClock, manualClock } from '../../harness/manual-clock.ts';
import { type SimulatedDisk, simulatedDisk } from '../../harness/simulated-disk.ts';
import { issuedMs } from '../installation.ts';
import { madeRelease, openBoard, sendsReleases, updateOrder } from './board.ts';

const program = 'console.log("a program of the pole");\n'.repeat(6);
const good = madeRelease(program, { number: 2 });

function stage() {
  return { clock: manualClock({ wallMs: issuedMs }), disk: simulatedDisk({ fraction: () => 0.5 }) };
}

/** What comes of it, however long it takes. */
async function settled<T>(promise: Promise<T>, clock: ManualClock, stepMs = 1_000): Promise<T> {
  let answer: { value: T } | undefined;
  promise.then((value) => {
    answer = { value };
  });
  for (let n = 0; n < 8_000 && answer === undefined; n += 1) await clock.advance(stepMs);
  if (answer === undefined) throw new Error('Nothing came of it');
  return answer.value;
}

test('a signed and newer release lies on the disk, on trial, before the board begins anew', async () => {
  const { clock, disk } = stage();
  const board = openBoard({ disk, clock, source: sendsReleases([good.packed]).source });
  expect(await settled(board.updates.hands.update(updateOrder(good.text)), clock)).toEqual({ result: 'later' });
  expect(board.begun).toEqual(['update to release 2']);
  const { trial } = await board.releases.read();
  expect(trial).toMatchObject({ number: 2, order: 'capnhat-1', phase: 'waiting', crashes: 0, cuts: 0 });
  expect(trial?.expects).toEqual({ linked: true, output: true });
  expect(sha256Of((await disk.read(programPath(2))) ?? new Uint8Array())).toBe(trial?.sha256);
  expect(disk.paths()).toEqual([programPath(2), 'releases/slots']);
  expect(await board.updates.hands.outcomeOf({ kind: 'update', order: 'capnhat-1' })).toBeUndefined();
});

describe('refused, and nothing is asked of the server', () => {
  const foreign = madeRelease(program, { number: 2, seed: new Uint8Array(32).fill(9) });
  const older = madeRelease(program, { number: 1 });
  const [head, body] = good.text.split('.');
  test.each<[string, string, number, boolean, string]>([
    ['signed by another key', foreign.text, 1, true, 'unknown-key'],
    ['with another signature', `${head}.${body}.${foreign.text.split('.')[2]}`, 1, true, 'bad-signature'],
    ['no envelope at all', 'xin chào', 1, true, 'malformed'],
    ['the number that runs', older.text, 1, true, 'not newer than 1'],
    ['an older number', good.text, 7, true, 'not newer than 7'],
    ['on a board that nobody starts again', good.text, 1, false, 'not started from a package'],
  ])('%s', async (_name, text, running, isReplaceable, reason) => {
    const { clock, disk } = stage();
    const server = sendsReleases([good.packed]);
    const board = openBoard({ disk, clock, source: server.source, running, isReplaceable });
    const served = await settled(board.updates.hands.update(updateOrder(text)), clock);
    expect(served).toMatchObject({ result: 'refused', reason: expect.stringContaining(reason) });
    expect(server.asked).toEqual([]);
    expect(board.begun).toEqual([]);
  });
});

test('a line that breaks is taken up where it broke; the order`s life bounds it', async () => {
  const { clock, disk } = stage();
  const server = sendsReleases([good.packed], { bytesPerAnswer: 32 });
  const board = openBoard({ disk, clock, source: server.source });
  expect(await settled(board.updates.hands.update(updateOrder(good.text)), clock)).toEqual({ result: 'later' });
  expect(server.asked.slice(0, 2)).toEqual([0, 32]);
  const away = openBoard({ ...stage(), clock, source: () => Promise.reject(new Error('no route')) });
  const late = updateOrder(good.text, 'capnhat-2', clock.wallMs() - issuedMs + 600_000);
  expect(await settled(away.updates.hands.update(late), clock, 10_000)).toMatchObject({
    result: 'failed',
    reason: expect.stringContaining('no route'),
  });
});

test('bytes with another hash never become a program, though the server insists', async () => {
  const { clock, disk } = stage();
  const wrong = Uint8Array.from(good.packed, (byte, at) => (at === 30 ? byte ^ 1 : byte));
  const board = openBoard({
    disk,
    clock,
    async source({ fromBytes, onChunk }) {
      await onChunk(wrong.subarray(fromBytes), { status: 200, headers: {} });
      return { status: 200 };
    },
  });
  expect(await settled(board.updates.hands.update(updateOrder(good.text)), clock, 10_000)).toMatchObject({
    result: 'failed',
    reason: expect.stringContaining('another hash'),
  });
  expect(disk.paths()).toEqual([]);
  expect(board.begun).toEqual([]);
});

test('what unpacks without end is given up', async () => {
  const { clock, disk } = stage();
  const trap = madeRelease(' '.repeat(programBytesMax + 1), { number: 2 });
  const board = openBoard({ disk, clock, source: sendsReleases([trap.packed]).source });
  expect(await settled(board.updates.hands.update(updateOrder(trap.text)), clock)).toMatchObject({
    result: 'failed',
    reason: expect.stringContaining('does not unpack'),
  });
});

describe('it waits for quiet', () => {
  const item = { occurrence: 'a@1', class: 'normal', clip: 0, repeat: { count: 1, gapMs: 0 } } as const;
  const more = { late: { kind: 'skip', lateMsMax: 0 }, resume: 'drop', lengthMsMax: 9_000 } as const;

  test('until nothing sounds and nothing is due within a minute', async () => {
    const { clock, disk } = stage();
    const board = openBoard({ disk, clock, source: sendsReleases([good.packed]).source });
    board.facts.items = [{ ...item, ...more, atMs: issuedMs + 30_000 }];
    board.facts.progress = [{ occurrence: 'a@1', phase: 'ready' }];
    const updating = board.updates.hands.update(updateOrder(good.text));
    await clock.advance(50_000);
    board.facts.progress = [{ occurrence: 'a@1', phase: 'playing' }];
    await clock.advance(50_000);
    expect(board.begun).toEqual([]);
    board.facts.progress = [];
    expect(await settled(updating, clock)).toEqual({ result: 'later' });
  });

  test('no longer than the order lives; a sound is never cut off for it', async () => {
    const { clock, disk } = stage();
    const board = openBoard({ disk, clock });
    board.facts.progress = [{ occurrence: 'a@1', phase: 'playing' }];
    const { release: _release, ...order } = updateOrder('', 'batdau-1', 120_000);
    const served = await settled(board.updates.hands.restart({ ...order, kind: 'restart' }), clock);
    expect(served).toMatchObject({ result: 'failed' });
    expect(board.begun).toEqual([]);
    board.facts.progress = [{ occurrence: 'a@1', phase: 'queued' }];
    board.facts.items = [{ ...item, ...more, atMs: issuedMs }];
    const waiting = { ...updateOrder('', 'batdau-2', 600_000), kind: 'restart' as const };
    expect(await settled(board.updates.hands.restart(waiting), clock)).toEqual({ result: 'later' });
    expect(board.begun).toEqual(['restart ordered']);
    expect(clock.wallMs() - issuedMs).toBeGreaterThanOrEqual(539_000);
    expect(await board.updates.hands.outcomeOf({ kind: 'restart', order: 'batdau-2' })).toEqual({ result: 'done' });
  });
});

test('a power cut at any byte leaves no release on trial, or a whole one', async () => {
  const steps = await stepsOf();
  let whole = 0;
  const stride = isFull ? 1 : Math.ceil(steps / 60);
  for (let at = 0; at < steps + stride; at += stride) {
    const cut = Math.min(at, steps);
    const clock = manualClock({ wallMs: issuedMs });
    const disk = simulatedDisk({ fraction: () => ((cut * 7919) % 101) / 101 });
    disk.cutAfter(cut);
    const board = openBoard({ disk, clock, source: sendsReleases([good.packed], { bytesPerAnswer: 32 }).source });
    const updating = board.updates.hands.update(updateOrder(good.text)).catch(() => undefined);
    for (let n = 0; n < 30; n += 1) await clock.advance(2_000);
    board.updates.stop();
    await clock.advance(301_000);
    await updating;
    disk.reboot();
    const { trial, damaged } = await board.releases.read();
    expect(damaged).toBeUndefined();
    if (trial !== undefined) {
      whole += 1;
      expect(sha256Of((await disk.read(programPath(2))) ?? new Uint8Array())).toBe(trial.sha256);
    }
    if (trial === undefined) await endsWell(disk);
  }
  expect(whole).toBeGreaterThan(0);
});

/** Ordered once more after the cut, it comes to its end whatever the cut left. */
async function endsWell(disk: SimulatedDisk): Promise<void> {
  const clock = manualClock({ wallMs: issuedMs });
  const again = openBoard({ disk, clock, source: sendsReleases([good.packed]).source });
  expect(await again.updates.hands.outcomeOf({ kind: 'update', order: 'capnhat-1' })).toMatchObject({
    result: 'failed',
  });
  expect(await settled(again.updates.hands.update(updateOrder(good.text, 'capnhat-2')), clock)).toEqual({
    result: 'later',
  });
}

async function stepsOf(): Promise<number> {
  const { clock, disk } = stage();
  const board = openBoard({ disk, clock, source: sendsReleases([good.packed], { bytesPerAnswer: 32 }).source });
  await settled(board.updates.hands.update(updateOrder(good.text)), clock);
  return disk.steps();
}

test('a release that lay here when the power went is not paid for twice', async () => {
  const { clock, disk } = stage();
  const first = sendsReleases([good.packed]);
  const board = openBoard({ disk, clock, source: first.source });
  board.facts.progress = [{ occurrence: 'a@1', phase: 'playing' }];
  void board.updates.hands.update(updateOrder(good.text));
  await clock.advance(60_000);
  board.updates.stop();
  const later = sendsReleases([good.packed]);
  const again = openBoard({ disk, clock, source: later.source });
  expect(await again.updates.hands.outcomeOf({ kind: 'update', order: 'capnhat-1' })).toMatchObject({
    isUntried: true,
  });
  expect(await settled(again.updates.hands.update(updateOrder(good.text)), clock)).toEqual({ result: 'later' });
  expect([first.asked.length, later.asked.length]).toEqual([1, 0]);
  expect(disk.paths()).toEqual([programPath(2), 'releases/slots']);
});
