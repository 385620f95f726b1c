/**
 * What a board can do beyond the mandatory core, declared at enrolment and repeated in every hello. The server plans
 * by it: a board that decodes only MP3 is sent MP3, one without probes is never asked to confirm.
 */
import { z } from 'zod';
import { clipFormats } from './clip.ts';

/** What may measure that sound really left; a missing one is "not fitted", never a fault. */
export const probeKinds = ['loopback', 'line-level', 'amplifier-current', 'microphone'] as const;
export type ProbeKind = (typeof probeKinds)[number];

/**
 * How much a board knows of its own sound, by what is fitted: nothing, that the amplifier draws current (or its line
 * carries a level), or what the horn really emitted. A `loopback` reads back a record and counts like a microphone.
 */
export const fittingLevels = ['none', 'amplifier-current', 'microphone'] as const;
export type FittingLevel = (typeof fittingLevels)[number];

/** The fitting level of a board that declares these probes. */
export function fittingOf(probes: readonly string[]): FittingLevel {
  if (probes.includes('microphone') || probes.includes('loopback')) return 'microphone';
  return probes.includes('amplifier-current') || probes.includes('line-level') ? 'amplifier-current' : 'none';
}

/** What a board may sense of itself, beside sound. */
export const sensorKinds = [
  'mains',
  'battery',
  'temperature',
  'throttling',
  'disk-wear',
  'memory',
  'link',
  'data-used',
  'clock-health',
  'door',
  'amplifier-switch',
  'amplifier-current',
] as const;
export type SensorKind = (typeof sensorKinds)[number];

/** Orders of its own topic that a board obeys; the server sends none that is not declared. */
export const serviceKinds = ['silent-test', 'audible-test', 'restart', 'logs', 'update'] as const;
export type ServiceKind = (typeof serviceKinds)[number];

export const capabilitiesSchema = z.object({
  /** In order of preference. */
  formats: z.array(z.enum(clipFormats)).min(1),
  probes: z.array(z.string().max(40)).max(16),
  /** Can relay a live stream. */
  stream: z.boolean(),
  /** Has a battery-backed clock, so that it may play after a cold boot without network (P4). */
  clockKept: z.boolean(),
  /** A receiver drives horns; a bridge drives an old wired or FM station. */
  deviceKind: z.enum(['receiver', 'bridge']),
  /** What the board senses of itself; absent: nothing. Of `sensorKinds`, or of a later agent. */
  sensors: z.array(z.string().max(40)).max(24).optional(),
  /** Orders it obeys beyond emergencies and stops, of `serviceKinds`; absent: none. */
  services: z.array(z.string().max(40)).max(16).optional(),
  /** Plans and reports with nothing connected to its output: beside an old system. */
  shadow: z.boolean().optional(),
});
export type Capabilities = z.infer<typeof capabilitiesSchema>;
