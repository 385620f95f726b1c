/**
 * What wants to sound at a place: every bulletin at its instants in the languages spoken there, and the standing days
 * laid out. Pure; whether the law lets it sound is not asked here.
 */
import { occurrenceId, type PlannedBulletin } from './bulletin.ts';
import { civilDayAt } from './civil-days.ts';
import type { SoundingLaw } from './law.ts';
import type { occurrencesOf, Window } from './recurrence.ts';
import { gapMsDefault, type Session } from './session.ts';
import { languagesDefault, type Sound, soundsOf } from './sound.ts';
import { layOutSession, programmeOn, takingPart } from './standing-day.ts';

/** One sound at one instant. */
export interface Candidate {
  readonly occurrence: string;
  readonly atMs: number;
  readonly durationMs: number;
  readonly class: 'normal' | 'priority';
  readonly acceptedNumber: number;
  readonly isTune?: boolean | undefined;
  readonly sound: Sound;
  /** Occurrence of its bulletin's first recording at that time; versions belong together. */
  readonly run: string;
  /** The session of a day in which it is placed. */
  readonly programme?: string | undefined;
}

/** True when the law has sessions into which bulletins are placed: those are laid out for whole civil days. */
export function hasProgrammes({ sessions }: SoundingLaw): boolean {
  return sessions?.some(({ slot }) => slot !== undefined) === true;
}

/**
 * Everything that wants to sound in a window, and some that lies before or behind it. With programmes the window is one
 * of whole civil days. `isFull`: its session has no room for it.
 */
export function collectCandidates(
  input: {
    law: SoundingLaw;
    bulletins: readonly PlannedBulletin[];
    window: Window;
    expand: typeof occurrencesOf;
  },
  onCandidate: (candidate: Candidate, isFull: boolean) => void,
): void {
  const { law, window, expand } = input;
  const { languages = languagesDefault } = law;
  const days = hasProgrammes(law) ? standingDays(law) : undefined;
  for (const bulletin of input.bulletins) {
    const sounds = soundsOf(bulletin, languages);
    const [first, ...others] = sounds;
    if (first === undefined) continue;
    const { createdMs = Number.NEGATIVE_INFINITY, withdrawnMs } = bulletin;
    for (const { id, atMs } of expand(bulletin, others.length === 0 ? window : withLead(window, sounds))) {
      if (days?.place(bulletin, atMs) === true || atMs < createdMs || withdrawnMs !== undefined) continue;
      const run = nameAt(first, { id, atMs });
      onCandidate(candidateOf(first, { occurrence: run, run, atMs }), false);
      let nextMs = atMs + first.durationMs + gapMsDefault;
      for (const sound of others) {
        const occurrence = nameAt(sound, { id, atMs });
        onCandidate(candidateOf(sound, { occurrence, run, atMs: nextMs }), false);
        nextMs += sound.durationMs + gapMsDefault;
      }
    }
  }
  days?.layOut(window, onCandidate);
}

/** Every version is named after the bulletin's instant, whatever sounds before it. */
function nameAt(sound: Sound, { id, atMs }: { id: string; atMs: number }): string {
  return sound.language === 'vi' ? id : occurrenceId(sound.bulletinId, atMs, sound.language);
}

function candidateOf(sound: Sound, place: Pick<Candidate, 'occurrence' | 'run' | 'atMs' | 'programme'>): Candidate {
  const { durationMs, acceptedNumber, isTune } = sound;
  return { ...place, durationMs, class: sound.class, acceptedNumber, isTune, sound };
}

/** Far enough back that the last version of what begins before the window is known. */
function withLead({ fromMs, untilMs }: Window, sounds: readonly Sound[]): Window {
  const leadMs = sounds.reduce((sum, { durationMs }) => sum + durationMs + gapMsDefault, 0);
  return untilMs <= fromMs ? { fromMs, untilMs } : { fromMs: fromMs - leadMs, untilMs };
}

/** The bulletins that go into the standing days of a place. */
function standingDays({ sessions = [], hours: { timeZone }, languages }: SoundingLaw) {
  const slots = [...new Set(sessions.map(({ slot }) => slot))].filter((slot) => slot !== undefined);
  const wanted = new Map<Session, Map<string, Set<PlannedBulletin>>>();
  const bulletinsOf = (session: Session, date: string): Set<PlannedBulletin> => {
    const byDate = wanted.get(session) ?? new Map<string, Set<PlannedBulletin>>();
    wanted.set(session, byDate);
    const found = byDate.get(date) ?? new Set();
    byDate.set(date, found);
    return found;
  };
  return { place, layOut };

  /** False when the place has no session for it that day, so that it goes at its own time. */
  function place(bulletin: PlannedBulletin, atMs: number): boolean {
    const { slot, nowAtMs } = bulletin;
    if (slot === undefined || atMs === nowAtMs) return false;
    const { weekday, date } = civilDayAt(timeZone, atMs);
    const session = programmeOn(sessions, { weekday, slot });
    if (session === undefined || takingPart(session, bulletin) === -1) return false;
    bulletinsOf(session, date).add(bulletin);
    return true;
  }

  function layOut(window: Window, onCandidate: (candidate: Candidate, isFull: boolean) => void): void {
    for (let atMs = window.fromMs; atMs < window.untilMs; ) {
      const day = civilDayAt(timeZone, atMs);
      atMs = day.untilMs;
      for (const slot of slots) {
        const session = programmeOn(sessions, { weekday: day.weekday, slot });
        if (session === undefined) continue;
        const programme = `${day.date} ${slot}`;
        const bulletins = [...bulletinsOf(session, day.date)];
        for (const { occurrence, run, atMs: placedMs, sound, isFull } of layOutSession({
          session,
          day,
          bulletins,
          languages,
        })) {
          if (placedMs < (sound.sinceMs ?? placedMs)) continue;
          onCandidate(candidateOf(sound, { occurrence, run, atMs: placedMs, programme }), isFull);
        }
      }
    }
  }
}
