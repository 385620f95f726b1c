/** What the ledger remembers of the occurrences of an earlier boot, as courses. Pure. */
import type { LedgerEntry } from '../../contracts.ts';
import { blank, type Course } from './course.ts';

/** What the ledger knows of occurrences without an end. */
export function recall(entries: readonly LedgerEntry[]): {
  courses: Map<string, Course>;
  ended: Set<string>;
  unreported: Extract<LedgerEntry, { kind: 'ended' }>[];
} {
  const courses = new Map<string, Course>();
  const ends = new Map<string, Extract<LedgerEntry, { kind: 'ended' }>>();
  const ended = new Set<string>();
  for (const entry of entries) {
    if (entry.kind === 'start') courses.set(entry.occurrence, recallStart(courses.get(entry.occurrence), entry));
    const course = courses.get(entry.occurrence);
    if (entry.kind === 'done' && course !== undefined) courses.set(entry.occurrence, recallDone(course, entry));
    if (entry.kind === 'ended') {
      ended.add(entry.occurrence);
      ends.set(entry.occurrence, entry);
    }
    if (entry.kind === 'reported') ends.delete(entry.occurrence);
  }
  for (const occurrence of ended) courses.delete(occurrence);
  return { courses, ended, unreported: [...ends.values()] };
}

function recallStart(course: Course | undefined, entry: Extract<LedgerEntry, { kind: 'start' }>): Course {
  const known = course ?? blank(entry.occurrence, { ...entry, seenMs: entry.atMs });
  const beginnings = known.play === entry.play ? known.beginnings + 1 : 1;
  const startedMs = known.startedMs ?? entry.atMs;
  return { ...known, play: entry.play, beginnings, isTorn: true, startedMs };
}

function recallDone(course: Course, entry: Extract<LedgerEntry, { kind: 'done' }>): Course {
  // Written late, when the disk had refused it: what has begun since then has begun all the same.
  if (entry.play < course.play) return { ...course, playsDone: course.playsDone + 1 };
  const isMissing = course.playsDone + 1 < entry.play;
  return {
    ...course,
    play: entry.play + 1,
    beginnings: 0,
    isTorn: false,
    playsDone: course.playsDone + 1,
    notBeforeMs: entry.atMs,
    loss: course.loss ?? (isMissing ? 'interrupted-by-restart' : undefined),
  };
}
