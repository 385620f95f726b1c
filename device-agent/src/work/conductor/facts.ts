/** What the decider is handed and what it answers: everything it may know, nothing it could ask. Only shapes. */
import type { Clip } from '@loa/protocol/device';
import type { HoursRule, OutcomeReason } from '@loa/schedules';
import type { EndedEvent } from '../../contracts.ts';
import type { Aim, Course, CutReason } from './course.ts';
import type { Piece, Stop } from './piece.ts';

/** A stretch of server time, epoch ms. */
export interface Stretch {
  fromMs: number;
  untilMs: number;
}

export interface Facts {
  /** Server time as best known. */
  nowMs: number;
  trusted: boolean;
  /** Time cannot be earlier than this (newest verified issue). */
  floorMs: number;
  /** When the agent started, in server time as now known. */
  bootMs: number;
  /** The last stretch during which the clock was not trusted. */
  distrust?: Stretch | undefined;
  /** The window the held plan was computed for; absent without a plan. */
  plan?: Stretch | undefined;
  pieces: readonly Piece[];
  stops: readonly Stop[];
  hours: HoursRule;
  isEnded: (occurrence: string) => boolean;
  clip: (clip: Clip) => { state: 'here' | 'fetching' } | { state: 'missing'; reason: OutcomeReason };
  /** As the output last told. */
  outputPresent: boolean;
  /** Before this nothing would be heard in full: the amplifier is off or warming up. Absent where none is switched. */
  audibleMs?: number | undefined;
  /** Whether this board sounds drills; they are announced as drills by their own words. */
  drillsAudible: boolean;
  /** 0 up to `prepareJitterMs`; the board's own for this boot. */
  jitterMs: number;
}

/** What is on the output: from the start handed to the player until the player says it is over. */
export interface Sounding {
  readonly occurrence: string;
  readonly aim: Aim;
  /** First sample, server time. */
  readonly startedMs?: number | undefined;
  readonly cut?: CutReason | undefined;
}

export interface ConductorState {
  /** Occurrences under the conductor's eye, without an end. */
  readonly courses: ReadonlyMap<string, Course>;
  readonly sounding?: Sounding | undefined;
  /** How many passed occurrences were judged in this boot. */
  readonly passedCount: number;
}

/** The play that comes next on the output. */
export interface Next {
  readonly occurrence: string;
  readonly aim: Aim;
  readonly piece: Piece;
  readonly prepareAtMs: number;
  /** The ledger's entry is made from here on, once nothing else sounds. */
  readonly commitAtMs: number;
  /** False while another occurrence holds the output. */
  readonly isFree: boolean;
}

export interface Decision {
  readonly state: ConductorState;
  /** What sounds must stop, for this reason. */
  readonly cut?: CutReason | undefined;
  readonly next?: Next | undefined;
  /** Occurrences that have ended, each once. */
  readonly endings: readonly EndedEvent[];
  /** Without news, think again then. */
  readonly thinkAtMs: number;
}

/**
 * An instant that has certainly come: what expires is judged by it. A clock that nobody vouches for may be days ahead,
 * and an emergency is not withheld for that; the newest verified issue, and what has passed since, is never ahead.
 */
export function certainMs({ nowMs, trusted, floorMs }: Pick<Facts, 'nowMs' | 'trusted' | 'floorMs'>): number {
  return trusted ? Math.max(nowMs, floorMs) : floorMs;
}
