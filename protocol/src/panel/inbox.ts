/**
 * What comes down to a commune and waits for its people: normal bulletins to be added to its schedule or not, and
 * priority bulletins that want one time (Circular 39/2020/TT-BTTTT). Shapes only.
 */
import { z } from 'zod';
import { bulletinRequestSchema, bulletinViewSchema } from './bulletin-form.ts';

const instantSchema = z.iso.datetime({ offset: true });

/** One bulletin from above, as it stands with one commune. */
export const inboxItemSchema = z.object({
  bulletin: bulletinViewSchema,
  /** The commune that decides. */
  areaId: z.string(),
  answer: z
    .object({
      kind: z.enum(['scheduled', 'declined']),
      by: z.string(),
      at: instantSchema,
      /** Why it was not taken. */
      reason: z.string().optional(),
      /** The commune's own bulletin made from it. */
      bulletinId: z.string().optional(),
    })
    .optional(),
});
export type InboxItem = z.infer<typeof inboxItemSchema>;

export const inboxAnswerSchema = z.discriminatedUnion('kind', [
  /** "Thêm vào lịch": title and clip are those of the bulletin from above; where and when is the commune's. */
  z.object({
    kind: z.literal('scheduled'),
    areaId: z.string().min(1).max(64),
    request: bulletinRequestSchema.omit({ title: true, class: true, clipId: true, versions: true }),
  }),
  z.object({
    kind: z.literal('declined'),
    areaId: z.string().min(1).max(64),
    reason: z.string().trim().min(1).max(200),
  }),
]);
export type InboxAnswer = z.input<typeof inboxAnswerSchema>;

const clashSideSchema = z.object({
  occurrence: z.string(),
  title: z.string(),
  at: instantSchema,
  until: instantSchema,
  isFromAbove: z.boolean(),
});

/** Two priority bulletins that want one time in one commune, in the next seven days. */
export const clashViewSchema = z.object({
  areaId: z.string(),
  clusterCount: z.int(),
  /** In order of their instants. */
  sides: z.tuple([clashSideSchema, clashSideSchema]),
  /** Which goes first when nobody decides: the earlier accepted; the other waits as long as its late policy lets it. */
  defaultFirst: z.string(),
  /** When it is too late to decide: the earlier start. */
  decideBefore: instantSchema,
  decided: z.object({ first: z.string(), by: z.string(), at: instantSchema }).optional(),
});
export type ClashView = z.infer<typeof clashViewSchema>;
