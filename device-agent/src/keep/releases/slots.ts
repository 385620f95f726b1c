/**
 * Which release of the agent runs next: the one that has proved itself, the one before, the one on trial, and what
 * became of the last trial. One small file with a checksum, replaced whole. Read by the launcher, which is never
 * updated, and by every later agent: what stands here is kept for good, and a field nobody knows is ignored.
 */
import { createHash } from 'node:crypto';

/** Below the agent's folder. */
export const slotsPath = 'releases/slots';

/** The program of a release; in the folder of the package for the one that came with it. */
export const programName = 'loa-agent.js';

/** Where the program of a fetched release lies, below the agent's folder. */
export const programPath = (number: number) => `releases/${number}/${programName}`;

/** A program and what was verified of it. */
export interface Slot {
  /** At least 1. */
  number: number;
  /** For people. */
  version: string;
  /** Of the unpacked program, hex: nothing else is run. */
  sha256: string;
}

/** A release that has still to prove itself. */
export interface Trial extends Slot {
  /** The order that asked for it. */
  order: string;
  /** What worked before it, and must work with it. */
  expects: { linked: boolean; output: boolean };
  /** `told`: it was ended by a person or by the supervisor, which says nothing against it. */
  phase: 'waiting' | 'running' | 'told';
  /** The boot in which it was last started; empty before. */
  boot: string;
  crashes: number;
  /** How often the power went, or the board began anew, while it ran. */
  cuts: number;
}

/** What became of the last trial. */
export interface Verdict {
  order: string;
  number: number;
  version: string;
  result: 'done' | 'failed';
  /** Plain words; empty when done. */
  reason: string;
}

export interface Slots {
  good?: Slot | undefined;
  former?: Slot | undefined;
  trial?: Trial | undefined;
  verdict?: Verdict | undefined;
  /** A release whose program no longer has the bytes that were verified, 0 for this file; until the agent tells of it. */
  damaged?: number | undefined;
}

/** The file's content. */
export function slotsText(slots: Slots): string {
  const json = JSON.stringify(slots);
  return `${checksum(json)}\n${json}\n`;
}

/** What the file says; a torn or flipped one names nothing, so that the program of the package runs. */
export function parseSlots(text: string): Slots {
  const end = text.indexOf('\n');
  const json = text.slice(end + 1, -1);
  if (end === -1 || !text.endsWith('\n') || text.slice(0, end) !== checksum(json)) return { damaged: 0 };
  const found: unknown = JSON.parse(json);
  if (!isRecord(found)) return { damaged: 0 };
  return {
    good: parseSlot(found.good),
    former: parseSlot(found.former),
    trial: parseTrial(found.trial),
    verdict: parseVerdict(found.verdict),
    damaged: typeof found.damaged === 'number' ? found.damaged : undefined,
  };
}

/** A program as its bytes are. */
export function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** A slot from outside; undefined when it is none. */
export function parseSlot(found: unknown): Slot | undefined {
  if (!isRecord(found)) return undefined;
  const { number, version, sha256 } = found;
  if (!isCount(number) || typeof version !== 'string' || typeof sha256 !== 'string') return undefined;
  return { number, version, sha256 };
}

function parseTrial(found: unknown): Trial | undefined {
  const slot = parseSlot(found);
  if (slot === undefined || !isRecord(found) || !isRecord(found.expects)) return undefined;
  const { order, phase, boot, crashes, cuts, expects } = found;
  if (typeof order !== 'string' || typeof boot !== 'string' || !isCount(crashes) || !isCount(cuts)) return undefined;
  if (phase !== 'waiting' && phase !== 'running' && phase !== 'told') return undefined;
  return {
    ...slot,
    order,
    phase,
    boot,
    crashes,
    cuts,
    expects: { linked: expects.linked === true, output: expects.output === true },
  };
}

function parseVerdict(found: unknown): Verdict | undefined {
  if (!isRecord(found)) return undefined;
  const { order, number, version, result, reason } = found;
  if (typeof order !== 'string' || !isCount(number) || typeof version !== 'string') return undefined;
  if ((result !== 'done' && result !== 'failed') || typeof reason !== 'string') return undefined;
  return { order, number, version, result, reason };
}

function checksum(json: string): string {
  return createHash('sha256').update(json).digest('hex');
}

function isRecord(found: unknown): found is Record<string, unknown> {
  return typeof found === 'object' && found !== null && !Array.isArray(found);
}

function isCount(found: unknown): found is number {
  return typeof found === 'number' && Number.isSafeInteger(found) && found >= 0;
}
