/**
 * When a bulletin next sounds. One with a time of its own says so itself; one placed in a session sounds when the plan
 * says, and until that is known only its session and day can be told. Pure.
 */
import type { BulletinView, TimetableView } from '@loa/protocol/panel';
import { nextInstantOf, occurrenceId, type SessionSlot } from '@loa/schedules';
import type { Say } from '../text/say.ts';
import { civilDateOf, civilDateWords, instantWords } from './civil-time.ts';

/** `atMs` of `in-session` is the time that the bulletin names: right in its day only. */
export type NextStart =
  | { kind: 'at'; atMs: number; occurrence: string }
  | { kind: 'in-session'; atMs: number; slot: SessionSlot }
  /** Named days lie ahead, but nothing of it is planned in the days that the timetable tells. */
  | { kind: 'unplanned' };

/** The next start of what is accepted or offered; undefined when there is none any more. */
export function nextStartOf(
  bulletin: Pick<BulletinView, 'id' | 'state' | 'slot' | 'whens' | 'nextAt'>,
  { timetable, timeZone }: { timetable: TimetableView | undefined; timeZone: string },
): NextStart | undefined {
  const { id, state, slot, whens, nextAt } = bulletin;
  const namedMs = nextAt === undefined ? undefined : Date.parse(nextAt);
  if (slot === undefined || state !== 'accepted') {
    return namedMs === undefined ? undefined : { kind: 'at', atMs: namedMs, occurrence: occurrenceId(id, namedMs) };
  }
  const planned = timetable?.airings.find(({ bulletinId }) => bulletinId === id);
  if (planned !== undefined) return { kind: 'at', atMs: Date.parse(planned.at), occurrence: planned.occurrence };
  if (timetable === undefined || timetable.leftOutCount > 0) {
    return namedMs === undefined ? undefined : { kind: 'in-session', atMs: namedMs, slot };
  }
  const untilMs = Date.parse(timetable.until);
  const later = whens.flatMap((when) => (when.kind === 'now' ? [] : (nextInstantOf(when, timeZone, untilMs) ?? [])));
  if (later.length > 0) return { kind: 'in-session', atMs: Math.min(...later), slot };
  return namedMs === undefined ? undefined : { kind: 'unplanned' };
}

/** True for what will still sound, or waits for somebody's decision or correction. */
export function isAhead({ state }: Pick<BulletinView, 'state'>, next: NextStart | undefined): boolean {
  if (state === 'accepted') return next !== undefined;
  return state === 'offered' || state === 'submitted' || state === 'returned';
}

/** For sorting: what has no start goes last. */
export function orderMs(next: NextStart | undefined): number {
  return next === undefined || next.kind === 'unplanned' ? Number.POSITIVE_INFINITY : next.atMs;
}

/** `Phát lần tới: 17:30`; `Phát lần tới: buổi chiều thứ Sáu 27/11`. */
export function nextStartWords(next: NextStart, reading: { nowMs: number; timeZone: string; say: Say }): string {
  const { nowMs, timeZone, say } = reading;
  if (next.kind === 'unplanned') return say('bulletin.next-unplanned');
  if (next.kind === 'at') return say('bulletin.next', { time: instantWords(next.atMs, reading) });
  const today = civilDateOf(nowMs, timeZone);
  const date = civilDateWords(civilDateOf(next.atMs, timeZone), { today, say });
  return say(`bulletin.next-in.${next.slot}`, { date });
}
