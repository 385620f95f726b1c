/**
 * What a refusal looks like over HTTP: RFC 9457 problem details, with a code for programs and a sentence in both
 * languages for the person who reads it.
 */
import { z } from 'zod';

export const problemSchema = z.object({
  /** `urn:loa:problem:<code>` */
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string(),
  code: z.string(),
  /** What happened and what to do, for the screen. */
  vi: z.string(),
  en: z.string(),
  /** The field at fault, as a dotted path, where there is one. */
  field: z.string().optional(),
});
export type Problem = z.infer<typeof problemSchema>;
