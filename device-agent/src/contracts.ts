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
  PrivateKey,
  Progress,
  PublicKey,
  Readings,
  Rendition,
  ReportEvent,
  SensorKind,
  Sequence,
  ServiceOrder,
  ServiceReason,
  UpdateOrder,
} from '@loa/protocol/device';
import type { OutcomeReason } from '@loa/schedules';

/** What the agent believes the time to be. */
export interface Now {
  /** Server time, epoch ms; the best guess even when not trusted. */
  ms: number;
  trusted: boolean;
  boundMs: number;
}

/**
 * keep/ledger: what has sounded, on disk before it sounds. Read once at start, then a view in memory. Remembers every
 * occurrence for at least `ledgerMemoryMs` after its last entry: the conductor looks no further back than that.
 */
export interface Ledger {
  entries(): readonly LedgerEntry[];
  /** Durable when it resolves. */
  append(entry: LedgerEntry): Promise<void>;
}

/** A plan may list what began this long ago (9-day window and its hour of past), and a late board may still hold it. */
export const ledgerMemoryMs = 11 * 86_400_000;

/** The last word about an occurrence. */
export type EndedEvent = Extract<ReportEvent, { kind: 'ended' }>;

export type LedgerEntry =
  /**
   * Written before the first sample of a play leaves: from here on this play never starts again by itself. A second
   * one for the same play carries `again`: the resume policy that allowed it.
   */
  | {
      kind: 'start';
      occurrence: string;
      play: number;
      plannedMs: number;
      atMs: number;
      emergency: boolean;
      again?: 'resume' | 'restart' | undefined;
    }
  /** A play sounded to its end. */
  | { kind: 'done'; occurrence: string; play: number; atMs: number }
  /** The occurrence has its outcome; nothing of it ever sounds again. Carries the report, so that it cannot be lost. */
  | { kind: 'ended'; occurrence: string; atMs: number; event: EndedEvent }
  /** The outbox holds the report of its end; without this entry the report is added again at the next start. */
  | { kind: 'reported'; occurrence: string };

/** keep/outbox: reports on disk until receipted. Bounded; the oldest measurements and progress go first, counted. */
export interface Outbox {
  /**
   * Durable when it resolves; numbered, stamped with the agent's time and its trust in it. With `once`, a name of the
   * event, nothing happens when this outbox has taken one of that name before, receipted or not; it remembers at least
   * its last 256 names across restarts.
   */
  add(event: ReportEvent, options?: { once?: string | undefined }): Promise<void>;
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
  find(clip: Clip):
    | { state: 'here'; path: string; rendition: Rendition }
    /** `check`: it lies on the disk and is being looked through; `turn`: it is left for later on purpose. */
    | { state: 'fetching'; fraction: number; awaits?: 'check' | 'turn' | undefined }
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
  /** Resolves when it is over and what was written has sounded; never rejects. */
  ended: Promise<PlayEnd>;
  /** Resolves when the first sample left, with the instant on the agent's monotonic clock; never, when none did. */
  started: Promise<{ monotonicMs: number }>;
  /** Silent within 300 ms; how much of the clip has sounded. */
  stop(): Promise<{ emittedMs: number }>;
}

export interface PlayEnd {
  /**
   * `relay-away`: the station stays away and no clip steps in; no fault of the board. `too-long`: silenced by the player
   * itself at the length it was given, whatever its decoder or the conductor would still have it do.
   */
  how: 'completed' | 'stopped' | 'output-failed' | 'decoder-failed' | 'relay-away' | 'too-long';
  /** What really left of this stretch, from `fromMs` on. */
  emittedMs: number;
  /** Mean level (RMS) of what was sent, dBFS; absent when nothing was sent. */
  sentDbfs?: number | undefined;
  /** Of a relay: what sounded of the station and of the clip that stepped in. */
  relayed?: Relayed | undefined;
}

/** What became of a relay. */
export interface Relayed {
  /** Of the station. */
  soundedMs: number;
  /** Of the clip in its place. */
  clipMs: number;
  /** How often the station was called again after it broke off. */
  reconnects: number;
  /** Why the station was given up; absent while it was not. */
  fellBack?: string | undefined;
  /** The same in the words of whoever said it. */
  said?: string | undefined;
}

/** A station to be taken over. */
export interface RelaySource {
  /** http or https; as a signed plan names it. */
  url: string;
  /** So long it is waited for before the clip steps in. */
  patienceMs: number;
}

/** What a player is asked to sound. */
export interface SoundAsked {
  /** The clip's file; of a relay the clip that steps in, absent when it is not here. */
  path?: string | undefined;
  /** Where in the clip it starts. */
  fromMs: number;
  level: 'routine' | 'emergency';
  /** On top of the routine level, dB, at most 0; an emergency knows none. Default 0. */
  gainDb?: number | undefined;
  relay?: RelaySource | undefined;
}

/** player/: one contract for ALSA, file and silent. */
export interface Player {
  readonly name: string;
  /** Decodes ahead; cheap to throw away. Never rejects. `relay-away`: no station and no clip in its place. */
  prepare(
    asked: SoundAsked,
  ): Promise<
    | { ok: true; prepared: Prepared }
    | { ok: false; reason: 'decoder-failed' | 'relay-away'; evidence: Evidence; relayed?: Relayed | undefined }
  >;
  /** Whether sound can leave at present, as the output itself tells. */
  output(): Promise<OutputState>;
  close(): Promise<void>;
}

/** What an output says of itself. */
export interface OutputState {
  present: boolean;
  /** It is being opened, or replaced after it was stuck: not known to be there, and not known to be missing. */
  isOpening?: boolean | undefined;
  evidence: Evidence;
  /** What it was found stuck with last, and how often in this boot; absent while it never was. */
  stuck?: { count: number; evidence: Evidence } | undefined;
}

export interface Prepared {
  /**
   * Starts at the given instant of the monotonic clock, at once when it has passed. Once. `untilMonotonicMs`: complete
   * by then, whatever is left of it; a relay has no other end. `lengthMsMax`: silent so long after its first sample,
   * whatever happens; default a day, the longest that any order allows.
   */
  startAt(
    monotonicMs: number,
    options?: {
      untilMonotonicMs?: number | undefined;
      lengthMsMax?: number | undefined;
      /**
       * Where what lies so many ms into this sound belongs, by the time as now known; asked again while it sounds.
       * Undefined: nobody knows, it stays where it is.
       */
      monotonicAt?: ((soundMs: number) => number | undefined) | undefined;
    },
  ): Playing;
  discard(): void;
}

/** probes/: what a sensor says of a stretch of sound that has just ended. Not fitted means not asked, never a fault. */
export interface SoundProbe {
  readonly kind: string;
  /** `undecided` when it cannot tell (the clip itself was silent, the sensor failed). Never rejects. */
  measure(stretch: SoundStretch): Promise<Measured>;
}

/** From the first sample to the last, on the agent's monotonic clock; a starved output makes it longer than the sound. */
export interface SoundStretch {
  fromMonotonicMs: number;
  untilMonotonicMs: number;
  emittedMs: number;
  sentDbfs: number | undefined;
  /** A test's signal is made to be judged. Default: a play. */
  purpose?: 'play' | 'silent-test' | 'audible-test' | undefined;
}

/** work/listening: one word of all fitted probes about a stretch; undefined where nothing is fitted. Never rejects. */
export type Listen = (stretch: SoundStretch) => Promise<Measured | undefined>;

/** Who is told of every sample that is handed to the output, with its instant. Must neither throw nor keep samples. */
export interface SentListener {
  sent(block: Int16Array, at: { monotonicMs: number; isContiguous: boolean }): void;
  /** Nothing follows for now. */
  rested(): void;
}

/** A figure that rises while the amplifier drives: its current, or the level on its line. */
export interface Gauge {
  readonly kind: 'amplifier-current' | 'line-level';
  /** Less than this is no rise; in the gauge's own unit. */
  readonly riseMin: number;
  /** What it says now; undefined when it cannot tell. Never rejects. */
  read(): Promise<number | undefined>;
}

/** keep/hearing: what the probes have learnt of this place. Losing it costs some plays of learning, nothing else. */
export interface HearingMemory {
  read(): Readonly<HearingData>;
  /** In force at once, on disk soon. */
  update(change: (data: HearingData) => void): void;
}

export interface HearingData {
  microphone: {
    /** Gain of the last good plays, dB; at most five. */
    recentGainsDb: number[];
    referenceDb?: number | undefined;
    hasHeardPilot: boolean;
  };
  /** By the gauge's kind. */
  gauges: Record<
    string,
    {
      /** With nothing sent: the amplifier on (or of unknown state), and switched off. */
      quietOn?: number | undefined;
      quietOff?: number | undefined;
      /** Rise of a mean square of 1, full scale. */
      risePerSquare?: number | undefined;
      hasSeenPilot?: boolean | undefined;
    }
  >;
}

export interface Measured {
  /** `wrong`: sound, but not what was sent. */
  verdict: 'sound' | 'too-low' | 'none' | 'distorted' | 'wrong' | 'undecided';
  evidence: Evidence;
}

/** What a test of the sound path came to. */
export type TestedEvent = Extract<ReportEvent, { kind: 'tested' }>;

/** keep/test-memory: each test once. `test` is the order's id, or names the night. */
export type TestRecord =
  /** Before the first sample. */
  | { kind: 'begun'; test: string; order?: string | undefined; form: TestedEvent['form']; atMs: number }
  | { kind: 'ended'; test: string; event: TestedEvent }
  /** The outbox has the report. */
  | { kind: 'told'; test: string };

export interface TestMemory {
  records(): readonly TestRecord[];
  /** Durable when it resolves. */
  append(record: TestRecord): Promise<void>;
}

/** probes/: something the board senses of itself. Not fitted means not there, never a fault. */
export interface Sensor {
  readonly kind: SensorKind;
  /** How often it is asked. */
  readonly everyMs: number;
  /** Its figures now; undefined when it cannot tell. Never rejects. */
  read(): Promise<Partial<Readings> | undefined>;
}

/** The switch of the amplifier's power or mute, or a contact that seizes an old station: GPIO, relay, a program. */
export interface AmplifierSwitch {
  /** From switched on until sound comes out at full level, 0 to 10,000. */
  readonly warmUpMs: number;
  /** Rejects when the hook failed; the sound is sent all the same. */
  set(isOn: boolean): Promise<void>;
  /** Tells, in plain words, when what was set last holds no longer: whoever held it died, its feedback says otherwise. */
  onLost?(listener: (reason: string) => void): void;
  /** Lets go of what it holds; after that it is not set again. */
  close?(): void;
}

/** work/amplifier: on in time before sound, off again some time after it. */
export interface Amplifier {
  /** What the conductor has in hand, told at each of its thoughts. */
  expect(ahead: SoundAhead): void;
  /**
   * When sound would be heard in full if it were asked for now; in the past while it is warm. Monotonic; undefined where
   * nothing is switched.
   */
  audibleMonotonicMs(): number | undefined;
  /** For a test of the sound path: on, and warm when it resolves, until the returned function is called. */
  powerUp(): Promise<() => void>;
  /** Whether it was last switched on; undefined where nothing is switched. For the readings. */
  isOn(): boolean | undefined;
  /** Switched off. */
  stop(): Promise<void>;
}

export interface SoundAhead {
  isSounding: boolean;
  /** Something sounds as soon as it can, or is between its plays: an emergency in force. */
  isUrgent: boolean;
  /** The coming start as planned, monotonic; absent while nothing is near. */
  nextMonotonicMs?: number | undefined;
  /** The area keeps its amplifiers on between items, as in flood season. */
  staysOn: boolean;
}

/** work/faults: opens and clears with patience; each change becomes a report. */
export interface Faults {
  /** `certain`: the condition has done harm already, it opens without patience. */
  signal(code: DeviceFaultCode, signal: { bad: boolean; evidence: Evidence; certain?: boolean | undefined }): void;
}

/**
 * What became of a restart, a log upload or an update. `later`: the process ends, and its next start knows and tells.
 */
export type Served =
  | {
      result: 'done' | 'failed' | 'refused';
      /** For the panel, which has a sentence for it in each language; told as the evidence's `reason`. */
      code?: ServiceReason | undefined;
      /** The same in plain words, with what is particular to this case, for the log. */
      reason?: string | undefined;
      evidence?: Evidence | undefined;
    }
  | { result: 'later' };

/** Who carries out service orders, one function each; the order is on disk as begun before it is called. */
export interface ServiceHands {
  restart(order: Extract<ServiceOrder, { kind: 'restart' }>): Promise<Served>;
  logs(order: Extract<ServiceOrder, { kind: 'logs' }>): Promise<Served>;
  update(order: UpdateOrder): Promise<Served>;
  /**
   * In the next start after `later`, or after a cut: what became of it; undefined when it is not known yet. With
   * `isUntried` it was cut off before its first lasting step: while the order is in force it may begin again.
   */
  outcomeOf(begun: { kind: 'restart' | 'update'; order: string }): Promise<(Served & { isUntried?: true }) | undefined>;
}

/** What stands around the running program: which release it is, and who starts it again when it ends. */
export interface Life {
  /** Number 0: not packaged, as from a checkout. */
  readonly running: { number: number; version: string };
  /** A launcher chose this program and can choose another. */
  readonly isReplaceable: boolean;
  /** The kernel's name of this boot; empty where there is none. */
  readonly boot: string;
  /** How long this board has been on, ms. */
  uptimeMs(): number;
  /** Since the board was switched on, when this process began: makes instants of two processes of a boot comparable. */
  startedMs: number;
  /** Silence, everything written, then from the beginning. Returns at once; once. */
  beginAnew(why: string): void;
}

/** What is fitted and decodable on this board, from its configuration. */
export interface Board {
  capabilities: Capabilities;
  description: string;
}

/** Who this device is, since its enrolment. */
export interface Identity {
  deviceId: string;
  clusterName: string;
  /** Where this device was enrolled; a change of address needs no new enrolment. */
  serverUrl: string;
  privateKey: PrivateKey;
  /** Pinned for ever: signs the key sets. */
  rootKey: PublicKey;
}

/** keep/settings: the small state that must never be lost. */
export interface Settings {
  /** The present values; never changed by the reader. */
  read(): Readonly<SettingsData>;
  /** Durable when it resolves. After a rejection the change still holds in memory and goes with the next write. */
  update(change: (data: SettingsData) => void): Promise<void>;
}

export interface SettingsData {
  identity?: Identity | undefined;
  /** Made before enrolment is asked for, so that a repeated try is known by the server as the same device. */
  keyToEnrol?: PrivateKey | undefined;
  /** Newest numbers ever in force: nothing older is accepted, also when the document itself was lost. */
  newest: {
    keys: number;
    /** By slot: `plan`, `hours`, `orders-<device or area id>`. */
    documents: Record<string, Sequence>;
  };
  /** Newest verified issue time, epoch ms, and the epoch of its document: the least that the time can be. */
  clockFloor: { epoch: number; issuedMs: number };
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
  /** Asks for fresh samples, when connected, unless that was done just now; for the seconds before a start. */
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

/** One round trip: the instant of the monotonic clock in its middle, server time minus that, and how long it took; ms. */
export interface TimeSample {
  atMs: number;
  offsetMs: number;
  delayMs: number;
}

/** What was known of the time by a former process of this boot. */
export interface ClockMemory {
  samples: readonly TimeSample[];
  /** Resolves when it is written; what a disk refuses is forgotten. Never rejects. */
  keep(samples: readonly TimeSample[]): Promise<void>;
}
