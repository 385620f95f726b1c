/**
 * What a technician asks of one device from afar, and what became of it: tests of its sound, restart, log, update.
 */
import { z } from 'zod';
import { serviceKinds } from '../device/capabilities.ts';
import { testVerdicts } from '../device/report.ts';

const instantSchema = z.iso.datetime({ offset: true });

export const serviceRequestSchema = z.object({
  /** Made by the panel; the same one again changes nothing and answers the same. */
  requestId: z.string().min(8).max(64),
  kind: z.enum(serviceKinds),
});
export type ServiceRequest = z.infer<typeof serviceRequestSchema>;

/** `sent`: ordered, nothing heard yet. `expired`: the order ended without an answer; what happened is not known. */
export const servicePhases = ['sent', 'done', 'failed', 'refused', 'expired'] as const;

export const serviceViewSchema = z.object({
  id: z.string(),
  clusterId: z.string(),
  deviceId: z.string(),
  kind: z.enum(serviceKinds),
  phase: z.enum(servicePhases),
  orderedBy: z.string(),
  orderedAt: instantSchema,
  expiresAt: instantSchema,
  endedAt: instantSchema.optional(),
  /** Of a test. */
  verdict: z.enum(testVerdicts).optional(),
  /** The device's own words. */
  reason: z.string().optional(),
  evidence: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).optional(),
  /** Of an update: to which version. */
  version: z.string().optional(),
  /** Of a log that has arrived. */
  logBytes: z.int().optional(),
});
export type ServiceView = z.infer<typeof serviceViewSchema>;

/** The newest release of the agent that the installation holds. */
export const releaseViewSchema = z.object({ number: z.int(), version: z.string(), addedAt: instantSchema });
export type ReleaseView = z.infer<typeof releaseViewSchema>;
