/**
 * What happened in a town, as far as it matters to the promises: told in true time by whoever watched it from outside,
 * never by the programs' own opinion. Only shapes; what is optional is judged where it is told.
 */

/** A stretch of true time. */
export interface Span {
  fromMs: number;
  untilMs: number;
}

/** A stretch that may still last. */
export interface HeldSpan {
  sinceMs: number;
  untilMs: number | undefined;
}

/** What a person was told is accepted. */
export interface Accepted {
  bulletinId: string;
  clipId: string;
  class: 'normal' | 'priority' | 'emergency';
  acceptedMs: number;
  /** Instants, true time; one for an emergency: its push. */
  startsMs: readonly number[];
  deviceIds: readonly string[];
  lateMsMax: number;
  repeatCount: number;
  gapMs: number;
  clipDurationMs: number;
  /** True when the policy allows a play to begin again after an interruption; every emergency may after a newer one. */
  mayRestart: boolean;
  /** What an interruption does to it, where its late policy leaves it its place; absent: not judged. */
  resume?: 'resume' | 'restart' | 'drop' | undefined;
  /** An emergency that is a drill. */
  isDrill?: boolean | undefined;
  /** Devices that were within good reach when it was taken back: they owe silence within 3 s (P7). */
  heardStop?: readonly string[] | undefined;
  /** By device: since when the server counts it among those that cannot sound it any more. */
  saidSilent?: Record<string, number> | undefined;
  /** Withdrawn or stopped by a person. */
  withdrawnMs?: number | undefined;
  /** Since when a device holds documents without it, and until a restore brought it back. */
  goneOn: Record<string, HeldSpan>;
  /** Accepted after the backup that was later restored: nobody owes it any more. */
  lostMs?: number | undefined;
}

/** One stretch of sound that left a device, true time. */
export interface Emission {
  deviceId: string;
  clipId: string;
  /** Where in the clip it began; more than 0 when it was resumed or joined. */
  fromClipMs: number;
  startedMs: number;
  emittedMs: number;
  /** How far the board's clock may honestly have been from true time. */
  clockErrorMsMax: number;
  level?: 'routine' | 'emergency' | undefined;
  /** False when nothing had told the board the time: neither the server since its boot nor a battery. */
  knewTime?: boolean | undefined;
}

/** What the store says of one occurrence on one device. */
export interface StoredAiring {
  occurrence: string;
  bulletinId: string;
  deviceId: string;
  plannedMs: number;
  untilMs: number;
  outcome: string | null;
  phase: string;
}

/** What the store holds of reports. */
export interface StoredReport {
  deviceId: string;
  stream: string;
  seq: number;
  kind: string;
  occurrence?: string | undefined;
  /** The device's own time of it, and whether it trusted that. */
  atMs?: number | undefined;
  clockTrusted?: boolean | undefined;
  /** Of a `started`. */
  startedMs?: number | undefined;
  /** Of an `ended`: it says that it was a drill. */
  isDrill?: boolean | undefined;
  /** Of a `dropped`. */
  count?: number | undefined;
  /** Of a `fault-opened`. */
  code?: string | undefined;
}

/** An emergency that came into force on a device, for the first time there. */
export interface Arrival {
  deviceId: string;
  bulletinId: string;
  /** A genuine document with it, newer than any before, reached the program. */
  arrivedMs: number;
  /** Its clip was whole on the disk; undefined: never. */
  clipMs: number | undefined;
  /** A newer document without it arrived, or it expired. */
  untilMs: number;
  issuedMs: number;
  knewTime: boolean;
}

/** A byte that rotted on a device's card while the power was off. */
export interface Rot {
  deviceId: string;
  path: string;
  atMs: number;
}

export interface History {
  accepted: readonly Accepted[];
  emissions: readonly Emission[];
  airings: readonly StoredAiring[];
  reports: readonly StoredReport[];
  /** Bulletins in the store at the end. */
  storedBulletinIds: readonly string[];
  /** By device: spans in which it had power and a time it may trust, so that it owes what it holds (P4). */
  ableSpans: Record<string, readonly Span[]>;
  /** By device: spans in which it had power and link, and the server was up. */
  reachableSpans: Record<string, readonly Span[]>;
  /** By device: when its power went. */
  powerCutsMs: Record<string, readonly number[]>;
  /** By device and occurrence: while a plan in force there listed it and its clip was there. */
  held: Record<string, Record<string, HeldSpan>>;
  /** Devices that were reachable for the last minutes, so that nothing may be unknown (P2). */
  reachable: readonly string[];
  /** Spans a restore took away: from the backup to the restore. What was reported then is gone. */
  restoredSpans: readonly Span[];
  /** Doors that opened for somebody who had no key (P5). */
  intrusions: readonly string[];
  endMs: number;
  /** Emergencies as they came into force on devices (P6). */
  arrivals?: readonly Arrival[] | undefined;
  /** By device: when its MQTT connection ended, for whatever reason (P7). */
  connectionsLostMs?: Record<string, readonly number[]> | undefined;
  /** Devices that shall not sound drills (P12). */
  drillsSilentOn?: readonly string[] | undefined;
  /** What the signed orders said of each emergency: drill or not (P12). */
  signedDrills?: Record<string, readonly boolean[]> | undefined;
  /** Spans in which the server's civil clock was wrong, and how many minutes it takes to be found out is not counted (P9). */
  serverClockWrong?: readonly Span[] | undefined;
  /** Plans that were signed with something in them that the former one had not (P9). */
  plansSignedMs?: readonly number[] | undefined;
  rots?: readonly Rot[] | undefined;
}

export interface Breach {
  promise: 'P1' | 'P2' | 'P3' | 'P4' | 'P5' | 'P6' | 'P7' | 'P8' | 'P9' | 'P12';
  what: string;
}
