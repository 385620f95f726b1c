/**
 * Which program begins now, and what is written down before it does. Pure: the launcher hands in what it found. A
 * release on trial gets a bounded number of beginnings; then the former one runs again, without anybody's doing.
 */
import type { Slot, Slots, Trial, Verdict } from './slots.ts';

/** Ends by itself, or by the watchdog's hand, within one boot; then it is given up. */
export const trialCrashesMax = 2;

/** Beginnings cut off by the power or by a board that began anew; a release that hangs a board is one of them. */
export const trialCutsMax = 5;

/** What the launcher found. */
export interface StartFacts {
  /** The kernel's name of this boot. */
  boot: string;
  /** The program that came with the package; absent when it is not there. */
  packaged: Slot | undefined;
  /** Whether the program of a slot has the bytes that were verified. */
  isSound: (slot: Slot, at: 'package' | 'folder') => boolean;
}

export interface NextStart {
  /** Absent: there is nothing that may be run. */
  run: { slot: Slot; at: 'package' | 'folder' } | undefined;
  isTrial: boolean;
  /** To be on disk before the program begins. */
  slots: Slots;
}

/** The beginning that follows. */
export function nextStart(held: Slots, facts: StartFacts): NextStart {
  const slots = withoutDamaged(held, facts);
  const { trial } = slots;
  if (trial === undefined) return { run: provedRun(slots, facts), isTrial: false, slots };
  const counted = count(trial, facts.boot);
  const reason = facts.isSound(trial, 'folder') ? reasonAgainst(counted) : 'its program is damaged';
  if (reason === undefined) {
    const running: Trial = { ...counted, phase: 'running', boot: facts.boot };
    return { run: { slot: trial, at: 'folder' }, isTrial: true, slots: { ...slots, trial: running } };
  }
  const over = failed(slots, counted, reason);
  return { run: provedRun(over, facts), isTrial: false, slots: over };
}

/** The trial has failed: what stands in the file then. */
export function failed(slots: Slots, trial: Trial, reason: string): Slots {
  const { order, number, version } = trial;
  const verdict: Verdict = { order, number, version, result: 'failed', reason };
  return { ...slots, trial: undefined, verdict };
}

/** The trial has proved itself. */
export function proved(slots: Slots, trial: Trial): Slots {
  const { order, number, version, sha256 } = trial;
  const verdict: Verdict = { order, number, version, result: 'done', reason: '' };
  return { good: { number, version, sha256 }, former: slots.good, verdict };
}

function count(trial: Trial, boot: string): Trial {
  if (trial.phase !== 'running') return trial;
  return trial.boot === boot ? { ...trial, crashes: trial.crashes + 1 } : { ...trial, cuts: trial.cuts + 1 };
}

function reasonAgainst({ crashes, cuts }: Trial): string | undefined {
  if (crashes >= trialCrashesMax) return `it ended by itself ${crashes} times`;
  return cuts >= trialCutsMax ? `the board began anew ${cuts} times while it ran` : undefined;
}

function withoutDamaged(slots: Slots, { isSound }: StartFacts): Slots {
  const { good, former } = slots;
  if (good === undefined || isSound(good, 'folder')) return slots;
  const next = former !== undefined && isSound(former, 'folder') ? former : undefined;
  return { ...slots, good: next, former: undefined, damaged: good.number };
}

/** The proved release, or the packaged one when that is newer: somebody has installed a newer package. */
function provedRun({ good }: Slots, { packaged, isSound }: StartFacts): NextStart['run'] {
  const ofPackage =
    packaged !== undefined && isSound(packaged, 'package') ? ({ slot: packaged, at: 'package' } as const) : undefined;
  if (good === undefined) return ofPackage;
  if (ofPackage !== undefined && ofPackage.slot.number >= good.number) return ofPackage;
  return { slot: good, at: 'folder' };
}
