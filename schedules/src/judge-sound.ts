/**
 * Whether what a person wants to decide about how a place sounds can stand: its standing day, its languages, its volume.
 * Flaws as in `judge-law.ts`. Pure; whether that person may decide it is not asked here.
 */
import { languages } from './bulletin.ts';
import { isEndTime, isStartTime, isWeekday, type LawFlaw, orderedFlaws } from './judge-law.ts';
import type { VolumeSpan } from './law.ts';
import { gapMsDefault, type Session, type SessionPart } from './session.ts';
import { partSound } from './sound.ts';

/** Sessions of one standing day. */
export const sessionsMax = 8;
/** Parts of one session. */
export const sessionPartsMax = 20;
/** Silence between the items of a session; longer would be taken for its end. */
export const sessionGapMsMax = 60_000;
/** Volume spans of one place. */
export const volumeSpansMax = 12;
/** Softer than this nobody understands a word. */
export const volumePercentMin = 10;

/** Flaws of the sessions of an area. Where a time cannot be read, what hangs on it is not asked. */
export function judgeSessions(sessions: readonly Session[]): LawFlaw[] {
  const timed = sessions.filter(areTimes);
  const placing = timed.filter(({ slot }) => slot !== undefined);
  const isTogether = (a: Session, b: Session) => a.weekdays.some((weekday) => b.weekdays.includes(weekday));
  return orderedFlaws({
    'too-many-sessions': sessions.length > sessionsMax,
    'too-many-parts': sessions.some(({ parts = [] }) => parts.length > sessionPartsMax),
    'not-a-weekday': sessions.some(({ weekdays }) => weekdays.length === 0 || !weekdays.every(isWeekday)),
    'not-a-time':
      timed.length < sessions.length ||
      relaysOf(sessions).some(({ part: { at } }) => at !== undefined && !isStartTime(at)),
    'until-not-after-from': timed.some(({ from, until }) => until <= from),
    'out-of-range': sessions.some(({ gapMs = 0 }) => !Number.isInteger(gapMs) || gapMs < 0 || gapMs > sessionGapMsMax),
    'sessions-overlap': somePair(placing, (a, b) => isTogether(a, b) && a.from < b.until && b.from < a.until),
    'slot-twice': somePair(placing, (a, b) => isTogether(a, b) && a.slot === b.slot),
    'part-twice': sessions.some((session) => somePair(ownParts([session]), (a, b) => a.id === b.id)),
    'parts-too-long': timed.some((session) => session.until > session.from && partsMs(session) > lengthMs(session)),
    'relay-outside-session': relaysOf(timed).some(({ session, ...span }) => isOutside(session, span)),
    'relays-overlap': timed.some((session) =>
      somePair(
        relaysOf([session]).flatMap(({ fromMs, untilMs }) => (fromMs === undefined ? [] : [{ fromMs, untilMs }])),
        (a, b) => a.fromMs < b.untilMs && b.fromMs < a.untilMs,
      ),
    ),
  });
}

/** Flaws of the languages of a place; `vi` may be missing where nobody speaks it. */
export function judgeLanguages(spoken: readonly string[]): LawFlaw[] {
  return orderedFlaws({
    'unknown-language': spoken.length === 0 || spoken.some((one) => !languages.some((known) => known === one)),
    'language-twice': new Set(spoken).size < spoken.length,
  });
}

/** Flaws of the volume of a place. */
export function judgeVolume(spans: readonly VolumeSpan[]): LawFlaw[] {
  const timed = spans.filter(areTimes);
  return orderedFlaws({
    'too-many-spans': spans.length > volumeSpansMax,
    'not-a-time': timed.length < spans.length,
    'until-not-after-from': timed.some(({ from, until }) => until <= from),
    'out-of-range': spans.some(
      ({ volumePercent: percent }) => !Number.isInteger(percent) || percent < volumePercentMin || percent > 100,
    ),
    'volumes-overlap': somePair(timed, (a, b) => a.from < b.until && b.from < a.until),
  });
}

const minuteMs = 60_000;

function areTimes({ from, until }: { from: string; until: string }): boolean {
  return isStartTime(from) && isEndTime(until);
}

function somePair<T>(list: readonly T[], isSo: (a: T, b: T) => boolean): boolean {
  return list.some((a, index) => list.slice(index + 1).some((b) => isSo(a, b)));
}

type OwnPart = Exclude<SessionPart, { kind: 'bulletins' }>;

function ownParts(sessions: readonly Session[]): OwnPart[] {
  return sessions.flatMap(({ parts = [] }) => parts).filter((part) => part.kind !== 'bulletins');
}

/** Every relay, and its span of the day where its time is fixed. */
function relaysOf(sessions: readonly Session[]) {
  return sessions.flatMap((session) =>
    ownParts([session]).flatMap((part) => {
      if (part.kind !== 'relay') return [];
      const fromMs = part.at === undefined || !isStartTime(part.at) ? undefined : clockMs(part.at);
      return [{ session, part, fromMs, untilMs: (fromMs ?? 0) + part.relay.lengthMs }];
    }),
  );
}

function isOutside(session: Session, { fromMs, untilMs }: { fromMs?: number | undefined; untilMs: number }): boolean {
  return fromMs !== undefined && (fromMs < clockMs(session.from) || untilMs > clockMs(session.until));
}

/** All own parts, one after the other. */
function partsMs(session: Session): number {
  const sounds = ownParts([session]).map(partSound);
  const gapsMs = (session.gapMs ?? gapMsDefault) * Math.max(0, sounds.length - 1);
  return sounds.reduce((sum, { durationMs }) => sum + durationMs, 0) + gapsMs;
}

function lengthMs({ from, until }: Session): number {
  return clockMs(until) - clockMs(from);
}

function clockMs(time: string): number {
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  return (hours * 60 + minutes) * minuteMs;
}
