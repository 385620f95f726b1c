/**
 * What one item sounds, before it is known when: a recording of a bulletin in one language, or a session's own clip or
 * relay. Pure; knows no instants.
 */
import {
  airTimeMs,
  type Bulletin,
  type Language,
  type LatePolicy,
  type Relay,
  type Repeat,
  type ResumePolicy,
} from './bulletin.ts';
import type { SessionPart } from './session.ts';

/** One recording or relay with all that a plan tells of it. */
export interface Sound {
  readonly bulletinId: string;
  readonly language: Language;
  readonly class: 'normal' | 'priority';
  readonly acceptedNumber: number;
  readonly clipId: string;
  /** Repeats and gaps included. */
  readonly durationMs: number;
  readonly repeat: Repeat;
  readonly late: LatePolicy;
  readonly resume: ResumePolicy;
  readonly relay?: Relay | undefined;
  /** Nothing of it is planned before, epoch ms. */
  readonly sinceMs?: number | undefined;
  /** Minutes are given to everything else first, and it is left out where nothing else of its session sounds. */
  readonly isTune?: boolean | undefined;
}

/** What a place speaks until it has decided: Vietnamese alone. */
export const languagesDefault: readonly Language[] = ['vi'];

/** The order of acceptance of a session's own parts: decided with the day, before everything that was accepted into it. */
const partNumber = -1;

const once: Repeat = { count: 1, gapMs: 0 };

/** A tune that is late would sound in the middle of something else. */
const tuneLateMsMax = 1_000;

/**
 * The recordings of a bulletin that a place plays, in the order of its languages; its own clip alone where the place
 * speaks none of them. Emergencies travel as orders and have none here.
 */
export function soundsOf(bulletin: Bulletin, spoken: readonly Language[] = languagesDefault): Sound[] {
  const { class: itemClass } = bulletin;
  if (itemClass === 'emergency') return [];
  const { id: bulletinId, acceptedNumber, clipId, clipDurationMs, repeat, late, resume, versions } = bulletin;
  const soundOf = (language: Language, recording: { clipId: string; clipDurationMs: number }): Sound => ({
    bulletinId,
    language,
    class: itemClass,
    acceptedNumber,
    clipId: recording.clipId,
    durationMs: airTimeMs({ clipDurationMs: recording.clipDurationMs, repeat }),
    repeat,
    late,
    resume,
  });
  const own = soundOf('vi', { clipId, clipDurationMs });
  if (versions === undefined || versions.length === 0) return [own];
  const found = [...new Set(spoken)].flatMap((language) => {
    if (language === 'vi') return [own];
    const version = versions.find((each) => each.language === language);
    return version === undefined ? [] : [soundOf(language, version)];
  });
  return found.length === 0 ? [own] : found;
}

/** The sound of a session's own part. */
export function partSound(part: Exclude<SessionPart, { kind: 'bulletins' }>): Sound {
  const { id: bulletinId, clipId, clipDurationMs } = part;
  const base = {
    bulletinId,
    language: 'vi',
    class: 'normal',
    acceptedNumber: partNumber,
    clipId,
    repeat: once,
    ...(part.sinceMs === undefined ? {} : { sinceMs: part.sinceMs }),
  } as const;
  if (part.kind === 'tune') {
    const late: LatePolicy = { kind: 'skip', lateMsMax: tuneLateMsMax };
    return { ...base, durationMs: clipDurationMs, late, resume: 'drop', isTune: true };
  }
  const { relay } = part;
  const late: LatePolicy = { kind: 'join', lateMsMax: relay.lengthMs };
  return { ...base, durationMs: relay.lengthMs, late, resume: 'resume', relay };
}
