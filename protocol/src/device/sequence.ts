/**
 * Newer and older: one installation-wide sequence of (epoch, number) that orders every document ever published
 * (DESIGN §3). Restore and fail-over raise the epoch, so a restored server is obeyed and a replay is not.
 */
import { z } from 'zod';

export const sequenceSchema = z.object({
  epoch: z.int().min(1),
  number: z.int().min(0),
});

/** A place in the installation-wide sequence. */
export type Sequence = z.infer<typeof sequenceSchema>;

/** Before everything: what a device holds that holds nothing. */
export const sequenceNone: Sequence = { epoch: 1, number: 0 };

/** Negative when a is older than b, 0 when equal, positive when newer. */
export function compareSequence(a: Sequence, b: Sequence): number {
  return a.epoch - b.epoch || a.number - b.number;
}
