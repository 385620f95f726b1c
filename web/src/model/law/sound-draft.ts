/** How a place sounds: the order of its languages and its volume by time of day, and the changes they make. Pure. */
import type { LawChange, LawView } from '@loa/protocol/panel';
import { type Language, languages } from '@loa/schedules';
import { isSpan } from './hours-draft.ts';
import { lacking, type Settled, settled } from './settled.ts';

/** An area, or one cluster. */
export type Place = { areaId: string } | { clusterId: string };

export type VolumeDraft = LawView['holds']['volume'];

/** As the wire takes them. */
export const volumeSpansMax = 12;

/** Percents that are offered; below 30 a horn is hardly heard in the street. */
export const volumePercents = [100, 90, 80, 70, 60, 50, 40, 30] as const;

/** Early hours, when horns are turned down first. */
export const newVolumeSpan: VolumeDraft[number] = { from: '05:00', until: '06:00', volumePercent: 70 };

/** Languages that can still be added. */
export function languagesLeft(chosen: readonly Language[]): Language[] {
  return languages.filter((language) => !chosen.includes(language));
}

export function languagesChangeOf(place: Place, chosen: readonly Language[]): Settled<LawChange> {
  if (chosen.length === 0) return lacking('law.missing.languages');
  return settled({ kind: 'languages', ...place, languages: [...chosen] });
}

export function volumeChangeOf(place: Place, volume: VolumeDraft): Settled<LawChange> {
  const wrong = volume.findIndex((span) => !isSpan(span));
  if (wrong !== -1) return lacking('law.missing.span-times', { number: wrong + 1 });
  return settled({ kind: 'volume', ...place, volume });
}
