/**
 * What each room of the work layer offers, so that fronts and rooms meet in `compose.ts` without importing one
 * another. Only shapes.
 */
import type {
  Capabilities,
  ClockState,
  DeviceMessage,
  EnrolAnswer,
  Evidence,
  Holds,
  Presence,
  Readings,
  Rendition,
  ServerFaultCode,
  ServerMessage,
  TokenAnswer,
} from '@loa/protocol/device';
import type {
  AiringView,
  BulletinView,
  Change,
  ChangedView,
  ClashView,
  ClipView,
  ClockDoubt,
  ExplanationView,
  FaultView,
  InboxItem,
  LawChange,
  LawView,
  Person,
  PreviewAnswer,
  Reach,
  ReleaseView,
  RestView,
  Role,
  ServiceRequest,
  ServiceView,
  Snapshot,
  TextCheck,
  TimetableImported,
  TimetableRead,
  TimetableView,
  Withdrawal,
} from '@loa/protocol/panel';
import type { Clock } from '../edges/clock.ts';
import type { Random } from '../edges/random.ts';
import type { LogFolder } from '../keep/device-files/log-folder.ts';
import type { ReleaseFolder } from '../keep/device-files/release-folder.ts';
import type { Store } from '../keep/store/store.ts';
import type { Result } from '../refusal.ts';

/** Who may come in to the panel. */
export interface People {
  signIn(input: {
    login: string;
    password: string;
    from: string;
  }): Promise<Result<{ token: string; person: Person; expiresMs: number }>>;
  personOf(token: string): Promise<Person | undefined>;
  signOut(token: string): Promise<void>;
  create(input: { login: string; name: string; role: Role; areaId: string; password: string }): Promise<Result<Person>>;
}

/** Which boards belong to the installation. */
export interface Enrolment {
  makeClaimCode(person: Person, clusterId: string): Promise<Result<{ claimCode: string; expiresMs: number }>>;
  /** `request` is unparsed: whatever came in at the door. */
  enrol(request: unknown): Promise<Result<EnrolAnswer>>;
  nonce(request: unknown): Promise<Result<{ nonce: string }>>;
  token(request: unknown): Promise<Result<TokenAnswer>>;
  /** The device a token speaks for while it is valid and the device not revoked. */
  deviceOf(token: string): DeviceIdentity | undefined;
}

export interface DeviceIdentity {
  deviceId: string;
  clusterId: string;
}

/** Long work stops soon once the signal aborts: nobody waits for it any more. */
interface Given {
  signal?: AbortSignal | undefined;
}

/** Notices, clips and bulletins. Every call checks the person's right and area. */
export interface Desk {
  checkText(text: string): Result<TextCheck>;
  makeSpeech(person: Person, input: { text: string; title?: string | undefined } & Given): Promise<Result<ClipView>>;
  /** `path` is a temporary file that the desk removes. */
  keepUpload(person: Person, input: { path: string; title: string } & Given): Promise<Result<ClipView>>;
  listClips(person: Person): Promise<ClipView[]>;
  previewOf(person: Person, clipId: string): Promise<Result<{ rendition: Rendition; path: string }>>;
  reach(person: Person, areaIds: readonly string[]): Promise<Result<Reach>>;
  /** `request` is a parsed `bulletinRequestSchema`. When it resolves with ok, the bulletin is on disk. */
  acceptBulletin(person: Person, request: AcceptBulletin): Promise<Result<BulletinView>>;
  /** A leader's word on what was submitted; when it resolves with ok, it is on disk. Nobody decides on their own. */
  approveBulletin(person: Person, bulletinId: string): Promise<Result<BulletinView>>;
  returnBulletin(person: Person, bulletinId: string, reason: string): Promise<Result<BulletinView>>;
  withdrawBulletin(person: Person, bulletinId: string): Promise<Result<BulletinView>>;
  /** Of a bulletin that has been withdrawn; what the person may see of it. */
  withdrawal(person: Person, bulletinId: string): Promise<Result<Withdrawal>>;
  preview(person: Person, request: AskPreview): Promise<Result<PreviewAnswer>>;
  makeRest(person: Person, request: MakeRest): Promise<Result<RestView>>;
  endRest(person: Person, restId: string): Promise<Result<RestView>>;
  listRests(person: Person): Promise<RestView[]>;
  listBulletins(person: Person): Promise<BulletinView[]>;
  /** What is planned on the person's own clusters in the next seven days. */
  timetable(person: Person): Promise<Result<TimetableView>>;
  /** A clip rendition or plan body a device may fetch: one that its own documents name. */
  fileFor(device: DeviceIdentity, wanted: { kind: 'clip' | 'body'; hash: string }): Promise<DeviceFile | undefined>;
}

export type AcceptBulletin = import('zod').output<typeof import('@loa/protocol/panel').bulletinRequestSchema>;
export type AskPreview = import('zod').output<typeof import('@loa/protocol/panel').previewRequestSchema>;
export type MakeRest = import('zod').output<typeof import('@loa/protocol/panel').restRequestSchema>;
export type AnswerInbox = import('zod').output<typeof import('@loa/protocol/panel').inboxAnswerSchema>;
export type ImportTimetable = import('zod').output<typeof import('@loa/protocol/panel').timetableImportSchema>;
export type MakeChange = import('zod').output<typeof import('@loa/protocol/panel').changeRequestSchema>;
export type PushEmergency = import('zod').output<typeof import('@loa/protocol/panel').emergencyRequestSchema>;
export type DeviceFile =
  | { kind: 'path'; path: string; sizeBytes: number; mimeType: string }
  | { kind: 'text'; text: string };

/** The law of places: what holds, what a change would do, what was decided. Every call checks right and area. */
export interface LawRoom {
  law(person: Person, areaId: string): Promise<Result<LawView>>;
  previewChange(person: Person, change: LawChange): Promise<Result<ChangedView>>;
  /** When it resolves with ok, the decision is on disk and plans have been published. */
  makeChange(person: Person, request: MakeChange): Promise<Result<ChangedView>>;
  clashes(person: Person): Promise<ClashView[]>;
  explain(person: Person, asked: { clusterId: string; atMs: number }): Promise<Result<ExplanationView>>;
}

/** What comes down to communes, and what they do with it. */
export interface Inbox {
  list(person: Person): Promise<InboxItem[]>;
  answer(person: Person, request: { bulletinId: string; answer: AnswerInbox }): Promise<Result<InboxItem>>;
}

/** Timetables from spreadsheets: read, then scheduled whole or not at all. */
export interface Timetables {
  read(person: Person, bytes: Uint8Array): Promise<Result<TimetableRead>>;
  import(person: Person, request: ImportTimetable, signal?: AbortSignal): Promise<Result<TimetableImported>>;
}

/** Emergencies: orders to areas, at once. */
export interface Emergencies {
  push(person: Person, request: PushEmergency): Promise<Result<BulletinView>>;
  stop(person: Person, bulletinId: string): Promise<Result<BulletinView>>;
}

/** Tests, restarts, logs and updates of single devices. Every call checks the person's right and area. */
export interface Repairs {
  /** When it resolves with ok, the order is on disk and has been published. */
  orderService(person: Person, clusterId: string, request: ServiceRequest): Promise<Result<ServiceView>>;
  /** Newest first, at most 50, with the newest release there is. */
  listServices(
    person: Person,
    clusterId: string,
  ): Promise<Result<{ services: ServiceView[]; release: ReleaseView | null }>>;
  /** The text of a log that has arrived, unpacked as it is read. */
  deviceLog(person: Person, serviceId: string): Promise<Result<AsyncIterable<Uint8Array>>>;
  /** A release that an order in force for this device names. */
  releaseFor(device: DeviceIdentity, hash: string): Promise<DeviceFile | undefined>;
  /** Whether the log of this order is wanted from this device now; asked before its bytes are read. */
  mayTakeLog(device: DeviceIdentity, orderId: string): Promise<Result<null>>;
  /** When it resolves with ok, the log is on disk. */
  keepLog(device: DeviceIdentity, sent: { orderId: string; bytes: Uint8Array }): Promise<Result<null>>;
}

/** Files of devices beside the store. */
export interface DeviceFiles {
  logs: LogFolder;
  releases: ReleaseFolder;
}

/** Keeps every touched device's plan and hours, and every area's orders, published. */
export interface Planner {
  /** Recomputes and publishes the plans of all devices at or below the areas (all when omitted). */
  replan(areaIds?: readonly string[]): Promise<void>;
  /** The same for single devices: one that has just enrolled. */
  replanDevices(deviceIds: readonly string[]): Promise<void>;
}

/** Signs and publishes documents; the stored envelope is what is published, then and after every restart. */
export interface Dispatch {
  /** Publishes the key set and everything stored; before the MQTT door opens. */
  publishAll(): Promise<void>;
  /** Publishes a topic's stored document again. */
  publishAgain(topic: string): Promise<void>;
}

/** What devices say. */
export interface Intake {
  /** A device has connected its link; the returned life handles its frames. */
  open(device: DeviceIdentity, send: (message: ServerMessage) => void, close: () => void): DeviceLife;
  /** A retained presence or last will arrived over MQTT. */
  presence(deviceId: string, presence: Presence): void;
}

export interface DeviceLife {
  /** Resolves when handled; the front reads the next frame only then, so that one device cannot fill memory. */
  receive(message: DeviceMessage): Promise<void>;
  closed(): void;
}

/** The live picture in memory: clusters, airings, faults; told of every change. */
export interface Roster {
  snapshot(person: Person): Snapshot;
  /** Calls back with changes the person may see, already cut to the person's area. Returns the unsubscription. */
  subscribe(person: Person, onChanges: (changes: Change[]) => void): () => void;
  airing(person: Person, occurrence: string): Promise<Result<AiringView>>;
  airings(person: Person, span: { fromMs: number; untilMs: number }): Promise<AiringView[]>;
  faults(person: Person, filter: { open?: boolean | undefined }): Promise<FaultView[]>;
  /** The areas whose orders a device listens to, nearest first: what it may subscribe to beside its own topics. */
  areasOf(deviceId: string): readonly string[];
}

/** What the broker front offers to dispatch. */
export interface Broker {
  /** Retained, QoS 1. Resolves when the broker has taken it. */
  publish(topic: string, payload: string): Promise<void>;
  /** Ends a device's connection at once. */
  revoke(deviceId: string): Promise<void>;
}

/** A sound that has been prepared and lies in the clip folder. */
export interface KeptSound {
  /** Hash of the Ogg Opus rendition: the clip's id. */
  id: string;
  durationMs: number;
  loudnessLufs: number;
  truePeakDbtp: number;
  renditions: Rendition[];
}

/** What the desk needs of `keep/clips` and `keep/speech`. */
export interface Sounds {
  /** How a pasted text reads, and how it will be spoken. */
  checkText(text: string): Result<TextCheck>;
  /** Speaks a text that `checkText` has accepted (its `spoken` form) into a temporary sound file. */
  speak(spoken: string): Promise<Result<{ path: string }>>;
  /**
   * Prepares a sound file and keeps every rendition in the clip folder, or refuses it. Does not remove the source. The
   * emergency lane never waits behind somebody's upload.
   */
  keepSound(path: string, lane: 'routine' | 'emergency', signal?: AbortSignal): Promise<Result<KeptSound>>;
  /** Removes a temporary file; nothing happens when it is gone. */
  removeFile(path: string): Promise<void>;
  /** Where a rendition lies. */
  pathOf(hash: string): string;
  /** Its size, or undefined when it is not kept here. */
  sizeBytes(hash: string): Promise<number | undefined>;
}

/** A device's latest account of itself. */
export interface DeviceNews {
  deviceId: string;
  atMs: number;
  holds: Holds;
  clock: ClockState;
  agentVersion?: string;
  capabilities?: Capabilities;
  /** Absent: as told before. */
  readings?: Readings | undefined;
}

/** What is known of the plan that a cluster's device holds. */
export interface HeldPlan {
  reach: 'reachable' | 'out-of-reach' | 'never';
  /** It holds the newest plan published for it. */
  isCurrent: boolean;
  /** End of the plan it was last known to hold; undefined when it was never known to hold one. */
  untilMs: number | undefined;
}

/** One occurrence and the devices that should sound it. */
export interface Expectation {
  occurrence: string;
  bulletinId: string;
  /** The earliest. */
  atMs: number;
  /** The latest planned end. */
  untilMs: number;
  /** In a session, or by a turn, one occurrence has its own instants on each device. */
  targets: (DeviceIdentity & { atMs: number; untilMs: number })[];
}

/** Opens or clears a fault that the server judges; telling the same again changes nothing. */
export type SignalFault = (signal: {
  deviceId: string;
  code: ServerFaultCode;
  present: boolean;
  evidence: Evidence;
}) => Promise<void>;

/** One line of the log; `detail` is for machines and never holds a secret. */
export type Log = (level: 'debug' | 'warn' | 'error', message: string, detail?: Record<string, unknown>) => void;

/** What the whole work layer is made from. */
export interface WorkPorts {
  store: Store;
  clock: Clock;
  random: Random;
  broker: Pick<Broker, 'publish'>;
  sounds: Sounds;
  /** Signs a document's payload with the installation's key: a `loa-document` envelope. */
  sign(payload: unknown): string;
  /** The present key set, a `loa-keys` envelope, and its number. */
  keySet(): { number: number; envelope: string };
  log: Log;
  /** Where logs and releases of devices lie; absent: none are kept, and neither is asked for. */
  deviceFiles?: DeviceFiles | undefined;
  /** Told when the law, the tree, or where clusters stand has changed, with the devices that other areas address now. */
  placesChanged?: ((movedIds: readonly string[]) => Promise<void>) | undefined;
  /** From "play now" to the planned start, so that every device has its plan and clip by then. Default 700 ms. */
  nowLeadMs?: number | undefined;
  /** How many times slower than usual the watch does what it does every few seconds; for simulated weeks. Default 1. */
  watchPace?: number | undefined;
}

/** The work layer, wired: what fronts are given. */
export interface Work {
  desk: Desk;
  law: LawRoom;
  inbox: Inbox;
  timetables: Timetables;
  emergencies: Emergencies;
  repairs: Repairs;
  planner: Planner;
  dispatch: Dispatch;
  intake: Intake;
  roster: Roster;
  /** The time as it is believed. */
  clock: Clock;
  /** Why the machine's own clock is not believed; undefined while it is. */
  clockDoubt(): ClockDoubt | undefined;
  /** Loads the picture, publishes everything stored, starts timers. Before any door opens. */
  start(): Promise<void>;
  /** Stops timers and writes what is only in memory. After the doors have closed. */
  stop(): Promise<void>;
  /** A board has enrolled: it gets its documents and a place in the picture. */
  deviceEnrolled(deviceId: string): Promise<void>;
}
