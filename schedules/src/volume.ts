/** How loud routine sounds at an instant, by the spans of the day that a place has decided. Pure; emergencies know none. */
import { type CivilDay, civilDayAt, instantOnDay } from './civil-days.ts';
import type { SoundingLaw } from './law.ts';

interface LoudSpan {
  fromMs: number;
  untilMs: number;
  gainDb: number;
}

/** Days of one law kept; a plan looks at some ten. Full: begun anew. */
const daysKeptMax = 400;

const kept = new WeakMap<SoundingLaw, Map<string, readonly LoudSpan[]>>();

/** Below full volume, dB to a tenth, by the first span that holds the instant; undefined for full volume. */
export function gainDbAt(law: SoundingLaw, atMs: number): number | undefined {
  if (law.volume === undefined || law.volume.length === 0) return undefined;
  const day = civilDayAt(law.hours.timeZone, atMs);
  const found = spansOn(law, day).find(({ fromMs, untilMs }) => atMs >= fromMs && atMs < untilMs);
  return found === undefined || found.gainDb >= 0 ? undefined : found.gainDb;
}

function spansOn(law: SoundingLaw, day: CivilDay): readonly LoudSpan[] {
  const known = kept.get(law) ?? new Map<string, readonly LoudSpan[]>();
  kept.set(law, known);
  const found = known.get(day.date);
  if (found !== undefined) return found;
  if (known.size >= daysKeptMax) known.clear();
  const made = (law.volume ?? []).map(({ from, until, volumePercent }) => ({
    fromMs: instantOnDay(day, from),
    untilMs: instantOnDay(day, until),
    gainDb: gainOf(volumePercent),
  }));
  known.set(day.date, made);
  return made;
}

/** 20·log₁₀ of the share of full volume. */
function gainOf(volumePercent: number): number {
  return Math.round(200 * Math.log10(volumePercent / 100)) / 10;
}
