/**
 * What a board can do beyond the mandatory core, declared at enrolment and repeated in every hello. The server plans
 * by it: a board that decodes only MP3 is sent MP3, one without probes is never asked to confirm.
 */
import { z } from 'zod';
import { clipFormats } from './clip.ts';

/** Sensors a board may have fitted; a missing one is "not fitted", never a fault. */
export const probeKinds = ['loopback', 'amplifier-current', 'microphone'] as const;

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
});
export type Capabilities = z.infer<typeof capabilitiesSchema>;
