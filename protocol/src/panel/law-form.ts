/**
 * What decides when and how a place sounds, as people set it: hours, limits, the standing day, languages, volume, rest
 * days, exceptions, groups, the tree itself. Each is a change that can be previewed before it is made. Shapes only.
 */
import { languages, sessionSlots } from '@loa/schedules';
import { z } from 'zod';

const instantSchema = z.iso.datetime({ offset: true });
const dateSchema = z.iso.date();
const idSchema = z.string().min(1).max(64);
const hashSchema = z.string().regex(/^[0-9a-f]{64}$/);
const timeSchema = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/);
const endTimeSchema = z.string().regex(/^(([01]\d|2[0-3]):[0-5]\d|24:00)$/);
const weekdaySchema = z.literal([1, 2, 3, 4, 5, 6, 7]);
const weekdaysSchema = z.array(weekdaySchema).min(1).max(7);
const lineSchema = z
  .string()
  .trim()
  .min(1)
  .max(200)
  .regex(/^[^\p{Cc}\u202a-\u202e\u2066-\u2069]*$/u);
/** Number of the deciding document. */
const documentSchema = lineSchema;

const spanSchema = z.object({ weekdays: weekdaysSchema, from: timeSchema, until: endTimeSchema });

export const areaHoursSchema = z.object({ spans: z.array(spanSchema).min(1).max(64), document: documentSchema });

function decided<T extends z.ZodType>(value: T) {
  return z.object({ value, document: documentSchema }).optional();
}

/** `AreaLimits` of schedules. */
export const areaLimitsSchema = z.object({
  sessionsPerDayMax: decided(z.int().min(0).max(24)),
  sessionMinutesMax: decided(z.int().min(0).max(1_440)),
  weekdays: decided(weekdaysSchema),
  restsOnHolidays: decided(z.boolean()),
});

const ownClipShape = {
  /** Given by the server; sent back to keep it. */
  id: idSchema.optional(),
  title: lineSchema,
  clipId: hashSchema,
};

export const sessionPartFormSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('tune'), ...ownClipShape }),
  z.object({
    kind: z.literal('relay'),
    ...ownClipShape,
    url: z
      .string()
      .max(500)
      .regex(/^https?:\/\/[^\s]+$/),
    lengthMs: z
      .int()
      .min(60_000)
      .max(3 * 3_600_000),
    /** Fixed time of day; absent: where the order puts it. */
    at: timeSchema.optional(),
  }),
  z.object({ kind: z.literal('bulletins'), from: z.enum(['above', 'own', 'all']) }),
]);
export type SessionPartForm = z.infer<typeof sessionPartFormSchema>;

/** One session of a commune's standing day. */
export const sessionFormSchema = z.object({
  name: lineSchema,
  weekdays: weekdaysSchema,
  from: timeSchema,
  until: endTimeSchema,
  /** Bulletins that ask for this part of the day are placed here. */
  slot: z.enum(sessionSlots).optional(),
  gapMs: z.int().min(0).max(60_000).optional(),
  parts: z.array(sessionPartFormSchema).max(20).optional(),
});
export type SessionForm = z.infer<typeof sessionFormSchema>;

export const languagesSchema = z.array(z.enum(languages)).min(1).max(languages.length);
export const volumeSchema = z
  .array(z.object({ from: timeSchema, until: endTimeSchema, volumePercent: z.int().min(10).max(100) }))
  .max(12);

/** Whose sound it is: exactly one of the two. */
const placeShape = { areaId: idSchema.optional(), clusterId: idSchema.optional() };

/** One thing that a person decides; null takes the area's own decision back, so that it inherits. */
export const lawChangeSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('hours'), areaId: idSchema, hours: areaHoursSchema.nullable() }),
  z.object({ kind: z.literal('limits'), areaId: idSchema, limits: areaLimitsSchema.nullable() }),
  z.object({ kind: z.literal('sessions'), areaId: idSchema, sessions: z.array(sessionFormSchema).max(8).nullable() }),
  z.object({ kind: z.literal('languages'), ...placeShape, languages: languagesSchema.nullable() }),
  z.object({ kind: z.literal('volume'), ...placeShape, volume: volumeSchema.nullable() }),
  /** Whether what the area's officers schedule waits for a leader's word (Gửi duyệt). */
  z.object({ kind: z.literal('approval'), areaId: idSchema, isNeeded: z.boolean() }),
  /** Whether amplifiers stay switched on between items (flood season); null inherits. */
  z.object({ kind: z.literal('amplifier'), areaId: idSchema, staysOn: z.boolean().nullable() }),
  z.object({ kind: z.literal('holiday'), date: dateSchema, name: lineSchema, document: documentSchema }),
  z.object({ kind: z.literal('holiday-gone'), date: dateSchema }),
  z.object({
    kind: z.literal('rest-days'),
    areaIds: z.array(idSchema).min(1).max(100),
    fromDate: dateSchema,
    untilDate: dateSchema,
    reason: lineSchema,
    document: documentSchema,
  }),
  z.object({ kind: z.literal('rest-days-ended'), id: idSchema }),
  /** Granted by the person who is signed in. */
  z.object({
    kind: z.literal('exception'),
    areaIds: z.array(idSchema).min(1).max(100),
    from: instantSchema,
    until: instantSchema,
    reason: lineSchema,
    document: documentSchema,
  }),
  z.object({ kind: z.literal('exception-ended'), id: idSchema }),
  /** A named group (downstream, coast, forest edge); members lie at or below `parentId`. Without `groupId`: a new one. */
  z.object({
    kind: z.literal('group'),
    groupId: idSchema.optional(),
    name: lineSchema,
    parentId: idSchema,
    memberAreaIds: z.array(idSchema).max(500),
    memberClusterIds: z.array(idSchema).max(2_000),
  }),
  z.object({ kind: z.literal('cluster-moved'), clusterId: idSchema, areaId: idSchema }),
  /** Areas of one kind end yesterday and a new one follows them from today; their clusters and areas go over to it. */
  z.object({
    kind: z.literal('merger'),
    areaIds: z.array(idSchema).min(1).max(20),
    name: lineSchema,
    code: z.string().max(20).optional(),
    document: documentSchema,
  }),
  /** Of two that want one time: `second` begins when `first` is over. */
  z.object({
    kind: z.literal('turn'),
    areaId: idSchema,
    first: z.string().min(1).max(128),
    second: z.string().min(1).max(128),
  }),
]);
export type LawChange = z.infer<typeof lawChangeSchema>;

export const changeRequestSchema = z.object({
  /** Made by the client; the same id again changes nothing. */
  requestId: z.string().regex(/^[A-Za-z0-9-]{8,64}$/),
  change: lawChangeSchema,
});

export const heardLineSchema = z.object({
  at: instantSchema,
  title: z.string(),
  /** Where it sounds before and after; `from` and `to` differ for what is moved. */
  how: z.enum(['added', 'removed', 'moved', 'altered']),
  fromAt: instantSchema.optional(),
  /** Why, as a preview's line has it (`forecastCodes`); absent where it is planned no more at all. */
  code: z.string().optional(),
  /** The other bulletin that stands in its way. */
  otherTitle: z.string().optional(),
});

/** Which clusters sound differently in the next 24 hours. */
export const changedViewSchema = z.object({
  until: instantSchema,
  clusterCount: z.int(),
  groups: z.array(
    z.object({ clusterIds: z.array(z.string()), lines: z.array(heardLineSchema), leftOutCount: z.int() }),
  ),
  groupsLeftOutCount: z.int(),
});
export type ChangedView = z.infer<typeof changedViewSchema>;
export const changedGroupsMax = 20;
export const changedLinesMax = 40;

const sessionViewSchema = sessionFormSchema;
const limitsViewSchema = areaLimitsSchema;
const hoursViewSchema = z.object({
  spans: z.array(z.object({ weekdays: z.array(z.int()), from: z.string(), until: z.string() })),
  document: z.string(),
});

/** All that is decided at an area and what holds there. */
export const lawViewSchema = z.object({
  areaId: z.string(),
  /** Decided here; null inherits. */
  own: z.object({
    hours: hoursViewSchema.nullable(),
    limits: limitsViewSchema.nullable(),
    sessions: z.array(sessionViewSchema).nullable(),
    languages: languagesSchema.nullable(),
    volume: volumeSchema.nullable(),
    /** Absent from an older server. */
    amplifierStaysOn: z.boolean().nullable().optional(),
  }),
  holds: z.object({
    hours: hoursViewSchema.extend({ isDefault: z.boolean() }),
    limits: limitsViewSchema,
    sessions: z.array(sessionViewSchema),
    languages: languagesSchema,
    volume: volumeSchema,
    amplifierStaysOn: z.boolean().optional(),
  }),
  /** What this area or one above it decided and does not get, since one above it allows less. */
  hoursCuts: z.array(z.object({ areaId: z.string(), reason: z.string(), spans: hoursViewSchema.shape.spans })),
  limitCuts: z.array(z.object({ areaId: z.string(), limit: z.string() })),
  /** Clusters at or below with a sound of their own. */
  clusterSounds: z.array(
    z.object({ clusterId: z.string(), languages: languagesSchema.nullable(), volume: volumeSchema.nullable() }),
  ),
  holidays: z.array(z.object({ date: z.string(), name: z.string(), document: z.string() })),
  restDays: z.array(
    z.object({
      id: z.string(),
      areaIds: z.array(z.string()),
      fromDate: z.string(),
      untilDate: z.string(),
      reason: z.string(),
      document: z.string(),
      by: z.string(),
      mayEnd: z.boolean(),
    }),
  ),
  exceptions: z.array(
    z.object({
      id: z.string(),
      areaIds: z.array(z.string()),
      from: instantSchema,
      until: instantSchema,
      reason: z.string(),
      document: z.string(),
      by: z.string(),
      mayEnd: z.boolean(),
    }),
  ),
  groups: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      parentId: z.string(),
      memberAreaIds: z.array(z.string()),
      memberClusterIds: z.array(z.string()),
      clusterCount: z.int(),
    }),
  ),
  /** The person may change what is decided here, and what only the department may. */
  mayChange: z.boolean(),
  mayGovern: z.boolean(),
});
export type LawView = z.infer<typeof lawViewSchema>;
