/** Silence by one press: what a person asks for, and how it is shown. Emergencies sound all the same. */
import { z } from 'zod';

const instantSchema = z.iso.datetime({ offset: true });
const idSchema = z.string().min(1).max(64);

/** Longest rest: a month; what is longer is a matter of the permitted hours. */
export const restMsMax = 31 * 86_400_000;

export const restRequestSchema = z
  .object({
    /** Made by the client; the same id again answers what was kept the first time. */
    requestId: z.string().regex(/^[A-Za-z0-9-]{8,64}$/),
    areaIds: z.array(idSchema).max(500).default([]),
    clusterIds: z.array(idSchema).max(500).default([]),
    /** Absent: from now on. */
    from: instantSchema.optional(),
    until: instantSchema,
    reason: z
      .string()
      .trim()
      .min(1)
      .max(200)
      .regex(/^[^\p{Cc}\u202a-\u202e\u2066-\u2069]*$/u),
  })
  .refine(({ areaIds, clusterIds }) => areaIds.length + clusterIds.length > 0, {
    message: 'no place is named',
    path: ['clusterIds'],
  });
export type RestRequest = z.input<typeof restRequestSchema>;

export const restViewSchema = z.object({
  id: z.string(),
  areaIds: z.array(z.string()),
  clusterIds: z.array(z.string()),
  from: instantSchema,
  until: instantSchema,
  reason: z.string(),
  by: z.string(),
  /** May be ended by the person who asks. */
  mayEnd: z.boolean(),
});
export type RestView = z.infer<typeof restViewSchema>;
