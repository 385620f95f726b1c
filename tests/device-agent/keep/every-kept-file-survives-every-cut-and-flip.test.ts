/**
 * Every file that a board keeps, over a small history of its own: the power goes at each step of each disk operation,
 * and each byte rots at rest. After a cut one finds what stood before the operation or after it, and whatever was
 * acknowledged. Rot is told, set aside, and costs no more than is stated; nothing rotten reads as nothing.
 */
import type { Damage } from '@loa/device-agent/edges/damaged-file.ts';
import type { Disk } from '@loa/device-agent/edges/disk.ts';
import { openFaultsFile } from '@loa/device-agent/keep/open-faults.ts';
import { openSettings } from '@loa/device-agent/keep/settings/settings.ts';
import { describe, expect, it, test } from 'vitest';
import { isFull } from '../../harness/full.ts';
import type { SimulatedDisk } from '../../harness/simulated-disk.ts';
import { copyOf, type Operation, type Reference, referenceOf, runUntilCut, stateOn } from './board-after-a-cut.ts';
import { type KeptFile, keptFiles } from './kept-files.ts';

/** What a cut leaves of unsynced data: nothing; what was written; zeros in its second half; zeros but for a little. */
const chances = [0.1, 0.4, 0.6, 0.9];

/**
 * Where an operation is cut. A replace that is cut before its rename leaves nothing, whatever byte it was at, so that
 * the short run takes its edges; the long run takes every byte.
 */
function cutsIn({ kind, from, to }: Operation): { cutAt: number; chance: number }[] {
  const steps = Array.from({ length: to - from }, (_, index) => from + index);
  const taken = steps.flatMap((cutAt) => {
    // Before its rename nothing of a replace is left to chance.
    const isCertain = kind === 'replace' && cutAt < to - 1;
    if (isFull) return (isCertain ? [0.9] : chances).map((chance) => ({ cutAt, chance }));
    const isEdge = cutAt === from || cutAt >= to - 3;
    if (kind === 'append') return cutAt % 3 === 0 || isEdge ? chances.map((chance) => ({ cutAt, chance })) : [];
    const isMiddle = cutAt === from + Math.floor((to - from) / 2);
    if (isCertain) return cutAt === from || cutAt === to - 2 ? [{ cutAt, chance: 0.9 }] : [];
    return isEdge || isMiddle ? [0.1, 0.9].map((chance) => ({ cutAt, chance })) : [];
  });
  // Every byte that is added is cut at least once.
  const rest = kind === 'append' && !isFull ? steps.filter((cutAt) => !taken.some((one) => one.cutAt === cutAt)) : [];
  return [...taken, ...rest.map((cutAt) => ({ cutAt, chance: 0.4 }))];
}

async function expectWhole(kept: KeptFile, reference: Reference, at: number, cut: { cutAt: number; chance: number }) {
  const { disk, acknowledged } = await runUntilCut(kept, { cutAt: cut.cutAt, fraction: () => cut.chance });
  const where = `${kept.name}, operation ${at}, step ${cut.cutAt}, chance ${cut.chance}`;
  expect(reference.acknowledgedAfter[acknowledged - 1] ?? 0, where).toBeLessThanOrEqual(at);
  const opened = await kept.open(disk, () => expect.unreachable(`${where}: a cut is no damage`));
  // What was written and not synced may be there or not.
  const since = reference.acknowledgedAfter[acknowledged - 1] ?? 0;
  const isSynced = reference.operations.slice(since, at + 1).every(({ kind }) => kind !== 'writeAt');
  expect(reference.states.slice(isSynced ? at : since, at + 2), where).toContainEqual(opened.state());
  for (const step of opened.steps.slice(Math.max(0, acknowledged - 1))) await step();
  if (opened.steps.length === 0) return;
  const [state, final] = [await stateOn(kept, disk), reference.states.at(-1)];
  if (kept.isBounded === true && Array.isArray(state) && Array.isArray(final))
    expect(state.at(-1), where).toEqual(final.at(-1));
  else expect(state, where).toEqual(final);
}

describe.each(keptFiles.map((kept) => [kept.name, kept] as const))('%s', (_name, kept) => {
  it('is as before or after each operation, whatever step the power is cut at, and goes on from there', async () => {
    const reference = await referenceOf(kept);
    expect(reference.operations.length).toBeGreaterThan(0);
    for (const [at, operation] of reference.operations.entries())
      for (const cut of cutsIn(operation)) await expectWhole(kept, reference, at, cut);
  }, 600_000);

  it('tells of each bit that rots, sets it aside, and loses no more by it than is stated', async () => {
    const { disk: whole, states } = await referenceOf(kept);
    const final = states.at(-1);
    const untold: string[] = [];
    for (const path of pathsOf(kept, whole)) {
      const size = whole.sizeOf(path);
      // Where the whole file has one checksum or signature, one byte is like another: the short run takes some of them.
      const stride =
        isFull || kept.rotCosts === 'one record'
          ? 1
          : Math.max(1, Math.floor(size / (kept.folder === undefined ? 50 : 12)));
      for (let byte = 0; byte < size; byte += stride) {
        for (const bit of isFull ? [0, 1, 2, 3, 4, 5, 6, 7] : [(byte + Math.floor(byte / 8)) % 8]) {
          const disk = await copyOf(whole);
          disk.flip(path, byte, bit);
          if (!(await expectMended(kept, { disk, path, final, where: `${path}, byte ${byte}, bit ${bit}` })))
            untold.push(`${path} ${byte === size - 1 ? 'last byte' : byte}`);
        }
      }
    }
    // The last letter of a signature has four bits that mean nothing.
    expect(untold.filter((one) => !/^documents\/.* last byte$/.test(one))).toEqual([]);
  }, 600_000);

  it('is found damaged when it cannot be read, when it is empty, and when only its beginning is left', async () => {
    const { disk: whole, states } = await referenceOf(kept);
    for (const path of pathsOf(kept, whole)) {
      const final = states.at(-1);
      const unreadable = await copyOf(whole);
      if (kept.isAskedAgain !== true)
        await expectMended(kept, { disk: unreadable, seen: neverReading(unreadable, path), path, final, where: path });
      // The end of a file that is added to is missing after every cut: that is no damage, and its test stands above.
      if (kept.rotCosts === 'one record') continue;
      for (const left of [0, Math.floor(whole.sizeOf(path) / 2), whole.sizeOf(path) - 1]) {
        const disk = await copyOf(whole);
        await disk.replace(path, ((await whole.read(path)) ?? new Uint8Array()).slice(0, left));
        const isTold = await expectMended(kept, { disk, path, final, where: `${path} cut to ${left}` });
        expect([path, left, isTold]).toEqual([path, left, true]);
      }
    }
  });
});

function pathsOf({ folder }: KeptFile, disk: SimulatedDisk): string[] {
  return disk.paths().filter((path) => path.startsWith(folder ?? ''));
}

/** Opens it on a damaged disk; true when the damage was told. */
async function expectMended(
  kept: KeptFile,
  options: { disk: SimulatedDisk; seen?: Disk; path: string; final: unknown; where: string },
): Promise<boolean> {
  const { disk, path, final, where } = options;
  const before = await disk.read(path);
  const damages: Damage[] = [];
  const opened = await kept.open(options.seen ?? disk, (damage) => damages.push(damage));
  const state = opened.state();
  const isTold = damages.some((damage) => damage.path === (kept.toldAs ?? path));
  if (!isTold) expect(state, `${where}: silently another state`).toEqual(final);
  if (isTold && kept.isNeverSetAside !== true) {
    expect(disk.paths(), where).toContain(`${path}.damaged-1`);
    expect(await disk.read(`${path}.damaged-1`), where).toEqual(before);
  }
  switch (kept.rotCosts) {
    case 'nothing':
      expect(state, where).toEqual(final);
      break;
    case 'one record':
      if (options.seen === undefined) expectAllButOne(state, final, where);
      break;
    case 'until the server repeats':
      await opened.repeat?.();
      expect(opened.state(), where).toEqual(final);
      expect(await stateOn(kept, disk, () => expect.unreachable(`${where}: mended`)), where).toEqual(final);
      break;
    case 'all':
      break;
  }
  await kept.open(disk, () => expect.unreachable(`${where}: told twice`));
  return isTold;
}

/** In order, without one at most. */
function expectAllButOne(state: unknown, final: unknown, where: string): void {
  if (!Array.isArray(state) || !Array.isArray(final)) throw new Error('Records are a list');
  expect(state.length, where).toBeGreaterThanOrEqual(final.length - 1);
  expect(
    final.filter((one: unknown) => state.includes(one)),
    where,
  ).toEqual(state);
}

/** A disk that fails at each reading of this file, until it has other content or another name. */
function neverReading(disk: SimulatedDisk, path: string): Disk {
  let isBroken = true;
  const failing = async (): Promise<never> => {
    throw new Error('EIO: i/o error');
  };
  return {
    ...disk,
    read: (one) => (isBroken && one === path ? failing() : disk.read(one)),
    readAt: (one, ...rest) => (isBroken && one === path ? failing() : disk.readAt(one, ...rest)),
    async replace(one, content) {
      await disk.replace(one, content);
      if (one === path) isBroken = false;
    },
    async remove(one) {
      await disk.remove(one);
      if (one === path) isBroken = false;
    },
    async rename(from, to) {
      await disk.rename(from, to);
      if (from === path) isBroken = false;
    },
  };
}

test('who only looks leaves the damage for the agent to find', async () => {
  for (const name of ['settings', 'open faults']) {
    const kept = keptFiles.find((one) => one.name.startsWith(name));
    if (kept === undefined) throw new Error('No such file');
    const { disk } = await referenceOf(kept);
    const [path = ''] = disk.paths().filter((one) => !one.includes('copy'));
    disk.flip(path, 100);
    const before = disk.paths();
    if (name === 'settings') expect((await openSettings({ disk })).read().newest.keys).toBe(3);
    else expect(await openFaultsFile(disk).read()).toHaveLength(1);
    expect(disk.paths()).toEqual(before);
    const damages: string[] = [];
    await kept.open(disk, (damage) => damages.push(damage.path));
    expect(damages).toEqual([path]);
  }
});
