/**
 * How columns that hold JSON or instants become values again. What stands there was written by this program, so a text
 * that does not fit its schema is a broken invariant and throws.
 */
import type { z } from 'zod';

/** Parses a JSON column by its schema. Throws when it does not fit. */
export function parseColumn<T>(schema: z.ZodType<T>, text: string): T {
  return schema.parse(JSON.parse(text));
}

/** Epoch ms as RFC 3339 in UTC, as every wire of Loa writes instants. */
export function instantText(epochMs: number): string {
  return Temporal.Instant.fromEpochMilliseconds(Math.round(epochMs)).toString();
}

/** RFC 3339 with offset as epoch ms. */
export function instantMs(text: string): number {
  return Temporal.Instant.from(text).epochMilliseconds;
}
