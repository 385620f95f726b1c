/**
 * What the rooms of the agent offer one another; `compose.ts` hands them round, no room imports another of its layer.
 * Only shapes. Instants are server time in epoch ms unless a name says otherwise.
 */
import type {
  Capabilities,
  Clip,
  DeviceFaultCode,
  EmergencyOrder,
  Evidence,
  Holds,
  HoursDocument,
  Order,
  OrdersDocument,
  PlanBody,
  PlanDocument,
  Progress,
  Rendition,
  ReportEvent,
} from '@loa/protocol/device';
import type { Outcome, OutcomeReason } from '@loa/schedules';

/** What the agent believes the time to be. */
export interface Now {
  /** Server time, epoch ms; the best guess even when not trusted. */
  ms: number;
  trusted: boolean;
  boundMs: number;
}

/** keep/ledger: what has sounded, on disk before it sounds. Read once at start, then a view in memory. */
export interface Ledger {
  entries(): readonly LedgerEntry[];
  /** Durable when it resolves. */
  append(entry: LedgerEntry): Promise<void>;
}

export type LedgerEntry =
  /** Written before the first sample of a play leaves: from here on this play never starts again by itself. */
  | { kind: 'start'; occurrence: string; play: number; plannedMs: number; atMs: number; emergency: boolean }
  /** A play sounded to its end. */
  | { kind: 'done'; occurrence: string; play: number; atMs: number }
  /** The occurrence has its outcome; nothing of it ever sounds again. */
  | { kind: 'ended'; occurrence: string; outcome: Outcome; reason?: OutcomeReason | undefined; atMs: number };

/** keep/outbox: reports on disk until receipted. Bounded; the oldest measurements and progress go first, counted. */
export interface Outbox {
  /** Durable when it resolves; numbered, stamped with the agent's time and its trust in it. */
  add(event: ReportEvent): Promise<void>;
}

/** keep/documents: the newest verified documents, on disk. */
export interface Documents {
  holds(): Holds;
  plan(): { head: PlanDocument; body: PlanBody } | undefined;
  hours(): HoursDocument | undefined;
  /** Every order in force, of the device and its areas, expired ones left out by the caller. */
  orders(): readonly { order: Order; document: OrdersDocument }[];
}

/** keep/clips: verified files. */
export interface ClipShelf {
  /** What is needed, soonest first; replaces the former wish. The rest may be dropped when space is short. */
  want(clips: readonly { clip: Clip; neededMs: number; emergency: boolean }[]): void;
  /** The verified file of a clip in a form this board decodes, or what stands in its way. */
  find(
    clip: Clip,
  ):
    | { state: 'here'; path: string; rendition: Rendition }
    | { state: 'fetching'; fraction: number }
    | { state: 'missing'; reason: OutcomeReason };
}

/** work/conductor: decides what sounds now. Told of everything that may change the answer. */
export interface Conductor {
  /** Documents changed, a clip arrived, the clock became trusted or stepped: think again. */
  reconsider(): void;
  /** What the panel may show of the coming and the present occurrence. */
  progress(): Progress[];
}

/** One sound leaving the board. */
export interface Playing {
  /** Resolves when it is over. `samplesOut` counts what really left. */
  ended: Promise<{ how: 'completed' | 'stopped' | 'output-failed' | 'decoder-failed'; emittedMs: number }>;
  /** Resolves when the first sample left, with the instant on the agent's monotonic clock; never, when none did. */
  started: Promise<{ monotonicMs: number }>;
  /** Silent within 300 ms; how much of the clip has sounded. */
  stop(): Promise<{ emittedMs: number }>;
}

/** player/: one contract for ALSA, file and silent. */
export interface Player {
  readonly name: string;
  /** Decodes ahead; cheap to throw away. `fromMs` starts inside the clip. */
  prepare(options: { path: string; fromMs: number; level: 'routine' | 'emergency' }): Promise<Prepared>;
  /** Whether sound can leave at present, as the output itself tells. */
  output(): Promise<{ present: boolean; evidence: Evidence }>;
  close(): Promise<void>;
}

export interface Prepared {
  /** Starts at the given instant of the monotonic clock, at once when it has passed. */
  startAt(monotonicMs: number): Playing;
  discard(): void;
}

/** work/faults: opens and clears with patience; each change becomes a report. */
export interface Faults {
  signal(code: DeviceFaultCode, signal: { bad: boolean; evidence: Evidence }): void;
}

/** What is fitted and decodable on this board, from its configuration. */
export interface Board {
  capabilities: Capabilities;
  description: string;
}

/** keep/refusals: one report per reason and minute, however many were refused. */
export interface Refusals {
  refused(refusal: { subject: string; reason: string }): void;
}

/** work/timekeeper: server time from round trips, told how far to be believed. */
export interface Timekeeper {
  now(): Now;
  /** Where a server instant lies on the agent's monotonic clock by the present estimate; ask again shortly before. */
  serverToMonotonic(serverMs: number): number;
  /** Server time of an instant of the monotonic clock. */
  monotonicToServer(monotonicMs: number): number;
  /** Why the clock is not trusted, for evidence; undefined when it is. */
  distrust(): ClockDistrust | undefined;
  /** Asks for eight fresh samples, when connected; for the seconds before a start. */
  burst(): void;
}

export type ClockDistrust =
  /** No sample in this boot, and the board keeps no time while off. */
  | 'no-time-yet'
  /** The last sample is older than seven days. */
  | 'sample-too-old'
  /** The board's clock is behind a signed issue time, or more than ten years ahead of it. */
  | 'wall-implausible'
  /** The board's clock jumped by more than a minute and no sample says which side was right. */
  | 'wall-stepped'
  /** The server says a time before documents that it has itself signed. */
  | 'server-behind-documents';

/** fronts/link, for status and evidence. */
export interface LinkState {
  mqtt: PathState;
  socket: PathState;
}

export interface PathState {
  phase: 'idle' | 'connecting' | 'connected' | 'waiting';
  /** Why it is not connected, plain words. */
  reason?: string | undefined;
  /** Consecutive failures. */
  failures: number;
}

export type { EmergencyOrder };
