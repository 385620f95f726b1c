/**
 * The conversation over the device's WebSocket: the device says what it holds and what happened, the server says what
 * is stored and what time it is. JSON text frames.
 */
import { airingPhases } from '@loa/schedules';
import { z } from 'zod';
import { capabilitiesSchema } from './capabilities.ts';
import { deviceProtocolVersion, reportsPerFrameMax } from './limits.ts';
import { readingsSchema } from './readings.ts';
import { reportSchema } from './report.ts';
import { sequenceSchema } from './sequence.ts';

/** Numbers of the documents a device holds; absent means none. Keys of `orders` are device and area ids. */
export const holdsSchema = z.object({
  keys: z.int().min(0),
  plan: sequenceSchema.optional(),
  hours: sequenceSchema.optional(),
  orders: z.record(z.string().max(64), sequenceSchema),
});
export type Holds = z.infer<typeof holdsSchema>;

export const clockStateSchema = z.object({
  trusted: z.boolean(),
  /** Server time minus device time, and half the width of what is not known about it. */
  offsetMs: z.number(),
  boundMs: z.number(),
  /** What the server's time is by the device as it says so, epoch ms; boards before this field do not tell. */
  atMs: z.number().optional(),
});
export type ClockState = z.infer<typeof clockStateSchema>;

export const progressSchema = z.object({
  occurrence: z.string().max(128),
  phase: z.enum(airingPhases),
  /** 0–1 while downloading or playing. */
  fraction: z.number().min(0).max(1).optional(),
});
/** How far an occurrence has come; shown live, not stored, the newest counts. */
export type Progress = z.infer<typeof progressSchema>;

export const deviceMessageSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('hello'),
    v: z.literal(deviceProtocolVersion),
    agentVersion: z.string().max(40),
    /** New at every start of the agent. */
    boot: z.string().max(64),
    /** Names the outbox; a new one is made when the old was lost. */
    stream: z.string().max(64),
    capabilities: capabilitiesSchema,
    holds: holdsSchema,
    clock: clockStateSchema,
    /** Understands `say-holds` and sends `beat` to a server that offers it; absent: full heartbeats only. */
    beats: z.boolean().optional(),
  }),
  z.object({
    kind: z.literal('heartbeat'),
    holds: holdsSchema,
    clock: clockStateSchema,
    progress: z.array(progressSchema).max(32),
    /** Now and then, and soon after a change that matters; absent: as told before. */
    readings: readingsSchema.optional(),
  }),
  /** Still here, and nothing has changed since the last hello or heartbeat; only to a server that offered `beatMs`. */
  z.object({ kind: z.literal('beat') }),
  z.object({ kind: z.literal('progress'), progress: z.array(progressSchema).max(32) }),
  z.object({
    kind: z.literal('reports'),
    stream: z.string().max(64),
    reports: z.array(reportSchema).min(1).max(reportsPerFrameMax),
  }),
  /** NTP's first stamp; the device's monotonic clock, echoed back unread. */
  z.object({ kind: z.literal('time-request'), sentMs: z.number() }),
]);
/** Device → server. */
export type DeviceMessage = z.infer<typeof deviceMessageSchema>;

export const serverMessageSchema = z.discriminatedUnion('kind', [
  /**
   * `storedSeq`: last stored report number of the stream named in hello, 0 when none. `beatMs`: a `beat` this often is
   * enough while nothing changes; absent, as an older server is: a full heartbeat every `heartbeatMs`.
   */
  z.object({
    kind: z.literal('welcome'),
    storedSeq: z.int().min(0),
    beatMs: z.int().min(5_000).max(60_000).optional(),
  }),
  /** A full heartbeat is asked for at once; only to a device whose hello said `beats`. */
  z.object({ kind: z.literal('say-holds') }),
  /** Everything of the stream up to and including `seq` is stored. */
  z.object({ kind: z.literal('receipt'), stream: z.string(), seq: z.int().min(0) }),
  z.object({ kind: z.literal('time-answer'), sentMs: z.number(), receivedMs: z.number(), answeredMs: z.number() }),
  /** A frame was not understood; the connection stays open unless `fatal`. */
  z.object({ kind: z.literal('refused'), reason: z.string().max(500), fatal: z.boolean() }),
]);
/** Server → device. */
export type ServerMessage = z.infer<typeof serverMessageSchema>;

export const presenceSchema = z.object({
  v: z.literal(deviceProtocolVersion),
  online: z.boolean(),
  boot: z.string().max(64),
});
/** Retained on the device's presence topic; `online: false` is its last will: a witness, not a verdict. */
export type Presence = z.infer<typeof presenceSchema>;

/** Parses a JSON text frame by a schema without throwing. */
export function parseFrame<T>(
  schema: z.ZodType<T>,
  text: string,
): { ok: true; message: T } | { ok: false; reason: string } {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return { ok: false, reason: 'not JSON' };
  }
  const parsed = schema.safeParse(json);
  if (parsed.success) return { ok: true, message: parsed.data };
  const issue = parsed.error.issues[0];
  return {
    ok: false,
    reason: issue === undefined ? 'not understood' : `${issue.path.join('.')}: ${issue.message}`.slice(0, 400),
  };
}
