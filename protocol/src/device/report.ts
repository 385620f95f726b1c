/**
 * What a device tells: reports, each happened once, numbered, kept on its disk until the server says stored.
 */
import { outcomeReasons, outcomes } from '@loa/schedules';
import { z } from 'zod';
import { instantSchema } from './documents.ts';
import { deviceFaultCodes } from './fault-codes.ts';

/** Figures and short texts that stand behind a verdict. */
export const evidenceSchema = z.record(z.string().max(40), z.union([z.string().max(500), z.number(), z.boolean()]));
export type Evidence = z.infer<typeof evidenceSchema>;

/** `silent`: a pilot that nobody notices. `audible`: a short tone that somebody is meant to hear. */
export const testForms = ['silent', 'audible'] as const;

/**
 * How a test of the sound path came out. `not-measured`: the tone was sent and nothing is fitted to measure it.
 * `refused`: not made, the evidence says why (something sounds or is about to, outside the hours, not fitted).
 */
export const testVerdicts = [
  'sound',
  'too-low',
  'none',
  'distorted',
  'wrong',
  'undecided',
  'not-measured',
  'refused',
] as const;
export type TestVerdict = (typeof testVerdicts)[number];

export const reportEventSchema = z.discriminatedUnion('kind', [
  /** Sound of one play has begun. */
  z.object({
    kind: z.literal('started'),
    occurrence: z.string().max(128),
    /** 1 for the first play. */
    play: z.int().min(1),
    plannedMs: z.int(),
    startedMs: z.int(),
  }),
  /** An occurrence has ended on this device; never sent twice for one occurrence. */
  z.object({
    kind: z.literal('ended'),
    occurrence: z.string().max(128),
    outcome: z.enum(outcomes),
    reason: z.enum(outcomeReasons).optional(),
    /** Plays that sounded to their end. */
    playsDone: z.int().min(0),
    plannedMs: z.int(),
    startedMs: z.int().optional(),
    endedMs: z.int(),
    /** How late the first sample was; absent when nothing sounded. */
    lateMs: z.int().optional(),
    evidence: evidenceSchema.optional(),
  }),
  z.object({
    kind: z.literal('fault-opened'),
    /** Unique on the device; the clear names it. */
    fault: z.string().max(64),
    code: z.enum(deviceFaultCodes),
    sinceMs: z.int(),
    evidence: evidenceSchema,
  }),
  z.object({
    kind: z.literal('fault-cleared'),
    fault: z.string().max(64),
    code: z.enum(deviceFaultCodes),
    evidence: evidenceSchema,
  }),
  /** Something was refused: forged, expired, replayed, for somebody else, not understood. */
  z.object({
    kind: z.literal('refused'),
    subject: z.string().max(200),
    reason: z.string().max(200),
    count: z.int().min(1),
  }),
  /** A test of the sound path that a person ordered, or that the board makes by itself every night (`order` absent). */
  z.object({
    kind: z.literal('tested'),
    order: z.string().max(64).optional(),
    form: z.enum(testForms),
    verdict: z.enum(testVerdicts),
    startedMs: z.int(),
    endedMs: z.int(),
    evidence: evidenceSchema,
  }),
  /** What became of a restart, a log upload or an update that was ordered; once for each order. */
  z.object({
    kind: z.literal('served'),
    order: z.string().max(64),
    service: z.enum(['restart', 'logs', 'update']),
    result: z.enum(['done', 'failed', 'refused']),
    /** Plain words, for the technician. */
    reason: z.string().max(300).optional(),
    evidence: evidenceSchema.optional(),
  }),
  /** Reports were dropped, oldest and least important first, because the outbox was full. */
  z.object({ kind: z.literal('dropped'), count: z.int().min(1) }),
]);
export type ReportEvent = z.infer<typeof reportEventSchema>;

export const reportSchema = z.object({
  /** Grows from 1 within a stream, in the order of the outbox; a gap is what was dropped or lost, never what comes later. */
  seq: z.int().min(1),
  /** The device's own time of the event. */
  at: instantSchema,
  /** What the device thinks of that time. */
  clockTrusted: z.boolean(),
  event: reportEventSchema,
});
export type Report = z.infer<typeof reportSchema>;
