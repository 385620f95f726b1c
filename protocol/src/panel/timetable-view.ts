/** What will sound in the coming days as it is planned, tunes and relays of the standing day too. Shapes only. */
import { sessionSlots } from '@loa/schedules';
import { z } from 'zod';

const instantSchema = z.iso.datetime({ offset: true });

/** Occurrences in one answer, the earliest kept: a province of 124 communes may plan more. */
export const timetableAiringsMax = 2_000;

/** One occurrence over the clusters of the person who asks. */
export const plannedAiringSchema = z.object({
  occurrence: z.string(),
  bulletinId: z.string(),
  title: z.string(),
  class: z.enum(['normal', 'priority']),
  /** The recording's, where it is not Vietnamese. */
  language: z.enum(['cjm', 'kpm', 'rog']).optional(),
  /** The session that its bulletin asks for. */
  slot: z.enum(sessionSlots).optional(),
  /** A tune or relay of a session, no bulletin. */
  isPart: z.boolean(),
  /** The earliest start that is still ahead. */
  at: instantSchema,
  /** The latest start: `at`, unless sessions place it differently on different clusters. */
  lastAt: instantSchema,
  /** The latest planned end. */
  until: instantSchema,
  /** Clusters on which it is planned. */
  clusterCount: z.int(),
  /** What the bulletin addresses, as far as the person may see it. */
  areaIds: z.array(z.string()),
  clusterIds: z.array(z.string()).optional(),
});
export type PlannedAiring = z.infer<typeof plannedAiringSchema>;

/** In order of their starts, at most `timetableAiringsMax`; `leftOutCount` says how many more there are. */
export const timetableViewSchema = z.object({
  from: instantSchema,
  until: instantSchema,
  airings: z.array(plannedAiringSchema).max(timetableAiringsMax),
  leftOutCount: z.int(),
});
export type TimetableView = z.infer<typeof timetableViewSchema>;
