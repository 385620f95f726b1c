import type { LawFlaw } from '@loa/schedules';
export const judgeSessions = (_: unknown): LawFlaw[] => [];
export const judgeVolume = (_: unknown): LawFlaw[] => [];
