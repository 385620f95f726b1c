/**
 * The sessions of an area (buổi phát: sáng, trưa, chiều): when its horns usually sound, as people name it. They permit
 * nothing by themselves; limits are counted by them. Pure.
 */
import type { Relay, SessionSlot } from './bulletin.ts';
import { type CivilDay, instantOnDay } from './civil-days.ts';

/** A named part of the day, civil times, `until` excluded. With a `slot` it is a programme into which bulletins go. */
export interface Session {
  readonly name: string;
  readonly weekdays: readonly number[];
  readonly from: string;
  readonly until: string;
  /** Which bulletins are placed here; absent: none, it is only named. */
  readonly slot?: SessionSlot | undefined;
  /** Silence between its items, ms; `gapMsDefault` unless given. */
  readonly gapMs?: number | undefined;
  /** In order; absent: the placed bulletins alone. */
  readonly parts?: readonly SessionPart[] | undefined;
}

/** Between the items of a session: long enough to be heard as an end, short enough not to be taken for a fault. */
export const gapMsDefault = 2_000;

/** A clip of the session's own. `id` names it among bulletins, in occurrences and in the log. */
interface OwnClip {
  readonly id: string;
  readonly clipId: string;
  readonly clipDurationMs: number;
  /** When it was set, epoch ms: nothing of it was ever planned before. */
  readonly sinceMs?: number | undefined;
}

/** What a session consists of. */
export type SessionPart =
  /** Signature or closing tune (nhạc hiệu), or any fixed item. */
  | ({ readonly kind: 'tune' } & OwnClip)
  /**
   * A station taken over (tiếp âm). `at`: its fixed time of day, since the station does not wait; absent: where the
   * order puts it. The clip sounds instead when the stream cannot be had.
   */
  | ({ readonly kind: 'relay'; readonly at?: string | undefined; readonly relay: Relay } & OwnClip)
  /** The bulletins placed in this session: those from above, the commune's own, or all that are left. */
  | { readonly kind: 'bulletins'; readonly from: 'above' | 'own' | 'all' };

const everyDay = [1, 2, 3, 4, 5, 6, 7] as const;

/** How a day is divided where an area has named no session: our own choice, so that its limits can be counted. */
export const usualSessions: readonly Session[] = [
  { name: 'sáng', weekdays: everyDay, from: '00:00', until: '10:00' },
  { name: 'trưa', weekdays: everyDay, from: '10:00', until: '14:00' },
  { name: 'chiều', weekdays: everyDay, from: '14:00', until: '24:00' },
];

/** One part of a civil day. `name` is absent for the time between named sessions. */
export interface DayPart {
  readonly key: string;
  readonly name?: string | undefined;
}

/**
 * A function from an instant of the day to its part. Every instant is in exactly one: the first named session that
 * holds it, else the stretch between those that are over and those still to come, which counts as a session of its own.
 */
export function dayPartsOf(sessions: readonly Session[], day: CivilDay): (atMs: number) => DayPart {
  const parts = (sessions.length === 0 ? usualSessions : sessions)
    .filter((session) => session.weekdays.includes(day.weekday))
    .map(({ name, from, until }) => ({ name, fromMs: instantOnDay(day, from), untilMs: instantOnDay(day, until) }))
    .sort((a, b) => a.fromMs - b.fromMs || a.untilMs - b.untilMs);
  return (atMs) => {
    const index = parts.findIndex((part) => atMs >= part.fromMs && atMs < part.untilMs);
    const found = parts[index];
    if (found !== undefined) return { key: `session ${index}`, name: found.name };
    return { key: `after ${parts.filter((part) => part.untilMs <= atMs).length}` };
  };
}
