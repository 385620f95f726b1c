/** An emergency being written: what is missing in it, and the request it becomes when it is whole. Pure. */
import type { EmergencyRequest } from '@loa/protocol/panel';
import type { TextKey } from '../text/say.ts';

/** What an emergency form holds. */
export interface EmergencyDraft {
  title: string;
  clipId: string | undefined;
  areaIds: string[];
  repeatCount: number;
  drill: boolean;
}

/** Silence between plays of an emergency. */
export const emergencyGapMs = 3_000;

/** The first thing still missing in an emergency. */
export function missingInEmergency(draft: EmergencyDraft): TextKey | undefined {
  if (draft.clipId === undefined) return 'compose.missing.clip';
  if (draft.title.trim() === '') return 'compose.missing.title';
  return draft.areaIds.length === 0 ? 'compose.missing.areas' : undefined;
}

/** The request of a whole emergency; throws when something is missing. */
export function emergencyRequestOf(draft: EmergencyDraft, requestId: string): EmergencyRequest {
  if (draft.clipId === undefined) throw new Error('An emergency without sound was sent');
  return {
    requestId,
    title: draft.title.trim(),
    clipId: draft.clipId,
    areaIds: draft.areaIds,
    repeat: { count: draft.repeatCount, gapMs: emergencyGapMs },
    drill: draft.drill,
  };
}
