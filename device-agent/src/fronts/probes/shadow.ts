/**
 * A board in shadow beside an old system sounds nothing, and says so of everything it plays: no outcome of it is ever
 * confirmed, and nobody takes its reports for sound.
 */
import type { SoundProbe } from '../../contracts.ts';

/** Fitted where the silent player is; decides nothing and adds `shadow: true` to the evidence. */
export const shadowProbe: SoundProbe = {
  kind: 'shadow',
  measure: async () => ({ verdict: 'undecided', evidence: { shadow: true } }),
};
