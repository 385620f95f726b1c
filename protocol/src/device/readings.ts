/**
 * What a board senses of itself, told live beside what it holds. Only shapes; what a figure means is judged elsewhere.
 */
import { z } from 'zod';

export const readingsSchema = z.object({
  mainsPresent: z.boolean().optional(),
  batteryVolts: z.number().optional(),
  batteryPercent: z.number().optional(),
  temperatureC: z.number().optional(),
  /** The board slows itself now, for heat or want of voltage. */
  isThrottled: z.boolean().optional(),
  isUndervolted: z.boolean().optional(),
  memoryFreeBytes: z.number().optional(),
  diskFreeBytes: z.number().optional(),
  diskTotalBytes: z.number().optional(),
  /** Of the life its maker promises; 100 is worn out (eMMC: JEDEC 84-B51 life time estimation). */
  diskWearPercent: z.number().optional(),
  linkKind: z.enum(['ethernet', 'wifi', 'mobile', 'unknown']).optional(),
  linkSignalDbm: z.number().optional(),
  /** In this civil month, both ways. */
  dataUsedBytes: z.number().optional(),
  /** The rate of the board's own clock, as found by the timekeeper. */
  clockDriftPpm: z.number().optional(),
  /** The battery-backed clock against the server's time, in seconds, more when it is ahead. */
  batteryClockOffS: z.number().optional(),
  doorOpen: z.boolean().optional(),
  amplifierOn: z.boolean().optional(),
  amplifierCurrentMa: z.number().optional(),
  amplifierVolts: z.number().optional(),
  /** Of the agent's own process. */
  residentBytes: z.number().optional(),
  uptimeS: z.number().optional(),
});
/** What the board senses of itself, live: state, the newest counts; what is not fitted is absent. */
export type Readings = z.infer<typeof readingsSchema>;
