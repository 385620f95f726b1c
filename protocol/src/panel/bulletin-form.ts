/**
 * What an officer fills in: texts, clips, bulletins, emergencies; and what the server answers. The same schemas
 * validate requests, make the OpenAPI document and type the panel.
 */
import { daysBeforeMax, sessionSlots } from '@loa/schedules';
import { z } from 'zod';

/** An area somebody names; whether there is one of that name is the desk's to say. */
const namedIdSchema = z.string().min(1).max(64);
const hashSchema = z.string().regex(/^[0-9a-f]{64}$/);
const dateSchema = z.iso.date();
const timeSchema = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?$/);
const instantSchema = z.iso.datetime({ offset: true });

export const textMax = 20_000;

/**
 * What a person calls a bulletin. Control characters are refused, and so are those that turn the direction of writing:
 * a title must look on every screen as it is.
 */
const titleSchema = z
  .string()
  .trim()
  .min(1)
  .max(200)
  .regex(/^[^\p{Cc}\u202a-\u202e\u2066-\u2069]*$/u);

export const textCheckRequestSchema = z.object({ text: z.string().max(200_000) });
/** How a pasted text is read: normalised, converted from old fonts when it was in one, and as it will be spoken. */
export const textCheckAnswerSchema = z.object({
  text: z.string(),
  charset: z.enum(['unicode', 'tcvn3', 'vni']),
  converted: z.boolean(),
  spoken: z.string(),
  readings: z.array(z.object({ written: z.string(), spoken: z.string() })),
});
export type TextCheck = z.infer<typeof textCheckAnswerSchema>;

export const speechRequestSchema = z.object({ text: z.string().max(200_000), title: z.string().max(200).optional() });

export const clipViewSchema = z.object({
  id: hashSchema,
  title: z.string(),
  durationMs: z.int(),
  loudnessLufs: z.number(),
  truePeakDbtp: z.number(),
  sizeBytes: z.int(),
  /** Where the browser hears it (MP3). */
  previewUrl: z.string(),
  createdAt: instantSchema,
  origin: z.enum(['upload', 'speech']),
  /** The text that was spoken, for a clip made from one. */
  text: z.string().optional(),
});
export type ClipView = z.infer<typeof clipViewSchema>;

const aheadShape = { daysBefore: z.int().min(0).max(daysBeforeMax).optional() };
const leapSchema = z.enum(['regular', 'leap', 'both']).optional();
const lackingSchema = z.enum(['skip', 'last-day']).optional();
const lunarDaySchema = z.int().min(1).max(30);

/** Which days of the Vietnamese lunar calendar; defaults as `LunarRule` of schedules states them. */
export const lunarRuleSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('monthly'),
    days: z.array(lunarDaySchema).min(1).max(30),
    leap: leapSchema,
    lacking: lackingSchema,
    ...aheadShape,
  }),
  z.object({
    kind: z.literal('yearly'),
    month: z.int().min(1).max(12),
    day: lunarDaySchema,
    leap: leapSchema,
    lacking: lackingSchema,
    ...aheadShape,
  }),
  z.object({ kind: z.literal('month-end'), leap: leapSchema, ...aheadShape }),
  z.object({ kind: z.literal('year-end'), ...aheadShape }),
]);

/** Of a rule's text on this door; the law takes more. */
const ruleTextMax = 8_000;

export const whenSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('now') }),
  z.object({ kind: z.literal('once'), date: dateSchema, time: timeSchema }),
  z.object({ kind: z.literal('daily'), from: dateSchema, until: dateSchema.optional(), time: timeSchema }),
  z.object({
    kind: z.literal('weekly'),
    from: dateSchema,
    until: dateSchema.optional(),
    weekdays: z
      .array(z.literal([1, 2, 3, 4, 5, 6, 7]))
      .min(1)
      .max(7),
    time: timeSchema,
  }),
  z.object({
    kind: z.literal('monthly'),
    from: dateSchema,
    until: dateSchema.optional(),
    /** 1–31; −1 is the month's last day. */
    days: z
      .array(z.union([z.int().min(1).max(31), z.literal(-1)]))
      .min(1)
      .max(31),
    time: timeSchema,
  }),
  z.object({
    kind: z.literal('lunar'),
    from: dateSchema,
    until: dateSchema.optional(),
    rule: lunarRuleSchema,
    time: timeSchema,
  }),
  /** RFC 5545 text (DTSTART, RRULE, EXDATE, RDATE); times without TZID are the installation's. */
  z.object({ kind: z.literal('rule'), text: z.string().min(1).max(ruleTextMax) }),
]);
export type WhenForm = z.infer<typeof whenSchema>;

const versionSchema = z.object({ language: z.enum(['cjm', 'kpm', 'rog']), clipId: hashSchema });

export const bulletinRequestSchema = z.object({
  /** Made by the client; the same id again answers what was accepted the first time. */
  requestId: z.string().regex(/^[A-Za-z0-9-]{8,64}$/),
  title: titleSchema,
  class: z.enum(['normal', 'priority']).default('normal'),
  clipId: hashSchema,
  areaIds: z.array(namedIdSchema).max(500),
  /** Single clusters beside the areas; one of the two lists names something. */
  clusterIds: z.array(namedIdSchema).max(500).optional(),
  whens: z.array(whenSchema).min(1).max(20),
  /** Placed in this session of each place's standing day; `whens` name the days, and the time where there is none. */
  slot: z.enum(sessionSlots).optional(),
  /** The same in other languages; each place plays those it speaks, in its own order. */
  versions: z.array(versionSchema).max(3).optional(),
  repeat: z
    .object({ count: z.int().min(1).max(20), gapMs: z.int().min(0).max(600_000) })
    .default({ count: 1, gapMs: 2_000 }),
  late: z
    .object({ kind: z.enum(['skip', 'start', 'join']), lateMsMax: z.int().min(0).max(7_200_000) })
    .default({ kind: 'start', lateMsMax: 300_000 }),
  resume: z.enum(['resume', 'restart', 'drop']).default('drop'),
});
export type BulletinRequest = z.input<typeof bulletinRequestSchema>;

/**
 * `submitted`: it waits for a leader; `returned`: a leader sent it back with the reason. Neither sounds. `offered`: it came down from above and plays nowhere by itself; communes add it to their schedule.
 */
export const bulletinStates = ['accepted', 'submitted', 'returned', 'offered', 'withdrawn'] as const;
export const bulletinViewSchema = z.object({
  id: z.string(),
  title: z.string(),
  class: z.enum(['normal', 'priority', 'emergency']),
  state: z.enum(bulletinStates),
  /** A drill, never to be taken for the real thing; false for all but emergencies. */
  drill: z.boolean(),
  clip: clipViewSchema,
  areaIds: z.array(z.string()),
  clusterIds: z.array(z.string()).optional(),
  whens: z.array(whenSchema),
  slot: z.enum(sessionSlots).optional(),
  versions: z.array(versionSchema.extend({ durationMs: z.int() })).optional(),
  /** It came down from above the commune. */
  isFromAbove: z.boolean().optional(),
  /** The bulletin from above that it was made from. */
  originId: z.string().optional(),
  /** For "play now": the instant fixed at acceptance. */
  nowAt: instantSchema.optional(),
  repeat: z.object({ count: z.int(), gapMs: z.int() }),
  late: z.object({ kind: z.enum(['skip', 'start', 'join']), lateMsMax: z.int() }),
  resume: z.enum(['resume', 'restart', 'drop']),
  createdBy: z.string(),
  createdAt: instantSchema,
  withdrawnAt: instantSchema.optional(),
  /** What a leader said of it. */
  decision: z.object({ by: z.string(), at: instantSchema, reason: z.string().optional() }).optional(),
  /** The person who asks may approve or return it. */
  mayDecide: z.boolean().optional(),
  /** Next start, when there is one. */
  nextAt: instantSchema.optional(),
  /** Clusters addressed at present. */
  clusterCount: z.int(),
});
export type BulletinView = z.infer<typeof bulletinViewSchema>;

/** What became of a withdrawal: where it had sounded already, and which clusters do not know of it yet. */
export const withdrawalSchema = z.object({
  withdrawnAt: instantSchema,
  /** Each cluster on which it has begun to sound, with its last start. */
  sounded: z.array(z.object({ clusterId: z.string(), at: instantSchema })),
  /**
   * Clusters that have not confirmed a plan without it. `nextAt` is the next start that the plan last known to be there
   * may still hold: it may sound then.
   */
  untold: z.array(
    z.object({ clusterId: z.string(), reach: z.enum(['reachable', 'out-of-reach', 'never']), nextAt: instantSchema }),
  ),
});
export type Withdrawal = z.infer<typeof withdrawalSchema>;

export const returnRequestSchema = z.object({ reason: z.string().trim().min(1).max(500) });

export const emergencyRequestSchema = z.object({
  requestId: z.string().regex(/^[A-Za-z0-9-]{8,64}$/),
  title: titleSchema,
  clipId: hashSchema,
  areaIds: z.array(namedIdSchema).min(1).max(500),
  repeat: z
    .object({ count: z.int().min(1).max(100), gapMs: z.int().min(0).max(600_000) })
    .default({ count: 3, gapMs: 3_000 }),
  drill: z.boolean().default(false),
  /** How long a device that was out of reach may still start it. At most 24 h. */
  lifeMs: z.int().min(60_000).max(86_400_000).default(7_200_000),
});
export type EmergencyRequest = z.input<typeof emergencyRequestSchema>;

/** What happens next on a set of areas before anything is saved: counted, never sent. */
export const reachRequestSchema = z.object({ areaIds: z.array(namedIdSchema).max(500) });
export const reachAnswerSchema = z.object({ clusters: z.int(), reachable: z.int(), clusterIds: z.array(z.string()) });
export type Reach = z.infer<typeof reachAnswerSchema>;
