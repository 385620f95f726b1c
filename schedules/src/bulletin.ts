/**
 * What staff want said: the nouns of a bulletin, shared by server, device agent and panel. Only shapes; the
 * decisions live in the files that are named after them. Never reads a clock.
 */

import type { LunarWhen } from './lunar/index.ts';

/** Circular 39/2020/TT-BTTTT: thông thường, ưu tiên, khẩn cấp. */
export type BulletinClass = 'normal' | 'priority' | 'emergency';

/** Rank of a class: a higher one is never interrupted by a lower one. */
export const classRank: Record<BulletinClass, number> = { normal: 0, priority: 1, emergency: 2 };

/** A civil date, `2026-11-20`. */
export type CivilDate = string;
/** A civil time of day, `17:00` or `17:00:30`. */
export type CivilTime = string;

/** ISO weekday: 1 Monday … 7 Sunday. */
export type Weekday = 1 | 2 | 3 | 4 | 5 | 6 | 7;

/** When a bulletin is aired, in the civil time of its area. `until` is the last airing date, included. */
export type When =
  | { kind: 'once'; date: CivilDate; time: CivilTime }
  | { kind: 'daily'; from: CivilDate; until?: CivilDate | undefined; time: CivilTime }
  | {
      kind: 'weekly';
      from: CivilDate;
      until?: CivilDate | undefined;
      weekdays: readonly Weekday[];
      time: CivilTime;
    }
  | {
      kind: 'monthly';
      from: CivilDate;
      until?: CivilDate | undefined;
      /** 1–31, not aired in a month without that day (RFC 5545 §3.3.10); −1 is the month's last day. */
      days: readonly number[];
      time: CivilTime;
    }
  | LunarWhen
  /** RFC 5545 text: DTSTART, RRULE, EXDATE, RDATE; times without TZID are the bulletin's. Judged before it is kept. */
  | { kind: 'rule'; text: string };

/**
 * What a device does with an item it could not start at its instant.
 * skip: missed, unless the lateness is at most `lateMsMax` (a scheduler's breath, 1 s by default);
 * start: starts from its beginning, at most `lateMsMax` late;
 * join: starts at the position it would have reached by now, as long as its end has not passed.
 */
export type LatePolicy = { kind: 'skip' | 'start' | 'join'; lateMsMax: number };

/** What becomes of an item that an emergency interrupted: goes on where it was, starts again, or is dropped. */
export type ResumePolicy = 'resume' | 'restart' | 'drop';

/** How often an item is played in a row: `count` plays with `gapMs` of silence between them. */
export type Repeat = { count: number; gapMs: number };

/** Parts of the day in which a bulletin may ask to be placed: sáng, trưa, chiều. */
export const sessionSlots = ['morning', 'noon', 'evening'] as const;
export type SessionSlot = (typeof sessionSlots)[number];

/** Languages of the stations here (Vietnamese, Eastern Cham, K'Ho, Raglai), ISO 639-3 but for `vi`. */
export const languages = ['vi', 'cjm', 'kpm', 'rog'] as const;
export type Language = (typeof languages)[number];

/** The same bulletin recorded in another language. */
export interface LanguageVersion {
  language: Language;
  clipId: string;
  clipDurationMs: number;
}

/** A stream taken over for a span of time; where it cannot be had, the item's clip sounds instead. */
export interface Relay {
  /** http or https address of the stream. */
  url: string;
  lengthMs: number;
}

/** One bulletin as the law of schedules sees it. Durations in ms, instants as epoch ms. */
export interface Bulletin {
  id: string;
  class: BulletinClass;
  /** Areas addressed; every device at or below one of them plays it. */
  areaIds: readonly string[];
  /** Single clusters addressed beside the areas. */
  clusterIds?: readonly string[] | undefined;
  /** Placed in this session of the day where the place has one: `whens` then name the days only. */
  slot?: SessionSlot | undefined;
  /** It came down from above the commune: in a session it goes before the commune's own of the same class. */
  isFromAbove?: boolean | undefined;
  /** Id of the prepared clip, in Vietnamese where other versions stand beside it. */
  clipId: string;
  /** Played in the order of the place's languages, those it does not name left out. */
  versions?: readonly LanguageVersion[] | undefined;
  /** Length of one play. */
  clipDurationMs: number;
  /** Civil-time rules; empty for one that is only played now. */
  whens: readonly When[];
  /** "Play now": the instant fixed when it was accepted. */
  nowAtMs?: number | undefined;
  late: LatePolicy;
  resume: ResumePolicy;
  repeat: Repeat;
  /** IANA zone in which `whens` are read. */
  timeZone: string;
  /** Order of acceptance in the installation; decides between equals (smaller first). */
  acceptedNumber: number;
}

/**
 * A bulletin to be planned. Nothing of it is aired before `createdMs`, and nothing earlier counts. One that was withdrawn
 * sounds no more; it is handed in all the same where a session that it was placed in may still be going on, so that the
 * others keep their places.
 */
export type PlannedBulletin = Bulletin & { createdMs?: number | undefined; withdrawnMs?: number | undefined };

/** One bulletin at one instant. */
export interface Occurrence {
  /**
   * `<bulletin id>[.<language>]@<epoch seconds>`; stable however often it is computed. The seconds are the instant that
   * its whens name, in a session the session's start, for every version: what follows another, moves in its session or
   * waits for its turn keeps its name, on every device, and is never taken for something that has not sounded yet.
   */
  id: string;
  bulletinId: string;
  atMs: number;
}

/** Full length of an occurrence: every play and the gaps between. */
export function airTimeMs(bulletin: Pick<Bulletin, 'clipDurationMs' | 'repeat'>): number {
  const { count, gapMs } = bulletin.repeat;
  return bulletin.clipDurationMs * count + gapMs * Math.max(0, count - 1);
}

/** The id of a bulletin's occurrence at an instant; a version in another language than Vietnamese is its own. */
export function occurrenceId(bulletinId: string, atMs: number, language: Language = 'vi'): string {
  const of = language === 'vi' ? bulletinId : `${bulletinId}.${language}`;
  return `${of}@${Math.floor(atMs / 1000)}`;
}

/** The bulletin that an occurrence's id names, whatever its language. */
export function bulletinIdOf(occurrence: string): string {
  const named = occurrence.slice(0, Math.max(0, occurrence.lastIndexOf('@')));
  const dot = named.lastIndexOf('.');
  return dot === -1 ? named : named.slice(0, dot);
}

/** The language of an occurrence's version. */
export function languageOf(occurrence: string): Language {
  const named = occurrence.slice(0, Math.max(0, occurrence.lastIndexOf('@')));
  const dot = named.lastIndexOf('.');
  return languages.find((language) => dot !== -1 && language === named.slice(dot + 1)) ?? 'vi';
}
