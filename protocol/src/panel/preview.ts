/** "Xem trước 7 ngày": what a notice would do before it is saved, line by line with its reason. */
import { z } from 'zod';
import { bulletinRequestSchema } from './bulletin-form.ts';
import { changedViewSchema } from './law-form.ts';

const instantSchema = z.iso.datetime({ offset: true });

export const previewRequestSchema = bulletinRequestSchema.omit({ requestId: true, title: true });
export type PreviewRequest = z.input<typeof previewRequestSchema>;

/** Groups and lines in one answer; the rest is counted. */
export const previewGroupsMax = 20;
export const previewGroupLinesMax = 100;

export const previewLineSchema = z.object({
  at: instantSchema,
  /** First and last instant of sound, when anything of it sounds. */
  startAt: instantSchema.optional(),
  endAt: instantSchema.optional(),
  /** It belongs to the notice that is being written; else it is another one that will not go as it would have. */
  isNew: z.boolean(),
  title: z.string(),
  verdict: z.enum(['plays', 'late', 'joined', 'interrupted', 'cut', 'skipped', 'omitted']),
  /** One sentence on the screen each. */
  code: z.string(),
  lateMs: z.int(),
  /** The other notice that stands in its way. */
  otherTitle: z.string().optional(),
});
export type PreviewLineView = z.infer<typeof previewLineSchema>;

/** Air time of one civil day: in each session beside what is allowed, and outside them. */
export const dayUseSchema = z.object({
  date: z.iso.date(),
  usedMs: z.number(),
  sessions: z.array(
    z.object({ name: z.string(), usedMs: z.number(), usedMsMax: z.number().optional(), isOver: z.boolean() }),
  ),
  outsideMs: z.number(),
});
export type DayUseView = z.infer<typeof dayUseSchema>;

export const previewAnswerSchema = z.object({
  until: instantSchema,
  /** Clusters that hear the same. */
  groups: z.array(
    z.object({
      clusterIds: z.array(z.string()),
      lines: z.array(previewLineSchema),
      leftOutCount: z.int(),
      /** With the notice that is being written. */
      airUse: z.array(dayUseSchema).optional(),
    }),
  ),
  groupsLeftOutCount: z.int(),
  /** What a change of the clock does to the notice, in zones that have one: civil times that are skipped or come twice. */
  clockChanges: z
    .array(
      z.object({ code: z.enum(['skipped-by-clock-change', 'first-of-two']), civil: z.string(), at: instantSchema }),
    )
    .optional(),
  /** Clusters that will sound differently within 24 hours. */
  changedClusterCount: z.int(),
  /** What else of those 24 hours the notice moves, silences or cuts short, beside itself. */
  changed: changedViewSchema.optional(),
});
export type PreviewAnswer = z.infer<typeof previewAnswerSchema>;

/** Why something did or did not sound at a cluster around an instant: the forecast of then beside what was reported. */
export const explanationSchema = z.object({
  clusterId: z.string(),
  at: instantSchema,
  /** The law was changed after that instant; this goes by the law of now. */
  lawChangedAt: instantSchema.optional(),
  concerned: z.array(
    z.object({
      line: previewLineSchema,
      /** As the forecast says, otherwise, or nothing reported yet. */
      verdict: z.enum(['as-foretold', 'otherwise', 'not-told']),
      outcome: z.string().optional(),
      reason: z.string().optional(),
    }),
  ),
  previous: previewLineSchema.optional(),
  next: previewLineSchema.optional(),
});
export type ExplanationView = z.infer<typeof explanationSchema>;
