/** What good plays teach of a place: how loud the healthy horn reaches the microphone. Pure. */
import type { HearingData } from '../../contracts.ts';
import { quantile } from './likeness.ts';

/** So many good plays before a horn may be called too low. */
export const playsLearnt = 5;

/**
 * After a good play. The reference is the median of five and moves only upwards: a horn that grows softer by and by must
 * not become what is usual.
 */
export function withGain(before: HearingData['microphone'], gainDb: number): HearingData['microphone'] {
  const recentGainsDb = [...before.recentGainsDb, Number(gainDb.toFixed(1))].slice(-playsLearnt);
  if (recentGainsDb.length < playsLearnt) return { ...before, recentGainsDb };
  const median = quantile(recentGainsDb, 0.5);
  return { ...before, recentGainsDb, referenceDb: Math.max(before.referenceDb ?? Number.NEGATIVE_INFINITY, median) };
}
