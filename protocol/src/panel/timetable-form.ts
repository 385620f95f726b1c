/** A timetable as offices keep it, read from a spreadsheet: what was understood, row by row, before anything is kept. */
import { z } from 'zod';
import { whenSchema } from './bulletin-form.ts';
import { changedViewSchema } from './law-form.ts';

/** The largest file taken; a commune's year is some 100 kB. */
export const timetableBytesMax = 2 * 1024 * 1024;
/** Rows of one file, and mistakes told of it. */
export const timetableRowsMax = 500;
export const timetableMistakesMax = 50;

/** One row that became a bulletin: its sound is spoken from `text`, or found by `clipTitle` among the commune's. */
export const timetableEntrySchema = z.object({
  /** 1 for the first row of the sheet, the heading. */
  row: z.int(),
  title: z.string(),
  text: z.string().optional(),
  clipTitle: z.string().optional(),
  areaIds: z.array(z.string()),
  whens: z.array(whenSchema).min(1),
  slot: z.enum(['morning', 'noon', 'evening']).optional(),
  class: z.enum(['normal', 'priority']),
  repeatCount: z.int().min(1).max(20),
});
export type TimetableEntry = z.infer<typeof timetableEntrySchema>;

export const timetableMistakeSchema = z.object({
  row: z.int(),
  column: z.string().optional(),
  vi: z.string(),
  en: z.string(),
});
export type TimetableMistake = z.infer<typeof timetableMistakeSchema>;

export const timetableReadSchema = z.object({
  entries: z.array(timetableEntrySchema),
  mistakes: z.array(timetableMistakeSchema),
});
export type TimetableRead = z.infer<typeof timetableReadSchema>;

export const timetableImportSchema = z.object({
  /** Made by the client; the same id again keeps nothing twice. */
  requestId: z.string().regex(/^[A-Za-z0-9-]{8,64}$/),
  entries: z.array(timetableEntrySchema).min(1).max(timetableRowsMax),
  /** True: sounds are made, nothing is scheduled; answers what would change. */
  dryRun: z.boolean(),
});
export type TimetableImport = z.input<typeof timetableImportSchema>;

export const timetableImportedSchema = z.object({
  changed: changedViewSchema,
  /** Empty for a dry run. */
  bulletinIds: z.array(z.string()),
  /** Rows that could not be taken; when there is one, nothing has been scheduled. */
  mistakes: z.array(timetableMistakeSchema),
});
export type TimetableImported = z.infer<typeof timetableImportedSchema>;
