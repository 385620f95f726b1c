/**
 * The live picture: what a panel sees of its areas, as one snapshot and then numbered deltas over a WebSocket. A
 * panel that misses a number asks for a new snapshot; a beat every 2 s tells it that it is not stale (DESIGN P13).
 */
import { airingPhases, outcomes } from '@loa/schedules';
import { z } from 'zod';
import { fittingLevels } from '../device/capabilities.ts';
import { readingsSchema } from '../device/readings.ts';
import { testForms, testVerdicts } from '../device/report.ts';

export { deviceFaultCodes, serverFaultCodes } from '../device/fault-codes.ts';
export { serviceReasons, testReasons, undecidedReasons } from '../device/reasons.ts';

const instantSchema = z.iso.datetime({ offset: true });
const outcomeSchema = z.enum(outcomes);
const phaseSchema = z.enum(airingPhases);

/** Panel path of the socket; the session cookie signs in. */
export const livePath = '/api/live';
/** The server sends something at least this often. */
export const beatMs = 2_000;
/** A panel that has heard nothing for this long says so. */
export const staleAfterMs = 5_000;

/** Why the server does not believe its own clock (DESIGN P9). */
export const clockDoubts = ['stepped', 'behind-own-documents', 'unconfirmed', 'devices-disagree'] as const;
export type ClockDoubt = (typeof clockDoubts)[number];
const clockDoubtSchema = z.enum(clockDoubts).optional();

export const areaViewSchema = z.object({
  id: z.string(),
  parentId: z.string().nullable(),
  kind: z.enum(['province', 'commune', 'village', 'group']),
  name: z.string(),
  code: z.string().optional(),
  /** Name of the former district, a historical label. */
  oldDistrict: z.string().optional(),
  /** Last civil date in force: it has ended, and is kept as the name of what was written for it. */
  endedOn: z.iso.date().optional(),
  /** What its officers schedule waits for a leader's approval. */
  needsApproval: z.boolean().optional(),
  /** Of a named group beside the tree: areas, each with all below it, and single clusters. */
  memberAreaIds: z.array(z.string()).optional(),
  memberClusterIds: z.array(z.string()).optional(),
  hours: z.object({
    spans: z.array(z.object({ weekdays: z.array(z.int()), from: z.string(), until: z.string() })),
    document: z.string(),
    /** True while nobody has decided and the cautious default applies. */
    isDefault: z.boolean(),
  }),
});
export type AreaView = z.infer<typeof areaViewSchema>;

export const faultViewSchema = z.object({
  id: z.string(),
  clusterId: z.string(),
  code: z.string(),
  openedAt: instantSchema,
  clearedAt: instantSchema.optional(),
  evidence: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
  judgedBy: z.enum(['device', 'server']),
});
export type FaultView = z.infer<typeof faultViewSchema>;

/** The newest test of a sound path. */
export const testViewSchema = z.object({
  form: z.enum(testForms),
  verdict: z.enum(testVerdicts),
  at: instantSchema,
  evidence: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
  /** Made by the board itself, at night. */
  isOwn: z.boolean(),
});
export type TestView = z.infer<typeof testViewSchema>;

export const clusterViewSchema = z.object({
  id: z.string(),
  name: z.string(),
  areaId: z.string(),
  horns: z.int(),
  lat: z.number().optional(),
  lon: z.number().optional(),
  deviceId: z.string().optional(),
  deviceKind: z.enum(['receiver', 'bridge']).optional(),
  board: z.string().optional(),
  agentVersion: z.string().optional(),
  /** `never` until the device has first spoken. */
  reach: z.enum(['reachable', 'out-of-reach', 'never']),
  reachSince: instantSchema.optional(),
  lastSeenAt: instantSchema.optional(),
  /** The device still plays what it holds until this instant, out of reach or not. */
  planUntil: instantSchema.optional(),
  /** False while the device holds an older plan than the one published. */
  planCurrent: z.boolean(),
  clock: z.object({ trusted: z.boolean(), offsetMs: z.number(), boundMs: z.number() }).optional(),
  /** What is fitted to measure its sound; absent until its device has spoken. */
  fitting: z.enum(fittingLevels).optional(),
  /** What it senses of itself, of `sensorKinds`. */
  sensors: z.array(z.string()).optional(),
  /** Orders it obeys, of `serviceKinds`. */
  services: z.array(z.string()).optional(),
  /** Nothing is connected to its output: beside an old system. */
  shadow: z.boolean().optional(),
  /** As last told, when that was. */
  readings: readingsSchema.optional(),
  readingsAt: instantSchema.optional(),
  lastTest: testViewSchema.optional(),
  /** What sounds there now. */
  playing: z.object({ occurrence: z.string(), title: z.string(), class: z.string(), since: instantSchema }).optional(),
  faults: z.array(faultViewSchema),
});
export type ClusterView = z.infer<typeof clusterViewSchema>;

/** One occurrence on one cluster. */
export const targetViewSchema = z.object({
  clusterId: z.string(),
  /** Planned here, where it is not planned for the airing's own instant. */
  at: instantSchema.optional(),
  phase: phaseSchema,
  fraction: z.number().optional(),
  outcome: outcomeSchema.optional(),
  reason: z.string().optional(),
  /** Told by a board with nothing connected to its output: nobody heard it, whatever the outcome. */
  shadow: z.boolean().optional(),
  lateMs: z.int().optional(),
  startedAt: instantSchema.optional(),
  endedAt: instantSchema.optional(),
  playsDone: z.int().optional(),
});
export type TargetView = z.infer<typeof targetViewSchema>;

export const airingViewSchema = z.object({
  occurrence: z.string(),
  bulletinId: z.string(),
  title: z.string(),
  class: z.enum(['normal', 'priority', 'emergency']),
  drill: z.boolean(),
  /** The recording's, where it is not Vietnamese. */
  language: z.enum(['cjm', 'kpm', 'rog']).optional(),
  at: instantSchema,
  /** Planned end. */
  until: instantSchema,
  areaIds: z.array(z.string()),
  /** Still in force: not withdrawn, not stopped. */
  active: z.boolean(),
  targets: z.array(targetViewSchema),
});
/** One occurrence with how it stands on each of its clusters that the viewer may see. */
export type AiringView = z.infer<typeof airingViewSchema>;

export const snapshotSchema = z.object({
  kind: z.literal('snapshot'),
  number: z.int(),
  serverTime: instantSchema,
  /** Present while nothing new is sent to the boards because of it. */
  clockDoubt: clockDoubtSchema,
  areas: z.array(areaViewSchema),
  clusters: z.array(clusterViewSchema),
  /** From 6 h ago to 24 h ahead, at most `airingsMax`, nearest to now first kept. */
  airings: z.array(airingViewSchema),
});
export type Snapshot = z.infer<typeof snapshotSchema>;
export const airingsMax = 200;

export const changeSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('cluster'), cluster: clusterViewSchema }),
  z.object({ kind: z.literal('airing'), airing: airingViewSchema }),
  z.object({ kind: z.literal('airing-gone'), occurrence: z.string() }),
  z.object({ kind: z.literal('area'), area: areaViewSchema }),
]);
export type Change = z.infer<typeof changeSchema>;

export const panelMessageSchema = z.discriminatedUnion('kind', [
  snapshotSchema,
  /** Follows number − 1; whole entities, so that the newest wins. */
  z.object({ kind: z.literal('delta'), number: z.int(), serverTime: instantSchema, changes: z.array(changeSchema) }),
  z.object({
    kind: z.literal('beat'),
    number: z.int(),
    serverTime: instantSchema,
    /** As in the snapshot; its absence says that the clock is believed again. */
    clockDoubt: clockDoubtSchema,
  }),
  z.object({ kind: z.literal('signed-out') }),
]);
/** Server → panel. */
export type PanelMessage = z.infer<typeof panelMessageSchema>;

export const panelRequestSchema = z.discriminatedUnion('kind', [
  /** A delta was missed, or the panel starts anew. */
  z.object({ kind: z.literal('resync') }),
]);
/** Panel → server. */
export type PanelRequest = z.infer<typeof panelRequestSchema>;
