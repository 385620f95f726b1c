/**
 * Runs the history of a kept file on a simulated disk: once without a cut, noting each disk operation and what would be
 * read after it, and then again with the power going at a given step of it.
 */
import type { Damage } from '@loa/device-agent/edges/damaged-file.ts';
import type { Disk } from '@loa/device-agent/edges/disk.ts';
import { PowerCut, type SimulatedDisk, simulatedDisk } from '../../harness/simulated-disk.ts';
import type { KeptFile, Opened } from './kept-files.ts';

/** One operation of the disk, from the step before it to the step after it. */
export interface Operation {
  kind: 'replace' | 'append' | 'writeAt' | 'sync' | 'rename' | 'remove';
  from: number;
  to: number;
}

/** The history as it is without a cut. */
export interface Reference {
  operations: Operation[];
  /** What is read after none, one, … all operations. */
  states: unknown[];
  /** Operations that were over when each transition was acknowledged; the first is the opening. */
  acknowledgedAfter: number[];
  disk: SimulatedDisk;
}

export async function copyOf(disk: SimulatedDisk, fraction: () => number = () => 0.5): Promise<SimulatedDisk> {
  const copy = simulatedDisk({ fraction });
  for (const path of disk.paths()) await copy.replace(path, (await disk.read(path)) ?? '');
  return copy;
}

const noDamage = (damage: Damage): never => {
  throw new Error(`A cut is no damage: ${JSON.stringify(damage)}`);
};

export async function stateOn(kept: KeptFile, disk: Disk, onDamaged: (damage: Damage) => void = noDamage) {
  return (await kept.open(disk, onDamaged)).state();
}

const changing = new Set<string>(['replace', 'append', 'writeAt', 'sync', 'rename', 'remove']);

export async function referenceOf(kept: KeptFile): Promise<Reference> {
  const disk = simulatedDisk({ fraction: () => 0.5 });
  const operations: Operation[] = [];
  const snapshots = [await copyOf(disk)];
  const noting: Disk = new Proxy(disk, {
    get(_, key: keyof Disk & Operation['kind']) {
      const member: unknown = Reflect.get(disk, key);
      if (typeof member !== 'function' || !changing.has(key)) return member;
      return async (...args: unknown[]) => {
        const from = disk.steps();
        const result: unknown = await Reflect.apply(member, disk, args);
        if (from !== (operations.at(-1)?.to ?? 0)) throw new Error('Two operations at once');
        operations.push({ kind: key, from, to: disk.steps() });
        snapshots.push(await copyOf(disk));
        return result;
      };
    },
  });
  const opened = await kept.open(noting, noDamage);
  const acknowledgedAfter = [operations.length];
  for (const step of opened.steps) {
    await step();
    acknowledgedAfter.push(operations.length);
  }
  const states: unknown[] = [];
  for (const snapshot of snapshots) states.push(await stateOn(kept, snapshot));
  return { operations, states, acknowledgedAfter, disk };
}

/** Runs it until the power goes. `acknowledged` counts the opening and each transition. */
export async function runUntilCut(
  kept: KeptFile,
  options: { cutAt: number; fraction: () => number },
): Promise<{ disk: SimulatedDisk; acknowledged: number }> {
  const disk = simulatedDisk({ fraction: options.fraction });
  disk.cutAfter(options.cutAt);
  let acknowledged = 0;
  try {
    let opened: Opened | undefined;
    for (let step = -1; step < (opened?.steps.length ?? 0); step += 1) {
      if (opened === undefined) opened = await kept.open(disk, noDamage);
      else await opened.steps[step]?.();
      // Whoever swallowed the cut has acknowledged nothing.
      await disk.sizeBytes('any');
      acknowledged += 1;
    }
  } catch (error) {
    const isOff = await disk.sizeBytes('any').then(
      () => false,
      (reason: unknown) => reason instanceof PowerCut,
    );
    if (!isOff) throw error;
  }
  disk.reboot();
  return { disk, acknowledged };
}
